"""Zalo calls in: a code ties a chat, who stops following hears no more, and nobody else is listened to."""

import hashlib
import json
import logging

import pytest

from server.notify.commands.channels import TurnChannel
from server.notify.links import offer
from server.storage.door import carry_out
from server.storage.engine import row, rows
from tests.notify.zalo.conftest import installed
from tests.notify.zalo.service import APP, OA_SECRET
from tests.office import CAST

pytestmark = pytest.mark.anyio

USER = "5510185758261927916"


@pytest.fixture
def kind():
    return "oa"


@pytest.fixture
def settings(zalo, sqlite_url, tmp_path, kind):
    return installed(zalo, tmp_path, database_url=sqlite_url, zalo_kind=kind)


@pytest.fixture
async def hook(visit, clock):
    """``await hook(event)``: what Zalo would send, signed as it signs."""
    await carry_out(TurnChannel(channel="zalo", on=True), actor=CAST.admin, now=clock(), source="page")
    client = await visit()

    async def call(event, secret=OA_SECRET, raw=None, stamp="1717061839659", **headers):
        body = raw if raw is not None else json.dumps({"app_id": APP, "timestamp": stamp, **event}).encode()
        mac = hashlib.sha256(APP.encode() + body + stamp.encode() + secret.encode()).hexdigest()
        answer = await client.post("/hooks/zalo", content=body, headers={"X-ZEvent-Signature": f"mac={mac}", **headers})
        return answer.status_code

    return call


def wrote(text, user=USER, number="m1"):
    return {
        "event_name": "user_send_text",
        "sender": {"id": user},
        "recipient": {"id": "4318"},
        "message": {"text": text, "msg_id": number},
    }


async def code(clock, person=CAST.officer):
    return (await offer("zalo", actor=person, now=clock())).code


async def chats(person=CAST.officer):
    found = await rows("SELECT address, state FROM address WHERE channel = 'zalo' AND person = $1 ORDER BY since", person)
    return [(one["address"], one["state"]) for one in found]


async def test_a_code_ties_the_chat_and_the_answer_says_whose_it_is_now(hook, zalo, clock):
    text = (await code(clock)).lower()
    assert await hook(wrote(f" {text[:4]} {text[4:]} ")) == 200
    assert await chats() == [(USER, "active")]
    assert zalo.texts() == ["Đã liên kết. Từ nay cuộc trò chuyện này nhận thông báo Sổ Việc của Trần Bảo Kha."]
    # Zalo says it again, and then somebody else types the same code.
    await hook(wrote(f" {text[:4]} {text[4:]} "))
    assert zalo.texts()[1] == zalo.texts()[0]
    await hook(wrote(text, user="77", number="m2"))
    assert "đã được dùng" in zalo.texts()[2]
    assert await chats() == [(USER, "active")]


async def test_other_texts_and_events_are_left_alone(hook, zalo):
    for event in (
        wrote("Xin chào, thủ tục cấp lại giấy khai sinh cần gì?"),
        {"event_name": "user_send_image", "sender": {"id": USER}},
        {"event_name": "user_send_text", "sender": "nobody", "message": ["x"]},
        {"event_name": ["follow"]},
        wrote(""),
    ):
        assert await hook(event) == 200
    assert zalo.asked == []


async def test_a_forged_call_is_refused_and_logged_without_its_secret(hook, zalo, clock, caplog):
    caplog.set_level(logging.WARNING)
    text = await code(clock)
    assert await hook(wrote(text), secret="guessed") == 403
    assert await hook(wrote(text), **{"X-ZEvent-Signature": ""}) == 403
    assert await hook(wrote(text), stamp="", **{"X-ZEvent-Signature": "mac=đ".encode()}) == 403
    assert (await chats(), zalo.asked) == ([], [])
    assert [record.message for record in caplog.records if "wrong signature" in record.message]
    assert OA_SECRET not in caplog.text and text not in caplog.text


async def test_a_broken_body_is_refused_and_the_consoles_probe_is_not(hook, visit):
    for raw in (b"", b"[]", b"{", b"\xff\xfe", b'"x"'):
        assert await hook({}, raw=raw) == 400
    assert (await (await visit()).post("/hooks/zalo", content=b"{}")).status_code == 200
    assert await hook({}, raw=b"x" * 300_000) == 413


async def test_who_stops_following_is_put_out_of_use_and_comes_back_by_following(hook, clock):
    await hook(wrote(await code(clock)))
    clock.later(minutes=1)
    assert await hook({"event_name": "unfollow", "follower": {"id": USER}}) == 200
    assert await chats() == [(USER, "blocked")]
    told = await row("SELECT data FROM outbox WHERE kind = 'notify.linked' AND person = $1 ORDER BY at DESC LIMIT 1", CAST.officer)
    assert told is not None and "bỏ quan tâm" in told["data"]
    clock.later(minutes=1)
    assert await hook({"event_name": "follow", "follower": {"id": USER}}) == 200
    assert await chats() == [(USER, "active")]


async def test_while_the_channel_is_off_nobody_is_heard(hook, zalo, clock):
    text = await code(clock)
    await carry_out(TurnChannel(channel="zalo", on=False), actor=CAST.admin, now=clock(), source="page")
    assert await hook(wrote(text)) == 200
    assert (await chats(), zalo.asked) == ([], [])


@pytest.mark.parametrize("kind", ["bot"])
async def test_a_bots_update_is_believed_by_its_secret_alone(hook, zalo, clock):
    text = await code(clock)
    message = {
        "chat": {"id": "e4ea", "chat_type": "PRIVATE"},
        "from": {"id": "e4ea", "display_name": "Kha"},
        "text": text,
        "message_id": "1",
    }
    update = {"ok": True, "result": {"event_name": "message.text.received", "message": message}}
    assert await hook(update) == 403, "a signature of the other kind proves nothing"
    assert await hook(update, **{"X-Bot-Api-Secret-Token": "guessed"}) == 403
    assert await hook(update, **{"X-Bot-Api-Secret-Token": OA_SECRET}) == 200
    assert await chats() == [("e4ea", "active")]
    assert "Trần Bảo Kha" in zalo.texts()[0]
