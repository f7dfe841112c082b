"""What the worker does for foresight: each job by itself, so that neither the failure of one nor its length is the others' concern."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from server.calendar import current as calendar
from server.insight.life.jobs import Learner
from server.insight.load.jobs import Counter
from server.insight.proposals.jobs import Proposer
from server.insight.risk.jobs import Scorer
from server.settings import Settings
from server.storage.ids import utc_now

log = logging.getLogger("soviec.insight")

#: Seconds between two looks: a change is scored within a minute.
LOOK: Final = 15.0
#: Takes minutes once a month: asked beside the others, so that a change is scored within a minute while a model is learned.
SLOW: Final = ("model",)


def jobs_of(settings: Settings, clock: Callable[[], datetime]) -> dict[str, Callable[[], Awaitable[object]]]:
    """Every job by its name; each is asked again and again, and finds out itself whether there is something to do."""
    return {
        "risk": Scorer(settings.data, clock).tick,
        "load": Counter(clock).tick,
        "proposals": Proposer(clock).tick,
        "model": Learner(settings.data, clock).tick,
    }


async def run(settings: Settings, stop: asyncio.Event, clock: Callable[[], datetime] = utc_now) -> None:
    """Ask every job until ``stop`` is set."""
    jobs = jobs_of(settings, clock)
    quick = {name: job for name, job in jobs.items() if name not in SLOW}
    await asyncio.gather(_asked(quick, stop), *(_asked({name: jobs[name]}, stop) for name in SLOW if name in jobs))


async def _asked(jobs: dict[str, Callable[[], Awaitable[object]]], stop: asyncio.Event) -> None:
    """These, one after another, again and again."""
    while not stop.is_set():
        await calendar.refresh()
        for name, job in jobs.items():
            try:
                await unless_stopped(job, stop)
            except Exception:
                log.exception("the job %s failed; it is asked again", name)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)


async def unless_stopped(job: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """The job to its end, or to where it stands when the process is told to stop: what it had not committed is done again another time."""
    doing, ending = asyncio.ensure_future(job()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({doing, ending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ending.cancel()
        if not doing.done():
            doing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await doing
