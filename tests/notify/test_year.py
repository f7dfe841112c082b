"""Who is warned when, over the year 2026 and the January after it: a table of examples, and every due date against a slow count.

The clock of these tests is a list of moments at which two workers ask; what they say is kept as the table ``said`` keeps it.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.calendar.rules import DayNotice, WorkingDays
from server.notify.rules.warn import REACH, Alert, Case, Part, overdue_on, owed, soon_on, window

DAYS = WorkingDays()
FIRST, LAST = date(2026, 1, 1), date(2027, 1, 31)
LONG_AGO = date(2025, 6, 2)


def day(text: str) -> date:
    """``16/02`` of 2026, or with its year."""
    parts = [int(one) for one in text.split("/")]
    return date(parts[2] if len(parts) == 3 else 2026, parts[1], parts[0])


#: due · one working day before · three before · said to be overdue
TABLE = [
    ("05/01", "31/12/2025", "29/12/2025", "06/01"),  # 1/1 is a holiday, 2/1 is off by swap
    ("09/01", "08/01", "06/01", "10/01"),  # Saturday the 10th is worked for the 2nd
    ("12/01", "10/01", "08/01", "13/01"),
    ("16/02", "13/02", "11/02", "23/02"),  # the day before Tết: off, and so is the whole week
    ("23/02", "13/02", "11/02", "24/02"),
    ("27/04", "24/04", "22/04", "28/04"),  # Giỗ Tổ fell on Sunday
    ("04/05", "29/04", "24/04", "05/05"),  # 30/4, 1/5 and 27/4 are off
    ("15/05", "14/05", "12/05", "18/05"),
    ("17/05", "15/05", "13/05", "18/05"),  # a Sunday
    ("24/08", "22/08", "20/08", "25/08"),  # Saturday the 22nd is worked for the 31st
    ("03/09", "28/08", "26/08", "04/09"),
    ("25/11", "23/11", "19/11", "26/11"),  # 24/11, Ngày Văn hóa Việt Nam
    ("31/12", "30/12", "28/12", "04/01/2027"),
    ("04/01/2027", "31/12", "29/12", "05/01/2027"),
]


@pytest.mark.parametrize(("due", "one", "three", "over"), TABLE, ids=[row[0] for row in TABLE])
def test_it_counts_working_days_over_holidays_and_swaps(due: str, one: str, three: str, over: str) -> None:
    assert (soon_on(day(due), 1, DAYS), soon_on(day(due), 3, DAYS), overdue_on(day(due), DAYS)) == (day(one), day(three), day(over))


def slowly(due: date, steps: int, days: WorkingDays) -> date:
    """Count off working days one by one."""
    at = due
    while steps:
        at += timedelta(days=1 if steps > 0 else -1)
        if days.is_working(at):
            steps += -1 if steps > 0 else 1
    return at


def a_case(due: date, since: date = LONG_AGO, given_on: date = LONG_AGO, status: str = "in_progress") -> Case:
    parts = (Part(person="lead", lead=True, since=since), Part(person="helper", lead=False, since=since, percent=40))
    return Case(task=due.isoformat(), status=status, due=due, given=given_on, parts=parts, heads=("head",))


def run(cases: list[Case], asked: list[date], offsets: list[int], days: WorkingDays) -> list[tuple[date, Alert]]:
    """What is said when somebody asks on these days, in this order, whoever asks: a key that is written is not written again."""
    said: set[str] = set()
    told = []
    for today in asked:
        for case in cases:
            alert = owed(case, today, offsets, days)
            if alert is not None and alert.keys[0] not in said:
                told.append((today, alert))
            said |= set(alert.keys) if alert else set()
    return told


def test_over_the_whole_year_each_date_is_warned_of_once_on_its_day() -> None:
    every = [FIRST + timedelta(days=place) for place in range((LAST - FIRST).days + 1)]
    cases = [a_case(due) for due in every]
    begin = FIRST - timedelta(days=20)
    asked = [begin + timedelta(days=place) for place in range((LAST - begin).days + 30) for _ in range(2)]
    for offsets in ([1], [1, 3, 7]):
        told = run(cases, asked, offsets, DAYS)
        before = [(today, alert.task) for today, alert in told if alert.kind == "task.due_soon"]
        assert sorted(before) == sorted((slowly(due, -offset, DAYS), due.isoformat()) for due in every for offset in offsets)
        after = [(today, alert.task, alert.people) for today, alert in told if alert.kind == "task.overdue"]
        assert sorted(after) == sorted((slowly(due, 1, DAYS), due.isoformat(), ("lead", "head")) for due in every)
        assert {alert.people for _, alert in told if alert.kind == "task.due_soon"} == {("lead", "helper")}


notices = st.lists(
    st.builds(DayNotice, st.dates(date(2026, 2, 1), date(2026, 3, 31)), st.booleans()), max_size=6, unique_by=lambda one: one.day
)
spring = st.dates(date(2026, 1, 25), date(2026, 4, 5))


@settings(max_examples=150, deadline=None)
@given(
    entered=notices,
    due=spring,
    since=spring | st.just(LONG_AGO),
    given_on=spring | st.just(LONG_AGO),
    offsets=st.lists(st.integers(0, 7), min_size=1, max_size=3, unique=True),
    first_worker=st.lists(spring, max_size=40),
    second_worker=st.lists(spring, max_size=40),
    back=st.booleans(),
)
def test_whenever_the_workers_ask_nothing_comes_twice_or_late_or_to_whom_it_is_no_news(
    entered: list[DayNotice],
    due: date,
    since: date,
    given_on: date,
    offsets: list[int],
    first_worker: list[date],
    second_worker: list[date],
    back: bool,
) -> None:
    days = WorkingDays(entered)
    case = a_case(due, since, given_on)
    asked = [*first_worker, *second_worker]
    # Once the clock is right, once it jumps as it likes.
    told = run([case], asked if back else sorted(asked), offsets, days)
    soon = [(today, alert) for today, alert in told if alert.kind == "task.due_soon"]
    late = [(today, alert) for today, alert in told if alert.kind == "task.overdue"]
    assert len({alert.keys[0] for _, alert in told}) == len(told), "never twice"
    assert all(days.is_working(today) for today, _ in told)
    assert all(slowly(due, -1, days) < due and today <= due for today, _ in soon) and len(late) <= 1
    for today, alert in soon:
        began = soon_on(due, int(alert.keys[0].rsplit(":", 1)[1]), days)
        assert began <= today and given_on < began and since < began
    if not back:
        for offset in offsets:
            began = soon_on(due, offset, days)
            news = given_on < began and since < began
            closer = [soon_on(due, other, days) for other in offsets if other < offset]
            heard = sorted(today for today in asked if began <= today <= due and days.is_working(today))
            # Who asked first on or after the day said it, unless a nearer warning was owed by then.
            expected = [heard[0]] if news and heard and not any(one <= heard[0] for one in closer if given_on < one) else []
            assert [today for today, alert in soon if alert.keys[0].endswith(f":{offset}")] == expected
    for today, alert in late:
        assert slowly(due, 1, days) <= today and days.between(due, today) <= REACH and given_on <= due
        assert alert.people == (("lead", "head") if since <= due else ("head",))
    reached = [today for today in asked if due < today and days.is_working(today) and days.between(due, today) <= REACH]
    assert bool(late) == (bool(reached) and given_on <= due)


@given(today=spring, due=st.dates(date(2025, 11, 1), date(2026, 6, 30)), offsets=st.lists(st.integers(0, 20), max_size=3))
def test_the_window_of_the_query_leaves_nothing_out(today: date, due: date, offsets: list[int]) -> None:
    first, last = window(today, offsets, DAYS)
    assert first <= due <= last or owed(a_case(due), today, offsets, DAYS) is None
