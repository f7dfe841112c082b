"""The invented year: legal from the first step to the last, and rich enough to show."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest

from server.demo.cast import OVERLOADED, SLOW_FIELDS
from server.demo.history import Step, story
from server.demo.office import fixed_id, load_fields, load_office
from tests.demo.ledger import LOCAL, OPEN, Entry, Illegal, Ledger

HOLIDAYS = {
    date(2026, 1, 1),
    date(2026, 2, 16),
    date(2026, 2, 17),
    date(2026, 2, 18),
    date(2026, 4, 30),
    date(2026, 5, 1),
    date(2026, 9, 2),
}


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def steps_of(seed: int, today: date, plan_rows: tuple[str, ...] = ()) -> list[Step]:
    return list(story(seed, today, load_office(today), load_fields(), plan_rows, is_working_day))


def replay(seed: int, today: date) -> tuple[list[Step], Ledger]:
    steps = steps_of(seed, today)
    ledger = Ledger(load_office(today))
    enter(ledger, steps)
    return steps, ledger


def enter(ledger: Ledger, steps: list[Step]) -> None:
    for step in steps:
        ledger.take(step)


TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def told() -> tuple[list[Step], Ledger]:
    return replay(2026, TODAY)


def open_tasks(ledger: Ledger) -> list[Entry]:
    return [t for t in ledger.tasks.values() if t.state in OPEN]


@pytest.mark.parametrize(
    ("seed", "today"), [(1, date(2026, 11, 22)), (2, date(2026, 3, 2)), (3, date(2028, 2, 29)), (4, date(2026, 2, 18)), (5, TODAY)]
)
def test_it_takes_only_legal_steps_on_any_day(seed: int, today: date) -> None:
    steps, ledger = replay(seed, today)
    assert 4000 <= len(steps) <= 6000
    assert 570 <= len(ledger.tasks) <= 660
    assert 90 <= len(open_tasks(ledger)) <= 120


def test_the_ledger_refuses_a_result_without_a_start(told: tuple[list[Step], Ledger]) -> None:
    """The checker itself is checked: a story without reports must not pass."""
    with pytest.raises(Illegal, match="submitted while not_started"):
        enter(Ledger(load_office(TODAY)), [s for s in told[0] if s.name not in ("task.progress", "checklist.set")])


def test_the_ledger_refuses_a_head_who_scores_what_the_director_gave(told: tuple[list[Step], Ledger]) -> None:
    steps = [msgspec.structs.replace(s, actor="hcth.truong") if s.name == "task.review" and s.actor == "giamdoc" else s for s in told[0]]
    with pytest.raises(Illegal, match=r"review|himself"):
        enter(Ledger(load_office(TODAY)), steps)


def test_the_ledger_refuses_orders_after_the_delegation_has_ended(told: tuple[list[Step], Ledger]) -> None:
    office = load_office(TODAY)
    with pytest.raises(Illegal, match=r"hcth\.truong may not assign"):
        enter(Ledger(msgspec.structs.replace(office, delegations=office.delegations[1:])), told[0])


def test_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    first = msgspec.json.encode(steps_of(7, TODAY))
    assert first == msgspec.json.encode(steps_of(7, TODAY))
    assert first != msgspec.json.encode(steps_of(8, TODAY))


def test_it_ends_before_today_and_spans_a_year(told: tuple[list[Step], Ledger]) -> None:
    steps, _ = told
    midnight = datetime.combine(TODAY, time(0), LOCAL).astimezone(UTC)
    assert steps[-1].at < midnight
    assert midnight - timedelta(days=370) < steps[0].at < midnight - timedelta(days=350)


def test_people_work_in_office_hours_and_tasks_fall_due_on_working_days(told: tuple[list[Step], Ledger]) -> None:
    steps, ledger = told
    for step in steps:
        local = step.at.astimezone(LOCAL)
        assert is_working_day(local.date()), local
        assert time(7, 30) <= local.time() < time(17, 0), local
    assert all(is_working_day(t.due) for t in ledger.tasks.values() if t.due)


def test_every_state_is_there_today(told: tuple[list[Step], Ledger]) -> None:
    _, ledger = told
    states = Counter(t.state for t in ledger.tasks.values())
    assert states["completed"] >= 430
    assert 10 <= states["cancelled"] <= 20
    assert 10 <= states["declined"] <= 20
    assert 4 <= states["proposed"] <= 6
    assert 12 <= states["submitted"] <= 22
    assert 4 <= states["paused"] <= 8
    assert 1 <= states["handed_back"] <= 2
    assert states["not_started"] >= 10
    assert states["in_progress"] >= 45
    waiting = open_tasks(ledger)
    assert 2 <= sum(t.asked is not None for t in waiting) <= 3
    assert 12 <= sum(t.due is not None and t.due < TODAY and t.state != "submitted" for t in waiting) <= 30
    assert sum(t.due is not None and TODAY <= t.due <= TODAY + timedelta(days=7) for t in waiting) >= 15
    assert {t.no_due for t in waiting} == {None, "none", "ongoing"}
    assert sum(t.returned > 0 and t.state == "in_progress" for t in waiting) >= 3


def test_some_tasks_end_late_more_of_them_where_work_is_slow(told: tuple[list[Step], Ledger]) -> None:
    steps, ledger = told
    slow = {fixed_id("field", slug) for slug in SLOW_FIELDS}
    field = {s.args["id"]: s.args["field"] for s in steps if s.name in ("task.create", "task.propose")}
    late = {
        key: task.submitted.astimezone(LOCAL).date() > task.due
        for key, task in ledger.tasks.items()
        if task.state == "completed" and task.due and task.submitted
    }

    def share_late(keys: list[str]) -> float:
        return sum(late[key] for key in keys) / len(keys)

    assert 0.10 <= share_late(list(late)) <= 0.25
    assert share_late([k for k in late if field[k] in slow]) > 1.7 * share_late([k for k in late if field[k] not in slow])


def test_everybody_acts_and_leads_and_two_have_too_much(told: tuple[list[Step], Ledger]) -> None:
    steps, ledger = told
    people = load_office(TODAY).people
    assert {s.actor for s in steps} == {p.username for p in people}
    ever = Counter(t.lead for t in ledger.tasks.values())
    now = Counter(t.lead for t in open_tasks(ledger))
    assert all(ever[p.id] >= 2 for p in people)
    assert [p.username for p in people if not now[p.id]] == []
    by_name = {p.username: now[p.id] for p in people}
    others = sorted(count for name, count in by_name.items() if name not in OVERLOADED)
    assert min(by_name[name] for name in OVERLOADED) > others[len(others) // 2] + 2


@pytest.mark.parametrize("username", ["giamdoc", "pgd1", "hcth.truong", "cntt.truong"])
def test_leaders_find_results_to_review(told: tuple[list[Step], Ledger], username: str) -> None:
    _, ledger = told
    actor = ledger.office.by_username[username]
    found = 0
    for task in ledger.tasks.values():
        if task.state == "submitted" and task.lead:
            try:
                ledger.may_review(actor, task, task.lead)
            except Illegal:
                continue
            found += 1
    assert found >= 2


@pytest.mark.parametrize("username", ["hcth.truong", "cntt.truong"])
def test_heads_find_proposals_of_their_room(told: tuple[list[Step], Ledger], username: str) -> None:
    _, ledger = told
    unit = ledger.office.by_username[username].unit
    assert any(t.state == "proposed" and t.creator.unit == unit for t in ledger.tasks.values())


@pytest.mark.parametrize("username", ["cntt.cv1", "hcth.cv1"])
def test_officers_find_late_urgent_and_new_tasks(told: tuple[list[Step], Ledger], username: str) -> None:
    _, ledger = told
    own = [t for t in open_tasks(ledger) if t.lead == ledger.office.by_username[username].id]
    assert any(t.due and t.due < TODAY for t in own)
    assert any(t.due and TODAY <= t.due <= TODAY + timedelta(days=8) for t in own)
    assert any(t.state == "not_started" for t in own)
    assert any(t.returned for t in own)


def test_titles_differ_and_keep_their_length(told: tuple[list[Step], Ledger]) -> None:
    steps, _ = told
    made = [s.args for s in steps if s.name in ("task.create", "task.propose")]
    titles = [a["title"] for a in made]
    assert len(set(titles)) == len(titles)
    assert all(30 <= len(title) <= 300 for title in titles)
    assert max(map(len, titles)) > 200
    assert all(len(a["description"]) <= 600 for a in made)
    assert not any("{" in title or "  " in title for title in titles)


def test_it_never_repeats_a_row_of_the_plan() -> None:
    titles = tuple(s.args["title"] for s in steps_of(9, TODAY) if s.name == "task.create")
    again = {s.args["title"] for s in steps_of(9, TODAY, plan_rows=titles[:40]) if s.name == "task.create"}
    assert again.isdisjoint(titles[:40])


def test_parents_have_children_and_what_is_delegated_is_there(told: tuple[list[Step], Ledger]) -> None:
    _, ledger = told
    parents = Counter(t.parent for t in ledger.tasks.values() if t.parent)
    assert len(parents) >= 15
    assert all(2 <= count <= 4 for count in parents.values())
    assert any(ledger.tasks[p].state in OPEN for p in parents)
    assert sum(t.for_director for t in ledger.tasks.values()) >= 60
    assert any(t.assigner and t.assigner.username == "tntkq.pho1" for t in ledger.tasks.values())
