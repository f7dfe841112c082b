"""Zalo on loopback, and an installation that speaks to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.notify.channels import Button, Letter, To
from server.notify.zalo.account import OfficialAccount
from server.settings import Settings
from server.storage import engine as engines
from tests.notify.zalo.service import APP, APP_SECRET, BOT_TOKEN, FIRST_REFRESH, OA_SECRET, Zalo
from tests.office import SECRET, Clock

SITE = "https://soviec.bacninh.example"


def letter(**more: Any) -> Letter:
    """A letter on a task with a button."""
    told: dict[str, Any] = {"id": "d-1", "kind": "task.assigned", "tag": "t", "title": "Việc mới: 26-014 Rà soát", "bare": "Việc mới"}
    told |= {"lines": ["Hạn 30/11"], "link": "/tasks/26-014", "number": "26-014", "buttons": [Button("open", "Xem")]}
    return Letter(**{**told, **more})


TO = To(id="a-1", channel="zalo", address="5510185758261927916")


@pytest.fixture
def zalo() -> Iterator[Zalo]:
    with Zalo() as service:
        yield service


def installed(zalo: Zalo, folder: Path, **more: Any) -> Settings:
    """The settings of an office with this Zalo; ``zalo_kind="bot"`` for the other way."""
    told: dict[str, Any] = {
        "data_dir": str(folder),
        "secret_key": SECRET,
        "public_url": SITE,
        "zalo_kind": "oa",
        "zalo_app_id": APP,
        "zalo_app_secret": APP_SECRET,
        "zalo_refresh_token": FIRST_REFRESH,
        "zalo_oa_secret": OA_SECRET,
        "zalo_bot_token": BOT_TOKEN,
        "zalo_api": zalo.base,
        "zalo_oauth": zalo.base,
        "zalo_bot_api": zalo.base,
    }
    return Settings(**{**told, **more})


@pytest.fixture
async def office(sqlite_url: str, anyio_backend: str) -> AsyncIterator[None]:
    """The cast's database, where the engine makes no difference."""
    used = engines.use(engines.make(sqlite_url))
    await used.open()
    yield
    await used.close()


@pytest.fixture
async def account(zalo: Zalo, tmp_path: Path, clock: Clock, office: None) -> AsyncIterator[OfficialAccount]:
    made = OfficialAccount(installed(zalo, tmp_path), clock)
    await made.open()
    yield made
    await made.close()
