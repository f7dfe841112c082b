"""Demand, capacity and their index, by hand-made examples and by properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.insight.load import rules
from server.insight.load.read import estimate
from server.insight.load.rules import Work


def test_work_is_spread_over_the_days_to_its_due_date():
    assert rules.spread(600, 5) == [120] * 5 + [0] * 5
    assert rules.spread(600, 20) == [30] * 10


@pytest.mark.parametrize("days", [1, 0, -3])
def test_what_is_due_today_or_overdue_stands_on_the_first_day(days):
    assert rules.spread(600, days) == [600] + [0] * 9


def test_progress_the_persons_share_and_the_usual_ratio_make_what_is_left():
    assert rules.remaining(1000, 40, 1.5, 0.5) == pytest.approx(450)
    assert rules.remaining(1000, 100) == 0


def test_leave_and_standing_duties_take_capacity():
    days = rules.capacity([0, 1, 0.5], duty_week=600)
    assert days == pytest.approx([(480 - 120) * 0.65, 0, (480 - 120) * 0.5 * 0.65])


def test_the_index_is_the_highest_over_the_days_ahead():
    # 312 a day are there. Monday's pile is more than Monday has, and the week evens it out.
    there = rules.capacity([0] * 10, 0)
    assert rules.index([400] + [0] * 9, there) == pytest.approx(400 / 312)
    assert rules.index([0, 0, 0, 0, 2000] + [0] * 5, there) == pytest.approx(2000 / (5 * 312))


def test_whoever_is_away_with_work_has_the_highest_index_there_is():
    assert rules.index([100] + [0] * 9, [0] * 10) == rules.MOST
    assert rules.index([0] * 10, [0] * 10) == 0


@pytest.mark.parametrize(
    ("value", "called"),
    [
        (0, "light"),
        (0.5, "light"),
        (0.51, "fair"),
        (0.85, "fair"),
        (0.86, "watch"),
        (1.0, "watch"),
        (1.01, "over"),
        (1.2, "over"),
        (1.21, "severe"),
    ],
)
def test_bands_begin_above_their_limits(value, called):
    assert rules.band(value) == called


works = st.builds(
    Work,
    task=st.just("t"),
    minutes=st.floats(1, 5000),
    days_left=st.one_of(st.none(), st.integers(-5, 40)),
    source=st.sampled_from(list(rules.DEVIATION)),
)


@given(st.lists(works, max_size=12), st.lists(st.floats(0, 1), min_size=10, max_size=10), works)
def test_more_work_never_lowers_the_index_and_more_leave_never_either(work, away, more):
    there = rules.capacity(away, 0)
    before = rules.index(rules.demand(work), there)
    assert rules.index(rules.demand([*work, more]), there) >= before - 1e-9
    assert rules.index(rules.demand(work), rules.capacity([min(1, part + 0.3) for part in away], 0)) >= before - 1e-9


@given(st.lists(works, min_size=1, max_size=12))
def test_the_interval_holds_the_index_and_many_small_tasks_even_out(work):
    value = rules.index(rules.demand(work), rules.capacity([0] * 10, 0))
    low, high = rules.interval(value, work)
    assert low <= value + 1e-9 and value <= high + 1e-9
    many = [Work(one.task, one.minutes / 10, one.days_left, one.source) for one in work for _ in range(10)]
    assert rules.interval(value, many)[1] - rules.interval(value, many)[0] <= high - low + 1e-9


@pytest.mark.parametrize(("k", "quantity", "days"), [(1000, 1000, 0.5), (8000, 1000, 4), (800, 5000, 2), (50_000, 1000, 25)])
def test_a_products_coefficient_counts_in_half_days_of_work(k, quantity, days):
    minutes, source = estimate(None, k, quantity)
    assert minutes == pytest.approx(days * rules.DAY) and source == "product"
    assert estimate(90, k, quantity) == (90, "hand"), "what a person says goes first"
