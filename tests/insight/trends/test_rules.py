"""Trends by examples, and what may not be claimed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.insight.trends.rules import Cell, Point, change_point, points
from server.insight.trends.statistics import measured


def months(values, tasks=20):
    return [Point(f"2026-{month:02}", tasks, value, value) for month, value in enumerate(values, 1)]


def test_a_rise_is_up_a_fall_is_down_and_noise_is_steady():
    assert measured(months([0.5, 0.55, 0.6, 0.66, 0.7, 0.78, 0.8, 0.85])).direction == "up"
    assert measured(months([0.85, 0.8, 0.78, 0.7, 0.66, 0.6, 0.55, 0.5])).direction == "down"
    assert measured(months([0.7, 0.72, 0.69, 0.71, 0.7, 0.72, 0.7, 0.71])).direction == "steady"
    assert measured(months([0.7] * 12)).direction == "steady"


def test_one_odd_month_makes_no_trend():
    assert measured(months([0.8, 0.81, 0.8, 0.2, 0.8, 0.81, 0.79, 0.8])).direction == "steady"


@pytest.mark.parametrize(("count", "tasks"), [(5, 20), (12, 7), (0, 0)])
def test_nothing_is_claimed_on_too_little(count, tasks):
    found = measured(months([0.1 * month for month in range(count)], tasks))
    assert (found.direction, found.change) == ("too_few", None)


def test_the_month_from_which_on_it_went_better_is_found():
    values = [0.6, 0.61, 0.59, 0.6, 0.62, 0.6, 0.61, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86]
    found = measured(months(values))
    assert found.change == 7 and found.before == pytest.approx(0.604, abs=0.001) and found.after > 0.8
    assert change_point([0.7] * 12) is None


def test_whoever_gets_the_hard_work_is_not_made_to_look_bad_by_it():
    expected = {"easy": 0.95, "hard": 0.5}
    level = 0.8
    mixed = points({"01": [Cell("easy", 20, 19)], "02": [Cell("hard", 20, 10)]}, expected, level)
    assert mixed[0].share > mixed[1].share
    assert mixed[0].adjusted == pytest.approx(level) == mixed[1].adjusted


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_period_with_one_task_says_less_than_one_with_forty(tasks, good):
    good = min(good, tasks)
    found = points({"01": [Cell("a", tasks, good)]}, {"a": 0.8}, 0.8)[0]
    assert 0 <= found.adjusted <= 1
    assert abs(found.adjusted - 0.8) <= tasks / (tasks + 8) + 1e-9
