"""A real server with the demo office in it, and a browser; a module that needs another office makes its own ``office``."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from server.demo.make import make_demo
from server.schema.upgrade import upgrade
from server.storage import engine as engines
from tests.chromium import launched
from tests.faults.process import ROOT, end, lives, nursery
from tests.office import PASSWORD

PHONE: Any = {"viewport": {"width": 360, "height": 740}, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


@dataclass
class Office:
    """The application, running, with the demo office in it."""

    base: str

    def sign_in(self, page: Page, username: str) -> None:
        """Sign in and arrive at Hôm nay."""
        page.goto(f"{self.base}/sign-in")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{self.base}/")


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file with the demo office of today, to be copied."""
    path = tmp_path_factory.mktemp("demo") / "soviec.sqlite3"

    async def fill() -> None:
        used = engines.use(engines.make(f"sqlite:///{path}"))
        await used.open()
        await upgrade()
        await make_demo(PASSWORD, datetime.now(UTC))
        await used.close()

    asyncio.run(fill())
    return path


@contextmanager
def serve(data: Path, port: int = 0, root: Path = ROOT) -> Iterator[Office]:
    """A server process over the database in ``data``; with a port, where another one has just stopped; with a root, another release."""
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    log = data / "server.log"
    # Nobody here waits for a letter; the queue and its workers are proven in tests/notify and tests/cli.
    environment = {"SOVIEC_WORKERS": "0", **os.environ, "SOVIEC_DATA_DIR": str(data), "SOVIEC_HOST": "127.0.0.1", "SOVIEC_PORT": str(port)}
    base = f"http://127.0.0.1:{port}"
    with _forked(environment, log) if root == ROOT else _started(environment, log, root) as runs:
        for _ in range(1500):
            assert runs(), log.read_text(encoding="utf-8")
            try:
                urllib.request.urlopen(f"{base}/healthz", timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield Office(base)


@contextmanager
def _forked(environment: dict[str, str], log: Path) -> Iterator[Callable[[], bool]]:
    """A server of this release; whether it still runs."""
    number = nursery().start({**environment, "SOVIEC_TEST_LOG": str(log)})
    try:
        yield lambda: lives(number)
    finally:
        if lives(number):
            end(number, signal.SIGTERM)


@contextmanager
def _started(environment: dict[str, str], log: Path, root: Path) -> Iterator[Callable[[], bool]]:
    """The same of the release in another folder."""
    with log.open("wb") as said:
        running = subprocess.Popen(
            [sys.executable, "-m", "server", "run"], env=environment, cwd=root, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            yield lambda: running.poll() is None
        finally:
            running.terminate()
            running.wait(20)


@pytest.fixture(scope="module")
def office(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server process of this module's own on a free port, over a copy of the demo office."""
    data = tmp_path_factory.mktemp("running")
    shutil.copy(demo_database, data / "soviec.sqlite3")
    with serve(data) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as shown:
        yield shown


@pytest.fixture
def phones(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Devices that know nothing yet."""
    made: list[BrowserContext] = []

    def phone(**more: Any) -> BrowserContext:
        made.append(browser.new_context(**PHONE, **more))
        return made[-1]

    yield phone
    for context in made:
        context.close()
