"""A worker and its queue, in this process: letters arrive, once, in good order and out of it."""

import asyncio

import pytest

from server.notify.channels import Limit
from server.storage.engine import row, rows
from server.storage.ids import utc_now
from tests.notify.conftest import until
from tests.notify.desk import Desk
from tests.notify.stub import Stub, answer_lost, refused_for_now
from tests.office import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(engine, cast):
    """On the real clock: the queue has no other."""
    made = Desk(Clock(utc_now()))
    await made.turn_on("telegram", "zalo")
    return made


async def states() -> list[str]:
    return [one["state"] for one in await rows("SELECT state FROM delivery ORDER BY made_at, id")]


async def settled(count: int) -> bool:
    found = await states()
    return len(found) >= count and not {"waiting", "sending"} & set(found)


async def test_two_workers_carry_each_letter_once(desk, cast, valkey, working):
    one, other = Stub(), Stub()
    for person in (cast.officer, cast.head, cast.colleague, cast.director):
        for number in range(12):
            await desk.address(person, name=f"{person}:{number}")
    async with working(valkey.url, one), working(valkey.url, other):
        for person in (cast.officer, cast.head, cast.colleague, cast.director):
            await desk.tell(person)
        await until(lambda: settled(48))
    sent = [letter.id for _, letter in one.given + other.given]
    assert len(sent) == len(set(sent)) == 48
    assert set(await states()) == {"sent"}


async def test_a_refusal_and_a_lost_answer_come_to_the_right_end(desk, cast, valkey, working):
    refused = Stub("telegram", [refused_for_now(0.2)])
    fault = Stub("zalo", [RuntimeError("a fault of ours"), answer_lost()])
    await desk.address(cast.officer)
    await desk.address(cast.head, "zalo")
    async with working(valkey.url, refused, fault, chance=lambda: 0.0):
        for person in (cast.officer, cast.head):
            await desk.tell(person)
        await until(lambda: len(refused.given) == 2 and len(fault.given) == 1)
        await until(lambda: _state("telegram", "sent"))
    lost = await row("SELECT state, unknowns, why FROM delivery WHERE channel = 'zalo'")
    assert lost == {"state": "waiting", "unknowns": 1, "why": "sending.why.fault"}


async def _state(channel: str, state: str) -> bool:
    found = await row("SELECT state FROM delivery WHERE channel = $1", channel)
    return found is not None and found["state"] == state


async def test_a_slow_channel_holds_up_no_other(desk, cast, valkey, working):
    slow, quick = Stub("telegram"), Stub("zalo")
    slow.gate = asyncio.Event()
    for number in range(80):
        await desk.address(cast.officer, "telegram", name=str(number))
    await desk.address(cast.officer, "zalo")
    async with working(valkey.url, slow, quick):
        await desk.tell(cast.officer)
        await until(lambda: len(slow.given) >= 64)
        await desk.tell(cast.officer, "task.returned")
        await until(lambda: len(quick.given) == 2)
        assert len(slow.given) == 64
        slow.gate.set()
        await until(lambda: settled(162))


async def test_what_a_service_does_not_take_now_is_put_back_and_not_counted_as_tried(desk, cast, valkey, working):
    limited = Stub(limits=lambda _: [Limit("telegram", 3, 3600.0)])
    for number in range(5):
        await desk.address(cast.officer, name=str(number))
    async with working(valkey.url, limited):
        await desk.tell(cast.officer)
        await until(lambda: _ended(3))
        await until(lambda: _put_back(2))
    assert len(limited.given) == 3
    assert [one["attempts"] for one in await desk.deliveries() if one["state"] == "waiting"] == [0, 0]


async def _ended(count: int) -> bool:
    return (await states()).count("sent") == count


async def _put_back(count: int) -> bool:
    return len(await rows("SELECT id FROM delivery WHERE state = 'waiting' AND queued_at IS NULL AND next_at > $1", utc_now())) == count


async def test_a_worker_that_is_told_to_stop_writes_what_came_of_its_letters(desk, cast, valkey, working):
    stub = Stub()
    stub.gate = asyncio.Event()
    await desk.address(cast.officer)
    async with working(valkey.url, stub) as worker:
        await desk.tell(cast.officer)
        await stub.reached.wait()
        worker.stop.set()
        await asyncio.sleep(0.1)
        stub.gate.set()
    assert await states() == ["sent"] and stub.opened == 0


async def test_messages_are_carried_when_a_channel_opens_late(desk, cast, valkey, working):
    late = Stub()
    tries = []

    async def open_late() -> None:
        tries.append(1)
        if len(tries) < 2:
            raise OSError("not yet")

    late.open = open_late  # type: ignore[method-assign]
    await desk.address(cast.officer)
    await desk.tell(cast.officer)
    async with working(valkey.url, late):
        await until(lambda: settled(1))
    assert len(late.given) == 1
