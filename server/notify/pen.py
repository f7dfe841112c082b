"""How the loops of a worker write: one transaction after the other, with room between them for the pages."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from server.storage.door import Command, carry_out
from server.storage.engine import is_sqlite

#: Seconds. SQLite has one writer and no queue among processes: who waits looks again now and then, and must find it free.
GAP = 0.01


class Pen:
    """Shared by the loops of one process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()

    async def do(self, asked: Command) -> dict[str, Any]:
        """Carry out a command of the product itself, now."""
        if not is_sqlite():
            return await self._carry_out(asked)
        async with self._lock:
            answer = await self._carry_out(asked)
            await asyncio.sleep(GAP)
            return answer

    async def _carry_out(self, asked: Command) -> dict[str, Any]:
        return await carry_out(asked, actor=None, now=self._clock(), source="job")
