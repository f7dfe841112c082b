"""The numbers of a dashboard, this moment. Names of people and titles of tasks are not among them: a wall may show them all."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from server.calendar.current import working_days
from server.ledger.grains import Period
from server.ledger.read import NONE, Counts, series, sums
from server.ledger.rules import OPEN, OWED
from server.people.directory import Directory, UnitFacts
from server.storage.engine import places, row, rows
from server.storage.ids import LOCAL

#: Days that the course is drawn over, today among them.
DAYS: Final = 14
#: "Soon" is due within so many working days after today.
SOON: Final = 3
OWED_SQL: Final = ", ".join(f"'{one}'" for one in OWED)
#: As the index says it.
OPEN_SQL: Final = ", ".join(f"'{one}'" for one in OPEN)


class Due(msgspec.Struct, frozen=True):
    """Owed tasks by when they are due.

    ``today``; ``soon``: on one of the next working days after today; ``week``: from today to Sunday. ``high``: of those that are not yet
    overdue, how many will probably be late. ``stalled``: overdue while they are paused.
    """

    today: int = 0
    soon: int = 0
    week: int = 0
    high: int = 0
    stalled: int = 0


class Line(msgspec.Struct, frozen=True):
    """One unit of a dashboard."""

    unit: str
    name: str
    month: Counts
    due: Due


class Board(msgspec.Struct, frozen=True):
    """A unit this moment: this month until now, and how the last days went."""

    unit: str
    name: str
    at: datetime
    today: date
    month: Counts
    due: Due
    #: What today did.
    day: Counts
    course: list[tuple[date, int, int]]
    lines: list[Line]


def below(known: Directory, unit: str) -> list[UnitFacts]:
    """The units directly below that hand in work, in the office's order."""
    found = [one for one in known.units.values() if one.parent == unit and one.active]
    return sorted(found, key=lambda one: (one.sort, one.name))


async def board(unit: str, now: datetime, known: Directory) -> Board:
    """Everything that the dashboard of a unit shows."""
    today = now.astimezone(LOCAL).date()
    children = below(known, unit)
    ids = [unit, *(one.id for one in children)]
    found = await sums(ids, Period.of("m", today), today)
    month = {one: found[one]["total"].get("", NONE) for one in ids}
    due = await dues(ids, today)
    days = await _days(unit, today)
    return Board(
        unit=unit,
        name=known.units[unit].name,
        at=now,
        today=today,
        month=month[unit],
        due=due[unit],
        day=days.get(today, NONE),
        course=[(one, days.get(one, NONE).assigned, days.get(one, NONE).done) for one in _last_days(today)],
        lines=[Line(one.id, one.name, month[one.id], due[one.id]) for one in children if month[one.id] or one.kind == "room"],
    )


def _last_days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


async def _days(unit: str, today: date) -> dict[date, Counts]:
    first = today - timedelta(days=DAYS - 1)
    found = dict(await series(unit, Period.of("m", today), "d"))
    if first.month != today.month:
        found |= await series(unit, Period.of("m", first), "d")
    return found


def _until(today: date) -> tuple[date, date]:
    """The last day of "soon", and the Sunday of this week."""
    return working_days().add(today, SOON), today + timedelta(days=6 - today.weekday())


async def dues(units: Sequence[str], today: date) -> dict[str, Due]:
    """Of each unit with all below it: what is due, what will probably be late, what is paused beyond its due date."""
    soon, week = _until(today)
    parts = [
        await rows(
            "SELECT path, sum(CASE WHEN due = $1 THEN 1 ELSE 0 END) AS today, "
            "sum(CASE WHEN due > $1 AND due <= $2 THEN 1 ELSE 0 END) AS soon, "
            "sum(CASE WHEN due <= $3 THEN 1 ELSE 0 END) AS week FROM task_standing "
            f"WHERE until IS NULL AND state IN ({OPEN_SQL}) AND state IN ({OWED_SQL}) AND due >= $1 AND due <= $4 GROUP BY path",
            today,
            soon,
            week,
            max(soon, week),
        ),
        await rows(
            "SELECT s.path, count(*) AS high FROM risk r JOIN task_standing s ON s.task = r.id AND s.until IS NULL "
            f"WHERE r.band = 'high' AND s.state IN ({OWED_SQL}) AND s.due >= $1 GROUP BY s.path",
            today,
        ),
        await rows(
            "SELECT path, count(*) AS stalled FROM task_standing "
            f"WHERE until IS NULL AND state IN ({OPEN_SQL}) AND state = 'paused' AND due < $1 GROUP BY path",
            today,
        ),
    ]
    found: dict[str, dict[str, int]] = {unit: {} for unit in units}
    for part in parts:
        for one in part:
            for unit in one["path"].split("/"):
                if unit in found:
                    for name in Due.__struct_fields__:
                        if name in one:
                            found[unit][name] = found[unit].get(name, 0) + int(one[name])
    return {unit: Due(**counted) for unit, counted in found.items()}


class Mine(msgspec.Struct, frozen=True):
    """One person's own work this moment, as its lead; ``beside``: what he works on under another lead."""

    month: Counts
    due: Due
    beside: int


async def mine(person: str, centre: str, now: datetime) -> Mine:
    """The numbers of one person, for himself. A task that somebody else leads and he works on is only counted in ``beside``."""
    today = now.astimezone(LOCAL).date()
    found = await sums([centre], Period.of("m", today), today, ("lead",))
    soon, week = _until(today)
    due = await row(
        "SELECT sum(CASE WHEN s.due = $1 THEN 1 ELSE 0 END) AS today, sum(CASE WHEN s.due > $1 AND s.due <= $2 THEN 1 ELSE 0 END) AS soon, "
        "sum(CASE WHEN s.due <= $3 THEN 1 ELSE 0 END) AS week, sum(CASE WHEN r.band = 'high' THEN 1 ELSE 0 END) AS high "
        "FROM task t JOIN task_standing s ON s.task = t.id AND s.until IS NULL LEFT JOIN risk r ON r.id = t.id "
        f"WHERE t.lead = $4 AND t.status IN ({OWED_SQL}) AND s.due >= $1",
        today,
        soon,
        week,
        person,
    )
    beside = await row(
        "SELECT count(*) AS tasks FROM assignment a JOIN task_standing s ON s.task = a.task AND s.until IS NULL "
        f"WHERE a.person = $1 AND a.until IS NULL AND a.role <> 'lead' AND s.state IN ({places(4, 2)})",
        person,
        *OWED,
        "submitted",
    )
    # Sums over nothing are NULL.
    counted = {name: int(amount or 0) for name, amount in (due or {}).items()}
    return Mine(found[centre]["lead"].get(person, NONE), Due(**counted), int(beside["tasks"]) if beside else 0)
