"""Making what was asked for, beside whatever else this process does: the server that was asked, or a worker where that one is gone."""

import asyncio
import contextlib
import hashlib
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from server.errors import Refusal
from server.people.queries import directory
from server.reports.making.child import ordered
from server.reports.making.commands import DropFile, FailFile, ForgetFiles, ReadyFile, StepFile, TakeFile
from server.reports.making.content import paper
from server.reports.making.queries import File, file, forgotten, forsaken, known, overdue
from server.reports.making.rules import file_name
from server.reports.making.shelf import Shelf
from server.reports.making.wire import Order, Said
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.words import say

log = logging.getLogger("soviec.reports")

#: Files that one process makes at a time: each takes a processor for seconds, and pages want to be served meanwhile.
MOST: Final = 2
#: Seconds between two words on the progress, and between two that only say "still here".
TELL: Final = 0.5
BEAT: Final = 5.0
#: Between two looks at what lies there too long.
TIDY: Final = timedelta(minutes=5)

#: What makes a file at the order's path, saying how far it is; raises Refusal with a sentence for the person.
Make = Callable[[Order, Settings, Callable[[Said], None]], Awaitable[Said]]


async def made(order: Order, settings: Settings, told: Callable[[Said], None]) -> Said:
    """Make it where it is made best: a workbook in a process of its own, a paper by the printer, which is one already."""
    if order.filed is None and order.what != "pdf":
        return await ordered(order, settings, told)
    data = await paper(order, settings.data, settings.place)
    await asyncio.to_thread(_write, Path(order.path), data)
    return Said(size=len(data), sha256=hashlib.sha256(data).hexdigest())


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


class Makers:
    """What one process makes, over an engine that is open. ``make`` is another one in tests."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], make: Make = made) -> None:
        self.settings, self.clock, self.make = settings, clock, make
        self.shelf = Shelf(settings.data)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(MOST)
        self._tidied: datetime | None = None

    def begin(self, file_id: str) -> None:
        """Make it in the background, if nobody is at it; returns at once."""
        if file_id not in self._tasks:
            task = self._tasks[file_id] = asyncio.create_task(self._in_turn(file_id))
            task.add_done_callback(lambda _: self._tasks.pop(file_id, None))

    async def look(self) -> int:
        """Take up what was left behind; answers how many files."""
        found = await forsaken(self.clock())
        for one in found:
            self.begin(one)
        return len(found)

    async def tick(self) -> int:
        """What a worker does again and again: take up, and now and then tidy."""
        now = self.clock()
        if self._tidied is None or now - self._tidied >= TIDY:
            await self.tidy()
            self._tidied = now
        return await self.look()

    async def settled(self) -> None:
        """Wait until this process makes nothing more."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        """Let go of everything: another process takes it up."""
        for task in self._tasks.values():
            task.cancel()
        await self.settled()

    async def tidy(self) -> int:
        """Throw away what has lain for its day, and what nobody knows of; answers how many files went."""
        now, gone = self.clock(), 0
        for one in await overdue(now):
            if (await carry_out(DropFile(id=one), actor=None, now=now, source="job"))["gone"]:
                await asyncio.to_thread(self.shelf.remove, one)
                gone += 1
        there = await asyncio.to_thread(self.shelf.files)
        for one in there - await known(there):
            # A file gets its place a moment before it is said to be ready.
            if await asyncio.to_thread(self.shelf.idle, one):
                await asyncio.to_thread(self.shelf.remove, one)
        await asyncio.to_thread(self.shelf.sweep)
        if await forgotten(now):
            await carry_out(ForgetFiles(), actor=None, now=now, source="job")
        return gone

    async def _in_turn(self, file_id: str) -> None:
        async with self._room:
            maker = new_id()
            taken = await carry_out(TakeFile(id=file_id, maker=maker), actor=None, now=self.clock(), source="job")
            found = await file(file_id) if taken["taken"] else None
            if found is not None:
                await self._make(found, maker)

    async def _make(self, found: File, maker: str) -> None:
        draft = await asyncio.to_thread(self.shelf.draft, found.id, maker)
        order = Order(
            what=found.what,
            unit=found.unit,
            period=found.period,
            filed=found.filed,
            person=found.person,
            now=found.asked_at,
            path=str(draft.resolve()),
        )
        telling = _Telling(found.id, maker, self.clock)
        saying = asyncio.create_task(telling.run())
        try:
            said = await self.make(order, self.settings, telling.hear)
            await asyncio.to_thread(self.shelf.keep, found.id, draft)
            unit = (await directory()).units[found.unit]
            name = file_name(found.what, unit.short or unit.name, found.period)
            end = ReadyFile(id=found.id, maker=maker, name=name, size=said.size, sha256=said.sha256)
            await carry_out(end, actor=None, now=self.clock(), source="job")
        except Exception as problem:
            if not isinstance(problem, Refusal):
                log.exception("a file of a report could not be made")
            why = problem.message if isinstance(problem, Refusal) else say("making.failed")
            await carry_out(FailFile(id=found.id, maker=maker, said=why), actor=None, now=self.clock(), source="job")
        finally:
            saying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await saying
            draft.unlink(missing_ok=True)


class _Telling:
    """Says again and again that the maker is there, and how far: not with every line of a list, for each is a commit."""

    def __init__(self, file_id: str, maker: str, clock: Callable[[], datetime]) -> None:
        self.file, self.maker, self.clock = file_id, maker, clock
        self.now = Said()

    def hear(self, said: Said) -> None:
        """So far it is."""
        self.now = said

    async def run(self) -> None:
        """Until it is cancelled."""
        told, silent = self.now, 0.0
        while True:
            await asyncio.sleep(TELL)
            silent += TELL
            if self.now != told or silent >= BEAT:
                told, silent = self.now, 0.0
                step = StepFile(id=self.file, maker=self.maker, done=told.done, of=told.of)
                await carry_out(step, actor=None, now=self.clock(), source="job")
