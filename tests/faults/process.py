"""The product's own server as a process: started, killed with SIGKILL, started again at the same address."""

import asyncio
import atexit
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.office import SECRET
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """The process that forks servers (``nursery.py``)."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.faults.nursery"]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._orders, self._said = self._process.stdin, self._process.stdout
        if self._said.readline() != "ready\n":
            raise AssertionError("the nursery of servers does not start")

    def start(self, environment: dict[str, str]) -> int:
        """A new server's process number."""
        self._orders.write(json.dumps(environment) + "\n")
        self._orders.flush()
        return int(self._said.readline())

    def close(self) -> None:
        """End it, and every server that it started."""
        self._orders.close()
        self._process.wait(20)
        self._said.close()


@cache
def nursery() -> Nursery:
    """The one of this process of tests; loading the product takes longer than most of what is done with a server."""
    made = Nursery()
    atexit.register(made.close)
    return made


class Process:
    """One server on a database and a data folder that others may share."""

    def __init__(self, url: str, data: Path) -> None:
        self.port = free_port()
        self.log = data / f"server-{self.port}.log"
        self.kills = 0
        self.environment = {
            **os.environ,
            "SOVIEC_DATA_DIR": str(data),
            "SOVIEC_DATABASE_URL": url,
            "SOVIEC_DATABASE_POOL": "8",
            "SOVIEC_HOST": "127.0.0.1",
            "SOVIEC_PORT": str(self.port),
            "SOVIEC_SECRET_KEY": SECRET,
            # What is promised of messages is proven in tests/notify; here each death would cost two more processes.
            "SOVIEC_WORKERS": "0",
            "SOVIEC_TEST_LOG": str(self.log),
        }
        self._number = 0

    def start(self) -> None:
        """Begin to start; ``ready`` waits for it. Does nothing where it runs."""
        if not self._number:
            self._number = nursery().start(self.environment)

    async def ready(self) -> None:
        """Wait until it serves."""
        self.start()
        until = time.monotonic() + 60
        while time.monotonic() < until and lives(self._number):
            if await self._answers():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"the server does not start: {self.said()}")

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except ConnectionError:
            return False
        try:
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: soviec.test\r\nConnection: close\r\n\r\n")
            return (await reader.read(-1)).startswith(b"HTTP/1.1 200")
        except ConnectionError:
            return False
        finally:
            writer.close()

    def kill(self) -> None:
        """SIGKILL: whatever it was doing, it is gone when this returns."""
        number, self._number = self._number, 0
        if not number:
            return
        self.kills += 1
        end(number)

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


def end(number: int, how: signal.Signals = signal.SIGKILL, seconds: float = 20) -> None:
    """Tell a server of the nursery to end, and wait until it is gone."""
    with suppress(ProcessLookupError):
        os.kill(number, how)
    until = time.monotonic() + seconds
    while lives(number):
        assert time.monotonic() < until, f"the server does not end on {how.name}"
        time.sleep(0.001)


def lives(number: int) -> bool:
    """Whether a server of the nursery is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
