"""The lines of a sheet: one assignment of one person in one period, and what it adds to each sum."""

from collections.abc import Callable
from datetime import date
from typing import Literal

import msgspec

from server.kpi.rules.ruleset import LateBy, RuleSet

#: planned: in the plan of the period · ad_hoc: came outside of it · taken_over: from a colleague · handed_back: could not be done (Đ18.1d).
LineKind = Literal["planned", "ad_hoc", "taken_over", "handed_back"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """``k``, ``assigned`` (g) and ``accepted`` (h) in thousandths; ``late`` is L, ``failed`` is Q.

    An objective cause that the authority confirmed takes the lateness, or the failed reviews, out of the count (Đ14.2b, c).
    """

    id: str
    k: int
    assigned: int
    accepted: int = 0
    kind: LineKind = "planned"
    late: int = 0
    failed: int = 0
    late_excused: bool = False
    failed_excused: bool = False
    task: str = ""
    title: str = ""
    product: str = ""
    due: date | None = None
    done: date | None = None


class Parts(msgspec.Struct, frozen=True):
    """What one line adds: to G and to the numerator of a in millionths, to those of b and c in hundred-millionths."""

    given: int
    amount: int
    quality: int
    progress: int


def faults(line: Line) -> tuple[int, int]:
    """(L, Q) as they count."""
    return (0 if line.late_excused else line.late, 0 if line.failed_excused else line.failed)


def parts_of(line: Line, rules: RuleSet) -> Parts:
    """What the line adds (Đ14.2, Đ18.1d). Work that was handed back stays in what was given and in nothing that was done."""
    given = line.k * line.assigned if line.kind in ("planned", "handed_back") else 0
    if line.kind == "handed_back":
        return Parts(given, 0, 0, 0)
    done = line.k * line.accepted
    late, failed = faults(line)
    return Parts(given, done, done * max(0, 100 - rules.penalty * failed), done * max(0, 100 - rules.penalty * late))


def lateness(due: date | None, done: date | None, by: LateBy, working_days: Callable[[date, date], int]) -> int:
    """L of a line that was done at once. ``working_days(a, b)`` counts those after ``a`` up to and with ``b``.

    >>> lateness(date(2025, 11, 15), date(2025, 11, 19), "calendar_day", lambda a, b: 3)
    4
    """
    if due is None or done is None or done <= due:
        return 0
    if by == "event":
        return 1
    if by == "working_day":
        # Whoever delivers on the first working day after a due date that fell on a day off is one working day late.
        return max(1, working_days(due, done))
    return (done - due).days
