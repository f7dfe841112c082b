"""The year as it stands: months that are there, months that are wanted, and the mean computed a second way."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from server.kpi.rules.rollup import Leave, MonthFacts, PeriodState, SheetFacts, leave_of, means_of, month, year_of
from server.kpi.rules.ruleset import RuleSet
from server.kpi.rules.year import Decision

RULES = RuleSet()
CLOSED, OPEN = PeriodState(id="p", closed=True), PeriodState(id="p", closed=False)


def closed(number: int, total: int | None = 80_000, away="") -> MonthFacts:
    return month(number, CLOSED, SheetFacts(sheet=f"s{number}", state="closed", total=total, away=away), "")


def sheet(state: str) -> SheetFacts:
    return SheetFacts(sheet="s", state=state, total=70_000)


@pytest.mark.parametrize(
    ("period", "given", "leave", "state", "away"),
    [
        (None, None, "", "none", ""),
        (None, None, "sick", "away", "sick"),
        (OPEN, sheet("confirmed"), "", "open", ""),
        (OPEN, sheet("open"), "unpaid", "away", "unpaid"),
        (OPEN, sheet("closed"), "", "closed", ""),
        (CLOSED, sheet("closed"), "sick", "closed", ""),
        (CLOSED, None, "", "away", "not_in_service"),
    ],
)
def test_a_month_says_whether_it_counts_and_why_not(period, given, leave, state, away):
    found = month(3, period, given, leave)
    assert (found.state, found.away) == (state, away)
    assert (found.total is not None) == (state == "closed")


def test_before_the_end_of_the_year_the_rating_is_provisional_and_names_the_months():
    found = year_of([closed(number) for number in range(1, 12)] + [month(12, OPEN, sheet("open"), "")], RULES)
    assert (found.rating.mean, found.rating.band, found.missing) == (80_000, "good", (12,))


def test_few_months_in_spring_are_not_a_short_year():
    spring = [closed(1), closed(2)] + [month(number, None, None, "") for number in range(3, 13)]
    assert year_of(spring, RULES).rating.why == "missing"
    gone = [closed(1), closed(2)] + [closed(number, None, "not_in_service") for number in range(3, 12)] + [month(12, None, None, "")]
    assert year_of(gone, RULES).rating.why == "short", "December can't make it six months any more"


def test_a_month_closed_without_a_total_leaves_the_year_open():
    found = year_of([closed(number, None if number == 4 else 80_000) for number in range(1, 13)], RULES)
    assert (found.rating.band, found.rating.why, found.missing) == (None, "missing", (4,))


def test_a_forced_rating_needs_no_months():
    found = year_of([month(number, None, None, "") for number in range(1, 13)], RULES, Decision("decline", "7/QĐ"))
    assert (found.rating.band, found.rating.why) == ("failed", "forced")


def test_means_agree_with_a_second_computation():
    chance = Random(335)
    for _ in range(300):
        months = [
            closed(number, None, "sick") if chance.random() < 0.2 else closed(number, chance.randrange(0, 1001) * 100)
            for number in range(1, 13)
        ]

        def plainly(first: int, last: int, months: list[MonthFacts] = months) -> int | None:
            worked = [Fraction(one.total, 1000) for one in months[first - 1 : last] if one.total is not None]
            if not worked:
                return None
            tenths = sum(worked, Fraction(0)) / len(worked) * 10
            return (int(tenths) + (1 if tenths - int(tenths) >= Fraction(1, 2) else 0)) * 100

        assert means_of(months).quarters == tuple(plainly(first, first + 2) for first in (1, 4, 7, 10))
        assert means_of(months).halves == (plainly(1, 6), plainly(7, 12))
        assert year_of(months, RULES).rating.mean == plainly(1, 12)


def test_a_quarter_with_an_open_month_has_no_mean_yet():
    found = means_of([closed(1), closed(2), month(3, OPEN, sheet("open"), "")])
    assert found.quarters[0] is None


def test_leave_of_more_than_half_of_the_working_days_takes_the_month_out():
    days = [date(2026, 6, 1) + timedelta(days=n) for n in range(20)]
    assert leave_of(days, [Leave(days[0], days[9], "sick")], RULES) == ""
    assert leave_of(days, [Leave(days[0], days[10], "sick")], RULES) == "sick"
    assert leave_of(days, [Leave(days[0], days[3], "sick"), Leave(days[4], None, "unpaid")], RULES) == "unpaid"
    assert leave_of([], [Leave(days[0], None, "sick")], RULES) == ""
