"""One writer on SQLite: whoever gives up or fails leaves the connection free for the next."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest

from server.storage import engine as engines
from server.storage.engine import rows
from server.storage.sqlite import KeptSQLite
from server.storage.tables import Counter
from server.storage.transaction import together

pytestmark = pytest.mark.anyio


@pytest.fixture
async def kept(sqlite_url: str, anyio_backend: str) -> AsyncIterator[KeptSQLite]:
    used = engines.use(engines.make(sqlite_url))
    assert isinstance(used, KeptSQLite)
    await used.open()
    yield used
    await used.close()


async def write(name: str) -> None:
    async with together():
        await Counter.insert(Counter(name=name, value=1))


async def names() -> set[str]:
    return {one["name"] for one in await rows("SELECT name FROM counter WHERE name LIKE 'turn%'")}


async def test_a_writer_who_gives_up_waiting_for_another_process_blocks_nobody(kept: KeptSQLite) -> None:
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(write("turn:1"))
    await asyncio.sleep(0.1)
    waiting.cancel()
    await asyncio.sleep(0.05)
    other.execute("ROLLBACK")
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(write("turn:2"), 5)
    assert await names() == {"turn:2"}
    other.close()


async def test_a_cancelled_commit_is_a_commit_and_the_next_writer_has_his_turn(kept: KeptSQLite, monkeypatch: pytest.MonkeyPatch) -> None:
    kept._commit_seconds = 1.0  # a slow disk: the commit waits in a thread
    begun = asyncio.Event()
    real = asyncio.to_thread

    async def slow(function: object, *words: object) -> object:
        begun.set()
        await asyncio.sleep(0.1)
        return await real(function, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "to_thread", slow)
    first = asyncio.create_task(write("turn:1"))
    await begun.wait()
    first.cancel()
    second = asyncio.create_task(write("turn:2"))
    await asyncio.gather(first, second, return_exceptions=True)
    assert second.exception() is None
    assert await names() == {"turn:1", "turn:2"}


async def test_a_commit_that_fails_is_undone_and_the_next_one_goes_on(kept: KeptSQLite, monkeypatch: pytest.MonkeyPatch) -> None:
    kept._commit_seconds = 1.0
    real = asyncio.to_thread

    async def full(*_: object) -> object:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(asyncio, "to_thread", full)
    with pytest.raises(sqlite3.OperationalError):
        await write("turn:1")
    monkeypatch.setattr(asyncio, "to_thread", real)
    await write("turn:2")
    assert await names() == {"turn:2"}
