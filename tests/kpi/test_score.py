"""The points of a month: the worked examples of the handbook, the decree's limits, and a second implementation that agrees."""

import random
from datetime import date
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.kpi.rules.lines import Line, lateness
from server.kpi.rules.ruleset import RuleSet, problems
from server.kpi.rules.score import Leading, Support, rounded, score
from tests.kpi import plainly

RULES = RuleSet()


def line(k: float, g: float, h: float, late: int = 0, failed: int = 0, **more: object) -> Line:
    thousandths = [round(value * 1000) for value in (k, g, h)]
    return msgspec.structs.replace(
        Line(id="l", k=thousandths[0], assigned=thousandths[1], accepted=thousandths[2], late=late, failed=failed), **more
    )


HANDBOOK = [line(1.0, 5, 4, late=4), line(2.7, 3, 3, late=2, failed=1), line(3.7, 1, 0.8, failed=2)]


def percent(ratio: Fraction | None) -> float:
    assert ratio is not None
    return float(round(ratio * 100, 1))


def test_it_gives_the_handbooks_month_to_the_decimal() -> None:
    found = score(HANDBOOK, 30_000, RULES)
    assert found.sums.given == 16_800_000
    assert (found.sums.amount, found.sums.quality, found.sums.progress) == (15_060_000, 1_155_500_000, 701_000_000)
    assert [percent(found.sums.a), percent(found.sums.b), percent(found.sums.c)] == [89.6, 68.8, 41.7]
    assert percent(found.ratio) == 66.7
    assert found.task_points is not None and round(float(found.task_points) / 1000, 2) == 46.70
    assert (found.total, found.band, found.missing) == (76_700, "good", ())


def test_a_leader_of_the_same_lines_has_the_mean_of_six() -> None:
    led = Leading(totals=(76_700, 50_000), organising=50, uniting=100)
    found = score(HANDBOOK, 30_000, RULES, "leader", led)
    assert percent(found.ratio) == 75.0
    assert (found.total, found.band) == (82_500, "good")
    assert [name for name, _ in found.ratios] == ["a", "b", "c", "d", "dd", "e"]


def test_one_person_below_fifty_halves_what_the_unit_counts_for_its_leader() -> None:
    led = Leading(totals=(76_700, 49_900, None), organising=50, uniting=100)
    assert dict(score(HANDBOOK, 30_000, RULES, "leader", led).ratios)["d"] == Fraction(1, 2)


@pytest.mark.parametrize(
    ("leading", "missing"),
    [
        (None, ("led", "organising", "uniting")),
        (Leading(totals=(None,), organising=100, uniting=50), ("led",)),
        (Leading((60_000,), 100), ("uniting",)),
    ],
)
def test_a_leader_has_no_total_until_everything_is_known(leading: Leading | None, missing: tuple[str, ...]) -> None:
    found = score(HANDBOOK, 30_000, RULES, "leader", leading)
    assert (found.total, found.band, found.missing) == (None, None, missing)


def test_work_outside_the_plan_lifts_the_ratio_and_the_points_stop_at_seventy() -> None:
    lines = [line(1.0, 10, 10), line(1.0, 2, 2, kind="ad_hoc")]
    found = score(lines, 30_000, RULES)
    assert [percent(found.sums.a), found.task_points, found.capped, found.total] == [120.0, 70_000, True, 100_000]
    held = score(lines, 20_000, msgspec.structs.replace(RULES, cap_ratios=True))
    assert [percent(held.sums.a), held.task_points, held.capped, held.total] == [100.0, 70_000, False, 90_000]


def test_work_that_was_handed_back_stays_in_what_was_given_and_in_nothing_that_was_done() -> None:
    found = score([line(1.0, 4, 4), line(1.0, 1, 1, kind="handed_back")], 30_000, RULES)
    assert percent(found.ratio) == 80.0
    taken = score([line(1.0, 4, 4), line(1.0, 1, 1, kind="taken_over")], 20_000, RULES)
    assert taken.total == 90_000


@pytest.mark.parametrize("lines", [[], [line(1.0, 2, 2, kind="ad_hoc")]])
def test_with_nothing_assigned_there_is_no_score_neither_nothing_nor_everything(lines: list[Line]) -> None:
    found = score(lines, 30_000, RULES)
    assert (found.total, found.band, found.ratio, found.missing) == (None, None, None, ("work",))


def test_without_the_general_points_there_is_no_total() -> None:
    found = score(HANDBOOK, None, RULES)
    assert (found.total, found.missing) == (None, ("general",))
    assert percent(found.ratio) == 66.7


def test_a_confirmed_objective_cause_counts_neither_lateness_nor_failure() -> None:
    excused = [line(1.0, 1, 1, late=9, failed=3, late_excused=True, failed_excused=True)]
    assert score(excused, 30_000, RULES).total == 100_000
    assert percent(score([line(1.0, 1, 1, late=9, late_excused=True, failed=1)], 0, RULES).ratio) == 91.7


def test_support_staff_have_the_mean_of_three_entered_values() -> None:
    found = score([], 30_000, RULES, "support", support=Support(quality=90_000, compliance=100_000, effect=80_000))
    assert found.total == 93_000
    assert score([], 30_000, RULES, "support", support=Support(quality=90_000)).missing == ("support",)


@pytest.mark.parametrize(
    ("by", "done", "expected"),
    [
        ("calendar_day", date(2025, 11, 19), 4),
        ("working_day", date(2025, 11, 19), 3),
        ("event", date(2025, 11, 19), 1),
        ("calendar_day", date(2025, 11, 15), 0),
        ("working_day", date(2025, 11, 16), 1),
        ("calendar_day", None, 0),
    ],
)
def test_lateness_counts_what_the_rule_set_says(by, done, expected) -> None:
    def between(a: date, b: date) -> int:
        return sum(date.fromordinal(day).weekday() < 5 for day in range(a.toordinal() + 1, b.toordinal() + 1))

    assert lateness(date(2025, 11, 15), done, by, between) == expected


@pytest.mark.parametrize(("points", "expected"), [("89.95", 90_000), ("89.949", 89_900), ("0.05", 100), ("0", 0), ("100", 100_000)])
def test_it_rounds_half_up_to_one_decimal(points: str, expected: int) -> None:
    assert rounded(Fraction(points) * 1000) == expected


@pytest.mark.parametrize(
    ("total", "band"), [(90_000, "excellent"), (89_900, "good"), (70_000, "good"), (69_900, "fair"), (50_000, "fair"), (49_900, "failed")]
)
def test_the_bands_begin_where_the_decree_says(total: int, band: str) -> None:
    from server.kpi.rules.ruleset import band_of

    assert band_of(total, RULES) == band


amounts = some.integers(0, 9000)
lines = some.builds(
    Line,
    id=some.uuids().map(str),
    k=some.integers(1, 8000),
    assigned=some.integers(1, 9000),
    accepted=amounts,
    kind=some.sampled_from(["planned", "ad_hoc", "taken_over", "handed_back"]),
    late=some.integers(0, 9),
    failed=some.integers(0, 5),
    late_excused=some.booleans(),
    failed_excused=some.booleans(),
)
sheets = some.lists(lines, min_size=1, max_size=6)


def points(given: list[Line], rules: RuleSet = RULES) -> Fraction:
    found = score(given, 20_000, rules).task_points
    return Fraction(-1) if found is None else found


@given(sheets, some.data())
def test_more_accepted_work_never_lowers_a_score(given: list[Line], data: some.DataObject) -> None:
    place = data.draw(some.integers(0, len(given) - 1))
    more = [*given]
    more[place] = msgspec.structs.replace(more[place], accepted=more[place].accepted + data.draw(amounts))
    assert points(more) >= points(given)


@given(sheets, some.data())
def test_a_late_day_or_a_failed_review_never_raises_it(given: list[Line], data: some.DataObject) -> None:
    place = data.draw(some.integers(0, len(given) - 1))
    name = data.draw(some.sampled_from(["late", "failed"]))
    worse = [*given]
    worse[place] = msgspec.structs.replace(worse[place], **{name: getattr(worse[place], name) + 1})
    assert points(worse) <= points(given)


@given(sheets, some.randoms())
def test_the_order_of_lines_does_not_matter(given: list[Line], chance: random.Random) -> None:
    shuffled = [*given]
    chance.shuffle(shuffled)
    assert score(shuffled, 20_000, RULES).total == score(given, 20_000, RULES).total


@given(lines, some.integers(1, 999))
def test_the_shares_of_a_product_add_up_to_the_product(whole: Line, share: int) -> None:
    """Two people's parts of one line give G and the numerators of the whole."""
    from server.kpi.rules.lines import parts_of

    k = whole.k * 1000
    one = msgspec.structs.replace(whole, k=whole.k * share)
    other = msgspec.structs.replace(whole, k=k - whole.k * share)
    together = [sum(pair) for pair in zip(*(msgspec.structs.astuple(parts_of(part, RULES)) for part in (one, other)), strict=True)]
    assert together == [value * 1000 for value in msgspec.structs.astuple(parts_of(whole, RULES))]


def test_a_second_implementation_agrees_on_ten_thousand_random_months() -> None:
    chance = random.Random(335_2025)
    for number in range(10_000):
        month = [
            Line(
                id=str(place),
                k=chance.choice([800, 1000, 1600, 2700, 3700, 8000]),
                assigned=chance.randint(1, 40) * 250,
                accepted=chance.randint(0, 40) * 250,
                kind=chance.choice(["planned", "planned", "planned", "ad_hoc", "taken_over", "handed_back"]),
                late=chance.choice([0, 0, 0, 1, 2, 5]),
                failed=chance.choice([0, 0, 0, 1, 2, 4]),
                late_excused=chance.random() < 0.1,
                failed_excused=chance.random() < 0.1,
            )
            for place in range(chance.randint(0, 8))
        ]
        general = chance.randint(0, 60) * 500
        told = [
            {
                "k": Fraction(one.k, 1000), "g": Fraction(one.assigned, 1000), "h": Fraction(one.accepted, 1000), "kind": one.kind,
                "late": one.late, "failed": one.failed, "late_excused": one.late_excused, "failed_excused": one.failed_excused,
            }
            for one in month
        ]  # fmt: skip
        expected = plainly.month(told, Fraction(general, 1000))
        found = score(month, general, RULES).total
        assert (None if found is None else Fraction(found, 1000)) == expected, (number, month)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tasks_most": 60_000}, "tasks_most"),
        ({"penalty": 101}, "penalty"),
        ({"good_from": 95_000}, "excellent_from"),
        ({"excellent_cap": 30}, "excellent_cap"),
        ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "until"),
        ({"months_to_rate": 13}, "months_to_rate"),
        ({"petition_days": 0}, "petition_days"),
    ],
)
def test_a_rule_set_that_cannot_be_is_named_by_its_field(change, field) -> None:
    assert problems(RULES) == []
    assert problems(msgspec.structs.replace(RULES, **change)) == [field]
