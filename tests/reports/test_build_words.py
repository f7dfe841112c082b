"""Numbers, periods, and which crowds are told of: tables of examples."""

from datetime import UTC, datetime

import pytest

from server.errors import Refusal
from server.ledger.grains import Period
from server.people.directory import Directory, UnitFacts
from server.reports.build import asked_for
from server.reports.build.crowds import told_of
from server.reports.words import compared, number, period_label, short_label

NOW = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (1234, "count", "1.234"),
        (2.25, "count", "2,3"),
        (0, "count", "0"),
        (None, "count", "–"),
        (0.86, "share", "86 %"),
        (0.996, "share", "99,6 %"),
        (6.5, "days", "6,5"),
        (85.25, "points", "85,3"),
        ("2026-11-22", "date", "22/11/2026"),
        (None, "date", "–"),
        ('=HYPERLINK("x")', "text", '=HYPERLINK("x")'),
    ],
)
def test_it_writes_numbers_as_vietnamese_does(value, kind, said):
    assert number(value, kind) == said


@pytest.mark.parametrize(
    ("code", "label", "short"),
    [
        ("2026-W47", "Tuần 47 năm 2026 (16/11–22/11/2026)", "Tuần 47/2026"),
        ("2026-W53", "Tuần 53 năm 2026 (28/12/2026–03/01/2027)", "Tuần 53/2026"),
        ("2026-11", "Tháng 11 năm 2026", "Tháng 11/2026"),
        ("2026-Q4", "Quý IV năm 2026", "Quý IV/2026"),
        ("2026", "Năm 2026", "Năm 2026"),
    ],
)
def test_it_names_periods(code, label, short):
    assert (period_label(Period.read(code)), short_label(Period.read(code))) == (label, short)


@pytest.mark.parametrize(
    ("now", "before", "kind", "said"),
    [
        (162, 150, "count", "tăng 12 (+8 %)"),
        (3, 4, "count", "giảm 1 (-25 %)"),
        (500, 3, "count", "tăng 497"),
        (0.8, 0.85, "share", "giảm 5 điểm phần trăm"),
        (0, 0, "count", "không đổi"),
        (1, None, "count", ""),
    ],
)
def test_it_says_how_much_something_changed(now, before, kind, said):
    assert compared(now, before, kind) == said


@pytest.mark.parametrize(
    ("code", "unit", "refused"),
    [
        ("2026-13", "c", ("invalid", "reports.period_bad")),
        ("2025-W53", "c", ("invalid", "reports.period_bad")),
        ("=1+1", "c", ("invalid", "reports.period_bad")),
        ("2026-12", "c", ("invalid", "reports.period_future")),
        ("2026-11", "x", ("not_found", "reports.unit_unknown")),
    ],
)
def test_what_is_no_period_or_no_unit_is_refused_with_a_sentence(code, unit, refused):
    known = Directory(1, [UnitFacts(id="c", name="Trung tâm", short="TT", parent=None, kind="centre", sort=1)], [])
    with pytest.raises(Refusal) as caught:
        asked_for(code, unit, NOW, known)
    assert (caught.value.code, caught.value.key) == refused
    assert "{" not in caught.value.message


TREE = {"centre": None, "a": "centre", "b": "centre", "c": "centre"}


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ({"a": 5, "b": 4, "c": 3}, {"centre", "a", "b", "c"}),
        # Two left over would come back as the difference: the smallest room gives way, in its own report too.
        ({"a": 5, "b": 4, "c": 2}, {"centre", "a"}),
        ({"a": 5, "b": 3, "c": 3, "centre": 1}, {"centre", "a", "b"}),
        ({"a": 5, "b": 2, "c": 2}, {"centre", "a"}),
        ({"a": 3, "b": 1}, {"centre"}),
        ({"a": 1, "b": 1}, set()),
        ({}, set()),
    ],
)
def test_scores_are_told_of_crowds_and_of_no_difference_that_is_none(people, told):
    assert told_of(people, TREE, list(TREE)) == told
