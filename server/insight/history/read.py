"""Tasks and the audit chain → ``ml.tables``: the same two tables as any other log of work.

A task begins when it was given (a proposal: when it was approved), not before its own first day. It is closed when its result was handed
in, for that is what the due date asks for; a result that waits for its review is closed as long as nobody returns it. Its due date is the
end of that day, by local time, and every change of it is an event, so that an earlier moment knows the date that stood then.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import orjson

from ml.tables import EventRow, Log, TaskRow, log_of
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.storage.engine import rows
from server.storage.ids import LOCAL

#: Older tasks tell little of how the office works today.
DAYS: Final = 730
#: Entries of the chain that are events of the work; what people only looked at or filed is none.
ACTIONS: Final = {
    "create": "create",
    "approve": "assign",
    "assign": "assign",
    "progress": "progress",
    "submit": "submit",
    "return": "return",
    "accept": "accept",
    "extend": "extend_asked",
    "grant_extension": "extended",
    "edit": "edit",
    "pause": "pause",
    "resume": "resume",
    "comment": "comment",
    "check": "check",
    "hand_back": "hand_back",
}
CLOSED: Final = ("submitted", "completed")


def end_of(day: date) -> datetime:
    """The moment at which a due date has passed: the end of its day in Bắc Ninh."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)


async def read(now: datetime, since: datetime | None = None) -> Log:
    """The whole record of the last two years, as of now. Drafts, proposals nobody approved and the bin are no tasks."""
    first = since or now - timedelta(days=DAYS)
    known = await read_directory()
    tasks = await rows(
        "SELECT id, created_at, start, due, submitted_at, status, unit, field, product, priority, lead FROM task "
        "WHERE created_at >= $1 AND status NOT IN ('proposed', 'declined') AND deleted_at IS NULL ORDER BY id",
        first,
    )
    entries = await rows(
        "SELECT subject, at, actor, action, before, after FROM audit_entry WHERE kind = 'task' AND at >= $1 ORDER BY seq",
        first,
    )
    return made(tasks, entries, known, now)


def made(tasks: Iterable[Mapping[str, Any]], entries: Iterable[Mapping[str, Any]], known: Directory, now: datetime) -> Log:
    """The two tables of rows of ``task`` and of the chain."""
    listed = {one["id"]: one for one in tasks}
    events: list[EventRow] = []
    first_due: dict[str, date | None] = {}
    given: dict[str, datetime] = {}
    objective: set[str] = set()
    for entry in entries:
        if entry["subject"] not in listed or entry["action"] not in ACTIONS:
            continue
        before, after = orjson.loads(entry["before"]), orjson.loads(entry["after"])
        name = entry["subject"]
        if entry["action"] == "approve":
            given[name] = entry["at"]
        if entry["action"] == "accept" and after.get("objective_cause"):
            objective.add(name)
        kind = ACTIONS[entry["action"]]
        value: float | datetime | str | None = None
        if kind == "progress":
            # A collaborator's percent is of his own part.
            value = float(after["percent"]) if after.get("role") == "lead" else None
        elif kind == "assign":
            value = after.get("lead") or None
        elif kind in ("extended", "edit") and after.get("due"):
            # A date that a leader moved is as good as an extension that was granted: from here on another one stands.
            kind, value = "extended", end_of(date.fromisoformat(after["due"]))
            first_due.setdefault(name, _day(before.get("due")))
        events.append(EventRow(name, entry["at"], entry["actor"] or "", kind, value))
    rows_of = [_task(one, known, given.get(name), first_due.get(name), name in objective) for name, one in listed.items()]
    return log_of(rows_of, events, now)


def _task(one: Mapping[str, Any], known: Directory, given: datetime | None, first_due: date | None, objective: bool) -> TaskRow:
    begins = given or one["created_at"]
    if one["start"] is not None:
        begins = max(begins, datetime.combine(one["start"], time(), LOCAL).astimezone(UTC))
    lead = known.people.get(one["lead"] or "")
    due = end_of(one["due"]) if one["due"] is not None else None
    closed = one["submitted_at"] if one["status"] in CLOSED else None
    return TaskRow(
        id=one["id"],
        created=min(begins, closed) if closed else begins,
        due=due,
        closed=closed,
        type=one["product"] or one["field"] or "",
        unit=one["unit"] or "",
        priority=one["priority"],
        owner=one["lead"] or "",
        position=lead.position if lead else "",
        original_due=end_of(first_due) if first_due is not None else due,
        cancelled=one["status"] == "cancelled",
        objective_cause=objective,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
