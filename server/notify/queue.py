"""The queue: a bell for workers, nothing more. The only module that knows ``arq``.

A job names letters that are due, some at a time: arq asks its server four times for each job. What the queue forgets is rung again, what
it rings twice is claimed once.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.worker import Worker, func
from redis.exceptions import RedisError

from server.notify.bell import BELL

log = logging.getLogger("soviec.queue")

NAME = "soviec:deliver"
#: There as long as the server remembers what was rung.
MEMORY = "soviec:remembers"
JOB = "deliver"
#: Letters of one job, and jobs that one process has at the same time; ``relay.WINDOW`` is what bounds the letters.
BATCH, AT_ONCE = 32, 200
#: Seconds: how often the queue is asked, how long a job may take, and how long a letter is of use to it.
POLL, LONGEST, EXPIRES = 0.05, 150, 3600


class Away(Exception):
    """The server of the queue does not answer."""


Deliver = Callable[[str], Awaitable[None]]


class Queue:
    """A connection to the server of the queue."""

    def __init__(self, redis: ArqRedis) -> None:
        self.redis = redis

    @classmethod
    async def open(cls, url: str) -> "Queue":
        """Connect. Raises Away."""
        settings = RedisSettings.from_dsn(url)
        settings.conn_retries = 0
        settings.conn_timeout = 2
        try:
            redis = await create_pool(
                settings, job_serializer=msgspec.msgpack.encode, job_deserializer=msgspec.msgpack.decode, default_queue_name=NAME
            )
        except (RedisError, OSError, TimeoutError) as problem:
            raise Away(str(problem)) from None
        return cls(redis)

    async def close(self) -> None:
        """Let go."""
        with contextlib.suppress(RedisError, OSError):
            await self.redis.aclose(close_connection_pool=True)

    async def is_new(self) -> bool:
        """Whether this server knows nothing of us: it was started anew, or emptied. The second to ask hears no."""
        try:
            return bool(await self.redis.set(MEMORY, "1", nx=True))
        except (RedisError, OSError) as problem:
            raise Away(str(problem)) from None

    async def ring(self, letters: Sequence[str], at: datetime) -> None:
        """Put these deliveries in. Raises Away; then some may be in."""
        try:
            for start in range(0, len(letters), BATCH):
                some = list(letters[start : start + BATCH])
                # The moment too: a bell that was lost must be rung again under a name of its own.
                await self.redis.enqueue_job(JOB, some, _job_id=f"{some[0]}:{at.timestamp():.3f}", _expires=EXPIRES)
        except (RedisError, OSError) as problem:
            raise Away(str(problem)) from None

    async def run(self, deliver: Deliver, stop: asyncio.Event) -> None:
        """Take jobs until ``stop``; what was begun then goes on by itself. Raises Away."""

        async def job(ctx: dict[Any, Any], letters: list[str]) -> None:
            await asyncio.gather(*(deliver(one) for one in letters))

        worker = Worker(
            [func(cast(Any, job), name=JOB)],
            queue_name=NAME,
            redis_pool=self.redis,
            handle_signals=False,
            max_jobs=AT_ONCE,
            queue_read_limit=AT_ONCE,
            poll_delay=POLL,
            job_timeout=LONGEST,
            keep_result=0,
            max_tries=2,
            log_results=False,
            job_serializer=msgspec.msgpack.encode,
            job_deserializer=msgspec.msgpack.decode,
        )
        taking = asyncio.create_task(worker.async_run())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([taking, stopping], return_when=asyncio.FIRST_COMPLETED)
            if taking.done():
                taking.result()
        except (RedisError, OSError) as problem:
            raise Away(str(problem)) from None
        finally:
            worker.allow_pick_jobs = False
            for one in (taking, stopping):
                one.cancel()
            await asyncio.gather(taking, stopping, return_exceptions=True)
            # arq's notes of jobs that are running: with the server away they can't be written, and nobody misses them.
            self._last = asyncio.gather(*worker.tasks.values(), return_exceptions=True)

    async def rest(self, seconds: float) -> None:
        """Give arq the time to note what has ended."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._last), seconds)

    async def hear(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` whenever somebody committed something, until cancelled or Away."""
        try:
            async with self.redis.pubsub() as ears:
                await ears.subscribe(BELL)
                async for said in ears.listen():
                    if said["type"] == "message":
                        wake()
        except (RedisError, OSError) as problem:
            raise Away(str(problem)) from None
