"""When a task is looked at, and what is then said to have become of it."""

from datetime import UTC, datetime, timedelta

import pytest

from ml.history import History
from ml.snapshots import SHARES, take
from ml.tables import EventRow, TaskRow, log_of

START = datetime(2026, 3, 2, tzinfo=UTC)


def days(number):
    return START + timedelta(days=number)


def shots(task, *events, end=100):
    found = take(History(log_of([task], events, now=days(end))))
    return [(float(share), bool(late)) for share, late in sorted(zip(found.share, found.late, strict=True))]


TASK = TaskRow("a", days(0), days(20), original_due=days(20))
EVERY = list(SHARES)


@pytest.mark.parametrize(
    ("closed", "end", "expected"),
    [
        (days(20), 100, [(share, False) for share in EVERY]),
        (days(21), 100, [(share, True) for share in EVERY]),
        (days(11), 100, [(0.1, False), (0.25, False), (0.5, False)]),
        (days(2), 100, []),
        (None, 100, [(share, True) for share in EVERY]),
        (None, 19, []),
    ],
    ids=["closed on the day", "closed late", "closed half way", "closed before the first", "open and overdue", "open and not yet due"],
)
def test_the_outcome_is_known_at_closing_or_at_the_due_date(closed, end, expected):
    assert shots(TASK._replace(closed=closed), end=end) == expected


def test_an_extension_begins_a_new_term_and_keeps_the_lateness_of_the_old_one():
    moved = TASK._replace(due=days(40), closed=days(30))
    granted = EventRow("a", days(12), "head", "extended", days(40))
    # Up to day 12 the task was due on day 20 and not closed by then; from day 12 on it was due on day 40, and was.
    assert shots(moved, granted) == [(0.1, True), (0.25, True), (0.5, False), (0.5, True)]


@pytest.mark.parametrize(
    "task",
    [TASK._replace(cancelled=True), TASK._replace(due=None, original_due=None), TASK._replace(due=days(-1), original_due=days(-1))],
    ids=["cancelled", "without a due date", "due before it began"],
)
def test_some_tasks_are_left_out(task):
    assert shots(task) == []


def test_a_lateness_with_an_objective_cause_is_late_and_counted():
    from ml.card import Steps
    from ml.rows import looked_at, rows_of

    rows = rows_of(looked_at([log_of([TASK._replace(closed=days(50), objective_cause=True)], [])]), Steps())
    assert rows.late.all() and rows.excused.all()
