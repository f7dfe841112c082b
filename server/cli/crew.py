"""Who works beside the server of ``run``: the queue's server and the workers, each a process of its own, begun again when it ends."""

import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path

import msgspec

from server.notify.valkey import NoValkey, Valkey
from server.settings import Settings, handed_down

log = logging.getLogger("soviec.crew")

ROOT = Path(__file__).resolve().parents[2]
#: Seconds until a process that ended is begun again: at first, at the most; one that ran for longer than the most begins at the first.
PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: Seconds that workers get to end in good order; a letter under way gets ten.
PATIENCE = 15.0


class Crew:
    """The processes beside one server. They end with it, however it ends: workers see the end of a pipe, the queue's server a signal."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._valkey: Valkey | None = None
        if not settings.redis_url and settings.workers > 0:
            try:
                self._valkey = Valkey()
            except OSError as problem:
                log.warning("messages wait, there is no folder for the queue: %s", problem)
        self._ending = asyncio.Event()
        self._workers: set[asyncio.subprocess.Process] = set()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        """The queue's server, known before it is up; "" if there is none."""
        return self._settings.redis_url or (self._valkey.url if self._valkey is not None else "")

    def begin(self) -> None:
        """Start everybody, in the background: the pages wait for none of them."""
        if self._valkey is not None:
            self._tasks.append(asyncio.create_task(self._keep_valkey(self._valkey)))
        if self.url:
            self._tasks += [asyncio.create_task(self._keep_worker()) for _ in range(self._settings.workers)]

    def tell(self) -> None:
        """Tell the workers to end; returns at once."""
        self._ending.set()
        for worker in self._workers:
            with contextlib.suppress(ProcessLookupError):
                worker.send_signal(signal.SIGTERM)

    async def end(self) -> None:
        """Wait until everybody has ended, the queue's server last."""
        self.tell()
        for worker in list(self._workers):
            try:
                await asyncio.wait_for(worker.wait(), PATIENCE)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    worker.kill()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._valkey is not None:
            await self._valkey.close()

    async def _keep_valkey(self, valkey: Valkey) -> None:
        pause = PAUSE
        while not self._ending.is_set():
            began = asyncio.get_running_loop().time()
            try:
                await valkey.start()
                await valkey.ended()
                log.warning("the queue ended; it is begun again, and nothing is lost")
            except NoValkey as problem:
                log.warning("the queue can't be started, messages wait: %s", problem)
            pause = await self._rest(began, pause)

    async def _keep_worker(self) -> None:
        pause = PAUSE
        while not self._ending.is_set():
            began = asyncio.get_running_loop().time()
            worker = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "server", "worker", "--child"),
                # Nothing is ever written: when this end is gone the worker reads the end of it.
                stdin=asyncio.subprocess.PIPE,
                cwd=ROOT,
                env=handed_down(msgspec.structs.replace(self._settings, redis_url=self.url)),
                start_new_session=True,
            )
            self._workers.add(worker)
            try:
                if self._ending.is_set():
                    worker.terminate()
                number = await worker.wait()
            finally:
                self._workers.discard(worker)
            if not self._ending.is_set():
                log.warning("a worker ended with %s; another is begun", number)
                pause = await self._rest(began, pause)

    async def _rest(self, began: float, pause: float) -> float:
        if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
            pause = PAUSE
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), pause)
        return min(pause * 2, LONGEST_PAUSE)
