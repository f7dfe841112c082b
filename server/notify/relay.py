"""The loop that plans, rings and rescues. Any number of them run beside each other: each step claims its rows first."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from server.notify.channels import Channel, ChannelName
from server.notify.commands.deliver import Back, PutBack, Ring
from server.notify.commands.outcome import Rescue
from server.notify.commands.plan import Plan
from server.notify.commands.prune import Prune
from server.notify.pen import Pen
from server.notify.queries import standings
from server.notify.queue import Away, Queue
from server.notify.rules.quiet import Quiet
from server.notify.sender import DATABASE_AWAY
from server.storage.door import Command
from server.storage.engine import row, rows

log = logging.getLogger("soviec.relay")

#: Seconds between two looks when nobody rings; between two looks for what stuck; until a bell that nobody heard is rung again.
LOOK, RESCUE, LOST = 0.5, 5.0, 30.0
#: Seconds between two rounds that remove what is old.
PRUNE = 6 * 3600.0
#: Letters of one channel in the queue at a time, for all workers: a channel that is slow holds up no other.
WINDOW = 64
#: Messages that are planned in one transaction.
PLANNED_AT_ONCE = 200
#: Messages that can't be planned are left alone until the next start, and are in the log.
MOST_SKIPPED = 200


class Relay:
    """One process's relay. ``queue`` is None while its server is away: then messages are planned and wait.

    ``channels`` are those that are set up, for which messages are planned; only those of ``ready``, which are open, are rung.
    """

    def __init__(
        self,
        channels: Mapping[ChannelName, Channel],
        ready: Mapping[ChannelName, Channel],
        quiet: Quiet | None,
        clock: Callable[[], datetime],
        pen: Pen | None = None,
    ) -> None:
        self.channels, self.ready = channels, ready
        self._pen = pen or Pen(clock)
        self.quiet = quiet
        self.clock = clock
        self.queue: Queue | None = None
        self._wake = asyncio.Event()
        self._skip: list[str] = []
        self._next_rescue = self._next_prune = 0.0

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Look until ``stop``, at once when woken, twice a second otherwise. A database that is away for a while is no end."""
        while not stop.is_set():
            self._wake.clear()
            try:
                more = await self.look()
            except Away:
                more = False
            except DATABASE_AWAY as problem:
                log.warning("the messages can't be looked through: %s", problem)
                more = False
                await asyncio.sleep(LOOK)
            except Exception:
                log.exception("the messages can't be looked through")
                more = False
                await asyncio.sleep(LOOK)
            if not more:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), LOOK)

    async def look(self) -> bool:
        """One round; whether there may be more to do at once. Raises Away."""
        await self._now_and_then()
        planned = await self._plan()
        rung = await self._ring()
        return planned >= PLANNED_AT_ONCE or rung > 0

    async def rescue(self, lost_seconds: float = LOST) -> None:
        """What a dead worker or a lost queue left behind; with 0 everything that was rung is rung again."""
        lost_before = self.clock() - timedelta(seconds=lost_seconds)
        names = sorted(name for name, channel in self.channels.items() if channel.idempotent)
        await self._do(Rescue(lost_before=lost_before, idempotent=list(names), quiet=self.quiet))

    async def _now_and_then(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._next_rescue:
            self._next_rescue = now + RESCUE
            await self.rescue()
        if now >= self._next_prune:
            # Not in the first minutes: then there is enough to do.
            first, self._next_prune = self._next_prune == 0.0, now + PRUNE
            if not first:
                await self._prune()

    async def _prune(self) -> None:
        more = True
        while more:
            more = (await self._do(Prune()))["more"]
            # Others want to write too.
            await asyncio.sleep(LOOK)

    async def _do(self, asked: Command) -> dict[str, Any]:
        return await self._pen.do(asked)

    async def _plan(self) -> int:
        if await row("SELECT id FROM outbox WHERE planned_at IS NULL LIMIT 1") is None:
            return 0
        plan = Plan(most=PLANNED_AT_ONCE, skip=self._skip, quiet=self.quiet, channels=[*self.channels])
        try:
            return int((await self._do(plan))["planned"])
        except Exception:
            log.exception("messages can't be planned together; now one by one")
            return await self._plan_singly()

    async def _plan_singly(self) -> int:
        """One message that can't be planned must not hold up the others."""
        planned = 0
        for _ in range(PLANNED_AT_ONCE):
            found = await rows("SELECT id FROM outbox WHERE planned_at IS NULL ORDER BY at, id LIMIT $1", len(self._skip) + 1)
            first = next((one["id"] for one in found if one["id"] not in self._skip), None)
            if first is None or len(self._skip) >= MOST_SKIPPED:
                break
            try:
                planned += (await self._do(Plan(most=1, skip=self._skip, quiet=self.quiet, channels=[*self.channels])))["planned"]
            except Exception:
                log.exception("message %s can't be planned", first)
                self._skip.append(first)
        return planned

    async def _ring(self) -> int:
        room = await self._room() if self.queue is not None else {}
        if not room:
            return 0
        rung: list[str] = (await self._do(Ring(room=room)))["rung"]
        try:
            if self.queue is None:
                raise Away("gone")
            await self.queue.ring(rung, self.clock())
        except Away:
            await self._do(PutBack(letters=[Back(delivery=one) for one in rung]))
            raise
        return len(rung)

    async def _room(self) -> dict[str, int]:
        """How many letters may be put into the queue, for each channel that has some which are due."""
        now, known = self.clock(), await standings()
        due = [
            name
            for name in self.ready
            if known[name].on
            and not _still(known[name].paused_until, now)
            and await row(
                "SELECT id FROM delivery WHERE channel = $1 AND state = 'waiting' AND queued_at IS NULL AND next_at <= $2 LIMIT 1",
                name,
                now,
            )
        ]
        if not due:
            return {}
        counted = await rows(
            "SELECT channel, COUNT(*) AS many FROM delivery "
            "WHERE state IN ('waiting', 'sending') AND queued_at IS NOT NULL GROUP BY channel"
        )
        busy = {one["channel"]: one["many"] for one in counted}
        return {name: room for name in due if (room := WINDOW - busy.get(name, 0)) > 0}


def _still(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
