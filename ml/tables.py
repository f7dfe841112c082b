"""The two tables, as columns: tasks and what happened to them.

The product's own history and any process log take this form, and everything behind it is the same code. Moments are seconds since 1970
(UTC), NaN where there is none; words are codes into a list of names, -1 where there is none.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

import numpy as np

from ml.types import Flags, Floats, Ints


class TaskRow(NamedTuple):
    """One task. ``closed`` is None while it is open; ``due`` is the date in force now, ``original_due`` the first one.

    ``owner`` is the lead; ``position`` the owner's, for figures of fairness only; ``objective_cause`` says that its lateness was found to
    have an objective cause: that is counted, never a feature. Moments without a zone are UTC.
    """

    id: str
    created: datetime
    due: datetime | None = None
    closed: datetime | None = None
    type: str = ""
    unit: str = ""
    priority: str = ""
    owner: str = ""
    position: str = ""
    original_due: datetime | None = None
    cancelled: bool = False
    objective_cause: bool = False


class EventRow(NamedTuple):
    """One thing that happened. ``value``: the percent of ``progress``, the new due date of ``extended``, the new lead of ``assign``."""

    id: str
    ts: datetime
    actor: str = ""
    kind: str = ""
    value: float | datetime | str | None = None


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of words: ``names[codes[i]]``, and -1 for none."""

    codes: Ints
    names: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str], known: Iterable[str] = ()) -> "Coded":
        """Numbers the words in the order of their first appearance, after ``known``."""
        numbers = {name: number for number, name in enumerate(known)}
        codes = np.fromiter((numbers.setdefault(word, len(numbers)) if word else -1 for word in words), np.int64, len(words))
        return cls(codes, tuple(numbers))

    def word(self, row: int) -> str:
        code = int(self.codes[row])
        return self.names[code] if code >= 0 else ""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The first table, one entry a task in every column."""

    ids: tuple[str, ...]
    created: Floats
    due: Floats
    closed: Floats
    original_due: Floats
    type: Coded
    unit: Coded
    priority: Coded
    owner: Coded
    position: Coded
    cancelled: Flags
    objective_cause: Flags

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Events:
    """The second table, by task and then by time.

    ``number``: a value that is a number; ``moment``: one that is a moment; ``person``: one that is somebody, numbered as actors and owners.
    """

    task: Ints
    ts: Floats
    actor: Coded
    kind: Coded
    number: Floats
    moment: Floats
    person: Ints

    def __len__(self) -> int:
        return len(self.ts)


@dataclass(frozen=True, slots=True)
class Log:
    """Both tables, what was left out of them and why (a reason and how many rows), and the last moment that they know of.

    ``holidays`` and ``utc_offset``: the days off and the clock of the office, as ``ml.features.Lens`` takes them. What learns from a log
    has to look at it by the same clock as what scores it.
    """

    tasks: Tasks
    events: Events
    end: float
    skipped: dict[str, int] = field(default_factory=dict)
    holidays: tuple[date, ...] = ()
    utc_offset: float = 0.0


def seconds(moment: datetime | None) -> float:
    """Seconds since 1970; NaN for None. Without a zone it is taken as UTC."""
    if moment is None:
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def log_of(tasks: Iterable[TaskRow], events: Iterable[EventRow], now: datetime | None = None, ceiling: datetime | None = None) -> Log:
    """Puts rows into columns. The second of two tasks with one id is left out, and so is an event of an unknown task; both are counted.

    ``now`` is where the log ends: of an office that lives. What is said to have happened later has not happened. Without it the log ends
    with the last moment that its rows know of, and ``ceiling`` is what no moment of theirs may lie behind.
    """
    skipped: Counter[str] = Counter()
    kept: dict[str, TaskRow] = {}
    for row in tasks:
        if kept.setdefault(row.id, row) is not row:
            skipped["task with the id of another"] += 1
    rows = list(kept.values())
    column = {name: np.array([seconds(getattr(row, name)) for row in rows]) for name in ("created", "due", "closed", "original_due")}
    numbers = {name: number for number, name in enumerate(kept)}
    ours = []
    for event in events:
        if event.id in numbers:
            ours.append(event)
        else:
            skipped["event of an unknown task"] += 1
    ts = np.array([seconds(event.ts) for event in ours])
    end = seconds(now) if now else last_moment(seconds(ceiling) if ceiling else math.inf, column["created"], column["closed"], ts)
    late_closed = column["closed"] > end
    column["closed"][late_closed] = math.nan
    skipped["closing after the end of the log"] += int(late_closed.sum())
    owner = Coded.of([row.owner for row in rows])
    people = Coded.of([event.actor for event in ours], owner.names)
    handed = Coded.of([event.value if isinstance(event.value, str) else "" for event in ours], people.names)
    task = np.fromiter((numbers[event.id] for event in ours), np.int64, len(ours))
    order = np.lexsort((ts, task))
    order = order[ts[order] <= end]
    skipped["event after the end of the log"] += len(ours) - len(order)
    kind = Coded.of([event.kind for event in ours])
    return Log(
        Tasks(
            ids=tuple(kept),
            **column,
            type=Coded.of([row.type for row in rows]),
            unit=Coded.of([row.unit for row in rows]),
            priority=Coded.of([row.priority for row in rows]),
            owner=owner,
            position=Coded.of([row.position for row in rows]),
            cancelled=np.array([row.cancelled for row in rows], bool),
            objective_cause=np.array([row.objective_cause for row in rows], bool),
        ),
        Events(
            task=task[order],
            ts=ts[order],
            actor=Coded(people.codes[order], handed.names),
            kind=Coded(kind.codes[order], kind.names),
            number=np.array([float(event.value) if isinstance(event.value, int | float) else math.nan for event in ours])[order],
            moment=np.array([seconds(event.value) if isinstance(event.value, datetime) else math.nan for event in ours])[order],
            person=handed.codes[order],
        ),
        end=end,
        skipped={reason: count for reason, count in skipped.items() if count},
    )


def last_moment(ceiling: float, *columns: Floats) -> float:
    """The last moment in any of the columns that is not behind the ceiling; minus infinity when there is none."""
    known = np.concatenate([column[column <= ceiling] for column in columns])
    return float(known.max()) if len(known) else -math.inf
