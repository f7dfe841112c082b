"""Migrations run on both engines, once, all or nothing, and leave what the tables say."""

import asyncio
import sys

import pytest
from piccolo.columns import Timestamptz

from server.schema import upgrade as upgrades
from server.schema.fresh import indexes
from server.schema.piccolo_app import APP_CONFIG, table_modules
from server.storage import engine as engines
from server.storage.engine import is_sqlite, row, rows

pytestmark = pytest.mark.anyio


@pytest.fixture
async def empty(empty_url, anyio_backend):
    used = engines.use(engines.make(empty_url))
    await used.open()
    yield used
    await used.close()


async def columns(table):
    if is_sqlite():
        return {one["name"] for one in await rows(f"PRAGMA table_info({table})")}
    found = await rows("SELECT column_name FROM information_schema.columns WHERE table_name = $1", table)
    return {one["column_name"] for one in found}


async def test_they_make_every_table_and_every_index(empty):
    assert await upgrades.upgrade() == upgrades.known()
    for table in APP_CONFIG.table_classes:
        assert await columns(table._meta.tablename) == {column._meta.db_column_name for column in table._meta.columns}
    source = "SELECT name FROM sqlite_master WHERE type = 'index'" if is_sqlite() else "SELECT indexname AS name FROM pg_indexes"
    made = {one["name"] for one in await rows(source)}
    wanted = {statement.split(" IF NOT EXISTS ")[1].split()[0] for statement in indexes()}
    assert wanted <= made
    assert await columns("task_search")


async def test_every_table_of_every_area_is_known():
    named = {name for module in table_modules() for name in dir(module) if hasattr(getattr(module, name), "_meta")} - {"Table"}
    assert {table.__name__ for table in APP_CONFIG.table_classes} == named


async def test_they_run_once(empty):
    assert await upgrades.pending() == upgrades.known()
    await upgrades.upgrade()
    assert await upgrades.pending() == []
    assert await upgrades.upgrade() == []
    assert [one["name"] for one in await rows("SELECT name FROM migration ORDER BY name")] == upgrades.known()


async def test_an_up_to_date_database_is_asked_two_questions(empty):
    await upgrades.upgrade()
    with engines.counted() as asked:
        await upgrades.upgrade()
    assert len(asked) == 2


async def test_one_that_breaks_leaves_nothing(empty, monkeypatch):
    async def broken():
        raise RuntimeError("the disk is full")

    # Piccolo imports migrations by the names of their files and keeps them; this one shall meet the broken function.
    for kept in [name for name in sys.modules if name.startswith("soviec_")]:
        monkeypatch.delitem(sys.modules, kept)
    monkeypatch.setattr("server.tasks.search.create_search", broken)
    with pytest.raises(RuntimeError):
        await upgrades.upgrade()
    assert await upgrades.pending() == upgrades.known()
    for kept in [name for name in sys.modules if name.startswith("soviec_")]:
        del sys.modules[kept]
    monkeypatch.undo()
    assert await upgrades.upgrade() == upgrades.known()


async def test_two_servers_that_start_together_upgrade_once(empty, empty_url):
    answers = await asyncio.gather(upgrades.upgrade(), upgrades.upgrade(), upgrades.upgrade())
    assert sorted(map(len, answers)) == [0, 0, len(upgrades.known())]


async def test_a_database_with_rows_is_upgraded_again_without_harm(engine):
    """What a later migration meets: every statement of the index migration runs over a filled database too."""
    people = await row("SELECT count(*) AS n FROM person")
    for statement in indexes():
        await rows(statement)
    assert await upgrades.upgrade() == []
    assert await row("SELECT count(*) AS n FROM person") == people


async def test_no_column_has_a_default_that_the_engines_understand_differently():
    wrong = [
        f"{table.__name__}.{column._meta.name}"
        for table in APP_CONFIG.table_classes
        for column in table._meta.columns
        if (isinstance(column, Timestamptz) or column._meta.null) and column._meta.params.get("default") is not None
    ]
    assert wrong == []
