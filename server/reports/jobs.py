"""What the worker does for reports: each job by itself, so that the failure of one is not the others' concern."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from server.insight.jobs import unless_stopped
from server.ledger.fold import AT_ONCE, Fold
from server.reports.filed.jobs import Filer
from server.reports.filed.papers import Keeper
from server.reports.making.makers import Makers
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import row
from server.storage.ids import utc_now

log = logging.getLogger("soviec.reports")

#: Seconds between two looks.
LOOK: Final = 5.0


async def fold_all(clock: Callable[[], datetime]) -> int:
    """Fold what waits into the sums, a part at a time, so that whoever writes meanwhile does not wait long. Answers how many moves."""
    folded = 0
    while await row("SELECT 1 FROM figure_move LIMIT 1"):
        answer = await carry_out(Fold(), actor=None, now=clock(), source="job")
        folded += answer["folded"]
        if answer["folded"] < AT_ONCE:
            break
        await asyncio.sleep(0.05)
    return folded


def jobs_of(settings: Settings, clock: Callable[[], datetime]) -> dict[str, Callable[[], Awaitable[object]]]:
    """Every job by its name; each is asked again and again, and finds out itself whether there is something to do."""

    async def fold() -> int:
        return await fold_all(clock)

    return {
        "fold": fold,
        "papers": Keeper(settings, clock).tick,
        "file": Filer(settings, clock).tick,
        "downloads": Makers(settings, clock).tick,
    }


async def run(settings: Settings, stop: asyncio.Event, clock: Callable[[], datetime] = utc_now) -> None:
    """Ask every job until ``stop`` is set; beside each other, so that a paper of a minute holds up no sum."""
    await asyncio.gather(*(_asked(name, job, stop) for name, job in jobs_of(settings, clock).items()))


async def _asked(name: str, job: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await unless_stopped(job, stop)
        except Exception:
            log.exception("the job %s failed; it is asked again", name)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)
