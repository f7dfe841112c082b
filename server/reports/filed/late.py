"""The tasks that a report's text names: what was late or is, why, and what comes next. As of the end of the period."""

from datetime import date
from typing import Any, Final

import msgspec
import orjson

from server.ledger.grains import Period
from server.ledger.hook import day_of
from server.ledger.rules import OWED
from server.storage.engine import places, rows
from server.tasks.rules import number

#: Tasks that a text names of each kind; the rest is counted.
MOST: Final = 15
#: Entries of the chain in which somebody says why something takes longer. What a reviewer says of a result is no cause, and nobody else's.
REASONS: Final = ("extend", "hand_back", "pause")


class Named(msgspec.Struct, frozen=True):
    """A task as a text names it. ``why``: the last reason that somebody gave for a delay, if any."""

    task: str
    number: str
    title: str
    lead: str
    due: date
    handed: date | None = None
    why: str = ""


async def overdue(unit: str, day: date) -> list[Named]:
    """Owed and past their due date as of the end of ``day``, the oldest first."""
    owed = ", ".join(f"'{one}'" for one in OWED)
    found = await rows(
        "SELECT s.task, s.lead, s.due, s.handed, t.ordinal, t.title FROM task_standing s JOIN task t ON t.id = s.task "
        f"WHERE s.path LIKE $1 AND s.day <= $2 AND (s.day_until IS NULL OR s.day_until > $2) AND s.state IN ({owed}) AND s.due <= $2 "
        "ORDER BY s.due, t.ordinal LIMIT $3",
        f"%/{unit}/%",
        day,
        MOST,
    )
    return await _named(found, day)


async def done_late(unit: str, period: Period) -> list[Named]:
    """Accepted in the period, handed in after the due date."""
    found = await rows(
        "SELECT s.task, s.lead, s.due, s.handed, t.ordinal, t.title FROM task_flow f JOIN task_standing s ON s.task = f.task "
        "AND s.since = f.at AND s.state = 'completed' JOIN task t ON t.id = f.task "
        "WHERE f.path LIKE $1 AND f.kind = 'late' AND f.day BETWEEN $2 AND $3 AND (f.undone_day IS NULL OR f.undone_day > $3) "
        "ORDER BY s.due, t.ordinal LIMIT $4",
        f"%/{unit}/%",
        period.start,
        period.last,
        MOST,
    )
    return await _named(found, period.last)


async def due_next(unit: str, period: Period) -> list[Named]:
    """Owed as of the period's end, due in the next one."""
    owed = ", ".join(f"'{one}'" for one in OWED)
    found = await rows(
        "SELECT s.task, s.lead, s.due, s.handed, t.ordinal, t.title FROM task_standing s JOIN task t ON t.id = s.task "
        f"WHERE s.path LIKE $1 AND s.day <= $2 AND (s.day_until IS NULL OR s.day_until > $2) AND s.state IN ({owed}) "
        "AND s.due BETWEEN $3 AND $4 ORDER BY s.due, t.ordinal LIMIT $5",
        f"%/{unit}/%",
        period.last,
        period.after.start,
        period.after.last,
        MOST,
    )
    return await _named(found, period.last, reasons=False)


async def _named(found: list[dict[str, Any]], day: date, reasons: bool = True) -> list[Named]:
    why = await _reasons([one["task"] for one in found], day) if reasons and found else {}
    return [
        Named(one["task"], number(one["ordinal"]), one["title"], one["lead"], one["due"], one["handed"], why.get(one["task"], ""))
        for one in found
    ]


async def _reasons(tasks: list[str], day: date) -> dict[str, str]:
    listed = ", ".join(f"'{one}'" for one in REASONS)
    entries = await rows(
        f"SELECT subject, action, at, after FROM audit_entry WHERE kind = 'task' AND action IN ({listed}) "
        f"AND subject IN ({places(len(tasks))}) ORDER BY seq",
        *tasks,
    )
    found: dict[str, str] = {}
    for one in entries:
        after = orjson.loads(one["after"])
        said = " ".join(str(after.get("reason") or after.get("note") or "").split())
        if said and day_of(one["at"]) <= day:
            found[one["subject"]] = said
    return found
