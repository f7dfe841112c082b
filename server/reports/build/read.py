"""Reading what a report is made of: a fixed number of questions, however many tasks and people there are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from server.kpi.queries.periods import CURRENT
from server.kpi.queries.ruleset import facts_of
from server.kpi.rules.ruleset import RuleSet
from server.ledger.grains import PARTS, Period
from server.ledger.listing import PlanState, cut_of, plan_states
from server.ledger.read import NONE, medians, series, sums
from server.ledger.rules import DIMENSIONS, OWED
from server.people.directory import Directory
from server.reports.build.facts import Facts, Plan, PlanTask, Sheet
from server.storage.engine import places, rows
from server.storage.ids import LOCAL
from server.tasks.rules import product_name

#: Tasks of plans that a report lists.
LISTED: Final = 200


async def read(unit: str, period: Period, now: datetime, directory: Directory, *, people: bool = True) -> Facts:
    """Everything that the report of a unit is made of. Raises KeyError for an unknown unit. ``people`` False: without who leads."""
    known = directory.units[unit]
    today = now.astimezone(LOCAL).date()
    units = [unit, *(one.id for one in directory.units.values() if one.parent == unit)]
    before, year = period.before, period.year_before
    of_parts = PARTS[period.grain]
    # Load is compared by unit, or by person where there is no unit below.
    parted = any(one.parent == unit and one.active for one in directory.units.values())
    dims = DIMENSIONS if people else tuple(one for one in DIMENSIONS if one != "lead")
    days = await series(unit, period, "d")
    then = await sums(units, before, today, ("total",) if parted else ("total", "lead"))
    return Facts(
        directory=directory,
        people=people,
        unit=known,
        period=period,
        now=now,
        today=today,
        current=(await sums([unit], period, today, dims))[unit],
        before=then[unit],
        below_before={one: then[one]["total"].get("", NONE) for one in units[1:]},
        year_before=(await sums([unit], year, today))[unit],
        days=days,
        parts=days if of_parts == "d" else await series(unit, period, of_parts),
        medians=await medians(units, period),
        median_before=(await medians([unit], before)).get(unit),
        median_year_before=(await medians([unit], year)).get(unit),
        sheets=await _sheets((period, before, year)),
        rules=await _rules(period.last),
        plans=await _plans(unit, period, today),
    )


async def _sheets(periods: Sequence[Period]) -> dict[Period, list[Sheet]]:
    """What was published of each period: the sheets of its months, of the version that holds; of its quarters where there are no months."""
    if periods[0].grain == "w":
        return {}
    within = " OR ".join(f"(k.starts >= ${2 * n + 1} AND k.ends <= ${2 * n + 2})" for n in range(len(periods)))
    found = await rows(
        "SELECT s.unit, s.person, s.total, s.band, k.kind, k.starts, k.ends FROM kpi_sheet s JOIN kpi_period k ON k.id = s.period "
        f"WHERE k.state = 'closed' AND s.state = 'closed' AND s.total IS NOT NULL AND s.band IS NOT NULL AND {CURRENT} AND ({within})",
        *(day for one in periods for day in (one.start, one.last)),
    )
    return {one: _of_period(one, found) for one in periods}


def _of_period(period: Period, found: list[dict[str, Any]]) -> list[Sheet]:
    mine = [one for one in found if period.start <= one["starts"] and one["ends"] <= period.last]
    months = [one for one in mine if one["kind"] == "month"]
    return [Sheet(one["unit"] or "", one["person"], one["total"], one["band"], one["starts"]) for one in months or mine]


async def _rules(at: date) -> RuleSet:
    """The rule set of that day, for the bands of several months; the decree's own where none was ever in force."""
    found = await rows("SELECT * FROM kpi_rules WHERE state <> 'draft' ORDER BY since, version")
    holding = [one for one in found if one["since"] <= at] or found[:1]
    return facts_of(holding[-1]).rules if holding else RuleSet()


async def _plans(unit: str, period: Period, today: date) -> list[Plan]:
    """The plans that the unit works on, the newest first, and the tasks of the first of them."""
    states = {one.plan: one for one in await plan_states(unit, period, today)}
    if not states:
        return []
    known = await rows(
        f"SELECT id, title, name, confirmed_at FROM plan_import WHERE id IN ({places(len(states))}) ORDER BY confirmed_at DESC, id", *states
    )
    titles = {one["id"]: one["title"] or one["name"] for one in known}
    order = [*titles, *sorted(states.keys() - titles.keys())]
    tasks = await _tasks(unit, period, today, [states[one] for one in order])
    return [Plan(titles.get(one, ""), states[one], [task for task in tasks if task.plan == one]) for one in order]


async def _tasks(unit: str, period: Period, today: date, states: Sequence[PlanState]) -> list[PlanTask]:
    """The first tasks of the first plans, plan by plan in the order in which they were made."""
    wanted, room = [], LISTED
    for one in states:
        if room > 0:
            wanted.append(one.plan)
            room -= one.total
    last, cut = period.last, cut_of(period, today)
    found = await rows(
        "SELECT c.task, c.plan, c.state, c.due, c.lead, t.title, t.product_text, p.duty, p.name FROM task_standing c "
        "JOIN task t ON t.id = c.task LEFT JOIN kpi_product p ON p.id = t.product "
        f"WHERE c.plan IN ({places(len(wanted), 4)}) AND c.day <= $1 AND (c.day_until IS NULL OR c.day_until > $1) AND c.path LIKE $2 "
        f"ORDER BY {_place(wanted)}, t.ordinal, t.id LIMIT $3",
        last,
        f"%/{unit}/%",
        LISTED,
        *wanted,
    )
    return [
        PlanTask(
            id=one["task"],
            plan=one["plan"],
            title=one["title"],
            state="overdue" if one["state"] in OWED and one["due"] is not None and one["due"] < cut else one["state"],
            due=one["due"],
            lead=one["lead"],
            product=product_name(one["duty"], one["name"]) if one["name"] is not None else one["product_text"],
        )
        for one in found
    ]


def _place(plans: Sequence[str]) -> str:
    """The order of the plans, as SQL over the places of their identifiers."""
    return "CASE c.plan " + " ".join(f"WHEN ${4 + n} THEN {n}" for n in range(len(plans))) + " END"
