"""The stream behind a dashboard, and the screen on the wall: who hears, for how long, and what is on it."""

import asyncio
import html
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn
from litestar import Litestar

from server.cli.run import PATIENCE, Server
from server.people.commands import DisablePerson
from server.reports.dashboard import live, pages
from server.reports.dashboard.live import MOST, Pulse
from server.settings import Settings
from server.storage import transaction
from server.storage.door import carry_out
from server.storage.engine import row, rows
from server.web.replies import Notice, see_other
from tests.keys.ring import Ring
from tests.office import CAST, NOW, Clock, Visit, sign_in
from tests.postgres import free_port
from tests.reports.test_dashboard import month, tiles_in
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio


async def settle(condition: Callable[[], bool], seconds: float = 5) -> bool:
    for _ in range(int(seconds / 0.02)):
        if condition():
            return True
        await asyncio.sleep(0.02)
    return False


class Ear:
    """One open stream of a pulse."""

    def __init__(self, pulse: Pulse, whose: str = CAST.director) -> None:
        self.heard = ""
        self.may = True
        self.words = pulse.stream(whose, self.allowed)
        self.task = asyncio.create_task(self.listen())

    async def allowed(self) -> bool:
        return self.may

    async def listen(self) -> None:
        async for text in self.words:
            self.heard += text.decode()

    @property
    def over(self) -> bool:
        return self.task.done()

    @property
    def changes(self) -> int:
        return self.heard.count("event: changed\ndata: 1\n\n")


@pytest.fixture
async def pulse(engine: object) -> AsyncIterator[Pulse]:
    made = Pulse()
    yield made
    await made.close()


async def test_every_dashboard_hears_of_a_change_of_this_process_and_of_another(pulse: Pulse, monkeypatch: pytest.MonkeyPatch) -> None:
    ears = [Ear(pulse), Ear(pulse, CAST.stranger)]
    assert await settle(lambda: all("event: alive" in ear.heard for ear in ears))
    await asyncio.sleep(0.2)
    assert [ear.changes for ear in ears] == [0, 0], "nothing has happened yet"
    task = await Desk().task()
    assert await settle(lambda: all(ear.changes for ear in ears))
    before = [ear.changes for ear in ears]
    monkeypatch.setattr(transaction, "after_commit", [])
    await Desk().do(CAST.officer, "task.submit", task=task)
    assert await settle(lambda: all(ear.changes > count for ear, count in zip(ears, before, strict=True)))


async def test_the_oldest_stream_goes_for_the_seventh_and_is_told_to_come_back_later(pulse: Pulse) -> None:
    ears, other = [], Ear(pulse, CAST.officer)
    for _ in range(MOST + 1):
        ears.append(Ear(pulse))
        assert await settle(lambda: "event: alive" in ears[-1].heard)
    assert await settle(lambda: ears[0].over)
    assert ears[0].heard.endswith("retry: 60000\n\n"), "or the two would push each other out for ever"
    assert not any(ear.over for ear in (*ears[1:], other))


async def test_streams_end_when_the_server_stops_and_nothing_runs_on_without_one(pulse: Pulse) -> None:
    ears = [Ear(pulse) for _ in range(3)]
    assert await settle(lambda: len(pulse) == 3)
    hooks = len(transaction.after_commit)
    pulse.end()
    assert await settle(lambda: all(ear.over for ear in ears) and len(pulse) == 0, 2)
    assert await settle(lambda: len(transaction.after_commit) == hooks - 1)
    again = Ear(pulse)
    assert await settle(lambda: len(transaction.after_commit) == hooks), "whoever comes next is looked for again"
    again.task.cancel()
    assert await settle(lambda: len(pulse) == 0 and len(transaction.after_commit) == hooks - 1)


async def test_a_client_that_hangs_and_a_database_that_fails_stop_nobody_else(pulse: Pulse, monkeypatch: pytest.MonkeyPatch) -> None:
    hung = pulse.stream(CAST.director, lambda: asyncio.sleep(0, True))
    assert b"alive" in await anext(hung)
    ear, real, failed = Ear(pulse), live._last, []

    async def fails() -> int:
        failed.append(True)
        raise OSError("no such file")

    assert await settle(lambda: "event: alive" in ear.heard)
    monkeypatch.setattr(live, "LOOK", 0.05)
    monkeypatch.setattr(live, "_last", fails)
    assert await settle(lambda: len(failed) > 1)
    monkeypatch.setattr(live, "_last", real)
    await Desk().task()
    assert await settle(lambda: ear.changes > 0)
    ear.may = False
    await Desk().task()
    assert await settle(lambda: ear.over)
    await hung.aclose()


class Site:
    """The application as the product's own server serves it, and browsers at it."""

    def __init__(self, app: Litestar) -> None:
        # As server/cli/run.py does: a log of accesses has addresses, and with them secrets.
        quiet: dict[str, Any] = {"log_config": None, "access_log": False, "lifespan": "off"}
        config = uvicorn.Config(app, port=free_port(), timeout_graceful_shutdown=PATIENCE, **quiet)
        self.server = Server(config, lambda: None, live.pulse.end)
        self.base = f"http://127.0.0.1:{config.port}"
        self.running = asyncio.create_task(self.server.serve())
        self.streams: list[asyncio.Task[None]] = []

    async def browser(self, username: str | None = None) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.base, timeout=20)
        if username:
            assert (await sign_in(client, username)).status_code == 201
        return client

    async def listen(self, client: httpx.AsyncClient, path: str) -> list[str]:
        """What the stream of an address says, as it comes; "over" when it has ended."""
        heard: list[str] = []

        async def follow() -> None:
            with suppress(httpx.RemoteProtocolError):
                async with client.stream("GET", path, headers={"Accept": "text/event-stream"}) as answer:
                    heard.append(f"{answer.status_code} {answer.headers['content-type']}")
                    async for text in answer.aiter_text():
                        heard.append(text)
            heard.append("over")

        self.streams.append(asyncio.create_task(follow()))
        assert await settle(lambda: len(heard) > 1)
        assert heard[0] == "200 text/event-stream; charset=utf-8" and "over" not in heard, heard
        return heard

    async def stop(self) -> None:
        """As SIGTERM does."""
        self.server.ending()
        self.server.should_exit = True
        await self.running


@pytest.fixture
async def site(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr(live, "HEARTBEAT", 0.1)
    made = Site(app)
    assert await settle(lambda: made.server.started)
    yield made
    await made.stop()
    for one in made.streams:
        one.cancel()


async def test_a_stream_ends_at_the_sign_out_with_the_account_and_when_the_server_stops(site: Site) -> None:
    director, head, officer = [await site.browser(name) for name in ("giamdoc", "cntt.truong", "cntt.cv1")]
    streams = [await site.listen(one, "/dashboard/live") for one in (director, head, officer)]
    assert (await director.post("/sign-out")).status_code == 303
    await carry_out(DisablePerson(person=CAST.head), actor=CAST.admin, now=NOW, source="page")
    assert await settle(lambda: all("over" in one for one in streams[:2]))
    assert "over" not in streams[2]
    assert (await (await site.browser()).get("/dashboard/live")).status_code == 303, "to the sign-in"
    # The server's own patience is longer than that of this test.
    await asyncio.wait_for(site.stop(), PATIENCE / 2)
    assert await settle(lambda: "over" in streams[2]) and len(live.pulse) == 0


async def test_a_screen_that_asks_by_itself_does_not_keep_its_session_alive(
    app: Litestar, settings: Settings, visit: Visit, clock: Clock
) -> None:
    app.state.office = msgspec.structs.replace(app.state.office, settings=msgspec.structs.replace(settings, idle_minutes=30))
    client = await visit("giamdoc")
    for headers, lives in (({}, True), ({"Soviec-Refresh": "1"}, False)):
        for _ in range(4):
            clock.later(minutes=10)
            answer = await client.get("/wall", headers=headers)
        assert (answer.status_code == 200) == lives
    assert answer.headers["location"] == "/sign-in?next=%2Fwall"


async def test_a_poll_leaves_what_was_just_done_for_the_page_that_did_it(visit: Visit) -> None:
    client = await visit("giamdoc")
    left = see_other("/", Notice("Đã giao việc.")).cookies[0]
    client.cookies.set(left.key, str(left.value))
    assert "Đã giao việc." not in (await client.get("/dashboard/centre", headers={"Soviec-Refresh": "1"})).text
    assert "Đã giao việc." in (await client.get("/dashboard/centre")).text


async def test_the_wall_shows_numbers_and_nobody(visit: Visit) -> None:
    await month(Desk())
    client = await visit("cntt.cv1")
    answer = await client.get("/wall")
    assert list(tiles_in(answer.text).items())[:2] == [("Việc còn lại", "10"), ("Quá hạn", "2")]
    assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["cache-control"] == "no-store"
    body = html.unescape(answer.text.split("<body")[1])
    people = [one["name"] for one in await rows("SELECT name FROM person")]
    titles = [one["title"] for one in await rows("SELECT DISTINCT title FROM task")]
    assert not [one for one in (*people, *titles, CAST.officer, "KPI", "điểm") if one in body] and "<a " not in body


async def test_a_screen_is_opened_by_its_key_alone_and_closed_with_it(
    site: Site, clock: Clock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    await month(Desk())
    ring = Ring()
    key = await ring.make(CAST.head, "wall", unit=CAST.cntt)
    secret, screen = ring.secrets[key], await site.browser()
    address = f"/wall/{secret}"
    answer = await screen.get(address)
    assert answer.status_code == 200 and tiles_in(answer.text)["Việc còn lại"] == "9", "of the room, not of the centre"
    assert answer.headers["referrer-policy"] == "no-referrer" and 'content="no-referrer"' in answer.text
    assert answer.text.count(secret) == 1 and f'data-live="{address}/live"' in answer.text
    await screen.get(address)
    used = await row("SELECT uses, last_used_at FROM access_key WHERE id = $1", key)
    assert used == {"uses": 1, "last_used_at": NOW}, "once a minute"
    heard = await site.listen(screen, f"{address}/live")
    await ring.do(CAST.head, "key.revoke", id=key)
    assert await settle(lambda: "over" in heard)
    for path in (address, "/wall/x", f"/wall/{'x' * 43}"):
        answer = await screen.get(path)
        assert answer.status_code == 404 and "không còn hiệu lực" in answer.text and answer.headers["referrer-policy"] == "no-referrer"
        assert (await screen.get(f"{path}/live")).status_code == 404
    assert (await screen.post(address)).status_code == 405 and (await screen.get(f"{address}/live/more")).status_code == 404

    async def fails(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(pages, "key_of", fails)
    for path in (address, f"{address}/live"):
        answer = await screen.get(path)
        assert answer.status_code == 500 and "Số tham chiếu" in answer.text
    # Not what this test's own browser says, nor the server's log of accesses, which pytest alone turns on.
    own = ("httpx", "httpcore", "uvicorn.access")
    told = "\n".join(one.getMessage() + str(one.exc_text) for one in caplog.records if not one.name.startswith(own))
    assert "failed, number" in told and secret not in told and secret[:8] not in told


async def test_a_wall_by_key_ends_with_the_right_of_its_holder(site: Site) -> None:
    ring, screen = Ring(), await site.browser()
    key = await ring.make(CAST.deputy, "wall")
    address = f"/wall/{ring.secrets[key]}"
    heard = await site.listen(screen, f"{address}/live")
    await carry_out(DisablePerson(person=CAST.deputy), actor=CAST.admin, now=NOW, source="page")
    assert await settle(lambda: "over" in heard)
    assert (await screen.get(address)).status_code == 404
