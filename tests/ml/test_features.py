"""What a model knows of a task at a moment, on tasks small enough to count by hand."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from ml.card import Steps
from ml.features import FEATURES, Lens
from ml.history import History
from ml.tables import EventRow, TaskRow, log_of, seconds

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def days(number):
    return MONDAY + timedelta(days=number)


def at(moment, tasks, events, steps=None, holidays=(), key="a"):
    log = log_of(tasks, events, now=days(400))
    found = Lens(History(log), steps or Steps(), holidays).matrix(np.array([log.tasks.ids.index(key)]), np.array([seconds(moment)]))
    return dict(zip(FEATURES, (float(value) for value in found[0]), strict=True))


TASK = TaskRow("a", days(0), days(20), owner="lan", original_due=days(20))


def test_it_reads_progress_from_reports_and_sets_it_against_the_time():
    events = [EventRow("a", days(2), "lan", "progress", 40.0), EventRow("a", days(8), "lan", "progress", 30)]
    found = at(days(10), [TASK], events)
    assert found["progress"] == pytest.approx(0.3)
    assert found["gap"] == pytest.approx(0.2)
    assert found["quiet_days"] == pytest.approx(2)
    assert at(days(5), [TASK], events)["progress"] == pytest.approx(0.4)


def test_it_takes_the_usual_place_of_the_steps_where_nobody_reports():
    events = [EventRow("a", days(1), "lan", "drafted"), EventRow("a", days(2), "lan", "signed"), EventRow("a", days(3), "lan", "drafted")]
    found = at(days(10), [TASK], events, Steps(place={"drafted": 0.3, "signed": 0.8}, slots={"drafted": 4}))
    assert found["progress"] == pytest.approx(0.8)
    assert found["step_mean"] == pytest.approx((0.3 + 0.8 + 0.3) / 3)
    assert found["step_04"] == 2


def test_a_kind_that_nobody_knows_is_an_update():
    found = at(days(10), [TASK], [EventRow("a", days(4), "", "Überraschung ☃")])
    assert found["updates"] == 1
    assert np.isnan(found["progress"])


def test_the_due_date_is_the_one_that_stood():
    moved = TASK._replace(due=days(40))
    events = [EventRow("a", days(15), "lan", "extend_asked"), EventRow("a", days(16), "head", "extended", days(40))]
    assert at(days(10), [moved], events)["elapsed"] == pytest.approx(0.5)
    after = at(days(20), [moved], events)
    assert after["elapsed"] == pytest.approx(0.5)
    assert after["extensions"] == 2


def test_a_first_due_date_that_nobody_wrote_down_is_not_guessed():
    moved = TASK._replace(due=days(40), original_due=None)
    events = [EventRow("a", days(16), "head", "extended", days(40))]
    assert np.isnan(at(days(10), [moved], events)["elapsed"])
    assert at(days(20), [moved], events)["elapsed"] == pytest.approx(0.5)


def test_working_days_leave_out_weekends_and_holidays():
    assert at(days(0), [TASK], [])["days_left"] == 15
    assert at(days(0), [TASK], [], holidays=[date(2026, 3, 4), date(2026, 3, 7)])["days_left"] == 14
    assert at(days(0) + timedelta(hours=12), [TASK], [])["days_left"] == pytest.approx(14.5)


def test_it_counts_what_else_the_owner_has():
    others = [
        TaskRow("b", days(0), days(12), owner="lan"),
        TaskRow("c", days(0), days(5), owner="lan"),
        TaskRow("d", days(0), days(12), days(9), owner="lan"),
        TaskRow("e", days(0), days(12), owner="minh"),
        TaskRow("f", days(11), days(12), owner="lan"),
    ]
    found = at(days(10), [TASK, *others], [])
    assert found["owner_open"] == 2
    assert found["owner_week"] == 1
    assert found["owner_fortnight"] == 2
    assert found["owner_overdue"] == 1


def test_a_task_belongs_to_whom_it_was_last_assigned():
    others = [TaskRow(f"x{number}", days(0), days(30), owner="minh") for number in range(4)]
    events = [EventRow("a", days(0), "head", "assign", "lan"), EventRow("a", days(6), "head", "assign", "minh")]
    assert at(days(5), [TASK, *others], events)["owner_open"] == 0
    assert at(days(7), [TASK, *others], events)["owner_open"] == 4


def test_a_pause_lasts_until_something_but_a_remark_happens():
    events = [EventRow("a", days(3), "lan", "pause"), EventRow("a", days(4), "lan", "comment"), EventRow("a", days(6), "lan", "resume")]
    assert [at(days(day), [TASK], events)["waiting"] for day in (2, 5, 7)] == [0, 1, 0]


def test_rates_of_lateness_count_an_outcome_from_its_due_date_on():
    late = [TaskRow(f"l{number}", days(-60), days(-30), days(-1), unit="u") for number in range(30)]
    soon = [TaskRow(f"s{number}", days(-60), days(30), days(-2), unit="u") for number in range(30)]
    task = TASK._replace(unit="u")
    with_late = at(days(1), [task, *late], [])["unit_late"]
    assert with_late > 0.8
    assert at(days(1), [task, *late, *soon], [])["unit_late"] == pytest.approx(with_late)


def test_a_log_without_events_and_without_due_dates_has_features_all_the_same():
    assert np.isnan(at(days(1), [TaskRow("a", days(0))], [])["elapsed"])
    assert at(days(5), [TASK], [])["updates"] == 0
