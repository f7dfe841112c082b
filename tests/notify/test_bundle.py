"""Many messages to one address at once are one letter."""

import pytest

from server.notify.rules.bundle import Waiting, taken_in
from server.notify.rules.quiet import Quiet
from server.storage.engine import rows
from tests.notify.desk import Desk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("new", "waiting", "taken"),
    [
        (3, [], None),
        (4, [], []),
        (1, [Waiting("a", 1), Waiting("b", 1)], None),
        (1, [Waiting("a", 1), Waiting("b", 1), Waiting("c", 1)], ["a", "b", "c"]),
        (1, [Waiting("a", 4)], ["a"]),
        (1, [Waiting("a", 2), Waiting("b", 1, alone=True)], ["a"]),
    ],
    ids=str,
)
def test_more_than_three_go_together(new, waiting, taken):
    assert taken_in(new, waiting) == taken


async def test_a_monday_morning_is_three_letters_and_the_summaries_are_whole(engine, cast, clock):
    """In a list the week of a leader would be the name of his room, and nothing of it."""
    desk = Desk(clock)
    await desk.turn_on("telegram")
    await desk.address(cast.head)
    week = await desk.tell(cast.head, "digest.weekly")
    warned = [await desk.tell(cast.head, "task.due_soon") for _ in range(2)]
    await desk.plan()
    day = await desk.tell(cast.head, "digest.daily")
    await desk.plan()
    warned.append(await desk.tell(cast.head, "task.overdue"))
    await desk.plan()
    letters = sorted(sorted(one["id"] for one in letter.messages) for letter in await desk.claim())
    assert letters == sorted([[week], [day], sorted(warned)])


async def test_forty_tasks_of_one_plan_ring_a_phone_once(engine, cast, clock):
    desk = Desk(clock)
    await desk.turn_on("telegram")
    await desk.address(cast.officer)
    told = [await desk.tell(cast.officer) for _ in range(40)]
    assert (await desk.plan())["letters"] == 1
    [letter] = await desk.claim()
    assert {one["id"] for one in letter.messages} == set(told)


async def test_a_night_full_of_messages_is_one_letter_in_the_morning(engine, cast, clock):
    desk = Desk(clock)
    desk.quiet = Quiet(0, 12 * 60)
    await desk.turn_on("telegram")
    await desk.address(cast.officer)
    told = []
    for _ in range(5):
        told.append(await desk.tell(cast.officer))
        await desk.plan()
        assert await desk.ring() == []
    clock.later(hours=4)
    [rung] = await desk.ring()
    [letter] = await desk.claim(rung)
    assert {one["id"] for one in letter.messages} == set(told)
    states = [one["state"] for one in await rows("SELECT state FROM delivery ORDER BY id")]
    assert states.count("sending") == 1 and set(states) == {"sending", "dropped"}


async def test_a_letter_that_may_have_arrived_is_sent_again_by_itself_and_marked(engine, cast, clock):
    desk = Desk(clock)
    doubtful = await desk.letter(cast.officer)
    await desk.change("UPDATE delivery SET maybe_doubled = $1 WHERE id = $2", True, doubtful)
    for _ in range(4):
        await desk.tell(cast.officer)
    await desk.plan()
    assert sorted(len(one.messages) for one in await desk.claim()) == [1, 4]
    assert (await desk.delivery(doubtful))["state"] == "sending"


async def test_what_a_worker_has_claimed_is_left_to_it(engine, cast, clock):
    desk = Desk(clock)
    first = await desk.letter(cast.officer)
    claimed = await desk.claim(first)
    for _ in range(4):
        await desk.tell(cast.officer)
    await desk.plan()
    assert [len(one.messages) for one in claimed] == [1]
    counts = await rows("SELECT delivery, COUNT(*) AS many FROM delivery_item GROUP BY delivery ORDER BY many")
    assert [one["many"] for one in counts] == [1, 4]
