"""What the tests of tasks share: a desk at which anybody of the cast gives commands."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import server.tasks.commands  # noqa: F401  (registers the commands)
from server.audit.queries import broken_at
from server.errors import Refusal
from server.people.directory import Directory
from server.people.queries import directory
from server.people.rules import Person
from server.storage.door import carry_out, command
from server.storage.engine import Row, row, rows
from server.storage.ids import LOCAL, new_id
from server.tasks.facts import facts_of, scopes_of
from server.tasks.rules import Facts
from tests.office import CAST, NOW


def local(year: int, month: int, day: int, hour: int = 8, minute: int = 0, second: int = 0) -> datetime:
    """A moment by the clock of Bắc Ninh."""
    return datetime(year, month, day, hour, minute, second, tzinfo=LOCAL).astimezone(UTC)


@dataclass
class Desk:
    """Commands by people of the cast; each one a second after the one before, so that histories have an order."""

    now: datetime = NOW
    said: list[Row] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.astimezone(LOCAL).date()

    async def do(self, actor: str, name: str, /, mutation: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Carry out a command; identifiers that its author makes are made here where they are left out."""
        if name in NEEDS_ID and "id" not in arguments:
            arguments["id"] = new_id()
        self.now += timedelta(seconds=1)
        return await carry_out(command(name, arguments), actor=actor, now=self.now, source="page", mutation=mutation)

    async def refused(self, code: str, key: str, actor: str, name: str, /, **arguments: Any) -> Refusal:
        """The refusal of a command, which must have this code and this sentence and change nothing."""
        before = await contents()
        with pytest.raises(Refusal) as caught:
            await self.do(actor, name, **arguments)
        assert (caught.value.code, caught.value.key) == (code, key), caught.value.message
        assert await contents() == before, "a refusal left something behind"
        return caught.value

    async def task(self, by: str = CAST.head, lead: str | None = CAST.officer, name: str = "task.create", **more: Any) -> str:
        """A task, at once given to its lead."""
        title = more.pop("title", "Rà soát thủ tục hành chính quý IV")
        made = await self.do(by, name, title=title, lead=lead, **more)
        return str(made["id"])

    async def proposal(self, by: str = CAST.officer, lead: str | None = CAST.officer, **more: Any) -> str:
        return await self.task(by, lead, "task.propose", **more)

    async def submitted(self, by: str = CAST.head, lead: str = CAST.officer, **more: Any) -> str:
        """A task whose result waits for review."""
        task = await self.task(by, lead, **more)
        await self.do(lead, "task.progress", task=task, percent=60, note="Đã có dự thảo")
        await self.do(lead, "task.submit", task=task, note="Xong")
        return task

    async def completed(self, by: str = CAST.head, lead: str = CAST.officer, **more: Any) -> str:
        task = await self.submitted(by, lead, **more)
        await self.do(by, "task.review", task=task, verdict="accept", score=90)
        return task


NEEDS_ID = {"task.create", "task.propose", "task.progress", "task.submit", "task.review", "task.comment", "checklist.add"}

#: Tables whose contents a refusal must not touch. The search index has no order of its own and is compared by count.
STORED = (
    "task", "assignment", "follower", "checklist_item", "report", "review", "extension", "comment", "task_scope",
    "audit_entry", "change", "outbox", "mutation", "counter",
)  # fmt: skip


async def contents() -> dict[str, int]:
    """Everything stored, as one number a table."""
    keys = {"audit_entry": "seq", "change": "seq", "counter": "name"}
    return {table: hash(repr(await rows(f"SELECT * FROM {table} ORDER BY {keys.get(table, 'id')}"))) for table in STORED}


async def stored(task: str) -> Row:
    found = await row("SELECT * FROM task WHERE id = $1", task)
    assert found is not None
    return found


async def parts(task: str) -> dict[str, Row]:
    """Who is on the task now."""
    return {one["person"]: one for one in await rows("SELECT * FROM assignment WHERE task = $1 AND until IS NULL", task)}


async def followers(task: str) -> list[str]:
    return [one["person"] for one in await rows("SELECT person FROM follower WHERE task = $1", task)]


async def scopes(task: str) -> set[str]:
    return {one["scope"] for one in await rows("SELECT scope FROM task_scope WHERE task = $1", task)}


async def audit(task: str) -> list[Row]:
    """What the chain says of a task, the first thing first."""
    return await rows("SELECT * FROM audit_entry WHERE subject = $1 ORDER BY seq", task)


async def told(task: str, kind: str = "%") -> list[tuple[str, str]]:
    """Who was told what of a task, in the order of its saying."""
    found = await rows("SELECT kind, person FROM outbox WHERE subject = $1 AND kind LIKE $2 ORDER BY at, id", task, kind)
    return [(one["kind"], one["person"]) for one in found]


async def facts(task: str) -> tuple[Facts, Directory]:
    known = await directory()
    return facts_of(await stored(task), list(await parts(task)), await followers(task), known), known


async def actor(person: str) -> Person:
    return (await directory()).actor(person)


async def check_whole(task_ids: list[str]) -> None:
    """What holds after every command, whatever it was."""
    known = await directory()
    assert await broken_at() is None, "the audit chain is broken"
    for task_id in task_ids:
        task = await stored(task_id)
        on_it = await rows("SELECT * FROM assignment WHERE task = $1 AND until IS NULL", task_id)
        leads = [one["person"] for one in on_it if one["role"] == "lead"]
        if task["lead"] is None:
            assert task["status"] in ("proposed", "declined", "cancelled") and leads == []
        else:
            assert leads == [task["lead"]]
        assert len({one["person"] for one in on_it}) == len(on_it)
        assert not set(await followers(task_id)) & {one["person"] for one in on_it}, "somebody watches what he does"
        assert 0 <= task["percent"] <= 100 and all(0 <= one["percent"] <= 100 for one in on_it)
        assert not on_it or task["lead"] is None or sum(one["share"] for one in on_it) == 1000
        if task["status"] in ("not_started", "in_progress", "submitted", "completed", "paused"):
            assert task["assigner"] and task["assigner_position"], "somebody works without an order"
        assert (task["status"] == "completed") == (task["completed_at"] is not None)
        assert not (task["due"] and task["no_due"]), "a due date and a reason for having none"
        assert await scopes(task_id) == scopes_of(task, [one["person"] for one in on_it], await followers(task_id), known)
        last = await row("SELECT max(seq) AS seq FROM change WHERE kind = 'task' AND subject = $1", task_id)
        assert last is not None and last["seq"]
