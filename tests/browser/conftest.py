"""The running application and the browser of these tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.office import PASSWORD

CHROMIUM = Path("/usr/bin/chromium")


@dataclass
class Office:
    """The application, running, with the cast of tests/office.py in it."""

    base: str

    def sign_in(self, page: Page, username: str) -> None:
        page.goto(f"{self.base}/sign-in")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{self.base}/")


@pytest.fixture(scope="module")
def office(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    data = tmp_path_factory.mktemp("running")
    shutil.copy(filled_sqlite, data / "soviec.sqlite3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "SOVIEC_DATA_DIR": str(data), "SOVIEC_HOST": "127.0.0.1", "SOVIEC_PORT": str(port)}
    running = subprocess.Popen([sys.executable, "-m", "server", "run"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    base = f"http://127.0.0.1:{port}"
    for _ in range(200):
        assert running.poll() is None, running.stdout and running.stdout.read().decode()
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield Office(base)
    running.terminate()
    running.wait(15)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        shown = play.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield shown
        shown.close()
