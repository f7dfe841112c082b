"""The chain of what happened: whole as written, broken wherever it is touched."""

import pytest

import server.tasks.commands  # noqa: F401  (registers the commands)
from server.audit.queries import broken_at, of_subject
from server.audit.tables import AuditEntry
from server.storage.engine import Engine, is_sqlite, row, rows
from tests.office import Cast
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio


async def test_it_is_whole_as_written_over_many_pages(engine: Engine, cast: Cast) -> None:
    desk = Desk()
    task = await desk.task()
    for percent in range(5):
        await desk.do(cast.officer, "task.progress", task=task, percent=percent)
    assert await broken_at() is None
    assert await broken_at(size=2) is None


CHANGES = [
    "UPDATE audit_entry SET after = '{}' WHERE seq = $1",
    "UPDATE audit_entry SET actor = NULL WHERE seq = $1",
    "UPDATE audit_entry SET on_behalf = actor WHERE seq = $1",
    "UPDATE audit_entry SET source = 'job' WHERE seq = $1",
    "UPDATE audit_entry SET action = 'accept' WHERE seq = $1",
    "UPDATE audit_entry SET subject = 'x' WHERE seq = $1",
    "UPDATE audit_entry SET hash = previous WHERE seq = $1",
    "DELETE FROM audit_entry WHERE seq = $1",
]


async def test_a_change_of_the_past_shows_at_its_entry(engine: Engine, cast: Cast) -> None:
    desk = Desk()
    task = await desk.task()
    await desk.do(cast.officer, "task.progress", task=task, percent=10)
    await desk.do(cast.officer, "task.progress", task=task, percent=20)
    last = await row("SELECT max(seq) AS seq FROM audit_entry")
    assert last is not None
    at = last["seq"] - 1
    later = "'2026-11-23T01:16:00.000001+00:00'" if is_sqlite() else "at + interval '1 microsecond'"
    for change in (*CHANGES, f"UPDATE audit_entry SET at = {later} WHERE seq = $1"):
        kept = await row("SELECT * FROM audit_entry WHERE seq = $1", at)
        assert kept is not None
        await rows(change, at)
        assert [await broken_at(2), await broken_at()] == [at, at], change
        await rows("DELETE FROM audit_entry WHERE seq = $1", at)
        await AuditEntry.insert(AuditEntry(**kept))
        assert await broken_at() is None


async def test_the_timeline_pages_back_and_takes_any_number(engine: Engine, cast: Cast) -> None:
    desk = Desk()
    task = await desk.task()
    for percent in range(5):
        await desk.do(cast.officer, "task.progress", task=task, percent=percent)
    first = await of_subject("task", task, 3)
    rest = await of_subject("task", task, 10, first[-1]["seq"])
    assert [one["seq"] for one in (*first, *rest)] == sorted((one["seq"] for one in (*first, *rest)), reverse=True)
    assert len(first) + len(rest) == 6
    assert await of_subject("task", task, 3, 10**30) == first
