"""Every figure of docs/figures.md, counted slowly from the audit chain and the tree of units alone.

No table of the ledger is read, nor how a task stands now: each task's life is replayed from its entries, and each figure is counted by its
written definition, life by life.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import orjson

from server.calendar.current import working_days
from server.ledger.grains import Period
from server.ledger.read import Counts
from server.people.directory import Directory
from server.people.queries import directory
from server.storage.engine import rows
from server.storage.ids import LOCAL

NAMES = ("due", "unit", "field", "priority", "kind", "lead", "plan")
OPEN = ("not_started", "in_progress", "submitted", "paused")
OWED = ("not_started", "in_progress", "paused")
DIMS = ("total", "lead", "field", "priority", "origin", "home")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Look:
    """What a task looks like from a moment on. ``counted``: it is somebody's task, and not in the bin."""

    status: str
    due: date | None
    unit: str
    field: str
    priority: str
    kind: str
    lead: str
    plan: str
    counted: bool

    def keys(self, known: Directory) -> Iterable[Key]:
        """Every unit, dimension and value that it is counted under."""
        values = {"total": "", "lead": self.lead, "field": self.field, "priority": self.priority, "origin": self.kind}
        values["home"] = f"{self.unit}|{self.field}"
        for unit in known.path(self.unit):
            for dim, value in values.items():
                yield unit, dim, value


@dataclass
class Happening:
    """Something that is counted in its period, unless it had been undone by the period's end."""

    kind: str
    day: date
    look: Look
    took: int | None = None
    undone: date | None = None


@dataclass
class Life:
    """One task, replayed."""

    task: str
    looks: list[tuple[date, Look]] = field(default_factory=list)
    happened: list[Happening] = field(default_factory=list)

    def by(self, day: date) -> Look | None:
        """As the day ended; None before it was given, while it is in the bin, and where it is no task."""
        seen = [look for since, look in self.looks if since <= day]
        return seen[-1] if seen and seen[-1].counted else None

    def holds(self, one: Happening, day: date) -> bool:
        """Whether it was still so as the day ended."""
        return (one.undone is None or one.undone > day) and self.by(day) is not None


def local_day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


def replay(task: str, entries: Sequence[dict[str, Any]]) -> Life:
    """The life of a task from its entries, the first one first."""
    life = Life(task)
    now: dict[str, Any] = {}
    given: date | None = None
    handed: date | None = None
    binned = False
    for entry in entries:
        action, before, after = entry["action"], orjson.loads(entry["before"]), orjson.loads(entry["after"])
        day, lead = local_day(entry["at"]), now.get("lead")
        was = now.get("status")
        if action in ("create", "propose", "approve", "edit"):
            now |= {name: after[name] for name in NAMES if name in after}
        if action == "assign":
            now["lead"] = after["lead"]
        if action == "grant_extension":
            now["due"] = after["due"]
        now["status"] = after.get("status", was)
        if action in ("create", "approve"):
            given = day
        if action == "submit":
            handed = day
        if action in ("bin", "restore"):
            binned = action == "bin"
        due = now["due"] and date.fromisoformat(now["due"])
        plain = {name: now[name] or "" for name in NAMES if name != "due"}
        look = Look(status=now["status"], due=due, counted=given is not None and not binned, **plain)
        life.looks.append((day, look))
        if given is None:
            continue
        if action in ("create", "approve"):
            life.happened.append(Happening("assigned", day, look))
        elif action == "accept" and was != "completed" and look.status == "completed":
            assert handed is not None
            late = due is not None and handed > due
            excused = late and bool(after["objective_cause"])
            kind = "undated" if due is None else "late" if late and not excused else "on_time"
            life.happened.append(Happening(kind, day, look, max(working_days().between(given, handed), 0)))
            if excused:
                life.happened.append(Happening("excused", day, look))
        elif action == "cancel":
            life.happened.append(Happening("cancelled", day, look))
        elif action in ("extend", "grant_extension"):
            life.happened.append(Happening("asked" if action == "extend" else "extended", day, look))
        elif action == "return" and after["person"] == lead:
            life.happened.append(Happening("returned", day, look))
        taken_back = {"take_back": ("on_time", "late", "undated", "excused"), "reopen": ("cancelled",)}.get(action, ())
        if was != look.status:
            for one in life.happened:
                if one.kind in taken_back and one.undone is None:
                    one.undone = day
        assert before is not None
    return life


@dataclass
class Record:
    """All lives, as the chain tells them up to now."""

    lives: list[Life]
    known: Directory

    def counts(self, period: Period, today: date) -> dict[Key, Counts]:
        """Every cell that is not empty."""
        last, cut = period.last, min(today, period.last + timedelta(days=1))
        cells: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))

        def add(look: Look, name: str, amount: int = 1) -> None:
            for key in look.keys(self.known):
                cells[key][name] += amount

        for life in self.lives:
            carried, at_end = life.by(period.start - timedelta(days=1)), life.by(last)
            if carried is not None and carried.status in OPEN:
                add(carried, "carried")
            if at_end is not None and at_end.status in OPEN:
                for name in stock_names(at_end, period, cut):
                    add(at_end, name)
            for one in self.done_in(life, period):
                add(one.look, one.kind)
                add(one.look, "took", one.took or 0)
        return {key: Counts(**amounts) for key, amounts in cells.items() if any(amounts.values())}

    def done_in(self, life: Life, period: Period) -> list[Happening]:
        """What happened in the period and was so at its end."""
        return [one for one in life.happened if period.start <= one.day <= period.last and life.holds(one, period.last)]

    def medians(self, period: Period) -> dict[str, float]:
        """Of each unit with done tasks."""
        took: dict[str, list[int]] = defaultdict(list)
        for life in self.lives:
            for one in self.done_in(life, period):
                if one.took is not None:
                    for unit in self.known.path(one.look.unit):
                        took[unit].append(one.took)
        return {unit: float(median(days)) for unit, days in took.items()}

    def days(self, unit: str, first: date, last: date) -> dict[str, int]:
        """What happened in a unit from one day to another and was so at the end of the last."""
        found: dict[str, int] = defaultdict(int)
        for life in self.lives:
            for one in life.happened:
                if first <= one.day <= last and life.holds(one, last) and unit in self.known.path(one.look.unit):
                    found[one.kind] += 1
                    found["took"] += one.took or 0
        return found

    def plans(self, unit: str, period: Period, today: date) -> dict[str, dict[str, int]]:
        """The plans of which the unit has anything open at the end or done in the period: how many of their tasks stand how."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        cut = min(today, period.last + timedelta(days=1))
        shown = set()
        for life in self.lives:
            look = life.by(period.last)
            if look is None or not look.plan or unit not in self.known.path(look.unit):
                continue
            mine = found[look.plan]
            mine["total"] += 1
            done = [one for one in life.happened if one.took is not None and one.day <= period.last and life.holds(one, period.last)]
            if look.status in OPEN:
                mine["open"] += 1
                mine["overdue"] += "overdue" in stock_names(look, period, cut)
            elif look.status == "completed":
                mine["done"] += 1
                mine[done[-1].kind] += 1
            else:
                mine["cancelled"] += 1
            if look.status in OPEN or (look.status == "completed" and done[-1].day >= period.start):
                shown.add(look.plan)
        return {plan: dict(amounts) for plan, amounts in found.items() if plan in shown}


def stock_names(look: Look, period: Period, cut: date) -> Iterable[str]:
    """Which stocks an open task is in."""
    yield "open"
    yield look.status
    if look.due is None:
        yield "undated_open"
    elif look.status in OWED:
        if look.due < cut:
            yield "overdue"
        if period.after.start <= look.due <= period.after.last:
            yield "due_next"


async def recounted() -> Record:
    """Read the whole chain."""
    entries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in await rows("SELECT subject, action, at, before, after FROM audit_entry WHERE kind = 'task' ORDER BY seq"):
        entries[one["subject"]].append(one)
    return Record([replay(task, some) for task, some in entries.items()], await directory())
