"""The sums of a unit in a period, as they stand this moment: what is folded, and what waits to be.

Each question is one statement, so that it sees one moment: somebody who folds or writes meanwhile never tears what is read.
"""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from operator import add
from typing import Final

import msgspec
import orjson

from server.ledger.ask import Ask
from server.ledger.fold import MEASURES, STOCK_MEASURES
from server.ledger.grains import BITS, CHAINS, Period, next_start, start_of
from server.ledger.rules import OPEN, OWED, Place, values_of
from server.storage.engine import Row, is_sqlite, rows


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
#: The columns of a cell, as Counts has them: carried and the measures. What was counted under it, by their order.
WIDTH: Final = 1 + len(MEASURES)
OVERDUE: Final = 1 + MEASURES.index("overdue")
PLACES: Final = {name: 1 + place for place, name in enumerate(MEASURES)}
FLOWS: Final = MEASURES[len(STOCK_MEASURES) :]
Cells = dict[tuple[str, str, str], list[int]]


async def sums(units: Sequence[str], period: Period, today: date, dims: Sequence[str] = ("total",)) -> Found:
    """The counts of each unit, by the dimensions that are asked for.

    ``today`` is the local day: of a period that is not over by then, overdue is what is overdue today. Values that nothing was counted
    under are left out.
    """
    ask, running = Ask(), period.last >= today
    parts = [_here(ask, units, period, dims), _before(ask, units, period, dims), _waiting(ask, units)]
    late = ""
    if running:
        late, more = _overdue_now(ask, units, today, dims)
        parts += more
    cells: Cells = {}
    waiting: list[Row] = []
    overdue: list[Row] = []
    for one in await rows(late + " UNION ALL ".join(parts), *ask.values):
        if one["what"] == "cell":
            at, amounts = (one["a"], one["b"], one["c"]), _numbers(one)
            cells[at] = [*map(add, cells[at], amounts)] if at in cells else amounts
        else:
            (waiting if one["what"] == "waits" else overdue).append(one)
    wanted, named = frozenset(units), frozenset(dims)
    for one in waiting:
        _add_waiting(cells, one, wanted, named, period)
    if running:
        # The sums know what will be overdue by the period's end if nothing happens; while it runs, what is overdue today is counted.
        for cell in cells.values():
            cell[OVERDUE] = 0
        for one in overdue:
            value = f"{_path(one)[-1]}|{one['c']}" if one["b"] == "home" else one["c"]
            for unit in wanted.intersection(_path(one)) if one["a"] else units:
                cells.setdefault((unit, one["b"], value), [0] * WIDTH)[OVERDUE] += int(one["n0"])
    found: Found = {unit: {dim: {} for dim in dims} for unit in units}
    for (unit, dim, value), amounts in cells.items():
        if any(amounts):
            found[unit][dim][value] = Counts(*amounts)
    return found


#: Every part of a statement has these columns: what it is, texts and numbers.
TEXTS: Final = ("a", "b", "c")


def _select(what: str, texts: Sequence[str], numbers: Sequence[str], source: str, width: int = WIDTH) -> str:
    """A part of a statement: first its numbers, then what it is and its texts."""
    # An expression has no declared type, for which SQLite would have every number converted from its text.
    listed = [f"0 + {one} AS n{place}" for place, one in enumerate((*numbers, *["0"] * (width - len(numbers))))]
    listed += [f"{one} AS {name}" for one, name in zip((*texts, *["''"] * (len(TEXTS) - len(texts))), TEXTS, strict=True)]
    return f"SELECT {', '.join(listed)}, '{what}' AS what FROM {source}"


def _numbers(one: Row, width: int = WIDTH) -> list[int]:
    """The numbers of a row. PostgreSQL's sums are decimals."""
    found = islice(one.values(), width)
    return list(found) if is_sqlite() else list(map(int, found))


def _cells_where(ask: Ask, units: Sequence[str], dims: Sequence[str], grain: str) -> str:
    return f"unit IN ({ask.listed(units)}) AND dim IN ({ask.listed(dims)}) AND grain = {ask.value(grain)}"


def _here(ask: Ask, units: Sequence[str], period: Period, dims: Sequence[str]) -> str:
    where = f"{_cells_where(ask, units, dims, period.grain)} AND start = {ask.value(period.start)}"
    return _select("cell", ("unit", "dim", "value"), ("0", *MEASURES), f"figure_tally WHERE {where}")


def _before(ask: Ask, units: Sequence[str], period: Period, dims: Sequence[str]) -> str:
    """The stocks at the period's beginning: whole years, then what is left of the period's year in smaller and smaller grains."""
    parts, first = [], None
    for grain in CHAINS[period.grain]:
        after = start_of(grain, period.start)
        if after != first:
            where = f"{_cells_where(ask, units, dims, grain)} AND start < {ask.value(after)}"
            if first is not None:
                where += f" AND start >= {ask.value(first)}"
            parts.append(f"SELECT unit, dim, value, {', '.join(STOCK_MEASURES)} FROM figure_tally WHERE {where}")
        first = after
    stocks = ["sum(open)", *(f"sum({one})" for one in STOCK_MEASURES)]
    return _select("cell", ("unit", "dim", "value"), stocks, f"({' UNION ALL '.join(parts)}) AS earlier GROUP BY unit, dim, value")


def _waiting(ask: Ask, units: Sequence[str], width: int = WIDTH) -> str:
    texts = (
        "path",
        "field || '|' || priority || '|' || origin || '|' || lead || '|' || plan",
        "CAST(day AS text) || '|' || CAST(grains AS text) || '|' || amounts",
    )
    return _select("waits", texts, (), f"figure_move WHERE {ask.below(units)}", width)


def _overdue_now(ask: Ask, units: Sequence[str], today: date, dims: Sequence[str]) -> tuple[str, list[str]]:
    """What is overdue today, read once, and its number for each dimension.

    With its path where more than one unit is asked for, or where that is part of the value.
    """
    owed, opened = (", ".join(f"'{one}'" for one in some) for some in (OWED, OPEN))
    late = (
        # As the index says it, then what is asked.
        "WITH late AS MATERIALIZED (SELECT path, field, priority, origin, lead, plan FROM task_standing WHERE until IS NULL "
        f"AND state IN ({opened}) AND state IN ({owed}) AND due < {ask.value(today)} AND {ask.below(units)}) "
    )
    parts = []
    for dim in dims:
        path = "path" if len(units) > 1 or dim == "home" else ""
        value = {"total": "", "home": "field"}.get(dim, dim)
        source = "late WHERE plan <> ''" if dim == "plan" else "late"
        grouped = ", ".join(one for one in (path, value) if one)
        texts = (path or "''", f"'{dim}'", value or "''")
        parts.append(_select("overdue", texts, ("count(*)",), f"{source} GROUP BY {grouped}" if grouped else source))
    return late, parts


def _path(one: Row) -> tuple[str, ...]:
    return tuple(unit for unit in one["a"].split("/") if unit)


def _cells_of(cells: Cells, one: Row, units: frozenset[str], dims: frozenset[str]) -> list[list[int]]:
    """The cells that a place counts in."""
    place = Place(_path(one), *one["b"].split("|"))
    values = [(dim, value) for dim, value in values_of(place) if dim in dims]
    return [cells.setdefault((unit, dim, value), [0] * WIDTH) for unit in place.path if unit in units for dim, value in values]


def _told(one: Row) -> tuple[date, int, dict[str, int]]:
    """The day, the grains and the amounts of a move that waits."""
    day, grains, amounts = one["c"].split("|", 2)
    return date.fromisoformat(day), int(grains), orjson.loads(amounts)


def _add_waiting(cells: Cells, one: Row, units: frozenset[str], dims: frozenset[str], period: Period) -> None:
    day, grains, amounts = _told(one)
    if day > period.last:
        return
    if day >= period.start:
        if grains & BITS[period.grain]:
            for cell in _cells_of(cells, one, units, dims):
                for measure, amount in amounts.items():
                    if measure in PLACES:
                        cell[PLACES[measure]] += amount
        return
    # Whatever changes a stock changes it in every grain.
    stocks = {measure: amount for measure, amount in amounts.items() if measure in STOCK_MEASURES}
    if stocks:
        for cell in _cells_of(cells, one, units, dims):
            cell[0] += stocks.get("open", 0)
            for measure, amount in stocks.items():
                cell[PLACES[measure]] += amount


async def series(unit: str, period: Period, grain: str) -> dict[date, Counts]:
    """What each smaller period did (given, done, cancelled …; no stocks), by its first day; those without anything are left out."""
    ask = Ask()
    first, after = start_of(grain, period.start), next_start(period.grain, period.start)
    where = f"{_cells_where(ask, [unit], ['total'], grain)} AND start >= {ask.value(first)} AND start < {ask.value(after)}"
    width = len(FLOWS)
    parts = [_select("cell", ("CAST(start AS text)",), FLOWS, f"figure_tally WHERE {where}", width), _waiting(ask, [unit], width)]
    cells: dict[date, dict[str, int]] = {}
    for one in await rows(" UNION ALL ".join(parts), *ask.values):
        if one["what"] == "cell":
            start, amounts = date.fromisoformat(one["a"]), dict(zip(FLOWS, _numbers(one, width), strict=True))
        else:
            day, grains, amounts = _told(one)
            start = start_of(grain, day)
            if not grains & BITS[grain] or not first <= start < after:
                continue
        cell = cells.setdefault(start, dict.fromkeys(FLOWS, 0))
        for measure, amount in amounts.items():
            if measure in cell:
                cell[measure] += amount
    return {start: Counts(**amounts) for start, amounts in sorted(cells.items()) if any(amounts.values())}


async def medians(units: Sequence[str], period: Period) -> dict[str, float]:
    """Of each unit with done tasks: the median of the working days from being given to being handed in."""
    ask, wanted = Ask(), frozenset(units)
    where = f"unit IN ({ask.listed(units)}) AND grain = {ask.value(period.grain)} AND start = {ask.value(period.start)}"
    parts = [_select("cell", ("unit",), ("days", "tasks"), f"figure_days WHERE {where}", 2), _waiting(ask, units, 2)]
    by_unit: dict[str, dict[int, int]] = {}

    def count(unit: str, days: int, tasks: int) -> None:
        mine = by_unit.setdefault(unit, {})
        mine[days] = mine.get(days, 0) + tasks

    for one in await rows(" UNION ALL ".join(parts), *ask.values):
        if one["what"] == "cell":
            count(one["a"], int(one["n0"]), int(one["n1"]))
            continue
        day, grains, amounts = _told(one)
        if grains & BITS[period.grain] and period.start <= day <= period.last:
            for unit in wanted.intersection(_path(one)):
                for measure, amount in amounts.items():
                    if measure.startswith("days:"):
                        count(unit, int(measure[5:]), amount)
    return {unit: median(days) for unit, days in by_unit.items() if sum(days.values()) > 0}


async def busy_plans(unit: str, period: Period, limit: int) -> list[str]:
    """The plans with the most tasks that are open at the period's end or done in it, ``limit`` of them; and all of which a change waits."""
    # First these: what is folded in between is found twice, and nothing is missed.
    waiting = await rows("SELECT DISTINCT plan FROM figure_move WHERE plan <> '' AND path LIKE $1", f"%/{unit}/%")
    ask = Ask()
    of_unit = f"unit = {ask.value(unit)} AND dim = 'plan'"
    parts, first = [], None
    for grain in CHAINS[period.grain]:
        start = ask.value(start_of(grain, period.start))
        until = f"start {'<=' if grain == period.grain else '<'} {start}"
        since = "" if first is None else f" AND start >= {first}"
        done = f"CASE WHEN start = {start} THEN on_time + late + undated ELSE 0 END" if grain == period.grain else "0"
        parts.append(f"SELECT value, open, {done} AS done FROM figure_tally WHERE {of_unit} AND grain = '{grain}' AND {until}{since}")
        first = start
    found = await rows(
        f"SELECT value FROM ({' UNION ALL '.join(parts)}) AS cells GROUP BY value HAVING sum(open) <> 0 OR sum(done) <> 0 "
        f"ORDER BY sum(open) + sum(done) DESC, value LIMIT {ask.value(limit)}",
        *ask.values,
    )
    return list(dict.fromkeys([one["value"] for one in found] + [one["plan"] for one in waiting]))


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
