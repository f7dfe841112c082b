"""``make bench``: every figure that issue A asks for, on SQLite, one server process, this machine."""

import argparse
import asyncio
import contextlib
import itertools
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from server import settings
from server.storage import engine
from server.storage.ids import new_id
from tests.bench import load
from tests.bench.fill import PASSWORD, fill

CLIENTS = (1, 16, 64)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def process(words: list[str], port: int, path: str, env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A server process of our own and how long it took to answer; ended by its id."""
    began = time.perf_counter()
    running = subprocess.Popen([sys.executable, *words], env=env)
    try:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2).status_code < 500:
                    break
            if running.poll() is not None:
                raise SystemExit("the server ended")
            time.sleep(0.01)
        yield running, time.perf_counter() - began
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


def memory(pid: int) -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


class Person:
    """Somebody signed in, as headers."""

    def __init__(self, port: int, username: str) -> None:
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}")
        answer = self.http.post("/api/v1/session", json={"username": username, "password": PASSWORD})
        answer.raise_for_status()
        self.csrf = answer.json()["csrf_token"]
        self.id = answer.json()["person"]["id"]
        self.cookie = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())

    def get(self, path: str) -> bytes:
        """A GET as bytes."""
        return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\nCookie: {self.cookie}\r\n\r\n".encode()

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        """A form as bytes."""
        body = urlencode({**fields, "csrf_token": self.csrf}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def captured(data: str, paths: dict[str, str], username: str) -> tuple[list[tuple[str, dict[str, Any]]], dict[str, int]]:
    """Run each page once in this process: its template with its context, and how many queries it took."""
    from litestar.testing import AsyncTestClient

    from server.app import create_app
    from server.web import page as pages

    seen: list[tuple[str, dict[str, Any]]] = []
    original = pages.render

    def note(template: str, context: Any) -> str:
        seen.append((template, dict(context)))
        return original(template, context)

    pages.render = note
    queries: dict[str, int] = {}
    kept: list[tuple[str, dict[str, Any]]] = []
    try:
        async with AsyncTestClient(create_app(settings.read({"SOVIEC_DATA_DIR": data}))) as client:
            await client.post("/api/v1/session", json={"username": username, "password": PASSWORD})
            for name, path in paths.items():
                await client.get(path)
                with engine.counted() as ran:
                    await client.get(path)
                queries[name] = len(ran)
                kept.append(seen[-1])
    finally:
        pages.render = original
    return kept, queries


async def prepared(data: str, tasks: int) -> None:
    """The database that is measured."""
    from server.schema.upgrade import upgrade

    used = engine.use(engine.make(settings.read({"SOVIEC_DATA_DIR": data}).database))
    await used.open()
    await upgrade()
    await fill(tasks)
    await engine.rows("ANALYZE")
    await used.close()


def main() -> None:
    """Print all figures."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--tasks", type=int, default=10_000)
    ask.add_argument("--seconds", type=float, default=3)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="soviec-bench-") as data:
        began = time.perf_counter()
        asyncio.run(prepared(data, given.tasks))
        print(f"filled with {given.tasks} tasks in {time.perf_counter() - began:.0f} s")
        _measure(data, given.seconds)
    from tests.bench import documents, figures, messages, more, offline, papers, reports, scores

    more.main()
    offline.main([])
    papers.main()
    documents.main()
    reports.main()
    scores.main()
    messages.main([])
    # A tenth of the province; ``python -m tests.bench.figures`` is the whole of it, made once in a quarter of an hour.
    figures.main(["--tasks", "100000"])


def _measure(data: str, seconds: float) -> None:
    port = free_port()
    env = {**os.environ, "SOVIEC_DATA_DIR": data, "SOVIEC_HOST": "127.0.0.1", "SOVIEC_PORT": str(port), "SOVIEC_DEMO_PASSWORD": PASSWORD}
    with process(["-m", "server", "run"], port, "/sign-in", env) as (server, start):
        print(f"start {start:.2f} s, memory {memory(server.pid):.0f} MB")
        boss, officer = Person(port, "giamdoc"), Person(port, "cntt.cv1")
        mine = [one.split('"')[0] for one in officer.http.get("/tasks?whose=lead&status=in_progress").text.split('href="/tasks/')[1:]]
        task = next(one.split("?")[0] for one in mine if len(one.split("?")[0]) == 36)
        paths = {
            "Hôm nay": "/",
            "Việc": "/tasks",
            "một việc": f"/tasks/{task}",
            "tìm": "/tasks?status=all&q=thu+tuc+duong",
            "Chờ duyệt": "/reviews",
        }
        contexts, queries = asyncio.run(captured(data, paths, "giamdoc"))
        stored = Path(data) / "contexts.pickle"
        stored.write_bytes(pickle.dumps(contexts))
        bare_port = free_port()
        with process(["-m", "tests.bench.bare", str(stored), str(bare_port)], bare_port, "/0", {**os.environ}):
            for place, (name, path) in enumerate(paths.items()):
                print(f"\n{name}  {path}  ({queries[name]} queries)")
                for clients in CLIENTS:
                    # The two are measured in turns, so that a busy moment of the machine hits both.
                    whole, bare = [], []
                    asked, plain = boss.get(path), _bare(place)
                    for _ in range(3):
                        whole.append(asyncio.run(load.run(port, _again(asked), clients, seconds / 3)))
                        bare.append(asyncio.run(load.run(bare_port, _again(plain), clients, seconds / 3)))
                    ratios = sorted(one.per_second / other.per_second for one, other in zip(whole, bare, strict=True))
                    best = sorted(whole, key=lambda one: one.p95)[1]
                    print(f"{best.line()}   of bare {ratios[0]:.2f} {ratios[1]:.2f} {ratios[2]:.2f}")
        for name, requests in (("giao việc (POST)", _creations(boss, officer)), ("báo cáo tiến độ (POST)", _reports(officer, task))):
            print(f"\n{name}")
            for clients in CLIENTS:
                print(asyncio.run(load.run(port, requests, clients, seconds)).line())
        print(f"\nmemory after all that {memory(server.pid):.0f} MB")


def _again(request: bytes) -> Any:
    return lambda _: itertools.repeat(request)


def _bare(place: int) -> bytes:
    return f"GET /{place} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def _creations(boss: Person, officer: Person) -> Any:
    def requests(_: int) -> Iterator[bytes]:
        while True:
            fields = {"id": new_id(), "mutation": new_id(), "title": "Việc đo tốc độ", "lead": officer.id, "due": "2027-12-31"}
            yield boss.post("/tasks", fields)

    return requests


def _reports(officer: Person, task: str) -> Any:
    def requests(_: int) -> Iterator[bytes]:
        for percent in itertools.cycle(range(0, 100, 5)):
            yield officer.post(f"/tasks/{task}/progress", {"mutation": new_id(), "percent": str(percent), "note": "Đang làm"})

    return requests


if __name__ == "__main__":
    main()
