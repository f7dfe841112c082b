"""Periods: their codes, their days, what comes before and after."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from server.ledger.grains import BITS, CHAINS, GRAINS, Grain, Period, next_start, start_of

DAYS = [date(2023, 12, 25) + timedelta(days=n) for n in range(1500)]


@pytest.mark.parametrize(
    ("code", "start", "last", "year", "number"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), 2026, 1),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), 2026, 4),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 2024, 2),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4), 2026, 1),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), 2026, 53),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 10), 2027, 1),
    ],
)
def test_a_code_names_its_days(code: str, start: date, last: date, year: int, number: int) -> None:
    period = Period.read(code)
    assert (period.start, period.last, period.year, period.number, period.code) == (start, last, year, number, code)


@pytest.mark.parametrize(
    "code",
    ["", "26", "2026-", "2026-W60", "2026-W00", "2025-W53", "2021-W53", "2026-13", "2026-00", "2026-1", "2026-Q5", "2026-Q0", "٢٠٢٦",
     "２０２６", "2026-W٠١", " 2026", "2026\n", "2026-w47", "1999", "2200", "9999-W53", "0000", "-2026", "2026-11-22", "2026'--"],
)  # fmt: skip
def test_anything_else_is_no_code(code: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period.read(code)


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("2026", "2025"),
        ("2026-Q1", "2025-Q1"),
        ("2024-02", "2023-02"),
        ("2026-W47", "2025-W47"),
        ("2026-W53", "2025-W52"),
        ("2020-W53", "2019-W52"),
    ],
)
def test_a_year_before_is_the_same_period_and_of_a_week_53_the_last_one(code: str, before: str) -> None:
    assert Period.read(code).year_before.code == before


@pytest.mark.parametrize("grain", GRAINS)
def test_periods_follow_one_another_without_a_gap(grain: Grain) -> None:
    for day in DAYS:
        period = Period.of(grain, day)
        assert period.start <= day <= period.last
        assert Period.read(period.code) == period
        assert period.after.start == period.last + timedelta(days=1)
        assert period.after.before == period
        parts = period.parts()
        assert parts[0] <= period.start and parts[-1] <= period.last and sorted(set(parts)) == parts


@pytest.mark.parametrize("grain", list(BITS))
def test_a_grain_holds_each_day_once(grain: str) -> None:
    for day in DAYS:
        start = start_of(grain, day)
        assert start <= day and start_of(grain, start) == start
        if grain != "u":
            assert start < next_start(grain, start) and day < next_start(grain, start)


@pytest.mark.parametrize("chain", list(CHAINS.values()), ids="".join)
def test_larger_grains_hold_the_smaller_ones_whole(chain: tuple[str, ...]) -> None:
    for day in DAYS:
        for larger, smaller in pairwise(chain):
            assert start_of(larger, start_of(smaller, day)) == start_of(larger, day)
