"""Letters reach a chat, or it is known why they do not."""

import logging
from typing import Any

import msgspec
import pytest

from server.notify.channels import Button, TransportError
from server.notify.telegram import layout, make
from server.notify.telegram.api import BotApi
from server.notify.telegram.channel import Telegram
from server.settings import Settings
from tests.notify.telegram.office import GROUP, OFFICER, Room, addresses, letter, to
from tests.notify.telegram.service import TOKEN
from tests.office import CAST

pytestmark = pytest.mark.anyio

FAMILY = "👩‍👩‍👧‍👦"


async def test_it_carries_a_letter_with_its_buttons_and_shows_markup_as_text(bot, telegram):
    given = letter(title="Việc mới: 26-014 <b>Rà soát</b> & 🚀", lines=["Người giao: <Sang>", "Hạn: thứ Ba, 24/11"])
    sent = await bot.send(to(), given)
    assert sent.ref == "1"
    assert telegram.texts(OFFICER) == ["Việc mới: 26-014 <b>Rà soát</b> & 🚀\nNgười giao: <Sang>\nHạn: thứ Ba, 24/11"]
    assert telegram.delivered[0]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Đã nhận", "callback_data": f"seen:{given.id}"}, {"text": "Báo tiến độ", "callback_data": f"ask:{given.id}"}],
        [{"text": "Xem", "url": "https://soviec.bacninh.example/tasks/26-014"}],
    ]


@pytest.mark.parametrize("public_url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://soviec", ""])
async def test_a_link_that_telegram_refuses_behind_a_button_stands_in_the_text(bot, telegram, bot_settings, public_url):
    bot.settings = msgspec.structs.replace(bot_settings, public_url=public_url)
    await bot.send(to(), letter(buttons=[Button("open", "Xem")]))
    expected = f"\n{public_url}/tasks/26-014" if public_url else ""
    assert telegram.texts() == [f"Việc mới: 26-014 Rà soát{expected}"]
    assert "reply_markup" not in telegram.delivered[0]


async def test_a_button_or_markup_that_is_refused_all_the_same_does_not_cost_the_letter(bot, telegram):
    telegram.fail("sendMessage", 400, "Bad Request: inline keyboard button URL 'https://…' is invalid: Wrong HTTP URL")
    telegram.fail("sendMessage", 400, "Bad Request: can't parse entities: unexpected end of tag")
    await bot.send(to(), letter(title="A < B"))
    assert telegram.texts() == ["A < B\nhttps://soviec.bacninh.example/tasks/26-014"]
    assert "parse_mode" not in telegram.delivered[0]


@pytest.mark.parametrize(
    ("title", "lines"),
    [("<" * 5000, ["& " * 3000]), (FAMILY * 1000, [FAMILY * 1000]), ("🇻🇳" * 3000, []), ("ề" * 9000, ["\x00\ud800 kết"])],
    ids=["markup", "families", "flags", "marks"],
)
async def test_what_is_too_long_is_cut_between_characters(bot, telegram, title, lines):
    await bot.send(to(), letter(title=title, lines=lines))
    (shown,) = telegram.texts()
    first = shown.split("\n")[0]
    whole = next(one for one in (FAMILY, "🇻🇳", "ề", "<") if one in title)
    assert first.endswith("…") and first.removesuffix("…").replace(whole, "") == ""


@pytest.mark.parametrize(
    ("status", "description", "parameters", "expected"),
    [
        (429, "Too Many Requests: retry after 7", {"retry_after": 7}, {"retry_after": 7, "whole_channel": True}),
        (502, "Bad Gateway", {}, {"permanent": False, "unknown": False}),
        (409, "Conflict", {}, {"permanent": False}),
        (401, "Unauthorized", {}, {"why": "notify.telegram.bad_token", "permanent": False, "whole_channel": True}),
        (403, "Forbidden: bot was blocked by the user", {}, {"permanent": True, "address_ended": "blocked"}),
        (403, "Forbidden: user is deactivated", {}, {"permanent": True, "address_ended": "revoked"}),
        (400, "Bad Request: chat not found", {}, {"permanent": True, "address_ended": "revoked"}),
        (400, "Bad Request: not enough rights to send text messages to the chat", {}, {"permanent": True, "address_ended": ""}),
    ],
    ids=["patience", "5xx", "conflict", "token", "blocked", "deactivated", "no_chat", "muted"],
)
async def test_each_refusal_means_what_the_documentation_says(bot, telegram, status, description, parameters, expected):
    telegram.fail("sendMessage", status, description, **parameters)
    with pytest.raises(TransportError) as caught:
        await bot.send(to(), letter())
    assert {name: getattr(caught.value, name) for name in expected} == expected
    assert telegram.texts() == []


async def test_patience_asked_for_in_a_group_is_the_group_s_alone(bot, telegram):
    telegram.fail("sendMessage", 429, "Too Many Requests: retry after 31", retry_after=31)
    with pytest.raises(TransportError) as caught:
        await bot.send(to(GROUP), letter())
    assert (caught.value.retry_after, caught.value.whole_channel) == (31, False)


@pytest.mark.parametrize("trick", ["silent", "done_then_hang_up", "garbage"])
async def test_an_answer_that_is_lost_may_hide_a_letter_that_arrived(bot, telegram, trick):
    telegram.fail("sendMessage", trick=trick)
    with pytest.raises(TransportError) as caught:
        await bot.send(to(), letter())
    assert (caught.value.unknown, caught.value.permanent) == (True, False)
    assert len(telegram.texts()) == (0 if trick == "silent" else 1)


async def test_nobody_at_the_door_means_that_nothing_left(bot_settings, clock):
    nowhere = Telegram(bot_settings, clock, BotApi("http://127.0.0.1:9", TOKEN))
    with pytest.raises(TransportError) as caught:
        await nowhere.send(to(), letter())
    await nowhere.close()
    assert (caught.value.why, caught.value.unknown, caught.value.permanent) == ("notify.telegram.no_connection", False, False)


async def test_a_group_that_became_a_supergroup_is_followed(office, room: Room, telegram):
    await room.turn_on()
    code = await room.code(CAST.head, CAST.cntt)
    await room.hear(room.written(f"/phong {code}", chat=GROUP))
    telegram.moved[GROUP] = -1009999
    await room.bot.send(to(GROUP), letter(buttons=[]))
    assert len(telegram.texts(-1009999)) == 1
    assert [(one["address"], one["state"]) for one in await addresses()] == [("-1009999", "active")]


async def test_the_token_stands_in_no_log_and_no_exception(bot, telegram, caplog):
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    for fault in ({"status": 500, "description": f"bot{TOKEN} failed"}, {"trick": "silent"}, {"status": 404, "description": "Not Found"}):
        telegram.fail("sendMessage", **fault)
        with pytest.raises(TransportError) as caught:
            await bot.send(to(), letter())
        assert TOKEN not in f"{caught.value!r} {caught.value.detail}" and caught.value.__cause__ is None
    await bot.check()
    assert "/bot***/getMe" in caplog.text, "the library logs its addresses: this would see the token"
    assert TOKEN not in caplog.text


async def test_it_says_whom_the_service_takes_us_for_and_is_not_there_without_a_token(bot):
    assert await bot.check() == "@SoViecBot"
    assert make(Settings()) is None


async def test_the_documented_limits_count_against_the_bot_the_chat_and_the_group(bot):
    def said(chat: int) -> list[tuple[Any, ...]]:
        return [(one.key, one.count, one.seconds) for one in bot.limits(to(chat))]

    assert said(OFFICER) == [("telegram", 30, 1.0), ("telegram:chat:501", 1, 1.0)]
    assert said(GROUP)[2] == ("telegram:chat:-1001:minute", 20, 60.0)


def test_what_a_button_calls_back_with_fits():
    shown = layout.keyboard(letter(), "", button=False)
    assert shown is not None
    keys = layout.with_percents(layout.with_percents(shown, letter().id), letter().id).inline_keyboard
    assert [one.text for one in keys[-1]] == ["25 %", "50 %", "75 %", "100 %"] and len(keys) == 2
    assert all(len(one.callback_data.encode()) <= 64 for line in keys for one in line)
