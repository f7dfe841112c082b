"""Periods, and which of them a piece of work belongs to."""

from calendar import monthrange
from datetime import date

import msgspec

from server.kpi.rules.ruleset import PeriodKind, RuleSet


class Period(msgspec.Struct, frozen=True, order=True):
    """A month (1 to 12) or a quarter (1 to 4) of a year."""

    year: int
    number: int
    kind: PeriodKind = "month"

    @property
    def months(self) -> tuple[int, ...]:
        """The months of it."""
        if self.kind == "month":
            return (self.number,)
        first = 3 * self.number - 2
        return (first, first + 1, first + 2)

    @property
    def starts(self) -> date:
        """Its first day."""
        return date(self.year, self.months[0], 1)

    @property
    def ends(self) -> date:
        """Its last day."""
        return date(self.year, self.months[-1], monthrange(self.year, self.months[-1])[1])

    @property
    def next(self) -> "Period":
        """The following one of its kind."""
        last = 12 if self.kind == "month" else 4
        return Period(self.year + 1, 1, self.kind) if self.number == last else Period(self.year, self.number + 1, self.kind)

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return self.starts <= day <= self.ends


def period_of(day: date, kind: PeriodKind = "month") -> Period:
    """The period of a day."""
    return Period(day.year, day.month if kind == "month" else (day.month + 2) // 3, kind)


def counts_in(due: date, rules: RuleSet) -> Period:
    """The period in which work due on that day counts: after the day of the year's rating, the next year's (Đ19.2, the handbook)."""
    if (due.month, due.day) > rules.carries_over_after:
        return Period(due.year + 1, 1, rules.period)
    return period_of(due, rules.period)


def stands_in(period: Period, due: date | None, accepted: date | None, rules: RuleSet) -> bool:
    """Whether unsplit work is a line of this period.

    By its due date; without one, by the day it was accepted. What was not accepted in its period comes again in each following one up to
    the one in which it is accepted.
    """
    if due is None:
        return accepted is not None and period.holds(accepted)
    first = counts_in(due, rules)
    if first == period:
        return True
    if first > period or not rules.carries_unfinished:
        return False
    return accepted is None or accepted >= period.starts


def away_whole(away_days: int, working_days: int, rules: RuleSet) -> bool:
    """Whether leave took so much of a period that it is not worked (Đ11.2, Đ19.3)."""
    return working_days > 0 and away_days * 100 > working_days * rules.away_share
