"""The web server's side: a word to the workers after a commit, so that a message is on its way at once and not at the next look.

Nothing depends on it: with the queue away a commit is as quick as ever, and the workers look by themselves twice a second.
"""

import asyncio
import contextlib
import importlib
import logging
from typing import Any

from server.storage import transaction

log = logging.getLogger("soviec.queue")

BELL = "soviec:bell"
#: Commits that follow each other quicker than this (seconds) are one word.
GATHER = 0.02
#: Seconds until a server that does not answer is tried again, at first and at the most; and how long an answer may take.
PAUSE, LONGEST_PAUSE, PATIENCE = 0.5, 15.0, 2.0


class Bell:
    """Rings after each commit of this process. Without an address it does nothing."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._committed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._redis: Any = None

    async def open(self) -> None:
        """Begin."""
        if self._url and self._task is None:
            self._committed = asyncio.Event()
            transaction.after_commit.append(self._committed.set)
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """End."""
        if self._task is None:
            return
        with contextlib.suppress(ValueError):
            transaction.after_commit.remove(self._committed.set)
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        await self._let_go()

    async def _run(self) -> None:
        pause = PAUSE
        while True:
            await self._committed.wait()
            self._committed.clear()
            try:
                await self._ring()
            except Exception as problem:
                log.warning("the workers can't be told of news: %s", problem)
                await self._let_go()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = PAUSE
                await asyncio.sleep(GATHER)

    async def _ring(self) -> None:
        if self._redis is None:
            # In a thread: the library takes a tenth of a second to load, and pages are being served.
            library = await asyncio.to_thread(importlib.import_module, "redis.asyncio")
            self._redis = library.Redis.from_url(self._url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        await self._redis.publish(BELL, "1")

    async def _let_go(self) -> None:
        redis, self._redis = self._redis, None
        if redis is not None:
            with contextlib.suppress(Exception):
                await redis.aclose()
