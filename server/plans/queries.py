"""Reading stored plans, and what tasks there are already."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from server.people.directory import Directory
from server.people.rules import CENTRE_LEADERS, Person, whole_centre
from server.plans.rules.review import Edit, Options
from server.plans.shapes import Plan
from server.storage.engine import is_sqlite, places, row, rows
from server.tasks.queries.lists import OPEN_SQL
from server.tasks.queries.scope import Where, visible

HEAD = (
    "id, name, state, message, title, number, day, issuer, default_lead, past_to, parents, row_count, alike, edits, "
    "created_by, created_at, confirmed_at, task_count"
)
#: Plans shown in the list.
LISTED = 50
#: Open tasks that the rows of a plan are compared with, the newest first.
COMPARED = 20_000
#: Values in one question; both engines allow more.
AT_ONCE = 500
#: Plans kept decoded: what was understood never changes.
KEPT = 6


class PlanFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A stored plan without its rows."""

    id: str
    name: str
    state: str
    message: str
    title: str
    number: str
    day: date | None
    issuer: str
    default_lead: str | None
    past_to: date | None
    parents: bool
    row_count: int
    alike: dict[int, str]
    edits: dict[int, Edit]
    created_by: str
    created_at: datetime
    confirmed_at: datetime | None
    task_count: int

    @property
    def options(self) -> Options:
        """What holds for all its rows."""
        return Options(default_lead=self.default_lead, past_to=self.past_to)


class Made(msgspec.Struct, frozen=True):
    """A task that stands already."""

    id: str
    ordinal: int
    title: str = ""


def facts(stored: dict[str, Any]) -> PlanFacts:
    """A row of the table as a value."""
    alike = msgspec.json.decode(stored["alike"], type=dict[int, str])
    edits = {edit.row: edit for edit in msgspec.json.decode(stored["edits"], type=list[Edit])}
    return PlanFacts(**{**stored, "alike": alike, "edits": edits, "parents": bool(stored["parents"])})


async def plan(plan_id: str, *, lock: bool = False) -> PlanFacts | None:
    """The plan of that id; under lock for whoever is about to change it."""
    found = await row(f"SELECT {HEAD} FROM plan_import WHERE id = $1{' FOR UPDATE' if lock and not is_sqlite() else ''}", plan_id)
    return facts(found) if found else None


_decoded: dict[str, Plan] = {}


async def understood(plan_id: str) -> Plan:
    """What was understood of the document."""
    known = _decoded.get(plan_id)
    if known is None:
        found = await row("SELECT understood FROM plan_import WHERE id = $1", plan_id)
        if not found or not found["understood"]:
            return Plan(rows=[])
        while len(_decoded) >= KEPT:
            _decoded.pop(next(iter(_decoded)), None)
        known = _decoded[plan_id] = msgspec.json.decode(found["understood"], type=Plan)
    return known


def sees_all(actor: Person, today: date) -> bool:
    """Whether the plans of others are shown to this person, to be read only."""
    return actor.position in CENTRE_LEADERS or whole_centre(actor, today) is not None


async def plans_for(actor: Person, today: date) -> list[dict[str, Any]]:
    """The newest plans that this person may see."""
    head = "SELECT id, name, state, message, title, number, row_count, created_by, created_at, confirmed_at, task_count FROM plan_import"
    if sees_all(actor, today):
        return await rows(f"{head} ORDER BY created_at DESC LIMIT {LISTED}")
    return await rows(f"{head} WHERE created_by = $1 ORDER BY created_at DESC LIMIT {LISTED}", actor.id)


async def made_of(keys: Sequence[str]) -> dict[str, Made]:
    """Row key → the task that was made of it and is not in the bin, whoever may see it."""
    found: dict[str, Made] = {}
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        sql = f"SELECT id, ordinal, plan_row FROM task WHERE plan_row IN ({places(len(some))}) AND deleted_at IS NULL"
        found |= {one["plan_row"]: Made(one["id"], one["ordinal"]) for one in await rows(sql, *some)}
    return found


async def made_by(plan_id: str, limit: int = AT_ONCE) -> list[Made]:
    """The tasks that a plan became, in their order."""
    sql = f"SELECT id, ordinal, title FROM task WHERE plan = $1 AND deleted_at IS NULL ORDER BY ordinal LIMIT {limit}"
    return [Made(**one) for one in await rows(sql, plan_id)]


async def open_titles(actor: Person, today: date, directory: Directory) -> dict[str, str]:
    """Open tasks in sight, id → title."""
    where = Where()
    visible(where, actor, today, directory)
    where.add(f"t.status IN {OPEN_SQL}")
    sql = f"SELECT t.id, t.title FROM task t WHERE {where.sql} ORDER BY t.ordinal DESC LIMIT {COMPARED}"
    return {one["id"]: one["title"] for one in await rows(sql, *where.values)}


async def seen_among(tasks: Iterable[str], actor: Person, today: date, directory: Directory) -> dict[str, Made]:
    """Those of the tasks that this person may see."""
    wanted = list(dict.fromkeys(tasks))
    found: dict[str, Made] = {}
    for start in range(0, len(wanted), AT_ONCE):
        where = Where()
        visible(where, actor, today, directory)
        where.among("t.id", wanted[start : start + AT_ONCE])
        for one in await rows(f"SELECT t.id, t.ordinal, t.title FROM task t WHERE {where.sql}", *where.values):
            found[one["id"]] = Made(**one)
    return found
