"""Demand, capacity and their index: plain arithmetic on minutes and working days.

Remaining work = estimate × (1 − progress) × the usual ratio of the type, spread over the working days to the due date, overdue work first.
Capacity = working minutes − leave − standing duties, × a focus factor. Index = the highest, over 1 to 10 working days ahead, of cumulative
demand over cumulative capacity. It is evaluated by ``ml``'s overload model; ``index`` here is what that model is held against.
"""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Literal

import msgspec

HORIZON: Final = 10
#: A working day, in minutes.
DAY: Final = 480
FOCUS: Final = 0.65
#: Somebody with work and no capacity at all has no finite index; this one stands for it.
MOST: Final = 9.99
TINY: Final = 1e-6

WATCH: Final = 0.85
OVER: Final = 1.0
SEVERE: Final = 1.2
LIGHT: Final = 0.5

Band = Literal["light", "fair", "watch", "over", "severe"]
Source = Literal["hand", "product", "type", "default"]

#: How far an estimate is usually off, as the deviation of its logarithm: the literature has 0.4 to 2 times.
DEVIATION: Final[dict[Source, float]] = {"hand": 0.3, "product": 0.4, "type": 0.5, "default": 0.6}
#: Eight times in ten the truth lies inside.
NORMAL_80: Final = 1.2816
FARTHEST: Final = (0.4, 2.0)


class Work(msgspec.Struct, frozen=True):
    """One task of one person: minutes that are left of his part, working days to the due date (0 or less: overdue or due today)."""

    task: str
    minutes: float
    days_left: int | None
    source: Source = "default"


def remaining(estimate: float, percent: int, ratio: float = 1.0, share: float = 1.0) -> float:
    """Minutes that are left of a person's part: ``estimate`` of the whole task, ``share`` of it his, ``percent`` done."""
    return max(0.0, estimate * share * ratio * (1 - min(100, max(0, percent)) / 100))


def spread(minutes: float, days_left: int | None, horizon: int = HORIZON) -> list[float]:
    """Minutes on each of the next working days, today first. Overdue work stands on the first, work without a date thinly on all."""
    if days_left is None:
        return [minutes / (2 * horizon)] * horizon
    if days_left <= 1:
        return [minutes] + [0.0] * (horizon - 1)
    daily = minutes / days_left
    return [daily if day < days_left else 0.0 for day in range(horizon)]


def demand(work: Sequence[Work], horizon: int = HORIZON) -> list[float]:
    """What all of it asks for, day by day."""
    days = [0.0] * horizon
    for one in work:
        for day, minutes in enumerate(spread(one.minutes, one.days_left, horizon)):
            days[day] += minutes
    return days


def capacity(away: Sequence[float], duty_week: float, focus: float = FOCUS, day: float = DAY) -> list[float]:
    """Minutes for tasks on each day. ``away``: the part of each day on leave, 0 to 1; ``duty_week``: minutes of standing duties a week."""
    return [max(0.0, (day - duty_week / 5) * (1 - min(1.0, max(0.0, part)))) * focus for part in away]


def indexes(wanted: Sequence[float], there: Sequence[float]) -> list[float]:
    """Cumulative demand over cumulative capacity after each day, at most ``MOST``."""
    found = []
    for asked, given in zip(accumulate(wanted), accumulate(there), strict=True):
        found.append(0.0 if asked <= 0 else min(MOST, asked / max(given, TINY)))
    return found


def index(wanted: Sequence[float], there: Sequence[float]) -> float:
    """The highest of ``indexes``."""
    return max(indexes(wanted, there), default=0.0)


def interval(value: float, work: Sequence[Work]) -> tuple[float, float]:
    """Where the index lies eight times in ten, as estimates are off: many small tasks even out, one large one does not."""
    total = sum(one.minutes for one in work)
    if total <= 0 or value <= 0:
        return value, value
    wide = math.sqrt(sum((one.minutes * DEVIATION[one.source]) ** 2 for one in work)) / total
    low, high = math.exp(-NORMAL_80 * wide), math.exp(NORMAL_80 * wide)
    return value * max(FARTHEST[0], low), min(MOST, value * min(FARTHEST[1], high))


def band(value: float) -> Band:
    """What an index is called: above 0.85 watch, above 1.0 overloaded, above 1.2 severe."""
    if value > SEVERE:
        return "severe"
    if value > OVER:
        return "over"
    if value > WATCH:
        return "watch"
    return "fair" if value > LIGHT else "light"
