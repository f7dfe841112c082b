"""The sums of a unit in a period, as they stand this moment: what is folded, and what waits to be."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from server.ledger.fold import FOLDED, MEASURES, STOCK_MEASURES, Sums
from server.ledger.grains import HOLDS, Period, next_start, start_of
from server.ledger.rules import OWED
from server.storage.engine import is_sqlite, places, row, rows

#: Times that a reader begins anew because somebody folded in between.
TRIES: Final = 20


class Counts(msgspec.Struct, frozen=True):
    """One cell of a report. Stocks are as of the period's end (now, while it runs), the rest is what the period did.

    ``carried`` is the stock at the period's beginning; ``took`` the working days of the done ones together.
    """

    carried: int = 0
    open: int = 0
    not_started: int = 0
    in_progress: int = 0
    submitted: int = 0
    paused: int = 0
    overdue: int = 0
    undated_open: int = 0
    due_next: int = 0
    assigned: int = 0
    on_time: int = 0
    late: int = 0
    undated: int = 0
    excused: int = 0
    cancelled: int = 0
    asked: int = 0
    extended: int = 0
    returned: int = 0
    took: int = 0

    @property
    def done(self) -> int:
        """Accepted in the period."""
        return self.on_time + self.late + self.undated

    @property
    def in_time(self) -> int:
        """Open, and nobody's delay."""
        return self.open - self.overdue

    @property
    def moved(self) -> int:
        """What came or went otherwise: handed to or from others, reopened, into or out of the bin."""
        return self.open - self.carried - self.assigned + self.done + self.cancelled

    @property
    def total(self) -> int:
        """All that there was to do in the period: carried over, given, and what came or went otherwise."""
        return self.open + self.done + self.cancelled

    def __bool__(self) -> bool:
        return any(msgspec.structs.astuple(self))


NONE: Final = Counts()
#: unit → dimension → value → counts.
Found = dict[str, dict[str, dict[str, Counts]]]


async def _mark() -> int:
    found = await row("SELECT value FROM counter WHERE name = $1", FOLDED)
    return found["value"] if found else 0


async def sums(units: Sequence[str], period: Period, today: date, dims: Sequence[str] = ("total",)) -> Found:
    """The counts of each unit, by the dimensions that are asked for.

    ``today`` is the local day: of a period that is not over by then, overdue is what is overdue today. Values that nothing was counted
    under are left out.
    """
    for _ in range(TRIES):
        mark = await _mark()
        folded = await _folded(units, period, dims)
        waiting = await rows(f"SELECT * FROM figure_move WHERE {_under(units)}", *_likes(units))
        if await _mark() == mark:
            break
    cells: dict[tuple[str, str, str], dict[str, int]] = {}
    for one in folded:
        cells[one["unit"], one["dim"], one["value"]] = {name: int(one[name] or 0) for name in ("carried", *MEASURES)}
    _add_waiting(cells, waiting, units, period, dims)
    if period.last >= today:
        await _overdue_now(cells, units, today, dims)
    found: Found = {unit: {dim: {} for dim in dims} for unit in units}
    for (unit, dim, value), amounts in cells.items():
        counts = Counts(**amounts)
        if counts:
            found[unit][dim][value] = counts
    return found


def _under(units: Sequence[str], start: int = 1) -> str:
    return "(" + " OR ".join(f"path LIKE ${start + n}" for n in range(len(units))) + ")" if units else "FALSE"


def _likes(units: Iterable[str]) -> list[str]:
    return [f"%/{one}/%" for one in units]


async def _folded(units: Sequence[str], period: Period, dims: Sequence[str]) -> list[dict[str, Any]]:
    grain, holds = period.grain, HOLDS[period.grain]
    first = start_of(holds, period.start)
    here = "(grain = $1 AND start = $2)"
    stocks = ", ".join(f"sum({one}) AS {one}" for one in STOCK_MEASURES)
    flows = ", ".join(f"sum(CASE WHEN {here} THEN {one} ELSE 0 END) AS {one}" for one in MEASURES[len(STOCK_MEASURES) :])
    within = "(grain = $3 AND start < $4)" if grain != holds else "FALSE"
    values = [grain, period.start, holds, first]
    listed = len(units), len(dims)
    small = "(grain = $1 AND start >= $4 AND start <= $2)" if grain != holds else "(grain = $1 AND start <= $2 AND $3 = $3 AND $4 = $4)"
    if not is_sqlite():
        small, within, here = (one.replace("$4", "$4::date").replace("$2", "$2::date") for one in (small, within, here))
        small = small.replace("$3 = $3", "$3::text = $3::text")
        flows = flows.replace("start = $2", "start = $2::date")
    return await rows(
        f"SELECT unit, dim, value, sum(CASE WHEN {here} THEN 0 ELSE open END) AS carried, {stocks}, {flows} FROM figure_tally "
        f"WHERE unit IN ({places(listed[0], 5)}) AND ({within} OR {small}) AND dim IN ({places(listed[1], 5 + listed[0])}) "
        "GROUP BY unit, dim, value",
        *values,
        *units,
        *dims,
    )


def _add_waiting(
    cells: dict[tuple[str, str, str], dict[str, int]],
    waiting: list[dict[str, Any]],
    units: Sequence[str],
    period: Period,
    dims: Sequence[str],
) -> None:
    found = Sums()
    for one in waiting:
        found.add(one, units)
    holds, first = HOLDS[period.grain], start_of(HOLDS[period.grain], period.start)
    for (unit, grain, start, dim, value), amounts in found.cells.items():
        here = grain == period.grain and start == period.start
        before = (grain == holds and start < first) or (grain == period.grain and first <= start < period.start)
        if dim not in dims or not (here or before):
            continue
        cell = cells.setdefault((unit, dim, value), dict.fromkeys(("carried", *MEASURES), 0))
        for measure, amount in amounts.items():
            if measure in STOCK_MEASURES or here:
                cell[measure] += amount
        if not here:
            cell["carried"] += amounts.get("open", 0)


async def _overdue_now(cells: dict[tuple[str, str, str], dict[str, int]], units: Sequence[str], today: date, dims: Sequence[str]) -> None:
    """The sums know what will be overdue by the period's end if nothing happens; while it runs, what is overdue today is counted."""
    for cell in cells.values():
        cell["overdue"] = 0
    owed = ", ".join(f"'{one}'" for one in OWED)
    late = await rows(
        "SELECT unit, path, field, priority, origin, lead, count(*) AS tasks FROM task_standing "
        f"WHERE until IS NULL AND state IN ({owed}) AND due < $1 AND {_under(units, 2)} "
        "GROUP BY unit, path, field, priority, origin, lead",
        today,
        *_likes(units),
    )
    for one in late:
        values = {"total": "", "lead": one["lead"], "field": one["field"], "priority": one["priority"], "origin": one["origin"]}
        values["home"] = f"{one['unit']}|{one['field']}"
        for unit in units:
            if f"/{unit}/" in one["path"]:
                for dim in dims:
                    cell = cells.setdefault((unit, dim, values[dim]), dict.fromkeys(("carried", *MEASURES), 0))
                    cell["overdue"] += int(one["tasks"])


async def series(unit: str, period: Period, grain: str) -> dict[date, Counts]:
    """What each smaller period did (given, done, cancelled …; no stocks), by its first day; those without anything are left out."""
    first, after = start_of(grain, period.start), next_start(period.grain, period.start)
    flows = MEASURES[len(STOCK_MEASURES) :]
    for _ in range(TRIES):
        mark = await _mark()
        folded = await rows(
            f"SELECT start, {', '.join(flows)} FROM figure_tally WHERE unit = $1 AND grain = $2 AND dim = 'total' "
            "AND start >= $3 AND start < $4 ORDER BY start",
            unit,
            grain,
            first,
            after,
        )
        waiting = await rows(f"SELECT * FROM figure_move WHERE {_under([unit])}", *_likes([unit]))
        if await _mark() == mark:
            break
    cells: dict[date, dict[str, int]] = {one["start"]: {name: int(one[name]) for name in flows} for one in folded}
    added = Sums()
    for one in waiting:
        added.add(one, [unit])
    for (_, its_grain, start, dim, _), amounts in added.cells.items():
        if its_grain == grain and dim == "total" and first <= start < after:
            cell = cells.setdefault(start, dict.fromkeys(flows, 0))
            for measure, amount in amounts.items():
                if measure in flows:
                    cell[measure] += amount
    return {start: Counts(**amounts) for start, amounts in sorted(cells.items()) if any(amounts.values())}


async def medians(units: Sequence[str], period: Period) -> dict[str, float]:
    """Of each unit with done tasks: the median of the working days from being given to being handed in."""
    for _ in range(TRIES):
        mark = await _mark()
        folded = await rows(
            f"SELECT unit, days, tasks FROM figure_days WHERE grain = $1 AND start = $2 AND unit IN ({places(len(units), 3)})",
            period.grain,
            period.start,
            *units,
        )
        waiting = await rows(f"SELECT * FROM figure_move WHERE {_under(units)}", *_likes(units))
        if await _mark() == mark:
            break
    by_unit: dict[str, dict[int, int]] = {}
    for one in folded:
        by_unit.setdefault(one["unit"], {})[one["days"]] = int(one["tasks"])
    added = Sums()
    for one in waiting:
        added.add(one, units)
    for (unit, grain, start, days), tasks in added.days.items():
        if grain == period.grain and start == period.start:
            mine = by_unit.setdefault(unit, {})
            mine[days] = mine.get(days, 0) + tasks
    return {unit: median(days) for unit, days in by_unit.items() if sum(days.values()) > 0}


def median(tasks_by_days: dict[int, int]) -> float:
    """The middle one, or the mean of the two in the middle.

    >>> median({1: 2, 4: 1}), median({1: 1, 4: 1})
    (1.0, 2.5)
    """
    whole = sum(tasks_by_days.values())
    lower, upper, seen = (whole - 1) // 2, whole // 2, 0
    found: list[int] = []
    for days in sorted(tasks_by_days):
        if tasks_by_days[days] > 0:
            seen += tasks_by_days[days]
            found += [days] * ((seen > lower and not found) + (seen > upper and len(found) < 2))
            if len(found) >= 2:
                break
    return sum(found[:2]) / 2
