"""The demo office made for real."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.demo import make
from server.schema.upgrade import upgrade
from server.storage import engine


def _made(folder: Path, now: datetime) -> dict[str, int]:
    return asyncio.run(_make(folder, now))


async def _make(folder: Path, now: datetime) -> dict[str, int]:
    used = engine.use(engine.make(f"sqlite:///{folder / 'demo.sqlite3'}"))
    await used.open()
    try:
        await upgrade()
        return await make.make_demo("Mat-khau-thu-2026!", now)
    finally:
        await used.close()


@pytest.mark.parametrize("now", [datetime(2026, 11, 22, 3, tzinfo=UTC), datetime(2028, 2, 29, 3, tzinfo=UTC)])
def test_it_refuses_no_step_of_the_story_on_any_day(tmp_path: Path, now: datetime) -> None:
    make.REFUSED.clear()
    made = _made(tmp_path, now)
    assert make.REFUSED == []
    assert made["people"] == 36
    assert made["refused"] == 0
    assert 550 <= made["tasks"] <= 700


def test_it_is_made_only_in_an_empty_database(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    _made(tmp_path, now)
    with pytest.raises(make.NotEmpty):
        _made(tmp_path, now)
