"""The Zalo bot: letters, long polling, the webhook, and a token that stands in no log."""

import asyncio
import contextlib
import logging

import pytest

from server.notify.channels import TransportError
from server.notify.commands.channels import TurnChannel
from server.notify.links import offer
from server.notify.zalo import make
from server.notify.zalo.bot import Bot
from server.storage.door import carry_out
from server.storage.engine import rows
from tests.notify.zalo.conftest import SITE, TO, installed, letter
from tests.notify.zalo.service import BOT_TOKEN
from tests.office import CAST

pytestmark = pytest.mark.anyio


@pytest.fixture
async def bot(zalo, tmp_path, clock, office):
    made = make(installed(zalo, tmp_path, zalo_kind="bot", zalo_oa_secret=""), clock)
    assert isinstance(made, Bot)
    await carry_out(TurnChannel(channel="zalo", on=True), actor=CAST.admin, now=clock(), source="page")
    await made.open()
    yield made
    await made.close()


@contextlib.asynccontextmanager
async def listening(bot):
    stop = asyncio.Event()
    task = asyncio.create_task(bot.listen(stop))
    yield
    stop.set()
    await asyncio.wait_for(task, 5)


async def until(true):
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_letter_ends_in_its_link(bot, zalo):
    assert (await bot.send(TO, letter())).ref == "b1"
    assert zalo.texts() == [f"Việc mới: 26-014 Rà soát\nHạn 30/11\n{SITE}/tasks/26-014"]
    assert await bot.check() == "Bot “bot.SoViec”"


@pytest.mark.parametrize(
    ("fault", "why", "permanent"),
    [
        pytest.param(403, "unfollowed", True, id="blocked"),
        pytest.param(429, "rate", False, id="429"),
        pytest.param(400, "refused", True, id="400"),
        pytest.param(502, "busy", False, id="502"),
        pytest.param("hang up", "no_answer", False, id="answer lost"),
    ],
)
async def test_each_answer_makes_of_the_letter_what_it_says(bot, zalo, fault, why, permanent):
    zalo.fail("sendMessage", fault)
    with pytest.raises(TransportError) as no:
        await bot.send(TO, letter())
    assert (no.value.why, no.value.permanent) == (f"notify.zalo.{why}", permanent)
    assert no.value.unknown == (fault == "hang up")


async def test_it_asks_for_news_and_ties_a_chat_by_its_code(bot, zalo, clock):
    code = (await offer("zalo", actor=CAST.officer, now=clock())).code
    chat = {"id": "e4ea2cd5", "chat_type": "PRIVATE"}
    message = {"chat": chat, "from": {"id": "e4ea2cd5", "display_name": "Kha"}, "text": code, "message_id": "16f6", "date": 1766619597466}
    zalo.fail("getUpdates", 502, "hang up")
    async with listening(bot):
        await until(lambda: zalo.names().count("getUpdates") > 3)
        zalo.updates.extend([{"event_name": "message.sticker.received", "message": {"chat": chat}}, {"message": message}])
        await until(lambda: zalo.texts())
    assert zalo.names()[0] == "deleteWebhook"
    assert "Trần Bảo Kha" in zalo.texts()[0]
    assert [one["label"] for one in await rows("SELECT label FROM address WHERE person = $1", CAST.officer)] == ["Kha"]


async def test_of_many_workers_one_asks_for_news(bot, zalo, tmp_path, clock):
    other = Bot(installed(zalo, tmp_path, zalo_kind="bot", zalo_oa_secret=""), clock)
    await other.open()
    async with listening(bot):
        await until(lambda: "getUpdates" in zalo.names())
        assert not await other._mine()
    assert await other._mine(), "who ends makes room at once"
    assert not await bot._mine()
    clock.later(seconds=91)
    assert await bot._mine(), "and who died, after a while"
    await other.close()


async def test_with_a_secret_it_names_its_webhook_and_asks_for_nothing(zalo, tmp_path, clock, bot):
    hooked = Bot(installed(zalo, tmp_path, zalo_kind="bot", zalo_oa_secret="s3cret-of-the-hook"), clock)
    await hooked.open()
    async with listening(hooked):
        await until(lambda: zalo.asked)
        await asyncio.sleep(0.05)
    await hooked.close()
    assert zalo.asked == [("setWebhook", {"url": f"{SITE}/hooks/zalo", "secret_token": "s3cret-of-the-hook"})]


async def test_the_token_is_in_no_log_and_no_error(bot, zalo, tmp_path, clock, caplog):
    caplog.set_level(logging.DEBUG)
    zalo.fail("sendMessage", "hang up", 401)
    said = [repr(bot)]
    for _ in range(2):
        with pytest.raises(TransportError) as no:
            await bot.send(TO, letter())
        said.append(repr(no.value) + no.value.detail)
    assert no.value.why == "notify.zalo.bot_token"
    assert BOT_TOKEN not in caplog.text + "".join(said)
