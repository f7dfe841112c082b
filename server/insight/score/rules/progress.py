"""The factors "tiến độ" and "tần suất cập nhật" of a suggested score (R11): each from 0 to 100 points, with what they were drawn from."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

#: Points that the first working day late costs, and each one after it.
LATE_FIRST: Final = 25
LATE_DAY: Final = 5
#: Whoever is late, however much, and still brings it has something.
LATE_LEAST: Final = 10
#: The part of the term at whose end everything was done at once: the last fifth.
RUSH: Final = 0.8
RUSHED: Final = 60
RUSH_COST: Final = 10
#: Without a due date nothing can be late: what is usual.
NO_DUE: Final = 80

#: Working days between two words on a task that its reader may expect: a fifth of the term, within these bounds.
OFTEN: Final = 2
SELDOM: Final = 10
SILENT: Final = 30


class Reason(msgspec.Struct, frozen=True):
    """A key below ``insight.score`` and what goes into its words."""

    key: str
    values: dict[str, int] = {}


class Factor(msgspec.Struct, frozen=True):
    """Points from 0 to 100, and why."""

    points: int
    reasons: list[Reason]


class Step(msgspec.Struct, frozen=True):
    """One progress report: the working day of the term on which it came (0: the first), and the percent it said."""

    day: int
    percent: int


def progress(term: int | None, finished: int, steps: Sequence[Step], excused: bool = False) -> Factor:
    """On time, late and by how much, steadily or at the last minute.

    ``term``: working days from the beginning to the due date; ``finished``: the working day on which the result was handed in, counted the
    same way, so that ``finished − term`` is how late. ``excused``: the lateness has a confirmed objective cause (Nghị định 335/2025, Đ16).
    """
    if term is None:
        return Factor(NO_DUE, [Reason("no_due")])
    late = finished - term
    if late > 0 and not excused:
        return Factor(max(LATE_LEAST, 100 - LATE_FIRST - LATE_DAY * (late - 1)), [Reason("late", {"days": late})])
    reasons = [Reason("excused", {"days": late})] if late > 0 else [Reason("early", {"days": -late}) if late < 0 else Reason("on_time")]
    points = 100
    before = [one.percent for one in steps if one.day <= RUSH * term and one.day < finished]
    # A term of two or three days has no last minute.
    if term > SELDOM // 2 and finished > RUSH * term and max(before, default=0) < 100 - RUSHED:
        points -= RUSH_COST
        reasons.append(Reason("last_minute", {"percent": max(before, default=0)}))
    elif len(steps) >= 3 and before:
        reasons.append(Reason("steady"))
    return Factor(points, reasons)


def expected_gap(term: int | None) -> int:
    """Working days between two words on a task that its reader may expect."""
    return SELDOM // 2 if term is None else min(SELDOM, max(OFTEN, round(term / 5)))


def frequency(term: int | None, finished: int, days: Sequence[int]) -> Factor:
    """How often it was reported against what the term would want. ``days``: the working days of the reports, the submission left out."""
    gap = expected_gap(term)
    length = max(finished, 0)
    # Work of one stretch needs no report in between: the submission itself tells it.
    wanted = max(0, length // gap - 1)
    heard = sorted({min(max(day, 0), length) for day in days})
    if not wanted:
        return Factor(100, [Reason("short_term")])
    marks = [0, *heard, length]
    longest = max(later - earlier for earlier, later in pairwise(marks))
    points = round(100 * min(1.0, len(heard) / wanted))
    reasons = [Reason("updates", {"count": len(heard), "wanted": wanted})]
    if longest > 2 * gap:
        points -= min(SILENT, 5 * (longest - 2 * gap))
        reasons.append(Reason("silent", {"days": longest}))
    return Factor(max(0, points), reasons)
