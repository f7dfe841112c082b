"""The tasks behind a number of a report, as they stood at the period's end: as many as the figure says (docs/figures.md)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from server.ledger.ask import Ask
from server.ledger.grains import Period
from server.ledger.hook import day_of
from server.ledger.read import busy_plans
from server.ledger.rules import DONE, OPEN, OWED
from server.people.queries import directory
from server.storage.engine import row, rows

#: What is listed of how tasks stand at the end, and what of what happened to them.
STOCKS: Final = (
    "carried",
    "open",
    "not_started",
    "in_progress",
    "submitted",
    "paused",
    "overdue",
    "in_time",
    "undated_open",
    "due_next",
)
FLOWS: Final = ("assigned", "done", *DONE, "excused", "cancelled", "asked", "extended", "returned")
#: Every figure that has a list.
LISTED: Final = (*STOCKS, *FLOWS)


class Only(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a figure: one value of each dimension that is named. An empty text is "none", None is "any"."""

    lead: str | None = None
    field: str | None = None
    priority: str | None = None
    origin: str | None = None
    #: A unit below the one of the report, with everything below it.
    unit: str | None = None
    #: Values of the dimension ``home`` (unit|field): those that one leader oversees.
    homes: Sequence[str] | None = None


class Stood(msgspec.Struct, frozen=True, kw_only=True):
    """A task as it stood at the period's end (now, while it runs).

    ``happened`` is the day of what is listed (given, done, asked …); None in a list of stocks. A task is listed as often as it happened.
    """

    task: str
    happened: date | None
    state: str
    due: date | None
    unit: str
    field: str
    priority: str
    origin: str
    lead: str
    given: date
    #: Of a completed task, "" and None of any other.
    outcome: str
    handed: date | None
    excused: bool
    overdue: bool


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a list. ``total`` is the figure; ``seen`` how many of them the reader may see, all of whom are listed in their turn."""

    rows: list[Stood]
    total: int
    seen: int


def cut_of(period: Period, today: date) -> date:
    """The first day that is not yet over as of the period's end: what was due before it and is owed is overdue."""
    return min(today, period.last + timedelta(days=1))


async def standings_at(
    unit: str,
    period: Period,
    of: str,
    today: date,
    only: Only | None = None,
    *,
    scopes: Sequence[str] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Listing:
    """The tasks behind the figure ``of`` (one of ``LISTED``; KeyError for any other) of a unit in a period.

    ``scopes`` are the keys of ``TaskScope`` that the reader holds; None where he sees everything. Stocks come in the order of due dates,
    those without one last; what happened, the latest first.
    """
    if of not in LISTED:
        raise KeyError(of)
    only = only or Only()
    asked = Ask()
    at = period.before if of == "carried" else period
    if of in STOCKS:
        source = "task_standing c"
        _stands(asked, of, at, today)
    else:
        source = "task_flow c"
        _happened(asked, of, period)
    await _narrow(asked, unit, only)
    seen = "TRUE"
    if scopes is not None:
        seen = f"EXISTS (SELECT 1 FROM task_scope v WHERE v.task = c.task AND v.scope IN ({asked.listed(scopes)}))"
    counted = await row(
        f"SELECT count(*) AS total, sum(CASE WHEN {seen} THEN 1 ELSE 0 END) AS seen FROM {source} WHERE {asked.where}", *asked.values
    )
    assert counted is not None
    asked.add(seen)
    found = await rows(_of_listed(asked, of, source, at, limit, offset), *asked.values)
    cut = cut_of(at, today)
    return Listing(rows=[_stood(one, cut) for one in found], total=int(counted["total"]), seen=int(counted["seen"] or 0))


def _of_listed(asked: Ask, of: str, source: str, at: Period, limit: int, offset: int) -> str:
    columns = "s.state, s.due, s.unit, s.field, s.priority, s.origin, s.lead, s.given_at, s.outcome, s.handed, s.excused"
    some = f"LIMIT {asked.value(limit)} OFFSET {asked.value(offset)}"
    if of in STOCKS:
        columns = columns.replace("s.", "c.")
        return f"SELECT c.task, NULL AS happened, {columns} FROM {source} WHERE {asked.where} ORDER BY c.due IS NULL, c.due, c.task {some}"
    # How they stood is sought only for those of this page.
    last = asked.value(at.last)
    stood = f"s.task = f.task AND s.day <= {last} AND (s.day_until IS NULL OR s.day_until > {last})"
    page = f"SELECT c.id, c.task, c.day FROM {source} WHERE {asked.where} ORDER BY c.day DESC, c.task, c.id {some}"
    return f"SELECT f.task, f.day AS happened, {columns} FROM ({page}) f JOIN task_standing s ON {stood} ORDER BY f.day DESC, f.task, f.id"


def _stands(asked: Ask, of: str, at: Period, today: date) -> None:
    asked.add("c.day <= {} AND (c.day_until IS NULL OR c.day_until > {})", at.last, at.last)
    if at.last >= today:
        # No more than that says: it is what the index of open tasks is asked by.
        opened = ", ".join(f"'{one}'" for one in OPEN)
        asked.add(f"c.until IS NULL AND c.state IN ({opened})")
    if of in OPEN:
        asked.add("c.state = {}", of)
    else:
        asked.among("c.state", OWED if of in ("overdue", "due_next") else OPEN)
    if of == "overdue":
        asked.add("c.due < {}", cut_of(at, today))
    elif of == "in_time":
        asked.add("(c.state = 'submitted' OR c.due IS NULL OR c.due >= {})", cut_of(at, today))
    elif of == "due_next":
        asked.add("c.due >= {} AND c.due <= {}", at.after.start, at.after.last)
    elif of == "undated_open":
        asked.add("c.due IS NULL")


def _happened(asked: Ask, of: str, period: Period) -> None:
    asked.among("c.kind", DONE if of == "done" else (of,))
    asked.add("c.day >= {} AND c.day <= {}", period.start, period.last)
    # What came back from the bin counts again only where that was in the same period; what was undone later did happen.
    asked.add("c.counted_day <= {} AND (c.undone_day IS NULL OR c.undone_day > {})", period.last, period.last)


#: Of a unit with more than so many below it, all tasks are looked through.
MANY_UNITS: Final = 60


async def _units_of(unit: str) -> list[str] | None:
    """Every unit that was ever counted under this one; None of very many."""
    known = await directory()
    now = [one for one in known.units if unit in known.path(one)]
    if len(now) > MANY_UNITS:
        return None
    # First what waits: what is folded in between is found twice, and nothing is missed.
    waiting = await rows("SELECT DISTINCT unit FROM figure_move WHERE path LIKE $1", f"%/{unit}/%")
    homes = await rows("SELECT DISTINCT value FROM figure_tally WHERE unit = $1 AND dim = 'home' AND grain = 'y'", unit)
    return sorted({unit, *now, *(one["unit"] for one in waiting), *(one["value"].split("|")[0] for one in homes)})


async def _narrow(asked: Ask, unit: str, only: Only) -> None:
    for one in dict.fromkeys((unit, only.unit)):
        if one is not None:
            asked.add("c.path LIKE {}", f"%/{one}/%")
    units = await _units_of(only.unit or unit)
    if units is not None:
        asked.among("c.unit", units)
    for name in ("lead", "field", "priority", "origin"):
        if (value := getattr(only, name)) is not None:
            asked.add(f"c.{name} = {{}}", value)
    if only.homes is not None:
        asked.among("c.unit || '|' || c.field", only.homes)


def _stood(one: dict[str, Any], cut: date) -> Stood:
    return Stood(
        **{name: one[name] for name in ("task", "happened", "state", "due", "unit", "field", "priority", "origin", "lead")},
        given=day_of(one["given_at"]),
        outcome=one["outcome"],
        handed=one["handed"],
        excused=bool(one["excused"]),
        overdue=one["state"] in OWED and one["due"] is not None and one["due"] < cut,
    )


class PlanState(msgspec.Struct, frozen=True, kw_only=True):
    """A plan's tasks in a unit as of the period's end; ``total`` with the cancelled ones, ``overdue`` of those that are open."""

    plan: str
    total: int
    done: int
    on_time: int
    late: int
    undated: int
    open: int
    overdue: int
    cancelled: int


#: Plans of one report; more are a province's, of which it sees those with the most tasks.
PLANS: Final = 100


async def plan_states(unit: str, period: Period, today: date, limit: int = PLANS) -> list[PlanState]:
    """The plans of which the unit has anything open at the period's end, or done in it: their tasks given by then, as they stood.

    No more than ``limit``: those with the most tasks that are open or done in the period, and the one with the most first.
    """
    shown = await busy_plans(unit, period, limit)
    if not shown:
        return []
    ask = Ask()
    last, cut, start = ask.value(period.last), ask.value(cut_of(period, today)), ask.value(period.start)
    ask.add(f"c.day <= {last} AND (c.day_until IS NULL OR c.day_until > {last})")
    ask.among("c.plan", shown)
    # As the index on plans says it.
    ask.add("c.plan <> ''")
    ask.add("c.path LIKE {}", f"%/{unit}/%")
    opened, owed = (", ".join(f"'{one}'" for one in some) for some in (OPEN, OWED))
    counted = {
        "total": "TRUE",
        "done": "c.state = 'completed'",
        **{name: f"c.outcome = '{name}'" for name in DONE},
        "open": f"c.state IN ({opened})",
        "overdue": f"c.state IN ({owed}) AND c.due < {cut}",
        "cancelled": "c.state = 'cancelled'",
        "busy": f"c.state IN ({opened}) OR (c.state = 'completed' AND c.day >= {start})",
    }
    columns = ", ".join(f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {name}" for name, condition in counted.items())
    found = await rows(f"SELECT c.plan, {columns} FROM task_standing c WHERE {ask.where} GROUP BY c.plan", *ask.values)
    busy = sorted((one for one in found if one["busy"]), key=lambda one: (-one["busy"], one["plan"]))
    names = [name for name in counted if name != "busy"]
    return [PlanState(plan=one["plan"], **{name: int(one[name]) for name in names}) for one in busy[:limit]]
