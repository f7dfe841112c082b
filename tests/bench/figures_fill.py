"""A province of a million tasks over three years, put straight into the tables of the ledger as folding would leave them.

100 centres of five rooms, 3,000 people, eight fields. Tasks begin, are handed in and accepted; a few are cancelled, and at any moment some
are open, overdue or waiting. The sums are counted with numpy, cell by cell, from the same lives.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.calendar.rules import WorkingDays
from server.ledger.fold import MEASURES, STOCK_MEASURES
from server.ledger.grains import BITS, FLOWS, GRAINS, start_of
from server.ledger.rules import DIMENSIONS
from server.schema.upgrade import upgrade
from server.storage import engine

TODAY: Final = date(2026, 11, 22)
FIRST: Final = date(2023, 11, 20)
CENTRES, ROOMS, TEAM, FIELDS, PLANS, YEARS = 100, 5, 6, 8, 20, 3
PEOPLE: Final = CENTRES * ROOMS * TEAM
PRIORITIES: Final = ("normal", "urgent", "critical")
ORIGINS: Final = ("planned", "ad_hoc")
#: Days of the arrays: from the first to well after every due date.
SPAN: Final = 1400
NEVER: Final = SPAN - 1
Days = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


def key(kind: int, number: int) -> str:
    """An identifier."""
    return f"{number:08x}-0000-7000-8000-{kind:012x}"


PROVINCE: Final = key(1, 0)


def centre(number: int) -> str:
    """A centre's identifier."""
    return key(2, number)


def room(number: int) -> str:
    """A room's; each centre has five, one after the other."""
    return key(3, number)


class Lives:
    """A task a place of each array; days are counted from the first."""

    def __init__(self, tasks: int) -> None:
        rng = np.random.default_rng(7)
        end = (TODAY - FIRST).days

        def days(low: int, high: int) -> Days:
            return rng.integers(low, high, tasks, dtype=np.int32)

        self.tasks, self.end = tasks, end
        self.lead = days(0, PEOPLE)
        self.field, self.priority, self.origin = days(0, FIELDS), rng.choice(3, tasks, p=(0.8, 0.15, 0.05)), days(0, 2)
        self.given = days(0, end + 1)
        # Twenty plans a year of each centre.
        its_plan = (self.lead // TEAM // ROOMS * YEARS + self.given // 366) * PLANS + days(0, PLANS)
        self.plan = np.where(rng.random(tasks) < 0.3, its_plan, -1)
        self.due = np.where(rng.random(tasks) < 0.04, NEVER, self.given + days(5, 60)).astype(np.int32)
        self.begun = self.given + days(0, 8)
        self.handed = self.begun + rng.gamma(3.0, 8.0, tasks).astype(np.int32)
        self.handed = np.where(rng.random(tasks) < 0.005, NEVER, self.handed).astype(np.int32)
        self.over = np.minimum(self.handed + days(0, 4), NEVER)
        self.cancelled = rng.random(tasks) < 0.03
        # Somebody gives up before anything was handed in.
        self.over = np.where(self.cancelled, self.handed, self.over)
        self.excused = (self.handed > self.due) & (rng.random(tasks) < 0.1) & ~self.cancelled
        for name in ("begun", "handed", "over"):
            setattr(self, name, np.where(getattr(self, name) > end, NEVER, getattr(self, name)).astype(np.int32))
        self.cancelled &= self.over < NEVER
        self.done = (self.over < NEVER) & ~self.cancelled
        self.late = self.done & (self.handed > self.due) & ~self.excused
        worked = WorkingDays()
        counts = np.cumsum([worked.is_working(FIRST + timedelta(days=n)) for n in range(SPAN)])
        self.took = np.where(self.done, counts[self.handed] - counts[self.given], 0)

    @property
    def room(self) -> Days:
        """Where each is counted."""
        return (self.lead // TEAM).astype(np.int32)


class Events:
    """Who adds how much to which measure on which day."""

    def __init__(self, lives: Lives) -> None:
        self.parts: list[tuple[str, npt.NDArray[np.int64], Days, int]] = []
        one = lives
        self.all = np.arange(one.tasks)
        waits = one.done | (one.handed < NEVER) & ~one.cancelled
        self.span("open", one.given, one.over, self.all >= 0)
        self.span("not_started", one.given, np.minimum(one.begun, one.over), self.all >= 0)
        self.span("in_progress", one.begun, one.handed, one.begun < NEVER)
        self.span("submitted", one.handed, one.over, waits)
        self.span("undated_open", one.given, one.over, one.due == NEVER)
        self.span("overdue", np.maximum(one.given, one.due), np.maximum(one.handed, one.due), one.due < NEVER)
        self.on("assigned", one.given, self.all >= 0)
        self.on("on_time", one.over, one.done & ~one.late & (one.due < NEVER))
        self.on("late", one.over, one.late)
        self.on("undated", one.over, one.done & (one.due == NEVER))
        self.on("excused", one.over, one.done & one.excused)
        self.on("cancelled", one.over, one.cancelled)

    def on(self, measure: str, day: Days, which: Mask, sign: int = 1) -> None:
        """Book one a task."""
        which = which & (day < NEVER)
        self.parts.append((measure, self.all[which], day[which], sign))

    def span(self, measure: str, first: Days, last: Days, which: Mask) -> None:
        """Book a stock from one day until before another."""
        self.on(measure, first, which & (first < last))
        self.on(measure, last, which & (first < last), -1)


class Grain:
    """The periods of a grain and which of them each day lies in."""

    def __init__(self, grain: str) -> None:
        days = [FIRST + timedelta(days=n) for n in range(SPAN)]
        starts = [start_of(grain, day) for day in days]
        self.name, self.starts = grain, sorted(set(starts))
        self.of = np.array([self.starts.index(one) for one in starts], dtype=np.int64)

    def due_next(self, lives: Lives) -> tuple[npt.NDArray[np.int64], Days]:
        """Which tasks were owed as the period before their due date's ended, and on which day that was."""
        first = np.array([(start_of(self.name, FIRST + timedelta(days=n)) - FIRST).days for n in range(SPAN)], dtype=np.int32)[lives.due]
        seen = (lives.due < NEVER) & (lives.given < first) & (lives.handed >= first)
        return np.arange(lives.tasks)[seen], (first - 1)[seen].astype(np.int32)


LEVELS: Final = ("room", "centre", "province")
KEPT: Final = (*DIMENSIONS, "plan")
UNIT_OF: Final[dict[str, Callable[[int], str]]] = {"room": room, "centre": centre, "province": lambda _: PROVINCE}


class Layout:
    """The cells of a dimension at a level of units: each task's by number, and whose and which value each number is."""

    def __init__(self, lives: Lives, level: str, dim: str, fields: Sequence[str]) -> None:
        rooms = lives.room
        unit = {"room": rooms, "centre": rooms // ROOMS, "province": rooms * 0}[level]
        units = {"room": CENTRES * ROOMS, "centre": CENTRES, "province": 1}[level]
        self.which = lives.plan >= 0 if dim == "plan" else np.ones(lives.tasks, dtype=bool)
        below = {"room": 1, "centre": ROOMS, "province": CENTRES * ROOMS}[level]
        if dim == "lead":
            self.of, self.count, self.unit, self.value = lives.lead, PEOPLE, lambda n: n // TEAM // below, lambda n: key(4, n)
        elif dim == "home":
            self.of, self.count, self.unit = rooms * FIELDS + lives.field, CENTRES * ROOMS * FIELDS, lambda n: n // FIELDS // below
            self.value = lambda n: f"{room(n // FIELDS)}|{fields[n % FIELDS]}"
        elif dim == "plan":
            # A plan is its centre's, and each of the five rooms has a part of it.
            parts = ROOMS if level == "room" else 1
            self.of, self.count = lives.plan * parts + rooms % parts, CENTRES * YEARS * PLANS * parts
            own = YEARS * PLANS * parts
            self.unit = lambda n: n // own * (ROOMS if level == "room" else 1) + n % parts if level != "province" else 0
            self.value = lambda n: key(5, n // parts)
        else:
            named: Sequence[str] = {"total": ("",), "field": fields, "priority": PRIORITIES, "origin": ORIGINS}[dim]
            value: Any = {"total": rooms * 0, "field": lives.field, "priority": lives.priority, "origin": lives.origin}[dim]
            self.of, self.count = unit * len(named) + value, units * len(named)
            self.unit, self.value = lambda n: n // len(named), lambda n: named[n % len(named)]
        self.of = self.of.astype(np.int64)


def tallies(lives: Lives, fields: Sequence[str]) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The rows of ``figure_tally``, a lot a grain, level and dimension."""
    events = Events(lives)
    layouts = [(level, dim, Layout(lives, level, dim, fields)) for level in LEVELS for dim in KEPT]
    for name in BITS:
        grain = Grain(name)
        measures, tasks, starts, signs = _events_of(lives, events, grain)
        for level, dim, layout in layouts:
            if name == "d" and dim != "total":
                continue
            shape = (len(MEASURES), layout.count, len(grain.starts))
            some = layout.which[tasks]
            flat = (measures[some] * layout.count + layout.of[tasks[some]]) * len(grain.starts) + starts[some]
            sums = np.bincount(flat, weights=signs[some], minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)
            if name in FLOWS:
                done = lives.done & layout.which
                flat = layout.of[done] * len(grain.starts) + grain.of[lives.over[done]]
                weights = lives.took[done].astype(np.float64)
                sums[-1] = np.bincount(flat, weights=weights, minlength=shape[1] * shape[2]).reshape(shape[1:]).astype(np.int64)
            yield _rows(sums, grain, level, dim, layout)


def _events_of(lives: Lives, events: Events, grain: Grain) -> tuple[npt.NDArray[Any], ...]:
    """What is counted in this grain: measure, task, period and amount of each."""
    parts = [
        (MEASURES.index(measure), who, grain.of[day], sign)
        for measure, who, day, sign in events.parts
        if (grain.name != "d" if measure in STOCK_MEASURES else grain.name in FLOWS)
    ]
    if grain.name in GRAINS:
        who, day = grain.due_next(lives)
        parts.append((MEASURES.index("due_next"), who, grain.of[day], 1))
    return (
        np.concatenate([np.full(len(who), place, dtype=np.int64) for place, who, _, _ in parts]),
        np.concatenate([who for _, who, _, _ in parts]),
        np.concatenate([start for _, _, start, _ in parts]),
        np.concatenate([np.full(len(who), sign, dtype=np.float64) for _, who, _, sign in parts]),
    )


def _rows(sums: npt.NDArray[np.int64], grain: Grain, level: str, dim: str, layout: Layout) -> Iterator[tuple[Any, ...]]:
    groups, starts = np.nonzero(sums.any(axis=0))
    amounts = sums[:, groups, starts].T.tolist()
    for group, start, cell in zip(groups.tolist(), starts.tolist(), amounts, strict=True):
        yield UNIT_OF[level](layout.unit(group)), grain.name, grain.starts[start].isoformat(), dim, layout.value(group), *cell


def day_rows(lives: Lives) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of ``figure_days``."""
    which = lives.done
    rooms, took = lives.room[which].astype(np.int64), lives.took[which]
    most = int(took.max()) + 1
    for name in FLOWS[1:]:
        grain = Grain(name)
        starts = grain.of[lives.over[which]]
        for level in LEVELS:
            unit = rooms if level == "room" else rooms // ROOMS if level == "centre" else rooms * 0
            found, tasks = np.unique((unit * len(grain.starts) + starts) * most + took, return_counts=True)
            yield [
                (
                    UNIT_OF[level](cell // most // len(grain.starts)),
                    name,
                    grain.starts[cell // most % len(grain.starts)].isoformat(),
                    cell % most,
                    count,
                )
                for cell, count in zip(found.tolist(), tasks.tolist(), strict=True)
            ]


def standings(lives: Lives, fields: Sequence[str], some: range) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of ``task_standing`` and ``task_flow`` of some tasks."""
    text = [(FIRST + timedelta(days=n)).isoformat() for n in range(SPAN)]
    stood: list[tuple[Any, ...]] = []
    flows: list[tuple[Any, ...]] = []
    arrays = (
        "lead",
        "field",
        "priority",
        "origin",
        "plan",
        "given",
        "due",
        "begun",
        "handed",
        "over",
        "cancelled",
        "excused",
        "late",
        "took",
    )
    for number, *values in zip(some, *(getattr(lives, name)[some.start : some.stop].tolist() for name in arrays), strict=True):
        lead, field, priority, origin, plan, given, due, begun, handed, over, cancelled, excused, late, took = values
        its_room = lead // TEAM
        place = (
            room(its_room),
            f"/{PROVINCE}/{centre(its_room // ROOMS)}/{room(its_room)}/",
            fields[field],
            PRIORITIES[priority],
            ORIGINS[origin],
            key(4, lead),
        )
        due_text = text[due] if due < NEVER else None
        outcome = "" if over == NEVER or cancelled else "undated" if due == NEVER else "late" if late else "on_time"
        steps = [("not_started", given), ("in_progress", begun), ("submitted", NEVER if cancelled else handed)]
        steps.append(("cancelled" if cancelled else "completed", over))
        steps = [step for step in steps if step[1] < NEVER]
        its_plan = key(5, plan) if plan >= 0 else ""
        for step, (state, day) in enumerate(steps):
            until = steps[step + 1][1] if step + 1 < len(steps) else None
            ended = state == "completed"
            stood.append(
                (
                    key(10 + step, number), key(6, number), _at(text[day]), None if until is None else _at(text[until]), text[day],
                    None if until is None else text[until], state, due_text, *place, its_plan, _at(text[given]),
                    outcome if ended else "", text[handed] if ended else None, int(bool(ended and excused)),
                )
            )  # fmt: skip
        happened = [("assigned", given, None)]
        if over < NEVER:
            happened.append(("cancelled", over, None) if cancelled else (outcome, over, took))
            if excused and not cancelled and due < NEVER:
                happened.append(("excused", over, None))
        for step, (kind, day, days) in enumerate(happened):
            flow = (key(20 + step, number), key(6, number), kind, _at(text[day]), text[day], text[day], None, None, days)
            flows.append((*flow, *place, its_plan))
    return stood, flows


def _at(day: str) -> str:
    return f"{day} 02:00:00+00:00"


STOOD: Final = (
    "id", "task", "since", "until", "day", "day_until", "state", "due", "unit", "path", "field", "priority", "origin", "lead", "plan",
    "given_at", "outcome", "handed", "excused",
)  # fmt: skip
FLOW: Final = ("id", "task", "kind", "at", "day", "counted_day", "undone_at", "undone_day", "took", *STOOD[8:15])
TALLY: Final = ("unit", "grain", "start", "dim", "value", *MEASURES)
BATCH: Final = 50_000


def units_and_people() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The organisation."""
    units: list[tuple[Any, ...]] = [(PROVINCE, "Tỉnh", "Tỉnh", None, "outer", 0)]
    units += [(centre(n), f"Trung tâm {n + 1}", f"TT{n + 1}", PROVINCE, "centre", n) for n in range(CENTRES)]
    units += [(room(n), f"Phòng {n + 1}", f"P{n + 1}", centre(n // ROOMS), "room", n) for n in range(CENTRES * ROOMS)]
    people = [(key(4, n), f"nguoi{n}", f"Người {n}", "officer", room(n // TEAM), n) for n in range(PEOPLE)]
    return units, people


async def fill(path: Path, tasks: int) -> None:
    """Make the database file."""
    used = engine.use(engine.make(f"sqlite:///{path}"))
    await used.open()
    await upgrade()
    await used.close()
    into = sqlite3.connect(path, isolation_level=None)
    into.execute("PRAGMA journal_mode=OFF")
    into.execute("PRAGMA synchronous=OFF")
    indexes = into.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    mine = [one for one in indexes if one[0].startswith(("task_standing", "task_flow", "figure_"))]
    for name, _ in mine:
        into.execute(f"DROP INDEX {name}")
    fields = [key(7, n) for n in range(FIELDS)]
    into.execute("BEGIN")

    def put(table: str, names: Sequence[str], listed: Iterable[tuple[Any, ...]]) -> None:
        into.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", listed)

    units, people = units_and_people()
    put("unit", ("id", "name", "short", "parent", "kind", "sort"), units)
    put("person", ("id", "username", "name", "position", "unit", "rank"), people)
    put("field", ("id", "name", "sort"), [(one, f"Lĩnh vực {n}", n) for n, one in enumerate(fields)])
    lives = Lives(tasks)
    for start in range(0, tasks, BATCH):
        stood, flows = standings(lives, fields, range(start, min(start + BATCH, tasks)))
        put("task_standing", STOOD, stood)
        put("task_flow", FLOW, flows)
        print(f"\r{start + BATCH} tasks", end="", flush=True)
    for listed in tallies(lives, fields):
        put("figure_tally", TALLY, listed)
        print(".", end="", flush=True)
    for counted in day_rows(lives):
        put("figure_days", ("unit", "grain", "start", "days", "tasks"), counted)
    into.execute("COMMIT")
    for _, sql in mine:
        into.execute(sql)
    into.execute("ANALYZE")
    into.close()
    print()


def copied(path: Path, table: str, batch: int = BATCH) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
    """The columns and rows of a table of the file, for another engine."""
    found = sqlite3.connect(path).execute(f"SELECT * FROM {table}")
    names = [one[0] for one in found.description]
    while some := found.fetchmany(batch):
        yield names, some


__all__ = ["CENTRES", "FIRST", "PROVINCE", "TODAY", "centre", "copied", "fill", "room"]
