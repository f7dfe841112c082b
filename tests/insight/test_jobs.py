"""The loop of the worker's jobs."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from server.insight import jobs
from server.settings import Settings
from server.storage.engine import Engine

pytestmark = pytest.mark.anyio


async def test_neither_a_job_that_fails_nor_one_that_learns_for_long_keeps_changes_from_being_scored(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, learned, scored = asyncio.Event(), asyncio.Event(), 0

    async def score() -> None:
        nonlocal scored
        scored += 1
        if scored == 3:
            learned.set()

    async def fail() -> None:
        raise RuntimeError("no disk")

    async def learn() -> None:
        await learned.wait()
        stop.set()

    def some(_: Settings, __: Callable[[], datetime]) -> dict[str, Callable[[], Awaitable[object]]]:
        return {"load": fail, "risk": score, "model": learn}

    monkeypatch.setattr(jobs, "jobs_of", some)
    monkeypatch.setattr(jobs, "LOOK", 0.01)
    await asyncio.wait_for(jobs.run(settings, stop), 10)
    assert scored >= 3
