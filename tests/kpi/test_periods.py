"""Which period a piece of work belongs to."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.kpi.rules.calendar import Period, away_whole, counts_in, period_of, stands_in
from server.kpi.rules.ruleset import RuleSet

RULES = RuleSet()
QUARTERS = msgspec.structs.replace(RULES, period="quarter")


def test_a_period_knows_its_days_and_the_next_one() -> None:
    assert (Period(2028, 2).starts, Period(2028, 2).ends) == (date(2028, 2, 1), date(2028, 2, 29))
    assert (Period(2026, 4, "quarter").starts, Period(2026, 4, "quarter").ends) == (date(2026, 10, 1), date(2026, 12, 31))
    assert Period(2026, 12).next == Period(2027, 1)
    assert Period(2026, 4, "quarter").next == Period(2027, 1, "quarter")


@given(some.dates(date(2020, 1, 1), date(2040, 12, 31)), some.sampled_from(["month", "quarter"]))
def test_every_day_is_in_one_period_and_not_in_the_next(day, kind) -> None:
    found = period_of(day, kind)
    assert found.holds(day) and not found.next.holds(day)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2026, 11, 30), Period(2026, 11)),
        (date(2026, 12, 15), Period(2026, 12)),
        (date(2026, 12, 16), Period(2027, 1)),
        (date(2026, 12, 31), Period(2027, 1)),
    ],
)
def test_what_is_due_after_the_fifteenth_of_december_counts_next_year(due, expected) -> None:
    assert counts_in(due, RULES) == expected


def test_by_quarters_it_is_the_first_quarter_of_next_year() -> None:
    assert counts_in(date(2026, 12, 16), QUARTERS) == Period(2027, 1, "quarter")


@pytest.mark.parametrize(
    ("period", "accepted", "stands"),
    [
        (Period(2026, 10), None, False),
        (Period(2026, 11), None, True),
        (Period(2026, 12), None, True),
        (Period(2026, 11), date(2026, 11, 20), True),
        (Period(2026, 12), date(2026, 11, 20), False),
        (Period(2026, 12), date(2026, 12, 2), True),
        (Period(2027, 1), date(2026, 12, 2), False),
        (Period(2026, 10), date(2026, 10, 2), False),
    ],
)
def test_unfinished_work_comes_again_until_it_is_accepted(period, accepted, stands) -> None:
    assert stands_in(period, date(2026, 11, 14), accepted, RULES) is stands


def test_a_rule_set_may_leave_unfinished_work_where_it_was_due() -> None:
    rules = msgspec.structs.replace(RULES, carries_unfinished=False)
    assert [stands_in(Period(2026, month), date(2026, 11, 14), None, rules) for month in (11, 12)] == [True, False]


def test_work_without_a_due_date_counts_when_it_is_accepted() -> None:
    assert stands_in(Period(2026, 11), None, date(2026, 11, 3), RULES)
    assert not stands_in(Period(2026, 12), None, date(2026, 11, 3), RULES)
    assert not stands_in(Period(2026, 11), None, None, RULES)


@pytest.mark.parametrize(("away", "working", "whole"), [(0, 21, False), (10, 20, False), (11, 20, True), (21, 21, True), (0, 0, False)])
def test_a_month_of_which_leave_took_more_than_half_is_not_worked(away, working, whole) -> None:
    assert away_whole(away, working, RULES) is whole
