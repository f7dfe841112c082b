"""The week of the rooms: what was finished, what is late, what comes."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from server.people.directory import Directory
from server.storage.engine import Row, rows
from server.storage.ids import LOCAL

Counts = Counter[str]


async def week_of_rooms(monday: date, directory: Directory) -> dict[str, Counts]:
    """By unit, the units above it included: what was ``done``, and of that ``late``, in the week before ``monday``; of now ``overdue``,
    ``due`` (until Sunday) and ``waiting`` for review.

    A task belongs to the lead's room; one without a lead to its own unit.
    """
    start, end = _midnight(monday - timedelta(days=7)), _midnight(monday)
    found = await rows(
        "SELECT lead, unit, status, due, submitted_at, completed_at FROM task WHERE deleted_at IS NULL AND ("
        "(status = 'completed' AND completed_at >= $1 AND completed_at < $2) OR status = 'submitted' "
        "OR (status IN ('not_started', 'in_progress') AND due <= $3))",
        start,
        end,
        monday + timedelta(days=6),
    )
    counts: dict[str, Counts] = {}
    for one in found:
        names = list(_names(one, monday))
        for unit in _units(one, directory):
            counts.setdefault(unit, Counter()).update(names)
    return counts


def _names(task: Row, monday: date) -> Iterable[str]:
    if task["status"] == "submitted":
        yield "waiting"
    elif task["status"] == "completed":
        yield "done"
        handed_in = (task["submitted_at"] or task["completed_at"]).astimezone(LOCAL).date()
        if task["due"] is not None and handed_in > task["due"]:
            yield "late"
    else:
        yield "overdue" if task["due"] < monday else "due"


def _units(task: Row, directory: Directory) -> tuple[str, ...]:
    lead = directory.people.get(task["lead"] or "")
    return directory.path(lead.unit if lead else task["unit"])


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
