"""When somebody is told of a risk, and at which shares of the term it is kept."""

from datetime import date, timedelta

import pytest

from server.insight.risk.rules import Told, mark, next_told, rises
from tests.office import NOW

DUE, LATER = date(2026, 12, 31), date(2027, 1, 31)


def told_of(*bands: tuple[str, date]) -> list[bool]:
    """Whether each band, one after the other, is told."""
    known, said = Told(), []
    for band, due in bands:
        said.append(rises(known, band, due))
        known = next_told(known, band, due)
    return said


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ([("low", DUE), ("watch", DUE), ("high", DUE)], [False, True, True]),
        ([("high", DUE), ("low", DUE), ("high", DUE), ("watch", DUE)], [True, False, False, False]),
        ([("watch", DUE), ("low", DUE), ("watch", DUE), ("high", DUE)], [True, False, False, True]),
        ([("high", DUE), ("high", LATER), ("low", LATER), ("high", LATER)], [True, True, False, False]),
    ],
    ids=["up", "falls and rises again", "rises further", "the due date moved"],
)
def test_each_band_is_told_once_for_a_due_date(bands: list[tuple[str, date]], said: list[bool]) -> None:
    assert told_of(*bands) == said


def test_of_a_task_that_was_never_scored_only_a_high_risk_is_worth_a_message() -> None:
    assert [rises(None, band, DUE) for band in ("low", "watch", "high")] == [False, False, True]
    assert next_told(None, "watch", DUE) == Told("watch", DUE), "nor does the night after it say what the first scoring did not"


def test_a_mark_is_the_largest_share_that_has_passed() -> None:
    ends = NOW + timedelta(days=100)
    shares = [mark(NOW, ends, NOW + timedelta(days=days)) for days in (0, 9, 10, 49, 50, 74, 99, 300)]
    assert shares == [None, None, 10, 25, 50, 50, 90, 90]
    assert mark(ends, NOW, NOW) is None and mark(NOW, NOW, NOW) is None
