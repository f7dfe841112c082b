"""One letter from the bell to its outcome: the service's limit, the claim, the channel, what came of it."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

import asyncpg
from redis.exceptions import RedisError

from server.notify.channels import Channel, ChannelName, TransportError
from server.notify.commands.deliver import Back, Claim, Claimed, PutBack
from server.notify.commands.outcome import Settle
from server.notify.gather import Gather
from server.notify.limits import Limits
from server.notify.pen import Pen
from server.notify.rules.quiet import Quiet
from server.notify.rules.retry import Outcome
from server.notify.texts import letter_of
from server.people.queries import directory
from server.storage.ids import new_id

log = logging.getLogger("soviec.sender")

#: Seconds that a letter waits in its place for a limit; what must wait for longer is put back.
PATIENCE = 5.0
#: Seconds that a channel may take for a letter; ``rules.retry.LEASE`` is longer.
LONGEST = 60.0
#: Seconds until a letter asks again whose channel, or whose limits, are not there at the moment.
NO_CHANNEL = 1.0
DATABASE_AWAY = (OSError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
#: Pauses (seconds) between tries to write what came of a letter: it is known here and nowhere else.
KEEP_AGAIN = (0.2, 1.0, 3.0, 8.0, 15.0)


class Sender:
    """Carries letters, many at a time. ``changed`` is called when room has come free; ``chance`` (0–1) spreads retries."""

    def __init__(
        self,
        channels: Mapping[ChannelName, Channel],
        quiet: Quiet | None,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        changed: Callable[[], None] = lambda: None,
        pen: Pen | None = None,
    ) -> None:
        self.channels = channels
        self.limits: Limits | None = None
        self._quiet, self._clock, self._chance, self._changed = quiet, clock, chance, changed
        self._pen = pen or Pen(clock)
        self._ending = asyncio.Event()
        self._carrying: set[asyncio.Task[None]] = set()
        self._claims = Gather(self._claim)
        self._outcomes = Gather(self._settle)
        self._backs = Gather(self._give_back)

    @property
    def _stopping(self) -> bool:
        return self._ending.is_set()

    async def deliver(self, delivery: str) -> None:
        """Carry it, to the end: who rang may go meanwhile, a letter that is under way is not called back."""
        task = asyncio.create_task(self._deliver(delivery))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        await asyncio.shield(task)

    async def finish(self, seconds: float) -> None:
        """Begin nothing more; what is under way gets so many seconds, then its answer counts as lost."""
        self._ending.set()
        if self._carrying:
            await asyncio.wait(self._carrying, timeout=seconds)
        for task in self._carrying:
            task.cancel()
        if self._carrying:
            await asyncio.wait(self._carrying, timeout=sum(KEEP_AGAIN))

    async def _deliver(self, delivery: str) -> None:
        if self._stopping:
            return
        try:
            claimed = await self._claims.ask(delivery)
        except DATABASE_AWAY as problem:
            # Nothing was sent: the relay rings again.
            log.warning("letter %s waits: %s", delivery, problem)
            return
        if claimed is None:
            return
        claim, letter = claimed
        later = await self._turn(letter)
        if later is not None:
            await self._put_back(Back(delivery=delivery, claim=claim, seconds=later))
            return
        outcome = await self._carry(letter, claim)
        await self._keep(outcome)

    async def _turn(self, letter: Claimed) -> float | None:
        """Wait for the service's limits, at the last moment before the letter goes. Seconds: not now, but then."""
        channel = self.channels.get(cast(ChannelName, letter.to.channel))
        if channel is None:
            return NO_CHANNEL
        limits = channel.limits(letter.to)
        if limits and self.limits is not None:
            try:
                given, seconds = await self.limits.take(limits, letter.id, self._clock().timestamp(), PATIENCE)
            except (RedisError, OSError):
                return NO_CHANNEL
            if not given:
                return seconds
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), seconds)
        return 0.0 if self._stopping else None

    async def _carry(self, letter: Claimed, claim: str) -> Outcome:
        channel = self.channels[cast(ChannelName, letter.to.channel)]

        def came(result: Any, **more: Any) -> Outcome:
            return Outcome(delivery=letter.id, claim=claim, result=result, idempotent=channel.idempotent, chance=self._chance(), **more)

        try:
            said = await letter_of(letter.id, letter.messages, letter.to, await directory(), self._clock())
        except DATABASE_AWAY as problem:
            log.warning("letter %s waits: %s", letter.id, problem)
            return came("later", why="sending.why.no_database", retry_after=1.0)
        except Exception:
            log.exception("letter %s has no text", letter.id)
            return came("later", why="sending.why.text_fault", retry_after=600.0)
        try:
            async with asyncio.timeout(LONGEST):
                sent = await channel.send(letter.to, said)
        except TransportError as error:
            result = "never" if error.permanent else "lost" if error.unknown else "later"
            return came(
                result,
                why=error.why,
                detail=error.detail,
                retry_after=error.retry_after,
                whole_channel=error.whole_channel,
                address_ended=error.address_ended,
            )
        except (TimeoutError, asyncio.CancelledError):
            return came("lost", why="sending.why.slow")
        except Exception as error:
            log.exception("channel %s failed", letter.to.channel)
            return came("lost", why="sending.why.fault", detail=type(error).__name__)
        return came("sent", ref=sent.ref)

    async def _keep(self, outcome: Outcome) -> None:
        for pause in (*KEEP_AGAIN, None):
            try:
                await self._outcomes.ask(outcome)
            except Exception as problem:
                log.warning("what came of letter %s can't be written: %s: %s", outcome.delivery, type(problem).__name__, problem)
            else:
                break
            if pause is not None:
                await asyncio.sleep(pause)
        self._changed()

    async def _claim(self, deliveries: list[str]) -> dict[str, tuple[str, Claimed]]:
        claim = new_id()
        answer = await self._pen.do(Claim(ids=deliveries, claim=claim))
        ours: list[Claimed] = answer["claimed"]
        if len(ours) < len(deliveries):
            self._changed()
        return {one.id: (claim, one) for one in ours}

    async def _settle(self, outcomes: list[Outcome]) -> dict[Outcome, bool]:
        await self._pen.do(Settle(outcomes=outcomes, quiet=self._quiet))
        return {}

    async def _put_back(self, back: Back) -> None:
        try:
            await self._backs.ask(back)
        except DATABASE_AWAY as problem:
            # Then its claim runs out.
            log.warning("letter %s can't be put back: %s", back.delivery, problem)
        self._changed()

    async def _give_back(self, letters: list[Back]) -> dict[Back, bool]:
        await self._pen.do(PutBack(letters=letters))
        return {}
