"""From messages to letters: each once, to whom and when."""

import asyncio

import pytest

from server.notify.channels import Channel
from server.notify.commands.preferences import SetPreferences
from server.notify.relay import Relay
from server.notify.rules.quiet import Quiet
from server.people.commands import DisablePerson
from server.storage.door import carry_out
from server.storage.engine import row, rows
from tests.notify.desk import Desk
from tests.notify.stub import Stub

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(engine, clock):
    return Desk(clock)


async def channels_of(message: str) -> list[str]:
    found = await rows(
        "SELECT d.channel FROM delivery d JOIN delivery_item i ON i.delivery = d.id WHERE i.message = $1 ORDER BY d.channel", message
    )
    return [one["channel"] for one in found]


async def test_a_message_goes_to_every_address_on_a_channel_that_is_on(desk, cast):
    await desk.turn_on("telegram", "webpush")
    for channel in ("telegram", "webpush", "webpush", "zalo"):
        await desk.address(cast.officer, channel)
    await desk.address(cast.head, "telegram")
    message = await desk.tell(cast.officer)
    await desk.plan()
    assert await channels_of(message) == ["telegram", "webpush", "webpush"]


async def test_it_is_planned_once_however_many_plan(desk, cast):
    await desk.turn_on("telegram")
    await desk.address(cast.officer)
    for number in range(9):
        await desk.tell(cast.officer, subject=str(number))
    await asyncio.gather(*(desk.plan(most=2) for _ in range(12)))
    await desk.plan()
    items = await rows("SELECT message FROM delivery_item")
    assert len(items) == len({one["message"] for one in items}) == 9
    assert (await desk.plan())["planned"] == 0


async def test_what_a_person_chose_holds_and_a_digest_says_the_rest(desk, cast):
    await desk.turn_on("telegram", "zalo", "email")
    for channel in ("telegram", "zalo", "email"):
        await desk.address(cast.officer, channel)
    await desk.choose(cast.officer, {"assigned": {"telegram": "off", "zalo": "digest"}})
    message, change = await desk.tell(cast.officer), await desk.tell(cast.officer, "task.status")
    await desk.plan()
    assert (await channels_of(message), await channels_of(change)) == (["email"], [])


async def test_who_was_read_replaced_or_has_left_is_told_nothing(desk, cast, clock):
    await desk.turn_on("telegram")
    for person in (cast.officer, cast.head, cast.colleague):
        await desk.address(person)
    await carry_out(DisablePerson(person=cast.colleague), actor=None, now=clock(), source="cli")
    told = [
        await desk.tell(cast.officer, read_at=clock()),
        await desk.tell(cast.head, replaced_at=clock()),
        await desk.tell(cast.colleague),
    ]
    await desk.plan()
    assert [await channels_of(one) for one in told] == [[], [], []]
    assert await row("SELECT id FROM outbox WHERE planned_at IS NULL") is None


async def test_a_person_without_a_channel_has_the_inbox(desk, cast):
    await desk.turn_on("telegram")
    message = await desk.tell(cast.officer)
    assert (await desk.plan())["letters"] == 0
    assert await row("SELECT id FROM outbox WHERE id = $1 AND planned_at IS NOT NULL", message)


async def test_own_quiet_hours_come_before_those_of_the_setting(desk, cast, clock):
    # It is 08:15 by the office's clock.
    desk.quiet = Quiet(0, 9 * 60)
    await desk.turn_on("telegram")
    for person in (cast.officer, cast.head, cast.colleague):
        await desk.address(person)
    await desk.choose(cast.head, {})
    await desk.choose(cast.colleague, {}, Quiet(8 * 60, 10 * 60))
    for person in (cast.officer, cast.head, cast.colleague):
        await desk.tell(person)
    await desk.plan()
    waits = {one["person"]: (one["next_at"] - clock()).total_seconds() / 60 for one in await desk.deliveries()}
    assert waits == {cast.officer: 45, cast.head: 0, cast.colleague: 105}


async def test_a_rooms_message_goes_to_its_group(desk, cast):
    await desk.turn_on("telegram")
    await desk.address(cast.cntt, unit=True)
    message = await desk.tell(cast.cntt, "digest.room")
    await desk.plan()
    assert await channels_of(message) == ["telegram"]
    [letter] = await desk.claim()
    assert (letter.to.unit, letter.to.person) == (cast.cntt, None)


async def test_a_message_that_cannot_be_planned_holds_up_no_other(desk, cast, clock, caplog):
    await desk.turn_on("telegram")
    address = await desk.address(cast.officer)
    await desk.tell(cast.officer, subject="before")
    # No identifier of ours: what is derived from it can't be made.
    await desk.tell(cast.officer, name="xấu")
    after = await desk.tell(cast.officer, subject="after")
    stub: Channel = Stub("telegram")
    relay = Relay({"telegram": stub}, {"telegram": stub}, None, clock)
    for _ in range(3):
        await relay.look()
    assert await channels_of(after) == ["telegram"]
    assert {one["address"] for one in await desk.deliveries()} == {address}
    assert [one["id"] for one in await rows("SELECT id FROM outbox WHERE planned_at IS NULL")] == ["xấu"]
    assert "xấu" in caplog.text


async def test_who_changes_his_quiet_hours_changes_when_what_waits_is_sent(desk, cast, clock):
    desk.quiet = Quiet(0, 12 * 60)
    letter, other = await desk.letter(cast.officer), await desk.letter(cast.head)
    assert await desk.ring() == []
    await carry_out(SetPreferences(choices={}), actor=cast.officer, now=clock(), source="page")
    assert await desk.ring() == [letter], "he is told now, and nobody else is"
    assert (await desk.delivery(other))["state"] == "waiting"
