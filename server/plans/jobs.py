"""Work on a plan that may take longer than a page waits: reading it, creating its tasks."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import msgspec

from server.calendar.current import working_days
from server.errors import Refusal
from server.people.directory import Directory
from server.people.rules import Person
from server.plans import reader, working
from server.plans.commands.confirm import ConfirmPlan
from server.plans.commands.drafts import FailPlan, KeepPlan, TakePlan
from server.plans.queries import open_titles
from server.plans.reading_process import Job
from server.plans.rules.duplicates import duplicates
from server.plans.shapes import Plan
from server.plans.staff import units_of
from server.storage.door import carry_out
from server.storage.ids import LOCAL
from server.words import say

log = logging.getLogger("soviec")

#: Seconds that a page waits for a plan; most are read within one.
WAIT = 2.5

#: Somebody has to hold a task, or it may vanish while it runs.
_tasks: set[asyncio.Task[None]] = set()


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A document that somebody gave, and who he is."""

    id: str
    name: str
    data: bytes = b""
    text: str | None = None
    actor: Person
    directory: Directory
    clock: Callable[[], datetime]

    @property
    def sha256(self) -> str:
        """The hash of the document."""
        return hashlib.sha256(self.data if self.text is None else self.text.encode()).hexdigest()


async def take_in(given: Given, wait: float = WAIT) -> bool:
    """Read a document and keep what was understood as a draft. False if it takes longer than a page waits: then it goes on by itself.

    Raises Refusal for what can't be read; as long as somebody waits for it, nothing is stored then.
    """
    working.begin(given.id, working.Work("reading"))
    reading = asyncio.ensure_future(_read(given))
    try:
        await asyncio.wait({reading}, timeout=wait)
        if reading.done():
            await carry_out(keep_command(given, *reading.result()), actor=given.actor.id, now=given.clock(), source="page")
            working.end(given.id)
            return True
        await carry_out(TakePlan(id=given.id, name=given.name, sha256=given.sha256), actor=given.actor.id, now=given.clock(), source="page")
    except BaseException:
        reading.cancel()
        working.end(given.id)
        raise
    _go_on(_finish(given, reading))
    return False


def keep_command(given: Given, plan: Plan, alike: dict[int, str]) -> KeepPlan:
    """The command that stores what was read."""
    return KeepPlan(id=given.id, name=given.name, sha256=given.sha256, plan=plan, alike=alike)


async def _read(given: Given) -> tuple[Plan, dict[int, str]]:
    today = given.clock().astimezone(LOCAL).date()
    job = Job(
        name=given.name, data=given.data, text=given.text, units=units_of(given.directory), today=today, days=list(working_days().entered)
    )
    plan = await reader.read(job, lambda done, total: working.tell(given.id, done, total))
    titles = await open_titles(given.actor, today, given.directory)
    found = await asyncio.to_thread(duplicates, [row.title for row in plan.rows], titles)
    return plan, {plan.rows[one.row].row: one.task for one in found}


async def _finish(given: Given, reading: "asyncio.Future[tuple[Plan, dict[int, str]]]") -> None:
    try:
        asked = keep_command(given, *await reading)
        await carry_out(asked, actor=given.actor.id, now=given.clock(), source="page")
    except Refusal as refusal:
        await carry_out(FailPlan(id=given.id, message=refusal.message), actor=given.actor.id, now=given.clock(), source="page")
    except Exception:
        log.exception("reading plan %s failed", given.id)
        message = say("plans.reader_ended", name=given.name)
        await carry_out(FailPlan(id=given.id, message=message), actor=given.actor.id, now=given.clock(), source="page")
    finally:
        working.end(given.id)


def create_later(plan: str, total: int, *, actor: str, now: datetime, mutation: str | None) -> None:
    """Create the tasks of a long plan while its reader looks at the progress, or at something else."""
    work = working.begin(plan, working.Work("creating", 0, total))
    _go_on(_create(plan, work, actor, now, mutation))


async def _create(plan: str, work: working.Work, actor: str, now: datetime, mutation: str | None) -> None:
    try:
        await carry_out(ConfirmPlan(id=plan), actor=actor, now=now, source="page", mutation=mutation)
    except Refusal as refusal:
        work.refusal = refusal
    except Exception as problem:
        log.exception("creating the tasks of plan %s failed", plan)
        work.refusal = problem
    else:
        working.end(plan)


def _go_on(coroutine: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(coroutine)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
