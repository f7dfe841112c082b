"""A chat belongs to whoever typed a code of his own, until he ends it."""

import hashlib
from datetime import timedelta

import pytest

from server.errors import Refusal
from server.notify.commands.link import RevokeAddress, UseLink
from server.notify.links import offer
from server.notify.rules import codes
from server.notify.telegram.commands import Introduce
from server.storage.door import carry_out
from server.storage.engine import row, rows
from server.words import say
from tests.notify.telegram.office import COLLEAGUE, GROUP, OFFICER, STRANGER, Room, addresses
from tests.office import CAST
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio


async def told(person: str) -> list[str]:
    return [
        one["data"] for one in await rows("SELECT data FROM outbox WHERE person = $1 AND kind = 'notify.linked' ORDER BY at, id", person)
    ]


async def test_a_code_ties_the_chat_and_its_owner_hears_of_it(engine, room: Room, clock):
    await room.turn_on()
    await carry_out(Introduce(username="SoViecBot"), actor=None, now=clock(), source="job")
    made = await offer("telegram", actor=CAST.officer, now=clock())
    assert (made.deep_link, made.bot) == (f"https://t.me/SoViecBot?start={made.code}", "@SoViecBot")
    assert made.expires - clock() == timedelta(minutes=15)
    kept = await row("SELECT * FROM link_code")
    assert kept is not None and kept["code_hash"] == hashlib.sha256(made.code.encode()).hexdigest()
    assert made.code not in str(kept)

    answer = await room.hear(room.written(f"/start {made.code.lower()}"))
    assert answer == say("notify.telegram.chat.tied", name="Trần Bảo Kha")
    assert await addresses() == [
        {"person": CAST.officer, "unit": None, "address": "501", "label": "@user501", "state": "active", "why": ""}
    ]
    assert "@user501" in (await told(CAST.officer))[0]


async def test_a_code_holds_once_and_for_a_quarter_of_an_hour(office, room: Room, clock):
    await room.turn_on()
    first = await room.code()
    await room.hear(room.written(first))
    assert await room.hear(room.written(f"/start {first}", STRANGER)) == say("notify.link.used")
    second = await room.code(CAST.colleague)
    clock.later(minutes=15)
    assert await room.hear(room.written(f"/start {second}", COLLEAGUE)) == say("notify.link.expired")
    third = await room.code(CAST.colleague)
    fourth = await room.code(CAST.colleague)
    assert await room.hear(room.written(f"/start {third}", COLLEAGUE)) == say("notify.link.expired"), "a newer one took its place"
    assert await room.hear(room.written(f"/start {fourth}", COLLEAGUE)) == say("notify.telegram.chat.tied", name="Nông Thị Quế Anh")
    assert {one["address"] for one in await addresses()} == {"501", "502"}


async def test_a_chat_that_is_tied_anew_moves_and_the_one_before_is_told(office, room: Room):
    await room.link(CAST.officer, OFFICER)
    await room.link(CAST.colleague, OFFICER)
    assert [(one["person"], one["state"], one["why"]) for one in await addresses()] == [
        (CAST.officer, "revoked", "notify.link.moved"),
        (CAST.colleague, "active", ""),
    ]
    assert "người khác" in (await told(CAST.officer))[-1]


async def test_a_person_has_one_chat_and_tying_the_same_again_changes_nothing(office, room: Room):
    await room.link(CAST.officer, OFFICER)
    await room.link(CAST.officer, OFFICER)
    assert len(await addresses()) == 1 and len(await told(CAST.officer)) == 1
    await room.link(CAST.officer, COLLEAGUE)
    assert [(one["address"], one["state"]) for one in await addresses()] == [("501", "revoked"), ("502", "active")]


async def test_guessing_is_braked_for_whoever_guesses_alone(office, room: Room, clock):
    await room.turn_on()
    code = await room.code()
    for _ in range(5):
        assert await room.hear(room.written("/start BCFGHJKM", STRANGER)) == say("notify.link.unknown")
    assert await room.hear(room.written(f"/start {code}", STRANGER)) == say("notify.link.too_many")
    assert await room.hear(room.written(f"/start {code}", OFFICER)) == say("notify.telegram.chat.tied", name="Trần Bảo Kha")
    clock.later(minutes=15)
    assert await room.hear(room.written("/start X", STRANGER)) == say("notify.link.unknown")


async def test_a_group_is_tied_by_who_leads_and_only_as_a_group(engine, room: Room, clock):
    await room.turn_on()
    for actor, unit in ((CAST.officer, CAST.cntt), (CAST.delegate, CAST.cntt), (CAST.deputy_head, CAST.cntt)):
        with pytest.raises(Refusal) as caught:
            await room.code(actor, unit)
        assert caught.value.key == "notify.link.not_your_unit"
    for actor in (CAST.director, CAST.admin):
        await room.code(actor, CAST.cntt)
    own, group = await room.code(CAST.head), await room.code(CAST.head, CAST.cntt)
    assert await room.hear(room.written(f"/phong {group}")) == say("notify.link.for_group")
    assert await room.hear(room.written(f"/phong {own}", chat=GROUP)) == say("notify.link.for_person")
    assert await room.hear(room.written(f"/phong {group}", chat=GROUP)) == say(
        "notify.telegram.chat.tied_group", name="Phòng Ứng dụng CNTT"
    )
    assert (await addresses())[0] | {"why": ""} == {
        "person": None, "unit": CAST.cntt, "address": str(GROUP), "label": "Nhóm <CNTT> 🚀", "state": "active", "why": ""
    }  # fmt: skip
    assert await room.hear(room.written("/stop", chat=GROUP)) == say("notify.telegram.chat.group_stranger")
    await room.hear(room.written(f"/start {await room.code()}"))
    assert await room.hear(room.written("/stop", chat=GROUP)) == say("notify.link.not_your_unit")


async def test_no_code_is_made_for_a_channel_that_is_off_nor_used_from_outside_a_chat(office, room: Room, clock):
    with pytest.raises(Refusal) as caught:
        await room.code()
    assert caught.value.key == "notify.link.channel_off"
    await room.turn_on()
    asked = UseLink(channel="telegram", code_hash=codes.hash_of(await room.code()), address="1")
    with pytest.raises(Refusal) as caught:
        await carry_out(asked, actor=CAST.officer, now=clock(), source="page")
    assert caught.value.key == "notify.link.only_chat"


async def test_stop_ends_it_and_nobody_ends_what_is_another_s(office, room: Room, clock):
    await room.link()
    (address,) = await rows("SELECT id FROM address")
    with pytest.raises(Refusal) as caught:
        await carry_out(RevokeAddress(address=address["id"]), actor=CAST.colleague, now=clock(), source="page")
    assert caught.value.code == "not_found"
    assert await room.hear(room.written("/stop")) == say("notify.telegram.chat.stopped")
    assert await room.hear(room.written("/stop")) == say("notify.telegram.chat.not_linked")
    assert (await addresses())[0]["state"] == "revoked"
    assert await room.hear(room.written("/start")) == say("notify.telegram.chat.hello"), "what its owner ended does not come back by itself"


async def test_who_blocked_the_bot_gets_it_back_by_letting_it_in(office, room: Room):
    await room.link()
    change = {"chat": {"id": OFFICER, "type": "private"}, "new_chat_member": {"status": "kicked"}}
    await room.hear(room.update(my_chat_member=change))
    assert [(one["state"], one["why"]) for one in await addresses()] == [("blocked", "notify.telegram.blocked")]
    assert await room.hear(room.written("/start")) == say("notify.telegram.chat.back", name="Trần Bảo Kha")
    assert [one["state"] for one in await addresses()] == ["active"]
    assert await room.hear(room.written("/start")) == say("notify.telegram.chat.hello_linked", name="Trần Bảo Kha")


async def test_viec_lists_one_s_own_open_tasks_and_never_in_a_group(office, room: Room, desk: Desk):
    await room.link()
    assert await room.hear(room.written("/viec")) == say("notify.telegram.chat.no_tasks")
    await desk.task(title="Rà soát <thủ tục> & phí", due="2026-11-25")
    await desk.task(title="Sổ tay không hạn", no_due="ongoing")
    await desk.task(lead=CAST.colleague, title="Của người khác")
    shown = await room.hear(room.written("/viec"))
    assert shown.split("\n") == [
        say("notify.telegram.chat.tasks"),
        "#26-001 Rà soát <thủ tục> & phí – 0 %, hạn 25/11/2026",
        "#26-002 Sổ tay không hạn – 0 %, không thời hạn",
        "https://soviec.bacninh.example/tasks?whose=mine",
    ]
    assert await room.hear(room.written("/viec@SoViecBot", chat=GROUP)) == "", "we do not know yet that this is our name"
    assert await room.hear(room.written("/viec", chat=GROUP)) == say("notify.telegram.chat.only_private")
    assert await room.hear(room.written("/viec", STRANGER)) == say("notify.telegram.chat.not_linked")


async def test_it_helps_in_private_and_keeps_out_of_what_a_group_says(office, room: Room):
    assert await room.hear(room.written("xin chào 🙂 <b>")) == say("notify.telegram.chat.help")
    assert await room.hear(room.written("xin chào", chat=GROUP)) == ""
    assert await room.hear(room.written("/start@other_bot", chat=GROUP)) == ""
    assert (
        await room.hear(room.update(message={"message_id": 1, "chat": {"id": 1}, "from": {"id": 9, "is_bot": True}, "text": "/viec"})) == ""
    )
