"""What the worker does for foresight: one loop, each job by itself, so that the failure of one leaves the others alone."""

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
    while not stop.is_set():
        await calendar.refresh()
        for name, job in jobs.items():
            try:
                await job()
            except Exception:
                log.exception("the job %s failed; it is asked again", name)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)
