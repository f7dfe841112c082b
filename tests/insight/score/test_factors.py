"""Progress, frequency and their sum, by tables of examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.insight.score.rules.progress import Factor, Step, expected_gap, frequency, progress
from server.insight.score.rules.total import quality_of, suggested


@pytest.mark.parametrize(
    ("term", "finished", "steps", "points", "said"),
    [
        (10, 10, [Step(3, 30), Step(6, 60), Step(8, 80)], 100, ["on_time", "steady"]),
        (10, 7, [Step(3, 50)], 100, ["early"]),
        (10, 11, [Step(3, 50)], 75, ["late"]),
        (10, 13, [Step(3, 50)], 65, ["late"]),
        (10, 60, [], 10, ["late"]),
        (20, 20, [], 90, ["on_time", "last_minute"]),
        (20, 19, [Step(10, 20)], 90, ["early", "last_minute"]),
        (20, 19, [Step(10, 50)], 100, ["early"]),
        (3, 3, [], 100, ["on_time"]),
        (None, 30, [], 80, ["no_due"]),
    ],
)
def test_progress_asks_whether_it_came_in_time_and_steadily(term, finished, steps, points, said):
    found = progress(term, finished, steps)
    assert (found.points, [one.key for one in found.reasons]) == (points, said)


def test_lateness_with_an_objective_cause_costs_nothing():
    found = progress(10, 15, [Step(3, 30), Step(6, 60), Step(8, 80)], excused=True)
    assert found.points == 100
    assert found.reasons[0].key == "excused" and found.reasons[0].values == {"days": 5}


@pytest.mark.parametrize(
    ("term", "finished", "days", "points", "said"),
    [
        (20, 20, [4, 8, 12, 16], 100, ["updates"]),
        (20, 20, [4, 8], 30, ["updates", "silent"]),
        (20, 20, [], 0, ["updates", "silent"]),
        (20, 20, [1, 2, 3, 4], 70, ["updates", "silent"]),
        (3, 3, [], 100, ["short_term"]),
        (60, 60, [10, 20, 30, 40, 50], 100, ["updates"]),
        (20, 20, [4, 4, 4, 4], 0, ["updates", "silent"]),
    ],
)
def test_frequency_asks_for_a_word_as_often_as_the_term_would_want(term, finished, days, points, said):
    found = frequency(term, finished, days)
    assert (found.points, [one.key for one in found.reasons]) == (points, said)


def test_a_reader_expects_a_word_every_fifth_of_the_term_within_bounds():
    assert [expected_gap(term) for term in (1, 10, 20, 60, None)] == [2, 2, 4, 10, 5]


def test_the_last_report_counts_twice_and_the_factors_have_their_weights():
    assert quality_of([40, 70]) == 60
    assert quality_of([]) == 0
    assert suggested(Factor(100, []), 60, Factor(50, [])).total == 78_000


@given(st.integers(1, 60), st.integers(0, 90), st.integers(0, 90))
def test_a_later_result_never_gets_more_for_progress(term, one, other):
    early, late = sorted((one, other))
    steps = [Step(0, 90)]
    assert progress(term, early, steps).points >= progress(term, late, steps).points


@given(st.one_of(st.none(), st.integers(1, 90)), st.integers(0, 120), st.lists(st.integers(-3, 130), max_size=20), st.integers(0, 120))
def test_points_stay_within_bounds_and_one_more_report_never_costs(term, finished, days, more):
    found = frequency(term, finished, days)
    assert 0 <= found.points <= 100
    assert frequency(term, finished, [*days, more]).points >= found.points
