"""Due dates, chips and working days: the device counts as the server does, whatever the holidays of the year."""

from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.calendar.rules import DayNotice, WorkingDays
from server.tasks import rules
from server.tasks.show.cards import _state as state_of
from server.tasks.show.values import chip, due_text
from server.words import catalogue
from tests.js.node import run

SATURDAY = 5
#: Far enough for every holiday to meet every weekday; near the ends, questions reach into years that the calendar does not have.
FIRST, LAST = date(2024, 1, 1), date(2031, 12, 31)


def calendar_of(days: WorkingDays, first: date, last: date) -> dict[str, Any]:
    """The row ``calendar`` that says these working days."""
    every = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "off": [one.isoformat() for one in every if one.weekday() < SATURDAY and not days.is_working(one)],
        "on": [one.isoformat() for one in every if one.weekday() >= SATURDAY and days.is_working(one)],
    }


def asked(days: WorkingDays, case: dict[str, Any]) -> dict[str, Any]:
    """What the server says."""
    today, due, no_due, status = case["today"], case["due"], case["no_due"], case["status"]
    late, _, label = state_of(status, due, no_due, today, days)
    return {
        "overdue": late,
        "due_text": due_text(due, no_due, today, days),
        "chip": chip(status, due, no_due, today, days, overdue=late),
        "due_label": label,
        "works": days.is_working(today),
        "added": days.add(today, case["steps"]).isoformat(),
        "between": days.between(today, due) if due else None,
    }


@st.composite
def a_case(draw: st.DrawFn) -> dict[str, Any]:
    today = draw(st.dates(FIRST + timedelta(days=100), LAST - timedelta(days=100)))
    near = st.integers(-12, 75)
    due = draw(st.none() | near.map(lambda days: today + timedelta(days=days)) | st.dates(FIRST, LAST))
    no_due = draw(st.sampled_from(["none", "ongoing", None])) if due is None else None
    return {
        "today": today,
        "due": due,
        "no_due": no_due,
        "status": draw(st.sampled_from(get_args(rules.Status))),
        "steps": draw(st.integers(-25, 25)),
    }


NOTICES = st.lists(st.builds(DayNotice, day=st.dates(FIRST, LAST), working=st.booleans()), max_size=40)


@given(cases=st.lists(a_case(), min_size=120, max_size=200), notices=NOTICES)
# Not shrunk: the first case that differs says enough, and each smaller one would be a process of Node's.
@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck))
def test_due_dates_are_said_as_the_server_says_them(cases: list[dict[str, Any]], notices: list[DayNotice]) -> None:
    days = WorkingDays(notices)
    sent = [{**case, "today": case["today"].isoformat(), "due": case["due"].isoformat() if case["due"] else None} for case in cases]
    found = run("days.mjs", {"words": catalogue(), "calendar": calendar_of(days, FIRST, LAST), "cases": sent})
    for case, here in zip(cases, found, strict=True):
        assert here == asked(days, case), case


def test_years_without_a_calendar_are_monday_to_friday() -> None:
    """The calendar reaches to the end of the year after the next; a device that has not been online for so long counts plain weeks."""
    calendar = calendar_of(WorkingDays(), date(2025, 1, 1), date(2028, 12, 31))
    today, due = date(2031, 4, 28), date(2031, 5, 9)
    case = {"today": today.isoformat(), "due": due.isoformat(), "no_due": None, "status": "in_progress", "steps": 5}
    [here] = run("days.mjs", {"words": catalogue(), "calendar": calendar, "cases": [case]})
    assert here["between"] == 9, "30 April and 1 May 2031 are holidays, of which this device does not know yet"
    assert here["added"] == "2031-05-05"
    assert here["due_text"] == "còn 9 ngày làm việc"
    [bare] = run("days.mjs", {"words": catalogue(), "calendar": None, "cases": [case]})
    assert bare == here
