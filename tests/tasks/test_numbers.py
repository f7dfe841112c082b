"""Numbers have neither gaps nor doubles, however many people create at once, and begin anew each year."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.errors import Refusal
from server.storage import engine as engines
from server.storage.door import carry_out, command
from server.storage.engine import Engine, rows
from server.storage.ids import new_id
from server.tasks.rules import number, ordinal_of
from tests.office import CAST, NOW, Cast
from tests.tasks.desk import Desk, local, stored

ROOT = Path(__file__).resolve().parents[2]


async def numbers() -> list[int]:
    return [one["ordinal"] for one in await rows("SELECT ordinal FROM task ORDER BY ordinal")]


def first(count: int, year: int = 2026) -> list[int]:
    return [year * 1_000_000 + place for place in range(1, count + 1)]


async def create(place: int, **more: object) -> None:
    asked = {"id": new_id(), "title": f"Việc {place}", "lead": CAST.officer, **more}
    await carry_out(command("task.create", asked), actor=CAST.head, now=NOW, source="page")


@pytest.mark.anyio
async def test_fifty_at_once_have_the_numbers_one_to_fifty(engine: Engine, cast: Cast) -> None:
    await asyncio.gather(*(create(place) for place in range(50)))
    assert await numbers() == first(50)


@pytest.mark.anyio
async def test_a_refused_creation_leaves_no_gap(engine: Engine, cast: Cast) -> None:
    """Refused late, after the number was taken: a title of blanks, an identifier that is taken."""
    taken = new_id()
    results = await asyncio.gather(
        *(create(place, **({"title": "  "} if place % 3 == 1 else {"id": taken} if place % 3 == 2 else {})) for place in range(24)),
        return_exceptions=True,
    )
    refused = [one for one in results if one is not None]
    assert {one.key for one in refused if isinstance(one, Refusal)} == {"tasks.title_missing", "tasks.id_taken"}
    assert len(refused) == 8 + 7, [one for one in refused if not isinstance(one, Refusal)]
    assert await numbers() == first(9)


CREATE_MANY = """
import asyncio, sys
import server.tasks.commands
from server.storage import engine
from tests.tasks.test_numbers import create

async def main():
    used = engine.use(engine.make(sys.argv[1]))
    await used.open()
    await asyncio.gather(*(create(place) for place in range(25)))
    await used.close()

asyncio.run(main())
"""


def test_two_processes_on_one_sqlite_file_share_the_numbers(sqlite_url: str) -> None:
    both = [subprocess.Popen([sys.executable, "-c", CREATE_MANY, sqlite_url], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    for one in both:
        _, said = one.communicate(timeout=60)
        assert one.returncode == 0, said.decode()

    async def count() -> list[int]:
        used = engines.use(engines.make(sqlite_url))
        try:
            return await numbers()
        finally:
            await used.close()

    assert asyncio.run(count()) == first(50)


@pytest.mark.anyio
async def test_the_year_turns_at_midnight_in_bac_ninh(engine: Engine, cast: Cast) -> None:
    made = []
    for moment in (local(2026, 12, 31, 23, 59, 58), local(2027, 1, 1, 0, 0, 0), local(2027, 1, 1, 7, 30), local(2026, 12, 31, 12)):
        desk = Desk(now=moment)
        made.append(number((await stored(await desk.task()))["ordinal"]))
    assert made == ["#26-001", "#27-001", "#27-002", "#26-002"]


@given(st.integers(2000, 2099), st.integers(1, 999_999))
def test_a_number_is_read_back_as_it_is_said(year: int, count: int) -> None:
    ordinal = year * 1_000_000 + count
    assert ordinal_of(number(ordinal)) == ordinal
    assert ordinal_of(f"  {number(ordinal)[1:]} ") == ordinal


@given(st.text())
@example("26-²")
@example("²6-014")
@example("26-")
@example("-14")
@example("#")
@example("2026-014")
@example("26-0000000000000000000014")
@example("26-014\x00")
@example("26–014")
def test_what_is_no_number_is_none_and_never_an_error(text: str) -> None:
    found = ordinal_of(text)
    assert found is None or 2_000_000_000 <= found < 2_100_000_000


@pytest.mark.parametrize(
    ("ordinal", "said"), [(2026000014, "#26-014"), (2026001000, "#26-1000"), (2100000001, "#00-001"), (2009000007, "#09-007")]
)
def test_people_say_numbers_like_this(ordinal: int, said: str) -> None:
    assert number(ordinal) == said
