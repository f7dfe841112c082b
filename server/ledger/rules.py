"""What a change of a task adds to which sums. Plain days and numbers.

A standing is seen by the end of every day from the one on which it began up to the one before it ended, so that what changes twice on one
day is seen once. Sums are differences: each change books what it adds from its day on, and never touches a day before it. That is why the
report of a past period does not move.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from server.ledger.grains import BITS, FLOWS, GRAINS, STOCKS, same_period, start_of

State = Literal["not_started", "in_progress", "submitted", "paused", "completed", "cancelled"]
#: Work that is not over.
OPEN: Final = ("not_started", "in_progress", "submitted", "paused")
#: Work whose result is still owed: what was handed in waits for its review and is nobody's delay (R9).
OWED: Final = ("not_started", "in_progress", "paused")
Outcome = Literal["on_time", "late", "undated"]
Flow = Literal["assigned", "on_time", "late", "undated", "excused", "cancelled", "asked", "extended", "returned"]
DONE: Final = ("on_time", "late", "undated")


class Place(msgspec.Struct, frozen=True):
    """What a task is counted by. ``path``: its unit and all above, the highest first; an empty text is "none"."""

    path: tuple[str, ...]
    field: str
    priority: str
    origin: str
    lead: str
    plan: str = ""

    @property
    def unit(self) -> str:
        """Its own unit."""
        return self.path[-1] if self.path else ""


class Standing(msgspec.Struct, frozen=True):
    """How a task stood from ``day`` on."""

    place: Place
    state: State
    due: date | None
    day: date


class Move(msgspec.Struct, frozen=True):
    """What a day adds to the sums of a place, in the grains of the bits."""

    day: date
    grains: int
    place: Place
    amounts: dict[str, int]


class Moves:
    """Collects moves; what cancels out is not said."""

    def __init__(self) -> None:
        self._sums: dict[tuple[date, int, Place], dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, day: date, grains: int, place: Place, measure: str, amount: int) -> None:
        """Book an amount."""
        if grains:
            self._sums[day, grains, place][measure] += amount

    def standing(self, one: Standing, day: date, sign: int) -> None:
        """Book that a standing begins on ``day`` (+1), or ends on it (-1): everything it adds from then on."""
        if one.state not in OPEN:
            return
        self.add(day, STOCKS, one.place, "open", sign)
        self.add(day, STOCKS, one.place, one.state, sign)
        if one.due is None:
            self.add(day, STOCKS, one.place, "undated_open", sign)
        elif one.state in OWED:
            # Its due date passes with the end of that day.
            self.add(max(day, one.due), STOCKS, one.place, "overdue", sign)
            for grain in GRAINS:
                first = start_of(grain, one.due)
                if day < first:
                    # Seen by the end of the period before the one that it is due in.
                    self.add(first - timedelta(days=1), BITS[grain], one.place, "due_next", sign)

    def flow(self, place: Place, kind: str, day: date, counted: date, sign: int, took: int | None) -> None:
        """Book that something of ``day`` is counted from ``counted`` on (+1), or no more (-1), where both lie in one period."""
        grains = sum(BITS[grain] for grain in FLOWS if same_period(grain, day, counted))
        self.add(counted, grains, place, kind, sign)
        if took is not None and kind in DONE:
            self.add(counted, grains, place, "took", sign * took)
            self.add(counted, grains, place, f"days:{took}", sign)

    def all(self) -> list[Move]:
        """What is left, in the order of days."""
        found = []
        for (day, grains, place), amounts in sorted(self._sums.items(), key=lambda one: (one[0][0], one[0][1])):
            left = {measure: amount for measure, amount in amounts.items() if amount}
            if left:
                found.append(Move(day, grains, place, left))
        return found


def outcome_of(due: date | None, handed: date, excused: bool) -> Outcome:
    """On time: handed in by the due date, or late for a cause that was found objective (Đ14.2 of Nghị định 335/2025)."""
    if due is None:
        return "undated"
    return "on_time" if handed <= due or excused else "late"


#: By what a report lists. Sums are kept by plan too, of the tasks that have one.
DIMENSIONS: Final = ("total", "lead", "field", "priority", "origin", "home")


def values_of(place: Place) -> Iterable[tuple[str, str]]:
    """Under which dimensions and values a place is counted."""
    yield "total", ""
    yield "lead", place.lead
    yield "field", place.field
    yield "priority", place.priority
    yield "origin", place.origin
    yield "home", f"{place.unit}|{place.field}"
    if place.plan:
        yield "plan", place.plan
