"""What a change adds to which sums, by tables of examples."""

from datetime import date

import pytest

from server.ledger.grains import BITS
from server.ledger.read import median
from server.ledger.rules import Moves, Place, Standing, outcome_of, values_of

PLACE = Place(("top", "room"), "field", "normal", "planned", "lead")
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("due", "handed", "excused", "outcome"),
    [
        (None, TODAY, False, "undated"),
        (None, TODAY, True, "undated"),
        (TODAY, TODAY, False, "on_time"),
        (TODAY, date(2026, 11, 23), False, "late"),
        (TODAY, date(2026, 11, 23), True, "on_time"),
    ],
)
def test_the_outcome_is_by_the_day_of_handing_in(due: date | None, handed: date, excused: bool, outcome: str) -> None:
    assert outcome_of(due, handed, excused) == outcome


def test_a_standing_that_begins_and_ends_on_one_day_says_nothing() -> None:
    moves = Moves()
    one = Standing(PLACE, "in_progress", date(2026, 12, 31), TODAY)
    moves.standing(one, TODAY, 1)
    moves.standing(one, TODAY, -1)
    assert moves.all() == []


def test_a_due_date_passes_with_its_own_day_and_was_to_come_until_the_day_before_its_period() -> None:
    moves = Moves()
    moves.standing(Standing(PLACE, "paused", date(2026, 12, 7), TODAY), TODAY, 1)
    said = {(one.day, one.grains): one.amounts for one in moves.all()}
    stocks = sum(bit for grain, bit in BITS.items() if grain != "d")
    assert said == {
        (TODAY, stocks): {"open": 1, "paused": 1},
        (date(2026, 12, 6), BITS["w"]): {"due_next": 1},
        (date(2026, 11, 30), BITS["m"]): {"due_next": 1},
        (date(2026, 12, 7), stocks): {"overdue": 1},
    }


@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_what_is_over_is_in_no_stock(state: str) -> None:
    moves = Moves()
    moves.standing(Standing(PLACE, "completed" if state == "completed" else "cancelled", TODAY, TODAY), TODAY, 1)
    assert moves.all() == []


@pytest.mark.parametrize(
    ("undone", "grains"),
    [
        (date(2026, 12, 31), "dwmqy"),
        (date(2027, 1, 1), "w"),
        (date(2027, 1, 4), ""),
    ],
    ids=["that day", "another year, the same week", "later"],
)
def test_what_is_undone_is_taken_from_the_periods_that_hold_both_days(undone: date, grains: str) -> None:
    moves = Moves()
    moves.flow(PLACE, "on_time", date(2026, 12, 31), undone, -1, 4)
    said = moves.all()
    assert [one.grains for one in said] == [sum(BITS[grain] for grain in grains)] * bool(grains)
    assert all(one.amounts == {"on_time": -1, "took": -4, "days:4": -1} for one in said)


def test_a_place_is_counted_once_in_each_dimension() -> None:
    assert list(values_of(PLACE)) == [
        ("total", ""),
        ("lead", "lead"),
        ("field", "field"),
        ("priority", "normal"),
        ("origin", "planned"),
        ("home", "room|field"),
    ]


@pytest.mark.parametrize(
    ("days", "middle"), [({3: 1}, 3.0), ({1: 2, 4: 1}, 1.0), ({1: 1, 4: 1}, 2.5), ({0: 0, 2: 3, 9: 2}, 2.0), ({1: 2, 5: 2}, 3.0)]
)
def test_the_median_is_the_middle_one_or_the_mean_of_the_two_there(days: dict[int, int], middle: float) -> None:
    assert median(days) == middle
