"""Kill the queue, a worker, the server: nothing is lost, nothing is doubled but what nobody can know, and that is marked."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from server.storage.engine import rows
from server.storage.ids import utc_now
from tests.notify.conftest import until
from tests.notify.desk import Desk
from tests.notify.stub import Stub
from tests.office import SECRET, Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(engine, cast):
    made = Desk(Clock(utc_now()))
    await made.turn_on("telegram")
    await made.address(cast.officer)
    return made


async def test_a_queue_that_is_killed_or_emptied_loses_no_message(desk, cast, valkey, working):
    stub = Stub()
    async with working(valkey.url, stub) as worker:
        first = await desk.tell(cast.officer)
        await until(lambda: len(stub.given) == 1)
        os.kill(valkey.pid, signal.SIGKILL)
        await valkey.ended()
        second = await desk.tell(cast.officer, "task.returned")
        await until(lambda: _waits(1))
        await valkey.start()
        await until(lambda: len(stub.given) == 2)
        # Emptied while a letter is rung and not yet taken.
        assert worker.relay.queue is not None
        worker.relay.queue = None
        third = await desk.tell(cast.officer, "task.accepted")
        await until(lambda: _waits(1))
        await desk.ring()
        os.kill(valkey.pid, signal.SIGKILL)
        await valkey.ended()
        await valkey.start()
        await until(lambda: len(stub.given) == 3)
    assert [letter.messages for _, letter in stub.given] == [[first], [second], [third]]
    assert {(one["state"], one["maybe_doubled"]) for one in await desk.deliveries()} <= {("sent", False), ("sent", 0)}


async def _waits(count: int) -> bool:
    return len(await rows("SELECT id FROM delivery WHERE state = 'waiting'")) == count


class Child:
    """A worker process with channels that carry nothing."""

    def __init__(self, folder: Path, database: str, queue: str, seconds: float) -> None:
        self.notes = folder / "notes"
        settings = {"DATA_DIR": str(folder), "DATABASE_URL": database, "REDIS_URL": queue, "SECRET_KEY": SECRET, "QUIET": "none"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.notify.child", str(self.notes), str(seconds), "telegram"],
            stdin=subprocess.PIPE,
            env={**os.environ, **{f"SOVIEC_{name}": value for name, value in settings.items()}},
            cwd=Path(__file__).parents[2],
        )

    def given(self) -> list[dict]:
        return [orjson.loads(line) for line in self.notes.read_bytes().splitlines()] if self.notes.exists() else []

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


async def test_a_worker_killed_after_the_letter_left_sends_it_once_more_and_marks_it(desk, cast, valkey, office_url, tmp_path):
    child = Child(tmp_path, office_url, valkey.url, 60.0)
    try:
        message = await desk.tell(cast.officer)
        await until(lambda: len(child.given()) == 1, 60)
    finally:
        child.kill()
    [stuck] = await desk.deliveries()
    assert stuck["state"] == "sending"
    # Two minutes later, as the others' relays see it.
    desk.clock.now = stuck["claimed_at"]
    desk.clock.later(minutes=2)
    assert (await desk.rescue())["stuck"] == 1
    await desk.change("UPDATE delivery SET next_at = $1", utc_now())
    another = Child(tmp_path, office_url, valkey.url, 0.0)
    try:
        await until(lambda: len(another.given()) == 2, 60)
        await until(lambda: _state("sent"))
        # The parent is gone: so is the worker.
        assert another.process.stdin is not None
        another.process.stdin.close()
        assert await asyncio.to_thread(another.process.wait, 30) == 0
    finally:
        another.kill()
    assert [one["messages"] for one in another.given()] == [[message], [message]]
    [after] = await desk.deliveries()
    assert (after["attempts"], bool(after["maybe_doubled"])) == (2, True)


async def _state(state: str) -> bool:
    return [one["state"] for one in await rows("SELECT state FROM delivery")] == [state]


async def test_a_worker_killed_before_it_claimed_leaves_the_letter_as_it_was(desk, cast, valkey, working):
    message = await desk.tell(cast.officer)
    await desk.plan()
    # Rung, and then nobody was there any more.
    [rung] = await desk.ring()
    stub = Stub()
    async with working(valkey.url, stub):
        await until(lambda: _state("sent"))
    assert [letter.messages for _, letter in stub.given] == [[message]]
    assert not (await desk.delivery(rung))["maybe_doubled"]
