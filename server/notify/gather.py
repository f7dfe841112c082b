"""Many small questions as few large ones: what is asked at nearly the same moment is asked together."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Gather(Generic[Key, Answer]):
    """``work`` gets the keys that have come together and answers by key; who is not in the answer gets None."""

    def __init__(self, work: Callable[[list[Key]], Awaitable[dict[Key, Answer]]], seconds: float = 0.02, most: int = 200) -> None:
        self._work, self._seconds, self._most = work, seconds, most
        self._waiting: list[tuple[Key, asyncio.Future[Answer | None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, key: Key) -> Answer | None:
        """The answer for this key. What ``work`` raises, everybody of that round gets."""
        asked: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, asked))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await asked

    async def _run(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._seconds)
            now, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                answers = await self._work([key for key, _ in now])
            except Exception as problem:
                for _, asked in now:
                    if not asked.done():
                        asked.set_exception(problem)
                continue
            for key, asked in now:
                if not asked.done():
                    asked.set_result(answers.get(key))
