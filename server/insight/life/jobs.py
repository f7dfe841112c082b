"""Once a month, at night: does the model still fit, and has the office's own history made a better one?"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from ml.errors import ModelRefused
from server.insight.life.learn import learn
from server.storage.engine import row
from server.storage.ids import LOCAL

log = logging.getLogger("soviec.insight")

#: Local hour from which on it may begin, on the first day of a month or any later one on which it has not been done.
HOUR: Final = 3


class Learner:
    """One worker's part: the first that writes the month's row does the work."""

    def __init__(self, data: Path, clock: Callable[[], datetime]) -> None:
        self.data = data
        self.clock = clock
        self._done = ""

    async def tick(self) -> bool:
        """Whether it learned something now."""
        now = self.clock()
        here = now.astimezone(LOCAL)
        month = f"{here:%Y-%m}"
        if self._done == month or here.hour < HOUR:
            return False
        if await row("SELECT id FROM model_check WHERE id = $1 AND ended_at IS NOT NULL", month) is not None:
            self._done = month
            return False
        if await row("SELECT id FROM task WHERE status = 'completed' LIMIT 1") is None:
            return False  # a new office: nothing to look at, and the month is not over
        try:
            found = await learn(self.data, now, month)
        except ModelRefused as problem:
            log.error("no model to look at: %s", problem)
            return False
        # Somebody else may have begun it and died: asked again, until the row says that it ended.
        return found is not None and found.changed
