"""Finished and unfinished work by month, for a person, a room, a field or the centre: counted by the database, which has the rows."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from typing import Any, Final, Literal

import msgspec

from server.insight.trends.privacy import Crowd, told_months
from server.insight.trends.rules import Cell, Trend, points
from server.insight.trends.statistics import measured
from server.people.directory import Directory
from server.storage.engine import Row, current, is_sqlite, places, rows

#: Months shown, the running one left out: it is not over.
MONTHS: Final = 18
Whose = Literal["person", "unit", "field", "centre"]
#: Pages of a day that are kept; an office of thousands has some hundred rooms and fields.
MOST_KEPT: Final = 400


EXCUSED: Final = "SELECT 1 FROM kpi_excuse x WHERE x.task = t.id AND x.what = 'late' AND x.withdrawn_at IS NULL"
RETURNED: Final = "SELECT 1 FROM review r WHERE r.task = t.id AND r.verdict = 'return'"


class Change(msgspec.Struct, frozen=True):
    """What else was different before and after the change point: a key of the words, and both values."""

    key: str
    before: float
    after: float


class Found(msgspec.Struct, frozen=True):
    """A trend, what the whole office did in the same months, what changed with it, and the months that are not told."""

    trend: Trend
    level: float
    changes: list[Change]
    withheld: frozenset[str] = frozenset()


class Ended(msgspec.Struct, frozen=True):
    """Tasks of one kind whose due date fell into a month: how many, how many on time, how many were ever returned."""

    month: str
    kind: str
    urgent: bool
    tasks: int
    good: int
    returned: int


class Whole(msgspec.Struct, frozen=True):
    """The centre, against which everything is held: the share on time of each kind, and of all."""

    cells: list[Ended]
    expected: dict[str, float]
    level: float


class Asked(msgspec.Struct, frozen=True):
    """Whose trend, in which centre, on which day; ``which`` is the person, unit or field, nothing for the centre."""

    whose: Whose
    which: str
    centre: str
    today: date


def months_before(today: date, count: int = MONTHS) -> list[str]:
    """The last ``count`` months that are over, the oldest first: "2026-10"."""
    year, month = today.year, today.month
    found = []
    for _ in range(count):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        found.append(f"{year}-{month:02}")
    return found[::-1]


async def trend_of(asked: Asked, known: Directory, *, crowd_only: bool) -> Found:
    """The trend of a person or of several people's work. ``crowd_only``: months that would tell of one person are left out.

    What is of several people is counted once a day and process: the months are over, and a room is read by many.
    """
    if asked.whose == "person":
        return found(await _ended(asked, known), await whole(asked, known), asked.today)
    own = await _kept("ended", asked, known, _ended)
    if not crowd_only:
        return found(own, await whole(asked, known), asked.today)
    told = told_months(await _kept("crowds", asked, known, _crowds))
    trend = found([one for one in own if one.month in told], await whole(asked, known), asked.today)
    return msgspec.structs.replace(trend, withheld=frozenset(one.month for one in own) - told)


async def leads_of(asked: Asked, known: Directory) -> frozenset[str]:
    """Who led the tasks of these months."""
    leads: frozenset[str] = await _kept("leads", asked, known, _leads)
    return leads


async def whole(asked: Asked, known: Directory) -> Whole:
    """What is expected of each kind of work in this centre."""
    office: Whole = await _kept("whole", msgspec.structs.replace(asked, whose="centre", which=""), known, _whole)
    return office


#: By what is asked: for which engine, version of the directory and day it holds, and what it is.
_days: dict[tuple[str, str, str, str], tuple[tuple[object, int, date], Any]] = {}


async def _kept(what: str, asked: Asked, known: Directory, make: Callable[[Asked, Directory], Any]) -> Any:
    key, mark = (what, asked.whose, asked.which, asked.centre), (current(), known.version, asked.today)
    kept = _days.get(key)
    if kept is None or kept[0] != mark:
        if len(_days) >= MOST_KEPT:
            _days.clear()
        kept = _days[key] = (mark, await make(asked, known))
    return kept[1]


async def _whole(asked: Asked, known: Directory) -> Whole:
    cells = await _kept("ended", asked, known, _ended)
    expected, level = _expected(cells)
    return Whole(cells, expected, level)


def _units_below(known: Directory, top: str) -> list[str]:
    return [one for one in known.units if top in known.path(one)]


def _where(asked: Asked, known: Directory) -> tuple[str, list[Any]]:
    """The tasks that are asked for whose due date lies from ``$1`` to before ``$2``, and the values from ``$3`` on."""
    sql = "t.due >= $1 AND t.due < $2 AND t.deleted_at IS NULL AND t.status NOT IN ('proposed', 'declined', 'cancelled')"
    if asked.whose == "person":
        return f"{sql} AND t.lead = $3", [asked.which]
    values: list[Any] = _units_below(known, asked.which if asked.whose == "unit" else asked.centre)
    sql = f"{sql} AND t.unit IN ({places(len(values), 3)})"
    if asked.whose == "field":
        return f"{sql} AND t.field = ${len(values) + 3}", [*values, asked.which]
    return sql, values


def _spans(asked: Asked) -> list[tuple[date, date]]:
    """The months, each from its first day to that of the next; a person's few tasks are read at once."""
    starts = [date(int(one[:4]), int(one[5:]), 1) for one in months_before(asked.today)] + [asked.today.replace(day=1)]
    if asked.whose == "person":
        return [(starts[0], starts[-1])]
    return list(pairwise(starts))


async def _counted(asked: Asked, known: Directory, sql: str) -> list[Row]:
    """The rows of ``sql``, where ``<tasks>`` says which, month by month: in between others are served, whom SQLite makes wait."""
    where, values = _where(asked, known)
    listed: list[Row] = []
    for first, after in _spans(asked):
        listed += await rows(sql.replace("<tasks>", f"WHERE {where}"), first, after, *values)
        await asyncio.sleep(0)
    return listed


def _month() -> str:
    return "substr(t.due, 1, 7)" if is_sqlite() else "to_char(t.due, 'YYYY-MM')"


def _handed_in() -> str:
    """The day, by the office's clock, on which the result was handed in."""
    return "date(t.submitted_at, '+7 hours')" if is_sqlite() else "(t.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"


async def _ended(asked: Asked, known: Directory) -> list[Ended]:
    """On time is what was handed in by its due date, or excused (Đ14.2)."""
    counted = await _counted(
        asked,
        known,
        f"SELECT {_month()} AS month, t.field, t.priority, count(*) AS tasks, "
        f"sum(CASE WHEN t.submitted_at IS NOT NULL AND {_handed_in()} <= t.due THEN 1 "
        f"WHEN EXISTS ({EXCUSED}) THEN 1 ELSE 0 END) AS good, sum(CASE WHEN EXISTS ({RETURNED}) THEN 1 ELSE 0 END) AS returned "
        "FROM task t <tasks> GROUP BY 1, 2, 3",
    )
    return [
        Ended(
            month=one["month"],
            kind=f"{one['field'] or ''}:{one['priority']}",
            urgent=one["priority"] != "normal",
            tasks=int(one["tasks"]),
            good=int(one["good"]),
            returned=int(one["returned"]),
        )
        for one in counted
    ]


async def _crowds(asked: Asked, known: Directory) -> list[Crowd]:
    counted = await _counted(
        asked,
        known,
        "SELECT month, count(*) AS people, max(led) AS most, sum(led) AS tasks FROM ("
        f"SELECT {_month()} AS month, t.lead, count(*) AS led FROM task t <tasks> AND t.lead IS NOT NULL GROUP BY 1, 2"
        ") AS leads GROUP BY month",
    )
    return [Crowd(one["month"], int(one["people"]), int(one["most"]), int(one["tasks"])) for one in counted]


async def _leads(asked: Asked, known: Directory) -> frozenset[str]:
    listed = await _counted(asked, known, "SELECT DISTINCT t.lead FROM task t <tasks> AND t.lead IS NOT NULL")
    return frozenset(one["lead"] for one in listed)


def found(own: list[Ended], office: Whole, today: date) -> Found:
    """The trend of ``own`` work, with the mix of work taken out of it."""
    by_month: dict[str, list[Cell]] = {month: [] for month in months_before(today)}
    for one in sorted(own, key=lambda one: one.kind):
        by_month[one.month].append(Cell(one.kind, one.tasks, one.good))
    trend = measured(points(by_month, office.expected, office.level))
    return Found(trend, office.level, _changes(own, trend) if trend.change is not None else [])


def _expected(cells: Iterable[Ended]) -> tuple[dict[str, float], float]:
    by_kind: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in cells:
        by_kind[one.kind][0] += one.tasks
        by_kind[one.kind][1] += one.good
    tasks = sum(many for many, _ in by_kind.values())
    level = sum(good for _, good in by_kind.values()) / tasks if tasks else 0.0
    # A kind with few tasks is no kind to expect anything of: it leans on the whole.
    return {kind: (good + 8 * level) / (many + 8) for kind, (many, good) in by_kind.items()}, level


def _changes(own: list[Ended], trend: Trend) -> list[Change]:
    """What went with the change of level, the largest first; what hardly moved is not told."""
    assert trend.change is not None
    turn = trend.points[trend.change].period
    before, after = [one for one in own if one.month < turn], [one for one in own if one.month >= turn]
    spans = (trend.change, len(trend.points) - trend.change)
    many = sum(one.tasks for one in before), sum(one.tasks for one in after)
    if not all(many) or not all(spans):
        return []
    told = [
        Change("volume", many[0] / spans[0], many[1] / spans[1]),
        Change("urgent", sum(one.tasks for one in before if one.urgent) / many[0], sum(one.tasks for one in after if one.urgent) / many[1]),
        Change("returned", sum(one.returned for one in before) / many[0], sum(one.returned for one in after) / many[1]),
    ]
    large = [one for one in told if abs(one.after - one.before) >= 0.1 * max(one.before, one.after, 0.1)]
    return sorted(large, key=lambda one: -abs(one.after - one.before) / max(one.before, one.after))
