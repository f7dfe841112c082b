"""Proposals: one office by hand, and the properties that hold for any."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from server.insight.load.rules import OVER, Work, demand, index
from server.insight.proposals.rules import CAP, Carrier, Movable, days_of, may_receive
from server.insight.proposals.solve import solve

CAPACITY = (312.0,) * 10


def carrier(name, minutes=(), unit="cntt", position="officer", **more):
    """Somebody with tasks of so many minutes, each due in five working days."""
    work = [Work(f"{name}-{at}", one, 5) for at, one in enumerate(minutes)]
    return Carrier(name, unit, position, tuple(demand(work)), more.pop("capacity", CAPACITY), **more)


def tasks_of(name, minutes, **more):
    return [Movable(f"{name}-{at}", name, one, 5, 0, **more) for at, one in enumerate(minutes)]


def yes(task, receiver):
    return True


def test_it_moves_one_task_from_the_overloaded_to_who_has_room_and_knows_the_work():
    heavy = (900, 600, 500)  # 2000 of 1560 minutes
    people = [carrier("ha", heavy), carrier("an", (300,)), carrier("minh", (300,), by_field={"số hóa": 4}, on_time=1.0)]
    moves = solve(tasks_of("ha", heavy, field="số hóa"), people, yes)
    assert [(one.giver, one.receiver) for one in moves] == [("ha", "minh")]
    assert moves[0].effect.giver_before > OVER >= moves[0].effect.giver_after
    assert moves[0].effect.receiver_after <= CAP


def test_it_proposes_nothing_where_nobody_is_overloaded_or_nobody_has_room():
    assert solve(tasks_of("ha", (700, 700)), [carrier("ha", (700, 700)), carrier("an")], yes) == []
    full = (1400,)
    assert solve(tasks_of("ha", (1000, 800)), [carrier("ha", (1000, 800)), carrier("an", full)], yes) == []


def test_a_task_too_small_to_be_felt_is_left_with_its_lead():
    heavy = (1900, 60)  # an hour of 31 is 0.04 of the index
    assert solve(tasks_of("ha", heavy)[1:], [carrier("ha", heavy), carrier("an")], yes) == []


def test_it_obeys_who_may_be_given_the_task():
    heavy = (900, 600, 500)
    people = [carrier("ha", heavy), carrier("an"), carrier("minh")]
    moves = solve(tasks_of("ha", heavy), people, lambda task, receiver: receiver == "an")
    assert {one.receiver for one in moves} == {"an"}
    assert solve(tasks_of("ha", heavy), people, lambda task, receiver: False) == []


def test_another_room_another_position_and_people_on_leave_receive_nothing():
    heavy = (900, 600, 500)
    away = (312.0, 312.0, 0.0, 0.0, 0.0, *CAPACITY[5:])
    others = [carrier("an", unit="hcth"), carrier("minh", position="head"), carrier("lan", capacity=away)]
    assert solve(tasks_of("ha", heavy), [carrier("ha", heavy), *others], yes) == []


def test_what_was_begun_or_is_due_tomorrow_stays_where_it_is():
    heavy = (900, 600, 500)
    people = [carrier("ha", heavy), carrier("an")]
    assert solve([Movable(one.id, "ha", one.minutes, 5, 40) for one in tasks_of("ha", heavy)], people, yes) == []
    assert solve([Movable(one.id, "ha", one.minutes, 1, 0) for one in tasks_of("ha", heavy)], people, yes) == []


@st.composite
def offices(draw):
    seed = draw(st.integers(0, 10_000))
    dice = random.Random(seed)
    people, tasks = [], []
    for number in range(dice.randint(2, 7)):
        name = f"p{number}"
        minutes = [dice.choice((60, 120, 300, 480, 900)) for _ in range(dice.randint(0, 9))]
        own = [
            Movable(
                f"{name}-{at}",
                name,
                one,
                dice.choice((None, -1, 1, 2, 3, 5, 8, 15)),
                dice.choice((0, 0, 10, 50)),
                dice.choice((None, "a", "b")),
            )
            for at, one in enumerate(minutes)
        ]
        days = demand([Work(one.id, one.minutes, one.days_left) for one in own])
        there = tuple(dice.choice((312.0, 312.0, 312.0, 156.0, 0.0)) for _ in range(10))
        people.append(Carrier(name, dice.choice("uv"), dice.choice(("officer", "officer", "deputy_head")), tuple(days), there))
        tasks += own
    forbidden = {(dice.choice(tasks).id, dice.choice(people).id) for _ in range(5)} if tasks else set()
    return people, tasks, forbidden


@settings(max_examples=60, deadline=None)
@given(offices(), st.randoms(use_true_random=False))
def test_limits_hold_for_any_office_whatever_part_is_accepted_and_the_answer_is_always_the_same(office, dice):
    people, tasks, forbidden = office
    known = {one.id: one for one in people}

    def allowed(task, receiver):
        return (task, receiver) not in forbidden

    moves = solve(tasks, people, allowed)
    by_id = {one.id: one for one in tasks}
    assert len({one.task for one in moves}) == len(moves)
    for one in moves:
        assert allowed(one.task, one.receiver)
        assert may_receive(by_id[one.task], known[one.giver], known[one.receiver])
    accepted = [one for one in moves if dice.random() < 0.7]
    loads = {one.id: list(one.demand) for one in people}
    for one in accepted:
        for day, minutes in enumerate(days_of(by_id[one.task])):
            loads[one.giver][day] -= minutes
            loads[one.receiver][day] += minutes
    before = {one.id: one.index for one in people}
    after = {one: index([max(0.0, day) for day in days], known[one].capacity) for one, days in loads.items()}
    assert max(after.values()) <= max(before.values()) + 1e-6
    assert all(after[one.receiver] <= CAP + 1e-6 for one in accepted)

    mixed_people, mixed_tasks = people[:], tasks[:]
    dice.shuffle(mixed_people)
    dice.shuffle(mixed_tasks)
    assert solve(mixed_tasks, mixed_people, allowed) == moves


def test_who_has_overdue_work_that_stays_is_eased_on_the_days_after():
    overdue = Movable("ha-9", "ha", 5000, 0, 50)
    heavy = [*tasks_of("ha", (700, 600)), overdue]
    days = demand([Work(one.id, one.minutes, one.days_left) for one in heavy])
    ha = Carrier("ha", "cntt", "officer", tuple(days), CAPACITY)
    assert ha.index > 9, "as high as it goes, with or without the others"
    assert {one.giver for one in solve(heavy, [ha, carrier("an"), carrier("minh")], yes)} == {"ha"}
