"""The figures of docs/figures.md that are made of one cell of counts, and the columns that they stand in. Plain values."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from server.ledger.listing import LISTED as LISTS
from server.ledger.read import Counts
from server.reports.shape import Column, Kind, Value
from server.words import say


def share(part: int, whole: int) -> float | None:
    """A part of a whole, 0 to 1; None of nothing, or where more left than there was."""
    return part / whole if whole > 0 else None


def on_time_share(counts: Counts) -> float | None:
    """Of the done ones with a due date, how many were on time."""
    return share(counts.on_time, counts.on_time + counts.late)


def done_share(counts: Counts) -> float | None:
    """Of all that there was to do, without what was cancelled, how much is done."""
    return share(counts.done, counts.total - counts.cancelled)


def mean_days(counts: Counts) -> float | None:
    """The mean of the working days from being given to being handed in."""
    return share(counts.took, counts.done)


#: What is made of the others; everything else is an attribute of ``Counts``.
MADE: Final[Mapping[str, Callable[[Counts], Value]]] = {
    "in_time": lambda counts: counts.open - counts.overdue,
    "on_time_share": on_time_share,
    "done_share": done_share,
    "mean_days": mean_days,
}
KINDS: Final[Mapping[str, Kind]] = {
    "on_time_share": "share",
    "done_share": "share",
    "median_days": "days",
    "mean_days": "days",
    "kpi_mean": "points",
    "due": "date",
    **dict.fromkeys(("position", "unit", "product", "state", "lead"), "text"),
}
#: What every list of units, people, leaders, fields … tells of a line.
LISTED: Final = (
    "total",
    "carried",
    "assigned",
    "moved",
    "done",
    "on_time",
    "late",
    "undated",
    "open",
    "in_time",
    "overdue",
    "paused",
    "due_next",
    "cancelled",
    "on_time_share",
    "done_share",
)
#: Behind these numbers is a list of tasks: ``of=<key>`` of ``/reports/tasks``.
DRILLED: Final = frozenset(LISTS)
#: More of it is better, or worse; of all others neither.
GOOD: Final[Mapping[str, int]] = {"done": 1, "on_time_share": 1, "done_share": 1, "late": -1, "overdue": -1, "median_days": -1}


def value_of(key: str, counts: Counts) -> Value:
    """One figure of a cell. An unknown key is a programming error and raises AttributeError."""
    made = MADE.get(key)
    if made is not None:
        return made(counts)
    value: int = getattr(counts, key)
    return value


def kind_of(key: str) -> Kind:
    """What a figure is."""
    return KINDS.get(key, "count")


def column(key: str) -> Column:
    """The column of a figure."""
    return Column(key, label_of(key), kind_of(key))


def label_of(key: str) -> str:
    """How a figure is called."""
    return say(f"reports.figure.{key}")


def added(cells: list[Counts]) -> Counts:
    """The sum of cells that have no task in common."""
    return Counts(*(sum(amounts) for amounts in zip(*map(msgspec.structs.astuple, cells), strict=True)))
