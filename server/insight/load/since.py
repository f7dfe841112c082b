"""What was moved since the loads were counted: a page shows it at once, the next count replaces it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import msgspec

from server.calendar.rules import WorkingDays
from server.insight.load import rules

THOUSAND: Final = 1000
#: As many tasks are named with a load (``jobs.MOST_TASKS``): where the list is full, what is missing in it may be counted all the same.
FULL: Final = 30


class Day(msgspec.Struct, frozen=True):
    """Minutes of one working day, and the index after it in thousandths."""

    day: date
    demand: int
    capacity: int
    index: int


class Part(msgspec.Struct, frozen=True):
    """Minutes that are left of somebody's part of a task, and where the estimate comes from."""

    task: str
    minutes: int
    source: rules.Source


class Carrying(msgspec.Struct, frozen=True):
    """One person's load as it was counted; indexes in thousandths."""

    person: str
    peak: int
    low: int
    high: int
    band: str
    days: tuple[Day, ...]
    tasks: tuple[Part, ...]
    at: datetime


class On(msgspec.Struct, frozen=True):
    """Who is on an open task now, and when it is due."""

    lead: str | None
    people: frozenset[str]
    due: date | None


def days_left(due: date | None, today: date, calendar: WorkingDays) -> int | None:
    """Working days to the due date, today among them; None without one."""
    return None if due is None else calendar.between(today, due) + int(calendar.is_working(today))


def thousandths(value: float) -> int:
    """An index as it is stored."""
    return int(value * THOUSAND + 0.5)


def changed(load: Carrying, minutes: float, left: int | None) -> Carrying:
    """The load with so many minutes more (or fewer, below 0) of a task with so many days left. The interval keeps its proportion."""
    spread = rules.spread(abs(minutes), left, len(load.days))
    sign = 1 if minutes > 0 else -1
    demand = [max(0.0, day.demand + sign * more) for day, more in zip(load.days, spread, strict=True)]
    indexes = [thousandths(one) for one in rules.indexes(demand, [float(day.capacity) for day in load.days])]
    peak = max(indexes, default=0)

    def scaled(bound: int) -> int:
        return int(bound * peak / load.peak + 0.5) if load.peak else peak

    days = tuple(Day(day.day, int(much + 0.5), day.capacity, index) for day, much, index in zip(load.days, demand, indexes, strict=True))
    band = rules.band(peak / THOUSAND)
    return msgspec.structs.replace(load, peak=peak, low=scaled(load.low), high=scaled(load.high), band=band, days=days)


def settled(loads: Mapping[str, Carrying], tasks: Mapping[str, On], today: date, calendar: WorkingDays) -> dict[str, Carrying]:
    """The loads, with tasks that have another lead by now taken from the one and given to the other. Other tasks than ``tasks`` stay."""
    found = dict(loads)
    for person, load in loads.items():
        for part in load.tasks:
            task = tasks.get(part.task)
            if task is None or person in task.people:
                continue
            left = days_left(task.due, today, calendar)
            mine = found[person]
            kept = tuple(one for one in mine.tasks if one.task != part.task)
            found[person] = msgspec.structs.replace(changed(mine, -part.minutes, left), tasks=kept)
            taker = found.get(task.lead or "")
            if taker is not None and len(taker.tasks) < FULL and all(one.task != part.task for one in taker.tasks):
                more = tuple(sorted((*taker.tasks, part), key=lambda one: (-one.minutes, one.task)))
                found[taker.person] = msgspec.structs.replace(changed(taker, part.minutes, left), tasks=more)
    return found
