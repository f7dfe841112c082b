"""What the tests of the engine share: a Valkey of their own, and workers inside the test's own process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from server.notify.valkey import Valkey
from server.notify.worker import Worker
from tests.notify.stub import Stub


@pytest.fixture
async def valkey(anyio_backend: str) -> AsyncIterator[Valkey]:
    """A server of the queue, empty."""
    made = Valkey()
    await made.start()
    yield made
    await made.close()


@asynccontextmanager
async def at_work(url: str, *stubs: Stub, **more: Any) -> AsyncIterator[Worker]:
    """A worker in this process, from its start to its orderly end."""
    worker = Worker({stub.name: stub for stub in stubs}, url, **more)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop.set()
        await asyncio.wait_for(task, 60)


Working = Callable[..., AbstractAsyncContextManager[Worker]]


@pytest.fixture
def working() -> Working:
    """``async with working(valkey.url, stub):`` – a worker at work."""
    return at_work


async def until(true: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait until it is so; fail when it does not come about."""
    async with asyncio.timeout(seconds):
        while True:
            found = true()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.02)
