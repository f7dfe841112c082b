"""A word to every dashboard when something happened: one look a second for all that are open in this process."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from server.storage import transaction
from server.storage.engine import row

log = logging.getLogger("soviec.reports")

#: Seconds: between two looks, between two signs of life, and the least between two words (a dashboard is for the eye).
LOOK: Final = 1.0
HEARTBEAT: Final = 15.0
GATHER: Final = 0.8
#: Streams that one person, or one screen, holds; the oldest goes when another one comes.
MOST: Final = 6

#: Whether whoever listens may still see it.
Allowed = Callable[[], Awaitable[bool]]


class _Listener:
    def __init__(self, whose: str) -> None:
        self.whose = whose
        self.wake = asyncio.Event()
        self.over = False


class Pulse:
    """The dashboards that are open, and the one task that looks for them. It runs while somebody listens."""

    def __init__(self) -> None:
        self._listeners: list[_Listener] = []
        self._seq = -1
        self._task: asyncio.Task[None] | None = None

    async def stream(self, whose: str, allowed: Allowed) -> AsyncIterator[bytes]:
        """The text of one stream: ``changed`` when any task, person or setting changed. Ends when it is no longer allowed."""
        listener = self._join(whose)
        try:
            yield b"retry: 3000\n: listening\n\n"
            while not listener.over:
                woken = True
                try:
                    await asyncio.wait_for(listener.wake.wait(), HEARTBEAT)
                except TimeoutError:
                    woken = False
                listener.wake.clear()
                if listener.over or not await allowed():
                    return
                yield f"event: changed\ndata: {self._seq}\n\n".encode() if woken else b": still here\n\n"
                await asyncio.sleep(GATHER)
        finally:
            self._listeners.remove(listener)

    def end(self) -> None:
        """Let every stream end: the server stops."""
        for one in self._listeners:
            one.over = True
            one.wake.set()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _join(self, whose: str) -> _Listener:
        own = [one for one in self._listeners if one.whose == whose and not one.over]
        for one in own[: max(0, len(own) - MOST + 1)]:
            one.over = True
            one.wake.set()
        listener = _Listener(whose)
        self._listeners.append(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        return listener

    async def _run(self) -> None:
        committed = asyncio.Event()
        transaction.after_commit.append(committed.set)
        try:
            self._seq = await _last()
            while self._listeners:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(committed.wait(), LOOK)
                committed.clear()
                try:
                    now_at = await _last()
                except Exception:
                    log.exception("the chain can't be read")
                    await asyncio.sleep(LOOK)
                    continue
                if now_at != self._seq:
                    self._seq = now_at
                    for one in self._listeners:
                        one.wake.set()
        finally:
            with contextlib.suppress(ValueError):
                transaction.after_commit.remove(committed.set)


async def _last() -> int:
    """Everything that happened has an entry in the chain, whichever process it happened in."""
    found = await row("SELECT seq FROM audit_entry ORDER BY seq DESC LIMIT 1")
    return int(found["seq"]) if found else 0


#: The one of this process.
pulse = Pulse()
