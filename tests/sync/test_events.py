"""Server-sent events: a word to whom a pull would bring something, and to nobody else."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from sync import events
from sync.events import News
from sync.reader import reader_of
from tests.office import CAST, NOW
from tests.sync.device import Device, report, task

pytestmark = pytest.mark.anyio


@pytest.fixture
async def news(engine) -> AsyncIterator[News]:
    opened = News()
    await opened.open()
    yield opened
    await opened.close()


class Ear:
    """Somebody who listens."""

    def __init__(self, news: News, person: str, since: int | None = None) -> None:
        self.heard: list[str] = []
        self.over = False
        self.signed_in = True

        async def look():
            return await reader_of(person, NOW) if self.signed_in else None

        async def listen() -> None:
            async for text in news.stream(look, since):
                self.heard.append(text.decode())
            self.over = True

        self.task = asyncio.create_task(listen())

    @property
    def changes(self) -> int:
        return sum("event: change" in one for one in self.heard)


async def settle(condition, seconds: float = 5) -> bool:
    for _ in range(int(seconds / 0.02)):
        if condition():
            return True
        await asyncio.sleep(0.02)
    return False


async def test_who_sees_a_task_hears_of_it_and_who_does_not_hears_nothing(news):
    boss, officer, stranger = (Ear(news, person) for person in (CAST.director, CAST.officer, CAST.stranger))
    assert await settle(lambda: len(news.listeners) == 3)
    made = await Device(CAST.head).done("task.create", **task())
    assert await settle(lambda: boss.changes and officer.changes)
    before = officer.changes
    await Device(CAST.officer).done("task.progress", **report(made["id"], 30))
    assert await settle(lambda: officer.changes > before)
    await asyncio.sleep(0.5)
    assert stranger.changes == 0


async def test_what_another_process_commits_is_found_within_seconds(news, monkeypatch):
    ear = Ear(news, CAST.officer)
    assert await settle(lambda: bool(ear.heard))
    monkeypatch.setattr("server.storage.transaction.after_commit", [])
    await Device(CAST.head).done("task.create", **task())
    assert await settle(lambda: ear.changes == 1)


async def test_who_comes_back_hears_what_he_missed(news):
    await Device(CAST.head).done("task.create", **task())
    ear, stranger = Ear(news, CAST.officer, since=0), Ear(news, CAST.stranger, since=10_000)
    assert await settle(lambda: ear.changes == 1 and stranger.changes == 1), "a number from the future: something was restored"


async def test_a_stream_says_that_it_lives_and_ends_when_the_session_is_over(news, monkeypatch):
    monkeypatch.setattr(events, "HEARTBEAT", 0.1)
    ear = Ear(news, CAST.officer)
    assert await settle(lambda: len(ear.heard) > 2 and ear.changes == 0)
    ear.signed_in = False
    assert await settle(lambda: ear.over) and news.listeners == []


async def test_the_oldest_stream_of_a_person_goes_when_there_are_too_many(news):
    ears = [Ear(news, CAST.officer) for _ in range(events.MOST_A_PERSON)]
    assert await settle(lambda: all(ear.heard for ear in ears))
    last = Ear(news, CAST.officer)
    # Which of them joined first is for the database to say: they all knocked at one moment.
    assert await settle(lambda: any(ear.over for ear in ears) and bool(last.heard))
    assert sum(ear.over for ear in ears) == 1
    assert not last.over


async def test_every_stream_ends_when_the_server_stops(news):
    ears = [Ear(news, person) for person in (CAST.director, CAST.officer)]
    assert await settle(lambda: all(ear.heard for ear in ears))
    news.end_all()
    assert await settle(lambda: all(ear.over for ear in ears), 1)


@pytest.mark.anyio
async def test_it_ends_though_a_commit_comes_at_that_very_moment() -> None:
    for _ in range(20):
        news = News()
        await news.open()
        for _ in range(3):
            await asyncio.sleep(0)
        news._committed.set()
        closing = asyncio.create_task(news.close())
        done, _ = await asyncio.wait({closing}, timeout=5)
        if not done and news._task is not None:
            news._task.cancel()
        assert done
