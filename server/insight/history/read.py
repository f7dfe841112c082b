"""Tasks and the audit chain → ``ml.tables``: the same two tables as any other log of work.

A task begins when it was given (a proposal: when it was approved), not before its own first day. It is closed when its result was handed
in, for that is what the due date asks for; a result that waits for its review is closed as long as nobody returns it. Its due date is the
end of that day, by local time, and every change of it is an event, so that an earlier moment knows the date that stood then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import orjson

from ml.tables import EventRow, Log, TaskRow, log_of
from server.calendar.current import working_days
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.storage.engine import rows
from server.storage.ids import LOCAL

#: Older tasks tell little of how the office works today.
DAYS: Final = 730
#: Hours before UTC's of the office's clock.
UTC_OFFSET: Final = 7.0
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
NO_TASKS: Final = ("proposed", "declined")
#: Changes that commit late are read again within so long.
OVERLAP: Final = timedelta(minutes=5)


def end_of(day: date) -> datetime:
    """The moment at which a due date has passed: the end of its day in Bắc Ninh."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)


def holidays(today: date) -> tuple[date, ...]:
    """Days off besides Saturday and Sunday around today: a model counts working days as the office does, learning and scoring alike."""
    days = working_days()
    first = today - timedelta(days=DAYS)
    around = (first + timedelta(days=offset) for offset in range(DAYS + 366))
    return tuple(day for day in around if day.weekday() < 5 and not days.is_working(day))


class Record:
    """The record as far as it was read, so that a worker reads only what came since. Not to be refreshed twice at a time."""

    def __init__(self) -> None:
        self.tasks: dict[str, Mapping[str, Any]] = {}
        self.events: list[EventRow] = []
        self.seq = 0
        self._changed: datetime | None = None
        self._given: dict[str, datetime] = {}
        self._first_due: dict[str, date | None] = {}
        self._objective: set[str] = set()

    async def refresh(self, now: datetime, since: datetime | None = None) -> None:
        """Read what came since the last time; the first time the last two years, or from ``since`` on."""
        first = since or now - timedelta(days=DAYS)
        # Tasks after entries: a task may be newer than its events, which come the next time, but no event is of a task not yet there.
        entries = await rows(
            "SELECT seq, subject, at, actor, action, before, after FROM audit_entry "
            "WHERE kind = 'task' AND seq > $1 AND at >= $2 ORDER BY seq",
            self.seq,
            first,
        )
        changed = self._changed - OVERLAP if self._changed else first
        tasks = await rows(
            "SELECT id, created_at, changed_at, start, due, submitted_at, status, unit, field, product, priority, lead, deleted_at "
            "FROM task WHERE changed_at >= $1 AND created_at >= $2 ORDER BY id",
            changed,
            first,
        )
        self.take(tasks, entries)

    def take(self, tasks: Iterable[Mapping[str, Any]], entries: Iterable[Mapping[str, Any]]) -> None:
        """Rows of ``task`` and of the chain, the oldest entry first. Drafts, proposals nobody approved and the bin are no tasks."""
        for one in tasks:
            self._changed = max(self._changed or one["changed_at"], one["changed_at"])
            if one["deleted_at"] is not None or one["status"] in NO_TASKS:
                self.tasks.pop(one["id"], None)
            else:
                self.tasks[one["id"]] = one
        for entry in entries:
            self.seq = max(self.seq, entry["seq"])
            if entry["action"] in ACTIONS:
                self.events.append(self._event(entry))
                if entry["action"] == "submit":
                    self.events.append(_all_done(entry))

    def _event(self, entry: Mapping[str, Any]) -> EventRow:
        before, after = orjson.loads(entry["before"]), orjson.loads(entry["after"])
        name, kind = entry["subject"], ACTIONS[entry["action"]]
        value: float | datetime | str | None = None
        if entry["action"] == "approve":
            self._given[name] = entry["at"]
        if entry["action"] == "accept" and after.get("objective_cause"):
            self._objective.add(name)
        if kind == "progress":
            # A collaborator's percent is of his own part.
            value = float(after["percent"]) if after.get("role") == "lead" else None
        elif kind == "assign":
            value = after.get("lead") or None
        elif kind in ("extended", "edit") and after.get("due"):
            # A date that a leader moved is as good as an extension that was granted: from here on another one stands.
            kind, value = "extended", end_of(date.fromisoformat(after["due"]))
            self._first_due.setdefault(name, _day(before.get("due")))
        return EventRow(name, entry["at"], entry["actor"] or "", kind, value)

    def log(self, known: Directory, now: datetime) -> Log:
        """The two tables as of now."""
        listed = [
            _task(one, known, self._given.get(name), self._first_due.get(name), name in self._objective) for name, one in self.tasks.items()
        ]
        found = log_of(listed, [one for one in self.events if one.id in self.tasks], now)
        return replace(found, holidays=holidays(now.astimezone(LOCAL).date()), utc_offset=UTC_OFFSET)


async def read(now: datetime, since: datetime | None = None) -> Log:
    """The whole record of the last two years, as of now."""
    record = Record()
    await record.refresh(now, since)
    return record.log(await read_directory(), now)


def _all_done(entry: Mapping[str, Any]) -> EventRow:
    """Handing in says that all is done: a result that is returned stands at this percent, on pages too, until somebody reports another."""
    percent = orjson.loads(entry["after"]).get("percent", 100)
    return EventRow(entry["subject"], entry["at"], entry["actor"] or "", "progress", float(percent))


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
