"""News is fetched by one process at a time, or brought by Telegram; each piece is dealt with once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest

from server.app import create_app
from server.notify.links import state_data
from server.notify.telegram.commands import Listen
from server.notify.telegram.listen import Listener
from server.notify.telegram.pages import HEADER
from server.storage.door import carry_out
from server.storage.engine import row, rows
from server.words import say
from tests.notify.telegram.office import OFFICER, Room, addresses, pct
from tests.notify.telegram.service import TOKEN
from tests.office import CAST
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio

SECRET_WORD = "a-secret_that_Telegram_repeats"


@asynccontextmanager
async def listening(*listeners: Listener):
    """These listen meanwhile, each as a process of its own would."""
    stop = asyncio.Event()
    tasks = [asyncio.ensure_future(one.run(stop)) for one in listeners]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)


class Counted(Listener):
    """How often it has had its turn."""

    turns = 0

    async def _turn(self, stop: asyncio.Event) -> float:
        pause = await super()._turn(stop)
        self.turns += 1
        return pause


def listener(room: Room, **more: float) -> Counted:
    return Counted(room.bot, **{"poll": 0.0, "pause": 0.02, **more})


async def until(true: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while True:
            found = true()
            if (await found) if not isinstance(found, bool) else found:
                return
            await asyncio.sleep(0.01)


async def place() -> int:
    found = await row("SELECT data FROM channel_state WHERE channel = 'telegram'")
    return int(msgspec.json.decode(found["data"]).get("place", {}).get("last", 0)) if found else 0


async def test_two_processes_deal_with_each_update_once_and_confirm_it(engine, room: Room, telegram):
    await room.turn_on()
    telegram.webhook = {"url": "https://elsewhere.example"}
    telegram.updates = [room.written(f"/start {await room.code()}"), *(room.written("chào") for _ in range(5))]
    last = room.number

    async def read() -> bool:
        return await place() == last

    async with listening(listener(room), listener(room)):
        await until(read)
        await until(lambda: telegram.updates == [])
    assert sorted(telegram.texts(OFFICER)) == sorted(
        [say("notify.telegram.chat.tied", name="Trần Bảo Kha"), *[say("notify.telegram.chat.help")] * 5]
    )
    assert telegram.webhook is None, "a webhook that somebody left behind would keep the news from us"
    assert (await state_data("telegram"))["bot"] == "@SoViecBot"
    assert telegram.asked("getUpdates")[0]["allowed_updates"] == ["message", "callback_query", "my_chat_member"]


async def test_it_asks_nothing_abroad_while_the_channel_is_off(office, room: Room, telegram):
    async with listening(one := listener(room)):
        await until(lambda: one.turns > 2)
        assert telegram.calls == []
        await room.turn_on()
        await until(lambda: bool(telegram.asked("getUpdates")))


@pytest.mark.parametrize("jump", [{"seconds": 91}, {"hours": -3}], ids=["time_passes", "clock_set_back"])
async def test_another_takes_over_when_the_listener_falls_silent(office, room: Room, telegram, clock, jump):
    await room.turn_on()
    await carry_out(Listen(holder="dead", seconds=90), actor=None, now=clock(), source="job")
    telegram.updates = [room.written("chào")]
    async with listening(one := listener(room)):
        await until(lambda: one.turns > 2)
        assert telegram.asked("getUpdates") == []
        clock.later(**jump)
        await until(lambda: telegram.texts(OFFICER) == [say("notify.telegram.chat.help")])


async def test_a_listener_that_died_after_the_deed_and_before_its_note_leaves_no_second_report(office, room: Room, telegram, desk: Desk):
    await room.link()
    task = await desk.task()
    press = room.pressed(pct(75, await room.letter_about(task)))
    await room.hear(press)
    await rows("UPDATE channel_state SET data = '{}'")
    telegram.updates = [press]
    async with listening(listener(room)):
        await until(lambda: len(telegram.asked("answerCallbackQuery")) == 2)
        await until(lambda: telegram.updates == [])
    assert len(await rows("SELECT id FROM report WHERE task = $1", task)) == 1


async def test_what_can_t_be_read_or_dealt_with_does_not_stop_the_rest(office, room: Room, telegram, monkeypatch, caplog):
    await room.turn_on()
    broken = room.update(message={"message_id": "no number", "chat": {}})
    poison, fine = room.written("/viec"), room.written("chào")

    async def fails(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("server.notify.telegram.chat._tasks", fails)
    telegram.updates = [broken, poison, fine]
    telegram.fail("getUpdates", 500, "Internal Server Error")
    telegram.fail("getUpdates", trick="garbage")
    async with listening(listener(room)):
        await until(lambda: telegram.texts(OFFICER) == [say("notify.telegram.chat.help")])
        await until(lambda: telegram.updates == [])
    assert f"update {broken['update_id']} can't be read" in caplog.text
    assert f"update {poison['update_id']} is left aside after 3 tries" in caplog.text
    assert TOKEN not in caplog.text


async def test_a_place_that_is_days_old_is_not_used_since_the_numbers_may_have_begun_anew(office, room: Room, telegram, clock):
    await room.turn_on()
    await room.hear(room.written("chào"))
    clock.later(days=8)
    telegram.updates = [{**room.written("chào"), "update_id": 17}]
    async with listening(listener(room)):
        await until(lambda: len(telegram.texts(OFFICER)) == 2)


async def test_a_token_that_is_refused_is_said_to_the_administrator_until_it_is_right(office, room: Room, telegram):
    await room.turn_on()
    telegram.fail("getMe", 401, "Unauthorized")
    noted = [""]

    async def noting(what: str) -> bool:
        noted.append(str((await state_data("telegram")).get("trouble", "")))
        return noted[-1] == what

    one = listener(room)
    one._longer = lambda asked: 0.02  # type: ignore[method-assign]
    async with listening(one):
        await until(lambda: noting("notify.telegram.bad_token"))
        await until(lambda: noting(""))


async def test_with_a_secret_it_tells_telegram_where_to_call(office, room: Room, telegram):
    await room.turn_on()
    room.bot.settings = msgspec.structs.replace(room.bot.settings, telegram_webhook_secret=SECRET_WORD)
    async with listening(listener(room, lease=0.3)):
        await until(lambda: telegram.webhook is not None)
    assert telegram.webhook == {
        "url": "https://soviec.bacninh.example/hooks/telegram",
        "secret_token": SECRET_WORD,
        "allowed_updates": ["message", "callback_query", "my_chat_member"],
        "max_connections": 1,
    }
    assert telegram.asked("getUpdates") == []


async def test_the_address_that_telegram_calls_wants_the_secret_and_takes_what_is_broken(
    sqlite_url, bot_settings, telegram, clock, room: Room, caplog
):
    caplog.set_level(logging.INFO)
    settings = msgspec.structs.replace(bot_settings, database_url=sqlite_url, telegram_webhook_secret=SECRET_WORD)
    app = create_app(settings, clock=clock)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("192.0.2.7", 4711))  # type: ignore[arg-type]
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://soviec.test") as client:
        await room.turn_on()
        update = room.written(f"/start {await room.code(CAST.officer)}")
        for guess in (b"", b"guess", "đoán".encode()):
            assert (await client.post("/hooks/telegram", json=update, headers=[(HEADER.encode(), guess)])).status_code == 403
        assert (await client.post("/hooks/telegram", json=update)).status_code == 403
        assert "a call with a wrong secret from 192.0.2.7" in caplog.text
        assert await addresses() == [] and telegram.calls == []

        known = {HEADER: SECRET_WORD}
        for broken in (b"{", b"", b"[1]", b'{"update_id": 5, "message": 7}', b"\xff\xfe"):
            assert (await client.post("/hooks/telegram", content=broken, headers=known)).status_code == 200
        answers = await asyncio.gather(*(client.post("/hooks/telegram", json=update, headers=known) for _ in range(3)))
        assert [one.status_code for one in answers] == [200, 200, 200]
        assert [one["person"] for one in await addresses()] == [CAST.officer]
        assert (await client.post("/hooks/telegram", json=update, headers=known)).status_code == 200
        assert set(telegram.texts(OFFICER)) == {say("notify.telegram.chat.tied", name="Trần Bảo Kha")}


async def test_nobody_is_called_in_where_no_secret_is_set(visit):
    client = await visit()
    assert (await client.post("/hooks/telegram", json={}, headers={HEADER: ""})).status_code == 404
