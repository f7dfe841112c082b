"""Who works beside `run`: begun after the pages are served, begun again when they die, gone when the server is gone."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.office import SECRET
from tests.postgres import free_port

ROOT = Path(__file__).parents[2]


def wait(true: Callable[[], object], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)


def children(parent: int) -> dict[str, int]:
    """The processes below the server: {"worker" or "valkey": pid}."""
    found = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError, ValueError):
            if folder.name.isdigit() and int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                words = (folder / "cmdline").read_bytes()
                found["worker" if b"--child" in words else "valkey"] = int(folder.name)
    return found


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def server(sqlite_url: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    port = free_port()
    settings = {"DATA_DIR": str(tmp_path), "DATABASE_URL": sqlite_url, "SECRET_KEY": SECRET, "HOST": "127.0.0.1", "PORT": str(port)}
    running = subprocess.Popen(
        [sys.executable, "-m", "server", "run"],
        cwd=ROOT,
        env={**os.environ, **{f"SOVIEC_{name}": value for name, value in settings.items()}},
    )
    try:

        def answers() -> bool:
            with contextlib.suppress(httpx.TransportError):
                return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200
            return False

        wait(answers)
        wait(lambda: set(children(running.pid)) == {"worker", "valkey"})
        yield running
    finally:
        running.kill()
        running.wait(10)


def test_they_are_begun_again_when_they_die_and_end_in_good_order(server):
    first = children(server.pid)
    for pid in first.values():
        os.kill(pid, signal.SIGKILL)
    wait(lambda: len(new := children(server.pid)) == 2 and not set(new.values()) & set(first.values()))
    second = children(server.pid)
    server.send_signal(signal.SIGTERM)
    assert server.wait(40) == 0
    assert all(is_gone(pid) for pid in second.values())


def test_they_are_gone_when_the_server_was_killed(server):
    left = children(server.pid)
    server.kill()
    wait(lambda: all(is_gone(pid) for pid in left.values()))


def sockets(pid: int) -> set[str]:
    """The sockets that a process has open."""
    found = set()
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(os.readlink(one))
    return {one for one in found if one.startswith("socket:")}


def test_none_of_them_holds_the_servers_port(server):
    listening = {f"socket:[{line.split()[9]}]" for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"}
    own = sockets(server.pid) & listening
    assert own, "the server listens"
    for name, pid in children(server.pid).items():
        assert not sockets(pid) & own, f"after a kill of the server the {name} would keep its port from the next one"
