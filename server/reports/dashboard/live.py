"""A word to every dashboard when something happened: one look a second for all that are open in this process."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from server.storage import transaction
from server.storage.engine import row

log = logging.getLogger("soviec.reports")

#: Seconds: between two looks, between two signs of life, and the least between two words (a dashboard is for the eye).
LOOK: Final = 1.0
HEARTBEAT: Final = 15.0
GATHER: Final = 0.8
#: Streams that one person, or the screens of one key, hold; the oldest goes when another one comes.
MOST: Final = 6

#: What a browser reads first: when to come back to a stream that ended.
HELLO: Final = b"retry: 3000\n\n"
#: The last word to one that had to go for another: come back later, or the two would push each other out for ever.
NO_ROOM: Final = b"retry: 60000\n\n"

#: Whether whoever listens may still see it.
Allowed = Callable[[], Awaitable[bool]]


class _Listener:
    def __init__(self, whose: str) -> None:
        self.whose = whose
        self.wake = asyncio.Event()
        self.over = False
        self.last_word = b""

    def end(self, last_word: bytes = b"") -> None:
        self.over, self.last_word = True, last_word
        self.wake.set()


class Pulse:
    """The dashboards that are open, and the one task that looks for them. It runs while somebody listens."""

    def __init__(self) -> None:
        self._listeners: list[_Listener] = []
        self._seq = 0
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._listeners)

    async def stream(self, whose: str, allowed: Allowed) -> AsyncGenerator[bytes, None]:
        """The text of one stream: ``changed`` when anything happened in the office, ``alive`` now and then. Ends when no longer allowed."""
        # Before the first word: whoever reads the page once that has arrived misses nothing.
        listener = self._join(whose, await _last())
        try:
            yield HELLO + _event("alive")
            while True:
                word = "changed" if await _woken(listener.wake) else "alive"
                listener.wake.clear()
                if listener.over:
                    break
                if not await _still(allowed):
                    return
                yield _event(word)
                await asyncio.sleep(GATHER)
            if listener.last_word:
                yield listener.last_word
        finally:
            self._listeners.remove(listener)

    def end(self) -> None:
        """Let every stream end: the server stops."""
        for one in self._listeners:
            one.end()
        if self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        """The same, and wait for the task that looks."""
        self.end()
        task, self._task = self._task, None
        if task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _join(self, whose: str, seen: int) -> _Listener:
        own = [one for one in self._listeners if one.whose == whose and not one.over]
        for one in own[: max(0, len(own) - MOST + 1)]:
            one.end(NO_ROOM)
        listener = _Listener(whose)
        self._listeners.append(listener)
        if self._task is None or self._task.done():
            self._seq = seen
            self._task = asyncio.get_running_loop().create_task(self._run())
        return listener

    async def _run(self) -> None:
        committed = asyncio.Event()
        transaction.after_commit.append(committed.set)
        try:
            while self._listeners:
                await _woken(committed, LOOK)
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


def _event(word: str) -> bytes:
    # A browser drops an event without data.
    return f"event: {word}\ndata: 1\n\n".encode()


async def _woken(wake: asyncio.Event, seconds: float | None = None) -> bool:
    """Whether it was, within so many seconds. Not ``wait_for``: until Python 3.12 that swallows a cancellation that meets its event."""
    try:
        async with asyncio.timeout(HEARTBEAT if seconds is None else seconds):
            return await wake.wait()
    except TimeoutError:
        return False


async def _still(allowed: Allowed) -> bool:
    try:
        return await allowed()
    except Exception:
        # The browser comes again, and is asked at the door who it is.
        log.exception("who listens can't be looked up")
        return False


async def _last() -> int:
    """Everything that happened has an entry in the chain, whichever process it happened in."""
    found = await row("SELECT seq FROM audit_entry ORDER BY seq DESC LIMIT 1")
    return int(found["seq"]) if found else 0


#: The one of this process.
pulse = Pulse()
