"""The twelve months of a year as they stand, and what may be said of the year before all of them are there."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, cast

import msgspec

from server.kpi.rules.ruleset import Band, RuleSet
from server.kpi.rules.year import Away, Decision, Month, Rating, mean_of, rate

#: closed: it counts · away: not worked · no_data: closed without a total · open: not closed yet · none: nobody opened it.
MonthState = Literal["closed", "away", "no_data", "open", "none"]
MONTHS = 12


class MonthFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One month of a person. ``total`` in thousandths, None unless it counts; ``sheet`` and ``period`` lead to where it was made."""

    number: int
    state: MonthState
    total: int | None = None
    away: Away = ""
    sheet: str | None = None
    period: str | None = None

    @property
    def plain(self) -> Month:
        """The same for the mean."""
        return Month(self.number, self.total, self.away)


class SheetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a sheet says of a month, or of each month of a quarter that was scored as one."""

    sheet: str
    state: str
    total: int | None
    away: Away = ""


class PeriodState(msgspec.Struct, frozen=True, kw_only=True):
    """The current version of the period that a month belongs to."""

    id: str
    closed: bool


def month(number: int, period: PeriodState | None, sheet: SheetFacts | None, leave: Away) -> MonthFacts:
    """What is known of a month. ``leave``: absences took so much of it that it is not worked.

    Everybody in service has a sheet in a period, so whoever has none in a closed one was not here then.
    """
    at = period.id if period else None
    if sheet is not None and sheet.state == "closed":
        if sheet.away:
            return MonthFacts(number=number, state="away", away=sheet.away, sheet=sheet.sheet, period=at)
        state: MonthState = "no_data" if sheet.total is None else "closed"
        return MonthFacts(number=number, state=state, total=sheet.total, sheet=sheet.sheet, period=at)
    if leave:
        return MonthFacts(number=number, state="away", away=leave, sheet=sheet.sheet if sheet else None, period=at)
    if period is None:
        return MonthFacts(number=number, state="none")
    if sheet is None and period.closed:
        return MonthFacts(number=number, state="away", away="not_in_service", period=at)
    return MonthFacts(number=number, state="open", sheet=sheet.sheet if sheet else None, period=at)


class Result(msgspec.Struct, frozen=True):
    """The rating by the months that count so far, and the months that are still wanted.

    With ``missing`` it is provisional: who decides says by their numbers that he decides without them.
    """

    rating: Rating
    missing: tuple[int, ...] = ()


def year_of(months: Sequence[MonthFacts], rules: RuleSet, decision: Decision | None = None, unit: Band | None = None) -> Result:
    """The year as it stands. A month that is not closed yet is left out and named; one closed without a total leaves the year open."""
    missing = tuple(one.number for one in months if one.state in ("open", "none", "no_data"))
    known = [one.plain for one in months if one.state in ("closed", "away", "no_data")]
    rating = rate(known, rules, decision, unit)
    if rating.why == "short" and len(missing) > sum(one.state == "no_data" for one in months):
        # Too few so far is not too few: what is missing may still come.
        later = [Month(one.number, 0, "") if one.state in ("open", "none") else one.plain for one in months]
        if rate(later, rules).why != "short":
            rating = Rating(rating.mean, None, rating.months, "missing")
    return Result(rating, missing)


class Means(msgspec.Struct, frozen=True):
    """Means in thousandths to one decimal: of the quarters, of the halves; None where a month has no total yet."""

    quarters: tuple[int | None, ...]
    halves: tuple[int | None, ...]


def means_of(months: Sequence[MonthFacts]) -> Means:
    """Of three months each, and of six (Đ17.3)."""
    plain = {one.number: one.plain for one in months}

    def mean(first: int, count: int) -> int | None:
        return mean_of([plain[number] for number in range(first, first + count) if number in plain])

    return Means(tuple(mean(first, 3) for first in (1, 4, 7, 10)), tuple(mean(first, 6) for first in (1, 7)))


class Leave(msgspec.Struct, frozen=True):
    """An absence, both days included; ``until`` None: no end yet."""

    since: date
    until: date | None
    kind: Away


def leave_of(days: Sequence[date], leaves: Sequence[Leave], rules: RuleSet) -> Away:
    """Why a month was not worked, "" if it was. ``days`` are its working days; of several reasons the one that took the most of them."""
    taken: dict[str, int] = {}
    for day in days:
        holding = [one.kind for one in leaves if one.since <= day and (one.until is None or day <= one.until)]
        if holding:
            taken[holding[0]] = taken.get(holding[0], 0) + 1
    if not days or sum(taken.values()) * 100 <= len(days) * rules.away_share:
        return ""
    return cast("Away", min(taken, key=lambda kind: (-taken[kind], kind)))
