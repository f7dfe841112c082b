"""The process ``python -m server worker``: relay, letters, calendar, what people write to the channels. Any number of them may run."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

from server.notify import commands, schedule
from server.notify.channels import Channel, ChannelName
from server.notify.limits import Limits
from server.notify.pen import Pen
from server.notify.queue import Away, Queue
from server.notify.relay import Relay
from server.notify.rules.quiet import Quiet
from server.notify.sender import Sender
from server.settings import Settings
from server.storage import transaction
from server.storage.ids import utc_now

log = logging.getLogger("soviec.worker")

#: Importing them registers the commands that letters need.
_REGISTERED = commands

#: Seconds that letters under way get when the process is told to stop; the services' clients give up sooner.
PATIENCE = 10.0
#: Seconds until a queue that is away, or a channel that would not open, is tried again: at first and at the most.
PAUSE, LONGEST_PAUSE = 0.3, 30.0
#: Seconds that a channel may take to open.
OPENS = 30.0
#: Seconds between two looks into the calendar.
CALENDAR = 30.0


class Worker:
    """What one process does, over an engine that is open. ``url`` is the queue's server."""

    def __init__(
        self,
        channels: Mapping[ChannelName, Channel],
        url: str,
        quiet: Quiet | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.url = url
        self.stop = asyncio.Event()
        self._all = channels
        #: Those that are open.
        self._ready: dict[ChannelName, Channel] = {}
        pen = Pen(clock)
        self.relay = Relay(channels, self._ready, quiet, clock, pen)
        self.sender = Sender(self._ready, quiet, clock, chance, self.relay.wake, pen)

    async def run(self, *more: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
        """Work until ``stop`` is set; ``more`` runs beside. Ends in good order: what is under way gets its outcome."""
        transaction.after_commit.append(self.relay.wake)
        loops = [
            asyncio.create_task(one)
            for one in (
                self.relay.run(self.stop),
                self._keep_queue(),
                *(self._keep_channel(channel) for channel in self._all.values()),
                *(again(part, self.stop) for part in more),
            )
        ]
        clock = asyncio.get_running_loop().time
        told = clock()
        try:
            await self.stop.wait()
            told = clock()
            self.relay.wake()
            await self.sender.finish(PATIENCE)
        finally:
            transaction.after_commit.remove(self.relay.wake)
            # One patience for letters and loops together: whoever started this process kills it soon after.
            await asyncio.wait(loops, timeout=max(1.0, told + PATIENCE - clock()))
            for one in loops:
                one.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await asyncio.gather(*(channel.close() for channel in self._ready.values()), return_exceptions=True)

    async def _keep_queue(self) -> None:
        """Stay with the queue; while its server is away messages are planned and wait."""
        pause = PAUSE
        while not self.stop.is_set():
            began = asyncio.get_running_loop().time()
            try:
                await self._with_queue()
            except Away as problem:
                # A server that was there for a while is looked for at once; one that never came, less and less often.
                pause = PAUSE if asyncio.get_running_loop().time() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
                log.warning("the queue does not answer, messages wait: %s", problem)
                await self._sleep(pause)
            except Exception:
                log.exception("the queue failed, messages wait")
                pause = min(pause * 2, LONGEST_PAUSE)
                await self._sleep(pause)

    async def _with_queue(self) -> None:
        queue = await Queue.open(self.url)
        hearing: asyncio.Task[None] | None = None
        try:
            if await queue.is_new():
                await self.relay.rescue(0)
            self.sender.limits, self.relay.queue = Limits(queue.redis), queue
            self.relay.wake()
            hearing = asyncio.create_task(queue.hear(self.relay.wake))
            await queue.run(self.sender.deliver, self.stop)
            # Told to stop: arq may still note which jobs have ended.
            await self.sender.finish(PATIENCE)
            await queue.rest(1.0)
        finally:
            self.relay.queue = None
            if hearing is not None:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)
            await queue.close()

    async def _keep_channel(self, channel: Channel) -> None:
        """Open it, however often that takes, then deal with what people write to it, if it can hear."""
        pause = PAUSE
        while not self.stop.is_set():
            try:
                async with asyncio.timeout(OPENS):
                    await channel.open()
                break
            except Exception as problem:
                log.warning("channel %s would not open, its messages wait: %s", channel.name, problem)
                await self._sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return
        self._ready[channel.name] = channel
        self.relay.wake()
        listen = getattr(channel, "listen", None)
        if listen is not None:
            await again(listen, self.stop)

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), seconds)


async def again(part: Callable[[asyncio.Event], Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Run a part of the work until ``stop``; one that fails is begun again after a pause."""
    while not stop.is_set():
        try:
            await part(stop)
        except Exception:
            log.exception("a part of the worker failed; it is begun again")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LONGEST_PAUSE)


def calendar(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Callable[[asyncio.Event], Coroutine[Any, Any, None]]:
    """The part of the work that asks what the day wants said."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await schedule.tick(clock(), settings)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CALENDAR)

    return run
