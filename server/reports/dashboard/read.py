"""The numbers of a dashboard, this moment. Names of people and titles of tasks are not among them: a wall may show them all."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from server.calendar.current import working_days
from server.ledger.grains import Period
from server.ledger.read import NONE, Counts, series, sums
from server.ledger.rules import OWED
from server.people.directory import Directory, UnitFacts
from server.storage.engine import Row, places, row, rows
from server.storage.ids import LOCAL

#: Days that the course is drawn over, today among them.
DAYS: Final = 14
#: "Soon" is due within so many working days after today.
SOON: Final = 3
OWED_SQL: Final = ", ".join(f"'{one}'" for one in OWED)


class Due(msgspec.Struct, frozen=True):
    """Owed tasks by when they are due; ``high``: of the owed ones, how many will probably be late."""

    today: int = 0
    soon: int = 0
    week: int = 0
    high: int = 0


class Line(msgspec.Struct, frozen=True):
    """One unit of a dashboard."""

    unit: str
    name: str
    short: str
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
        lines=[
            Line(one.id, one.name, one.short or one.name, month[one.id], due[one.id])
            for one in children
            if month[one.id] or one.kind == "room"
        ],
    )


def _last_days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


async def _days(unit: str, today: date) -> dict[date, Counts]:
    first = today - timedelta(days=DAYS - 1)
    found = dict(await series(unit, Period.of("m", today), "d"))
    if first.month != today.month:
        found |= await series(unit, Period.of("m", first), "d")
    return found


async def dues(units: Sequence[str], today: date) -> dict[str, Due]:
    """Of each unit with all below it: what is due today, in the next working days, by the end of the week."""
    soon = working_days().add(today, SOON)
    week = today + timedelta(days=6 - today.weekday())
    found = await rows(
        "SELECT path, sum(CASE WHEN due = $1 THEN 1 ELSE 0 END) AS today, sum(CASE WHEN due <= $2 THEN 1 ELSE 0 END) AS soon, "
        "sum(CASE WHEN due <= $3 THEN 1 ELSE 0 END) AS week FROM task_standing "
        f"WHERE until IS NULL AND state IN ({OWED_SQL}) AND due >= $1 AND due <= $4 GROUP BY path",
        today,
        soon,
        week,
        max(soon, week),
    )
    high = await rows(
        "SELECT s.path, count(*) AS tasks FROM risk r JOIN task_standing s ON s.task = r.id AND s.until IS NULL "
        f"WHERE r.band = 'high' AND s.state IN ({OWED_SQL}) AND s.due >= $1 GROUP BY s.path",
        today,
    )
    return {unit: _due_of(unit, found, high) for unit in units}


def _due_of(unit: str, found: list[Row], high: list[Row]) -> Due:
    mine = [one for one in found if f"/{unit}/" in one["path"]]
    return Due(
        today=sum(int(one["today"]) for one in mine),
        soon=sum(int(one["soon"]) for one in mine),
        week=sum(int(one["week"]) for one in mine),
        high=sum(int(one["tasks"]) for one in high if f"/{unit}/" in one["path"]),
    )


class Mine(msgspec.Struct, frozen=True):
    """One person's own work this moment, as its lead; ``beside``: what he works on under another lead."""

    month: Counts
    due: Due
    beside: int


async def mine(person: str, centre: str, now: datetime) -> Mine:
    """The numbers of one person, for himself."""
    today = now.astimezone(LOCAL).date()
    found = await sums([centre], Period.of("m", today), today, ("lead",))
    soon = working_days().add(today, SOON)
    week = today + timedelta(days=6 - today.weekday())
    due = await row(
        "SELECT sum(CASE WHEN s.due = $1 THEN 1 ELSE 0 END) AS today, sum(CASE WHEN s.due <= $2 THEN 1 ELSE 0 END) AS soon, "
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
    counted = {name: int((due or {}).get(name) or 0) for name in ("today", "soon", "week", "high")}
    return Mine(found[centre]["lead"].get(person, NONE), Due(**counted), int(beside["tasks"]) if beside else 0)
