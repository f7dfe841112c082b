"""Telegram on loopback, and our bot that speaks to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.notify.telegram.api import BotApi
from server.notify.telegram.channel import Telegram
from server.settings import Settings
from server.storage import engine as engines
from tests.notify.telegram.office import Room
from tests.notify.telegram.service import TOKEN, Service
from tests.office import SECRET, Clock
from tests.tasks.desk import Desk


@pytest.fixture
def telegram() -> Iterator[Service]:
    with Service() as service:
        yield service


@pytest.fixture
def bot_settings(telegram: Service, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=str(tmp_path),
        secret_key=SECRET,
        public_url="https://soviec.bacninh.example",
        telegram_api=telegram.base,
        telegram_token=TOKEN,
    )


@pytest.fixture
async def bot(telegram: Service, bot_settings: Settings, clock: Clock, anyio_backend: str) -> AsyncIterator[Telegram]:
    made = Telegram(bot_settings, clock, BotApi(telegram.base, TOKEN, answer_seconds=0.4, connect_seconds=0.4))
    yield made
    await made.close()


@pytest.fixture
def room(bot: Telegram, telegram: Service, clock: Clock) -> Room:
    return Room(bot, telegram, clock)


@pytest.fixture
async def office(sqlite_url: str, anyio_backend: str) -> AsyncIterator[None]:
    """The cast's database, where the engine makes no difference."""
    used = engines.use(engines.make(sqlite_url))
    await used.open()
    yield
    await used.close()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    return Desk(clock())
