"""Finished and unfinished work by month, for a person, a room, a field or the centre."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Literal

import msgspec

from server.insight.trends.rules import Cell, Trend, points
from server.insight.trends.statistics import measured
from server.people.directory import Directory
from server.storage.engine import rows
from server.storage.ids import LOCAL

#: Months shown, the running one left out: it is not over.
MONTHS: Final = 18
Whose = Literal["person", "unit", "field", "centre"]


class Change(msgspec.Struct, frozen=True):
    """What else was different before and after the change point: a key of the words, and both values."""

    key: str
    before: float
    after: float


class Found(msgspec.Struct, frozen=True):
    """A trend, what the whole office did in the same months, and what changed with it."""

    trend: Trend
    level: float
    changes: list[Change]


class Ended(msgspec.Struct, frozen=True):
    """A task whose due date has passed, as far as trends ask."""

    lead: str | None
    unit: str | None
    field: str | None
    kind: str
    month: str
    good: bool
    urgent: bool
    returned: bool


def months_before(today: date, count: int = MONTHS) -> list[str]:
    """The last ``count`` months that are over, the oldest first: "2026-10"."""
    year, month = today.year, today.month
    found = []
    for _ in range(count):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        found.append(f"{year}-{month:02}")
    return found[::-1]


async def ended(today: date) -> list[Ended]:
    """Every task whose due date fell into one of the months. On time is what was handed in by its due date, or excused (Đ14.2)."""
    months = months_before(today)
    first = date(int(months[0][:4]), int(months[0][5:]), 1)
    found = await rows(
        "SELECT t.lead, t.unit, t.field, t.priority, t.due, t.submitted_at, "
        "EXISTS (SELECT 1 FROM review r WHERE r.task = t.id AND r.verdict = 'return') AS returned, "
        "EXISTS (SELECT 1 FROM kpi_excuse x WHERE x.task = t.id AND x.what = 'late' AND x.withdrawn_at IS NULL) AS excused "
        "FROM task t WHERE t.due >= $1 AND t.due < $2 AND t.deleted_at IS NULL AND t.status NOT IN ('proposed', 'declined', 'cancelled')",
        first,
        date(today.year, today.month, 1),
    )
    return [_ended(one) for one in found]


def _ended(one: Mapping[str, Any]) -> Ended:
    handed_in = one["submitted_at"]
    return Ended(
        lead=one["lead"],
        unit=one["unit"],
        field=one["field"],
        kind=f"{one['field'] or ''}:{one['priority']}",
        month=f"{one['due']:%Y-%m}",
        good=bool(one["excused"]) or (handed_in is not None and handed_in.astimezone(LOCAL).date() <= one["due"]),
        urgent=one["priority"] != "normal",
        returned=bool(one["returned"]),
    )


def of(whose: Whose, which: str, tasks: Iterable[Ended], known: Directory) -> list[Ended]:
    """Those of one person, one room with the units below it, one field, or all."""
    if whose == "person":
        return [one for one in tasks if one.lead == which]
    if whose == "field":
        return [one for one in tasks if one.field == which]
    if whose == "unit":
        return [one for one in tasks if which in known.path(known.people[one.lead].unit if one.lead in known.people else one.unit)]
    return list(tasks)


def found(own: list[Ended], everything: list[Ended], today: date) -> Found:
    """The trend of ``own`` work, with the mix of work taken out of it."""
    expected, level = _expected(everything)
    by_month: dict[str, dict[str, list[bool]]] = {month: defaultdict(list) for month in months_before(today)}
    for one in own:
        by_month[one.month][one.kind].append(one.good)
    cells = {month: [Cell(kind, len(marks), sum(marks)) for kind, marks in sorted(kinds.items())] for month, kinds in by_month.items()}
    trend = measured(points(cells, expected, level))
    return Found(trend, level, _changes(own, trend) if trend.change is not None else [])


def _expected(tasks: list[Ended]) -> tuple[dict[str, float], float]:
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for one in tasks:
        by_kind[one.kind].append(one.good)
    level = sum(one.good for one in tasks) / len(tasks) if tasks else 0.0
    # A kind with few tasks is no kind to expect anything of: it leans on the whole.
    return {kind: (sum(marks) + 8 * level) / (len(marks) + 8) for kind, marks in by_kind.items()}, level


def _changes(own: list[Ended], trend: Trend) -> list[Change]:
    """What went with the change of level, the largest first; what hardly moved is not told."""
    assert trend.change is not None
    turn = trend.points[trend.change].period
    before, after = [one for one in own if one.month < turn], [one for one in own if one.month >= turn]
    spans = (trend.change, len(trend.points) - trend.change)
    if not before or not after or not all(spans):
        return []
    told = [
        Change("volume", len(before) / spans[0], len(after) / spans[1]),
        Change("urgent", sum(one.urgent for one in before) / len(before), sum(one.urgent for one in after) / len(after)),
        Change("returned", sum(one.returned for one in before) / len(before), sum(one.returned for one in after) / len(after)),
    ]
    return [one for one in told if abs(one.after - one.before) >= 0.1 * max(one.before, one.after, 0.1)]
