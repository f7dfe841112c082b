"""From months to a year: means, the rating, and the cap of those rated excellent."""

import msgspec
import pytest

from server.kpi.rules import general
from server.kpi.rules.ruleset import Band, RuleSet
from server.kpi.rules.year import Away, Decision, Month, mean_of, quota, quotas, rate

RULES = RuleSet()


def months(*totals: int | None, away: tuple[int, ...] = (), why: Away = "sick") -> list[Month]:
    return [Month(number, total, why if number in away else "") for number, total in enumerate(totals, 1)]


def test_a_quarter_is_the_mean_of_its_months() -> None:
    assert mean_of(months(88_000, 91_000, 92_500)) == 90_500


def test_months_of_sick_leave_are_not_counted() -> None:
    assert mean_of(months(80_000, None, 90_000, away=(2,))) == 85_000
    assert mean_of(months(80_000, None, 90_000)) is None
    assert mean_of(months(None, away=(1,))) is None


def test_a_year_is_rated_by_the_mean_of_the_months_worked() -> None:
    found = rate(months(*[89_900] * 6, *[90_000] * 6), RULES)
    assert (found.mean, found.band, found.months) == (90_000, "excellent", 12), "89.95 rounds to 90.0"


@pytest.mark.parametrize(
    ("worked", "why", "band"),
    [(5, "not_in_service", None), (6, "not_in_service", "excellent"), (5, "unpaid", None), (6, "unpaid", "excellent")],
)
def test_under_six_months_of_service_or_of_work_nobody_is_rated(worked: int, why: Away, band: Band | None) -> None:
    found = rate(months(*[95_000] * worked, *[None] * (12 - worked), away=tuple(range(worked + 1, 13)), why=why), RULES)
    assert (found.band, found.why) == (band, "" if band else "short")


def test_sick_and_maternity_leave_leave_the_months_really_worked() -> None:
    found = rate(months(*[95_000] * 4, *[None] * 8, away=tuple(range(5, 13)), why="sick"), RULES)
    assert (found.mean, found.band, found.months) == (95_000, "excellent", 4)
    assert rate(months(*[None] * 12, away=tuple(range(1, 13)), why="sick"), RULES).why == "short"


def test_a_month_without_a_total_leaves_the_year_open() -> None:
    found = rate(months(*[80_000] * 11, None), RULES)
    assert (found.band, found.why) == (None, "missing")


def test_a_case_of_article_20_4_forces_the_lowest_rating() -> None:
    found = rate(months(*[95_000] * 12), RULES, Decision("discipline", "12/QĐ"))
    assert (found.mean, found.band, found.why) == (95_000, "failed", "forced")


@pytest.mark.parametrize(
    ("unit", "band", "why"),
    [("good", "good", "unit"), ("excellent", "excellent", ""), ("failed", "failed", "unit"), (None, "excellent", "")],
)
def test_a_head_is_never_rated_above_his_unit(unit, band, why) -> None:
    found = rate(months(*[95_000] * 12), RULES, unit=unit)
    assert (found.band, found.why) == (band, why)


def test_a_worse_head_does_not_rise_to_his_unit() -> None:
    assert rate(months(*[60_000] * 12), RULES, unit="excellent").band == "fair"


@pytest.mark.parametrize(
    ("reading", "by_decision", "allowed"),
    [("good_only", False, 2), ("good_and_better", False, 2), ("good_only", True, 2), ("good_and_better", True, 3)],
)
def test_the_cap_counts_by_both_readings(reading, by_decision, allowed) -> None:
    rules = msgspec.structs.replace(RULES, cap_reading=reading)
    rated: dict[Band, int] = {"excellent": 4, "good": 10, "fair": 3}
    bands = [band for band, count in rated.items() for _ in range(count)]
    found = quota("CNTT", bands, rules, by_decision=by_decision)
    assert (found.excellent, found.base, found.allowed) == (4, 10 if reading == "good_only" else 14, allowed)
    assert found.over == 4 - allowed


def test_a_group_of_nobody_good_may_have_nobody_excellent() -> None:
    assert [one.over for one in quotas({"b": ["excellent"], "a": []}, RULES)] == [0, 1]


def test_the_ten_criteria_make_thirty_points() -> None:
    assert sum(general.MOST.values()) == 30_000 and len(general.MOST) == 10
    assert [sum(most for _, most in criteria) for _, criteria in general.GROUPS] == [10_000] * 3
    assert general.total(general.MOST) == 30_000
    assert general.total({"character": 5000}) is None


@pytest.mark.parametrize(
    ("points", "wrong"), [({"character": 5500}, "character"), ({"expertise": -1}, "expertise"), ({"x": 0}, "x"), ({"service": 2500}, None)]
)
def test_a_self_score_outside_its_criterion_is_named(points, wrong) -> None:
    assert general.wrong(points) == wrong
