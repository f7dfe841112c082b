"""``python -m tests.bench.messages``: ten thousand messages through one worker to channels that carry nothing, on both engines; and how
long a new assignment takes from its commit to its channel.
"""

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from server.notify.bell import Bell
from server.notify.tables import Address, ChannelState
from server.notify.valkey import Valkey
from server.storage import engine
from server.storage.door import Command, carry_out, handles
from server.storage.engine import insert, rows
from server.storage.ids import new_id, utc_now
from server.storage.tables import Outbox
from server.storage.transaction import Transaction, transaction
from tests import postgres

CHANNELS = ("webpush", "telegram", "zalo", "email")


class Say(Command, tag="bench.say"):
    """Stands for a new assignment."""

    to: str


@handles(Say)
async def say(tx: Transaction, given: Say) -> dict[str, Any]:
    tx.message("task.assigned", [given.to], data={"number": "26-001", "title": "đo"})
    return {}


@contextlib.contextmanager
def worker(env: dict[str, str], notes: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of our own."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.notify.child", str(notes), "0.02", *CHANNELS], stdin=subprocess.PIPE, env={**os.environ, **env}
    )
    try:
        yield running
    finally:
        running.terminate()
        running.wait(30)


async def people(count: int) -> list[str]:
    """So many people with an address on each channel, in the tables alone."""
    from server.people.tables import Person

    made = [new_id() for _ in range(count)]
    async with transaction(actor=None, now=utc_now(), source="cli"):
        common = {"name": "Người đo", "position": "officer"}
        await insert(Person, *({**common, "id": one, "username": f"bench{n}", "rank": n} for n, one in enumerate(made)))
        await rows("UPDATE counter SET value = value + 1 WHERE name = 'directory'")
        await rows("DELETE FROM channel_state")
        await insert(ChannelState, *({"channel": name, "on": True} for name in CHANNELS))
        own = [{"person": one, "channel": name, "address": f"{name}-{n}"} for n, one in enumerate(made) for name in CHANNELS]
        now = utc_now()
        await insert(Address, *({**one, "id": new_id(), "since": now} for one in own))
    return made


def lines(notes: Path) -> list[dict[str, Any]]:
    """What the channels were given."""
    return [orjson.loads(line) for line in notes.read_bytes().splitlines()] if notes.exists() else []


async def drain(messages: int, url: str, folder: Path) -> None:
    """A letter a message and channel: a quarter of the messages make as many letters as there are to be."""
    used = engine.use(engine.make(url))
    await used.open()
    from server.schema.upgrade import upgrade

    await upgrade()
    many = await people(messages // len(CHANNELS))
    valkey = Valkey()
    await valkey.start()
    notes = folder / "notes"
    env = {"SOVIEC_DATABASE_URL": url, "SOVIEC_REDIS_URL": valkey.url, "SOVIEC_DATA_DIR": str(folder), "SOVIEC_QUIET": "none"}
    with worker(env, notes) as running:
        bell = Bell(valkey.url)
        await bell.open()
        await first(many[0], notes)
        began, before, cpu = time.perf_counter(), len(lines(notes)), seconds_of(running.pid)
        async with transaction(actor=None, now=utc_now(), source="cli"):
            await insert(Outbox, *({"id": new_id(), "kind": "task.assigned", "person": one, "at": utc_now()} for one in many))
        waits = asyncio.create_task(writes(many[0]))
        wanted = before + len(many) * len(CHANNELS)
        while len(lines(notes)) < wanted:
            await asyncio.sleep(0.1)
        took = time.perf_counter() - began
        waits.cancel()
        while await rows("SELECT id FROM delivery WHERE state IN ('waiting', 'sending') LIMIT 1"):
            await asyncio.sleep(0.1)
        settled = time.perf_counter() - began
        count = wanted - before
        print(f"{count} letters handed over in {took:.1f} s ({count / took:.0f}/s), all settled after {settled:.1f} s")
        print(f"the worker's processor time {seconds_of(running.pid) - cpu:.1f} s, load of the machine {os.getloadavg()[0]:.1f}")
        await asyncio.sleep(1)
        await prompt(many[1:], notes)
        status = Path(f"/proc/{running.pid}/status").read_text()
        print("worker " + next(line for line in status.splitlines() if line.startswith("VmRSS")).replace("\t", " "))
        await bell.close()
    await valkey.close()
    await used.close()


def seconds_of(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def writes(person: str) -> None:
    """What a page would wait for its write meanwhile."""
    took: list[float] = []
    try:
        while True:
            began = time.perf_counter()
            async with transaction(actor=None, now=utc_now(), source="cli"):
                await rows("UPDATE person SET rank = rank WHERE id = $1", person)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)
    finally:
        print(f"a write beside it: {spread(took)}")


def spread(seconds: list[float]) -> str:
    """The middle, the 95th of a hundred and the worst, in milliseconds."""
    found = sorted(one * 1000 for one in seconds)
    return f"median {found[len(found) // 2]:.0f} ms, p95 {found[int(len(found) * 0.95)]:.0f} ms, worst {found[-1]:.0f} ms"


async def first(person: str, notes: Path) -> None:
    """The worker is up when it has carried something."""
    await carry_out(Say(to=person), actor=None, now=utc_now(), source="cli")
    while len(lines(notes)) < len(CHANNELS):
        await asyncio.sleep(0.05)


async def prompt(many: list[str], notes: Path) -> None:
    """From the commit to the channel, one at a time."""
    took: list[float] = []
    for person in many[:100]:
        before = len(lines(notes))
        await carry_out(Say(to=person), actor=None, now=utc_now(), source="cli")
        committed = time.time()
        while len(lines(notes)) < before + len(CHANNELS):
            await asyncio.sleep(0.01)
        took += [max(0.0, line["at"] - committed) for line in lines(notes)[before:]]
    print(f"commit to channel, {len(took)} letters: {spread(took)}")


def main(words: list[str] | None = None) -> None:
    """Print the figures."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--messages", type=int, default=10_000)
    ask.add_argument("--engine", choices=("sqlite", "postgres"), action="append")
    given = ask.parse_args(words)
    for name in given.engine or ("sqlite", "postgres"):
        print(f"\nmessages, {name}")
        with tempfile.TemporaryDirectory(prefix="soviec-bench-") as folder:
            if name == "sqlite":
                asyncio.run(drain(given.messages, f"sqlite:///{folder}/soviec.sqlite3", Path(folder)))
                continue
            server = postgres.start()
            try:
                asyncio.run(drain(given.messages, server.create(), Path(folder)))
            finally:
                postgres.stop(server)


if __name__ == "__main__":
    main()
