"""Trends: Theil-Sen slope, Mann-Kendall test, the change point; adjusted for the mix of work, shrunk towards the whole.

Nothing is claimed below six periods or eight tasks a period: then the numbers are shown and the sentence says that they are too few.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

LEAST_PERIODS: Final = 6
LEAST_TASKS: Final = 8
#: How sure a trend has to be before it is called one.
SIGNIFICANT: Final = 0.05
#: So many tasks as the whole's share weighs in a small period.
PRIOR: Final = 8.0

Direction = Literal["up", "steady", "down", "too_few"]


class Cell(msgspec.Struct, frozen=True):
    """Finished tasks of one kind (field and priority) in one period: how many, and how many on time."""

    kind: str
    tasks: int
    good: int


class Point(msgspec.Struct, frozen=True):
    """One period: tasks that ended, share on time as it was, and as it would be with the usual mix of work (both 0 to 1)."""

    period: str
    tasks: int
    share: float
    adjusted: float


class Trend(msgspec.Struct, frozen=True):
    """Where it goes. ``slope``: change of the adjusted share a period; ``p``: of the test; ``change``: the place in ``points`` before
    which and from which on the level differs most, None where that is not clear; ``before`` and ``after``: the levels there."""

    direction: Direction
    points: list[Point]
    slope: float = 0.0
    p: float = 1.0
    change: int | None = None
    before: float = 0.0
    after: float = 0.0


def points(periods: Mapping[str, Sequence[Cell]], expected: Mapping[str, float], level: float) -> list[Point]:
    """Observed against expected: ``expected`` is the share on time of each kind in the whole office, ``level`` that of the office.

    A period's adjusted share is the office's level plus what its people did better or worse than their mix of work would let expect,
    shrunk by ``PRIOR`` tasks: whoever gets the hard work is not made to look bad by it.
    """
    found = []
    for period, cells in periods.items():
        tasks = sum(cell.tasks for cell in cells)
        good = sum(cell.good for cell in cells)
        hoped = sum(cell.tasks * expected.get(cell.kind, level) for cell in cells)
        adjusted = min(1.0, max(0.0, level + (good - hoped) / (tasks + PRIOR))) if tasks else level
        found.append(Point(period, tasks, good / tasks if tasks else 0.0, adjusted))
    return found


def change_point(values: Sequence[float]) -> int | None:
    """Pettitt's test: the place from which on the level is another, None where that may be chance."""
    n = len(values)
    best, place = 0, None
    for at in range(1, n):
        weight = abs(sum((later > earlier) - (later < earlier) for earlier in values[:at] for later in values[at:]))
        if weight > best:
            best, place = weight, at
    chance = 2 * math.exp(-6 * best**2 / (n**3 + n**2)) if n else 1.0
    return place if chance <= SIGNIFICANT else None


def counted(found: Sequence[Point]) -> list[tuple[int, float]]:
    """The periods that count, as (place, adjusted share): those with enough tasks; none at all where they are too few."""
    enough = [(place, one.adjusted) for place, one in enumerate(found) if one.tasks >= LEAST_TASKS]
    return enough if len(enough) >= LEAST_PERIODS else []


def trend(found: Sequence[Point], slope: float, p: float) -> Trend:
    """What may be said of these periods, the oldest first, with the slope and the test of those that are ``counted``."""
    values = [value for _, value in counted(found)]
    if not values:
        return Trend("too_few", list(found))
    direction: Direction = "steady" if p > SIGNIFICANT or slope == 0 else "up" if slope > 0 else "down"
    at = change_point(values)
    if at is None:
        return Trend(direction, list(found), slope, p)
    before, after = sum(values[:at]) / at, sum(values[at:]) / (len(values) - at)
    return Trend(direction, list(found), slope, p, counted(found)[at][0], before, after)
