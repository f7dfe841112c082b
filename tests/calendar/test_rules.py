from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calendar.rules import DayNotice, WorkingDays

DAYS = WorkingDays()
some_day = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 9, 2), False),
        (date(2026, 11, 24), False),
        (date(2025, 11, 24), True),
        (date(2026, 11, 25), True),
        (date(2026, 11, 28), False),
    ],
)
def test_it_knows_holidays_swaps_and_weekends(day: date, works: bool) -> None:
    assert DAYS.is_working(day) is works


def test_it_lets_an_administrators_notice_win() -> None:
    days = WorkingDays([DayNotice(date(2026, 1, 10), False, "TB 1"), DayNotice(date(2026, 9, 2), True)])
    assert not days.is_working(date(2026, 1, 10))
    assert days.is_working(date(2026, 9, 2))


def test_it_finds_the_last_working_day_over_a_new_year() -> None:
    assert DAYS.last_working(date(2026, 1, 4)) == date(2025, 12, 31)
    assert DAYS.last_working(date(2022, 12, 31)) == date(2022, 12, 30)
    assert DAYS.last_working(date(2022, 12, 30)) == date(2022, 12, 30)


def test_it_counts_days_late_as_negative() -> None:
    assert DAYS.between(date(2026, 11, 20), date(2026, 11, 25)) == 2
    assert DAYS.between(date(2026, 11, 25), date(2026, 11, 20)) == -2
    assert DAYS.between(date(2026, 11, 25), date(2026, 11, 25)) == 0


@given(some_day, some_day)
def test_it_counts_as_one_by_one(a: date, b: date) -> None:
    low, high = min(a, b), min(max(a, b), min(a, b) + timedelta(days=900))
    slow = sum(DAYS.is_working(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert DAYS.between(low, high) == slow


@given(some_day, st.integers(-600, 600))
def test_it_adds_as_one_by_one(day: date, n: int) -> None:
    slow, left = day, abs(n)
    while left:
        slow += timedelta(days=1 if n > 0 else -1)
        left -= DAYS.is_working(slow)
    assert DAYS.add(day, n) == slow
