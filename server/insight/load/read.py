"""What people carry and what they have time for, read for everybody at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from server.calendar.rules import WorkingDays
from server.insight.load import rules
from server.insight.load.rules import Work
from server.people.directory import Directory
from server.storage.engine import rows
from server.storage.ids import LOCAL

#: Minutes of one unit of the office's standard product (k = 1, a plain document): half a working day. A product's k says how many of
#: these it is: a report (8) is four days, a scheme (50) five weeks. Four times as much made three of four people in an office overloaded.
STANDARD: Final = rules.DAY // 2
#: Where neither a person nor a product nor the type's record says anything: what a day and a half is.
DEFAULT: Final = 3 * rules.DAY // 2
#: Finished tasks of a type before its record is asked for a ratio.
LEAST_FINISHED: Final = 8
RATIO: Final = (0.7, 1.5)


class Carried(msgspec.Struct, frozen=True):
    """One person over the next working days: his work, and minutes of demand and capacity a day."""

    person: str
    work: tuple[Work, ...]
    demand: tuple[float, ...]
    capacity: tuple[float, ...]


def working_dates(today: date, calendar: WorkingDays, count: int = rules.HORIZON) -> list[date]:
    """The next working days, today first if it is one."""
    first = today if calendar.is_working(today) else calendar.add(today, 1)
    return [calendar.add(first, offset) for offset in range(count)]


async def carried(today: date, calendar: WorkingDays, known: Directory) -> list[Carried]:
    """Everybody in service, in order of rank."""
    days = working_dates(today, calendar)
    work = await _work(today, calendar)
    away = await _away(days)
    duties = await _duties(days[0])
    found = []
    for person in known.people.values():
        if person.active and person.position != "admin":
            own = tuple(work.get(person.id, ()))
            there = rules.capacity(away.get(person.id, [0.0] * len(days)), duties.get(person.id, 0.0))
            found.append(Carried(person.id, own, tuple(rules.demand(own)), tuple(there)))
    return found


async def _work(today: date, calendar: WorkingDays) -> dict[str, list[Work]]:
    parts = await rows(
        "SELECT a.task, a.person, a.share, a.percent AS own, a.role, t.percent, t.due, t.start, t.children, t.quantity, p.k, e.minutes, "
        "t.product, t.field FROM assignment a JOIN task t ON t.id = a.task LEFT JOIN kpi_product p ON p.id = t.product "
        "LEFT JOIN estimate e ON e.id = t.id WHERE a.until IS NULL AND a.state = 'active' AND t.deleted_at IS NULL "
        "AND t.status IN ('not_started', 'in_progress') ORDER BY a.task, a.person"
    )
    usual = await ratios(today)
    found: dict[str, list[Work]] = defaultdict(list)
    for one in parts:
        if one["children"]:
            continue  # the work stands in the children
        begins = one["start"]
        if begins is not None and calendar.between(today, begins) > rules.HORIZON:
            continue
        whole, source = estimate(one["minutes"], one["k"], one["quantity"])
        percent = one["percent"] if one["role"] == "lead" else one["own"]
        ratio = usual.get(one["product"] or one["field"] or "", 1.0)
        left = rules.remaining(whole, percent, ratio, one["share"] / 1000)
        if left > 0:
            # Today counts: what is due today has one day left.
            days_left = None if one["due"] is None else calendar.between(today, one["due"]) + int(calendar.is_working(today))
            found[one["person"]].append(Work(one["task"], left, days_left, source))
    return found


def estimate(by_hand: int | None, k: int | None, quantity: int) -> tuple[float, rules.Source]:
    """Minutes for the whole of a task, and where they come from. ``k`` and ``quantity`` in thousandths."""
    if by_hand is not None:
        return float(by_hand), "hand"
    if k is not None:
        return STANDARD * k / 1000 * max(quantity, 1) / 1000, "product"
    return float(DEFAULT), "default"


async def ratios(today: date) -> dict[str, float]:
    """How the working time of a type's finished tasks compared with their terms, by product or field: the only record of effort there is.

    The median of (first report to result) over (beginning to due date), against that of all types; kept within 0.7 and 1.5.
    """
    finished = await rows(
        "SELECT product, field, started_at, submitted_at, start, due, created_at FROM task WHERE status = 'completed' AND due IS NOT NULL "
        "AND started_at IS NOT NULL AND submitted_at IS NOT NULL AND deleted_at IS NULL AND completed_at >= $1",
        datetime.combine(today - timedelta(days=365), time(), LOCAL),
    )
    by_type: dict[str, list[float]] = defaultdict(list)
    for one in finished:
        term = (one["due"] - (one["start"] or one["created_at"].date())).days + 1
        spent = (one["submitted_at"] - one["started_at"]).total_seconds() / 86_400 + 1
        if term > 0:
            by_type[one["product"] or one["field"] or ""].append(spent / term)
    everything = median([value for values in by_type.values() for value in values])
    if everything <= 0:
        return {}
    return {
        name: min(RATIO[1], max(RATIO[0], median(values) / everything)) for name, values in by_type.items() if len(values) >= LEAST_FINISHED
    }


def median(values: Iterable[float]) -> float:
    """The middle one; 0 of nothing."""
    listed = sorted(values)
    middle = len(listed) // 2
    return 0.0 if not listed else listed[middle] if len(listed) % 2 else (listed[middle - 1] + listed[middle]) / 2


async def _away(days: list[date]) -> dict[str, list[float]]:
    """The part of each of the days on which somebody is away: leave entered here, and absences entered for the KPI (Đ11)."""
    found: dict[str, list[float]] = {}
    leaves: list[dict[str, Any]] = await rows(
        "SELECT person, since, until, part FROM leave WHERE ended_at IS NULL AND since <= $1 AND until >= $2", days[-1], days[0]
    )
    leaves += await rows(
        "SELECT person, since, until, 'whole' AS part FROM kpi_away "
        "WHERE since <= $1 AND (until IS NULL OR until >= $2) AND withdrawn_at IS NULL",
        days[-1],
        days[0],
    )
    for one in leaves:
        own = found.setdefault(one["person"], [0.0] * len(days))
        for place, day in enumerate(days):
            if one["since"] <= day and (one["until"] is None or day <= one["until"]):
                own[place] = min(1.0, own[place] + (1.0 if one["part"] == "whole" else 0.5))
    return found


async def _duties(today: date) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for one in await rows("SELECT person, minutes FROM duty WHERE since <= $1 AND (until IS NULL OR until >= $1)", today):
        found[one["person"]] += one["minutes"]
    return found
