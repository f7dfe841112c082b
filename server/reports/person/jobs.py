"""What runs later: copies whose time is over go."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from server.reports.person.kept import Shelf
from server.settings import Settings
from server.storage.ids import utc_now

log = logging.getLogger("soviec.reports")

#: Seconds between two looks.
LOOK: Final = 600.0


async def run(settings: Settings, stop: asyncio.Event, clock: Callable[[], datetime] = utc_now) -> None:
    """Sweep the folder again and again until ``stop`` is set."""
    shelf = Shelf(settings.data)
    while not stop.is_set():
        try:
            await asyncio.to_thread(shelf.sweep, clock())
        except OSError:
            log.exception("old copies could not be removed; it is tried again")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)


async def tidy(settings: Settings, now: datetime) -> None:
    """When the server starts: nobody is making any copy, and what a kill left of one goes."""
    await asyncio.to_thread(Shelf(settings.data).sweep, now, all_unfinished=True)
