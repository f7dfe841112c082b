"""``GET /sync/events``: a word to a device whenever a pull would bring it something.

One look at the change feed a second, for all listeners of this process together, and at once after a commit of this process.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from server.storage import transaction
from sync.cursor import rights_of
from sync.feed import brings, last
from sync.reader import Reader
from sync.scores import named_mark

log = logging.getLogger("soviec.sync")

#: Seconds.
LOOK = 1.0
HEARTBEAT = 15.0
#: Commits that follow each other quicker than this (seconds) are one look, and one word to a listener.
GATHER = 0.2
#: Devices and tabs of one person that listen at a time; the oldest goes when another one comes.
MOST_A_PERSON = 10

#: The reader of now, or None when the session is over.
Look = Callable[[], Awaitable[Reader | None]]


class Listener:
    """One open stream."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.wake = asyncio.Event()
        self.over = False

    def end(self) -> None:
        """Let the stream end by itself."""
        self.over = True
        self.wake.set()


class News:
    """The listeners of this process, and the one task that looks at the feed for them."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self.seq = 0
        self._committed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._over = False

    async def open(self) -> None:
        """Begin to look."""
        self._over = False
        self._committed = asyncio.Event()
        transaction.after_commit.append(self._committed.set)
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """End every stream."""
        self.end_all()
        # Not by cancelling alone: until Python 3.12 ``wait_for`` swallows a cancellation that meets the event it waits for.
        self._over = True
        with contextlib.suppress(ValueError):
            transaction.after_commit.remove(self._committed.set)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def end_all(self) -> None:
        """Let every stream end by itself: the server stops, and open streams would hold it up."""
        for one in self.listeners:
            one.end()

    async def _run(self) -> None:
        while not self._over:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._committed.wait(), LOOK)
            self._committed.clear()
            if not self.listeners:
                continue
            try:
                now_at = await last()
            except Exception:
                log.exception("the change feed can't be read")
                continue
            if now_at != self.seq:
                self.seq = now_at
                for one in self.listeners:
                    one.wake.set()
            await asyncio.sleep(GATHER)

    async def stream(self, look: Look, since: int | None) -> AsyncIterator[bytes]:
        """The text of one stream: ``since`` is the last number that the device heard of, None for one that has just pulled."""
        reader = await look()
        if reader is None:
            return
        listener = self._join(reader.id)
        try:
            reached = await last() if since is None else since
            rights = rights_of(reader.actor, reader.directory, reader.today, await named_mark(reader))
            if since is not None:
                listener.wake.set()
            yield b"retry: 3000\n: listening\n\n"
            while not listener.over:
                try:
                    await asyncio.wait_for(listener.wake.wait(), HEARTBEAT)
                except TimeoutError:
                    yield b": still here\n\n"
                listener.wake.clear()
                # The number first: what it tells of is in what is read after it.
                now_at = await last()
                reader = await look()
                if reader is None or listener.over:
                    return
                others = rights_of(reader.actor, reader.directory, reader.today, await named_mark(reader))
                if others != rights or (now_at != reached and (now_at < reached or await brings(reader, reached, now_at))):
                    yield f"event: change\nid: {now_at}\ndata: {now_at}\n\n".encode()
                reached, rights = now_at, others
        finally:
            self.listeners.remove(listener)

    def _join(self, person: str) -> Listener:
        own = [one for one in self.listeners if one.person == person and not one.over]
        for one in own[: max(0, len(own) - MOST_A_PERSON + 1)]:
            one.end()
        listener = Listener(person)
        self.listeners.append(listener)
        return listener
