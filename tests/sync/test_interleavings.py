"""Promise 4, moment by moment: a writer or a pull is held before each of its statements in turn, and the others go on meanwhile."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from itertools import count
from typing import Any

import pytest

from server.people.commands import EditPerson, EndDelegation
from server.storage.door import carry_out
from server.storage.engine import Engine, is_sqlite, row
from server.storage.ids import new_id
from tests.office import CAST, NOW
from tests.sync.device import Device, report, task

pytestmark = pytest.mark.anyio


class Held:
    """Work that stops before its statement number ``at`` until it is let go."""

    def __init__(self, at: int, work: Coroutine[Any, Any, Any]) -> None:
        self.left = at
        self.reached, self.go = asyncio.Event(), asyncio.Event()
        self.task = asyncio.create_task(self._work(work))

    async def _work(self, work: Coroutine[Any, Any, Any]) -> Any:
        HELD.set(self)
        return await work

    async def statement(self) -> None:
        """Called before each statement of the work."""
        self.left -= 1
        if self.left < 0 and not self.go.is_set():
            self.reached.set()
            await self.go.wait()

    async def stands(self) -> bool:
        """Whether it came so far; False once it has ended before."""
        stops = asyncio.create_task(self.reached.wait())
        await asyncio.wait([stops, self.task], return_when=asyncio.FIRST_COMPLETED)
        stops.cancel()
        return self.reached.is_set()

    async def end(self) -> Any:
        """Let it go on to its end."""
        self.go.set()
        return await self.task


#: Whose statements these are.
HELD: ContextVar[Held | None] = ContextVar("held", default=None)


@pytest.fixture
def held(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> type[Held]:
    """The engine asks before each statement whether it is held."""
    kind: Any = type(engine)
    plain = kind.rows

    async def rows(self: Any, sql: str, arguments: Any = ()) -> Any:
        work = HELD.get()
        if work is not None:
            await work.statement()
        return await plain(self, sql, arguments)

    monkeypatch.setattr(kind, "rows", rows)
    return Held


async def another_process_may_write(engine: Any) -> bool:
    """Whether a transaction of another process on this SQLite file could begin now."""
    connection = sqlite3.connect(engine.path, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        return True
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


async def ended_or_waits(engine: Engine, work: "asyncio.Task[Any]") -> None:
    """Until the work has ended, or waits for the one that is held."""
    if is_sqlite():
        if await another_process_may_write(engine):
            await asyncio.wait([work])
        return
    while not work.done():
        waits = await row("SELECT count(*) AS n FROM pg_locks WHERE NOT granted")
        if waits and waits["n"]:
            return


async def test_a_change_that_commits_late_is_never_skipped(engine, held):
    boss = Device(CAST.director)
    slow, quick = Device(CAST.officer), Device(CAST.colleague)
    reader, careful = await Device(CAST.director).pull(), await Device(CAST.deputy).pull()
    first = (await boss.done("task.create", **task(CAST.officer)))["id"]
    second = (await boss.done("task.create", **task(CAST.colleague)))["id"]
    overtook, waited = 0, 0
    for at in count():
        late = held(at, slow.done("task.progress", **report(first, at % 90 + 1)))
        if not await late.stands():
            break
        early = asyncio.create_task(quick.done("task.progress", **report(second, at % 90 + 1)))
        await ended_or_waits(engine, early)
        overtook, waited = overtook + early.done(), waited + (not early.done())
        await reader.pull()
        await careful.page(1)
        await late.end()
        await early
        assert await reader.agrees() and await careful.agrees(), f"held before statement {at}"
    assert overtook and waited, "it was held too early or too late to show anything"


#: The first statements of a copy in pages of five: each kind comes to its turn in them.
STATEMENTS = 36


async def _accepted(boss: Device) -> Callable[[], Awaitable[Any]]:
    made = (await boss.done("task.create", **task(CAST.officer)))["id"]
    await Device(CAST.officer).done("task.submit", id=new_id(), task=made, note="xong", quantity=1, files=[])
    return lambda: boss.done(
        "task.review", id=new_id(), task=made, person=CAST.officer, verdict="accept", quantity=1, major_error=False,
        objective_cause=False, score=90, note="",
    )  # fmt: skip


async def _given_to_another(boss: Device) -> Callable[[], Awaitable[Any]]:
    made = (await boss.done("task.create", **task(CAST.officer, checklist=["một"])))["id"]
    await Device(CAST.officer).done("task.comment", id=new_id(), task=made, text="Xin ý kiến", mentions=[])
    return lambda: boss.done("task.assign", task=made, lead=CAST.stranger, collaborators=[], followers=[], reason="điều chỉnh")


async def _taken_over(boss: Device) -> Callable[[], Awaitable[Any]]:
    made = (await boss.done("task.create", **task(CAST.stranger)))["id"]
    await Device(CAST.stranger).done("task.progress", **report(made, 10))
    return lambda: boss.done("task.assign", task=made, lead=CAST.officer, collaborators=[], followers=[], reason="điều chỉnh")


async def _binned_and_back(boss: Device) -> Callable[[], Awaitable[Any]]:
    made = (await boss.done("task.create", **task(CAST.officer)))["id"]
    await boss.done("task.bin", task=made)
    return lambda: boss.done("task.restore", task=made)


async def _renamed(boss: Device) -> Callable[[], Awaitable[Any]]:
    await boss.done("task.create", **task(CAST.officer, checklist=["một"]))
    name = f"Trần Thị {new_id()[-12:]}"
    return lambda: carry_out(EditPerson(person=CAST.colleague, name=name), actor=CAST.admin, now=NOW, source="page")


async def _moved(boss: Device) -> Callable[[], Awaitable[Any]]:
    await boss.done("task.create", **task(CAST.colleague))
    at = await row("SELECT unit FROM person WHERE id = $1", CAST.colleague)
    to = CAST.hcth if at and at["unit"] == CAST.cntt else CAST.cntt
    return lambda: carry_out(EditPerson(person=CAST.colleague, unit=to), actor=CAST.admin, now=NOW, source="page")


HAPPENS = [_accepted, _given_to_another, _taken_over, _binned_and_back, _renamed, _moved]


@pytest.mark.slow
@pytest.mark.parametrize("happens", HAPPENS, ids=[one.__name__.strip("_") for one in HAPPENS])
async def test_what_commits_between_two_statements_of_a_pull_comes_with_the_next(engine, held, happens):
    boss = Device(CAST.director)
    reader, head = await Device(CAST.officer).pull(), await Device(CAST.head).pull()
    for at in count():
        act = await happens(boss)
        # One takes everything at once, the other a part of it.
        pulls = [held(at, reader.page()), held(at, head.page(2))]
        stood = [await one.stands() for one in pulls]
        if not any(stood):
            break
        await act()
        for one in pulls:
            await one.end()
        assert await reader.agrees() and await head.agrees(), f"committed before statement {at}"
    assert at > 3, "a pull of so few statements shows nothing"


@pytest.mark.slow
async def test_what_commits_during_a_first_copy_comes_after_it(engine, held):
    boss = Device(CAST.director)
    for _ in range(6):
        await boss.done("task.create", **task(CAST.officer))
    for at in range(STATEMENTS):
        act = await HAPPENS[at % len(HAPPENS)](boss)
        copied = Device(CAST.officer)
        copy = held(at, copied.pull(5))
        assert await copy.stands(), "a copy of so few statements shows nothing"
        await act()
        await copy.end()
        assert await copied.agrees(), f"committed before statement {at}"


async def test_a_delegation_that_ends_during_a_pull_starts_the_replica_anew(engine, held):
    boss = Device(CAST.director)
    await boss.done("task.create", **task(CAST.stranger))
    begun = await Device(CAST.delegate).pull()
    await boss.done("task.create", **task(CAST.stranger))
    # The organisation has been read by then, the tasks have not.
    pull = held(3, begun.page())
    assert await pull.stands()
    await carry_out(EndDelegation(delegation=CAST.delegation), actor=CAST.director, now=NOW, source="page")
    await pull.end()
    assert await begun.agrees() and begun.resets == 1
