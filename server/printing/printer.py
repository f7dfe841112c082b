"""Printing, from the server's side: one process, started with the first paper, let go when nothing was printed for a while."""

import asyncio
import contextlib
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from server.errors import Refusal
from server.printing.wire import Job, Paper, Printed, receive, send
from server.settings import passed_on

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that a file may take once it is its turn, the same for each of its papers, and seconds that an unused process stays.
PATIENCE = 60.0
PATIENCE_EACH = 10.0
IDLE = 600.0
#: Files that may wait for their turn.
QUEUE = 16
#: A process that has needed more bytes than this is not kept: it would not give them back.
MOST_KEPT = 400 * 1024**2
#: What the process gets of the environment: no setting of the server, no key, no password of a database.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class Printer:
    """Makes files one after the other. It may be used again after ``close``."""

    def __init__(self, patience: float = PATIENCE, each: float = PATIENCE_EACH, idle: float = IDLE, queue: int = QUEUE) -> None:
        self._patience, self._each, self._idle, self._queue = patience, each, idle, queue
        # A thread of its own: the common ones also carry the commits of the database.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printing")
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None
        self._uses = 0
        self._waiting = 0

    async def pdf(self, papers: Sequence[Paper], title: str) -> bytes:
        """The papers, at least one, as one PDF. Raises Refusal: too many wait, it takes too long, or it can't be laid out."""
        if self._waiting >= self._queue:
            raise Refusal("conflict", "printing.busy")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._print, Job(title=title, papers=list(papers)))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the process, also in the middle of a file; for the end of the server."""
        with self._lock:
            process, self._process = self._process, None
            if self._timer is not None:
                self._timer.cancel()
        if process is not None:
            _end(process)

    def _print(self, job: Job) -> bytes:
        process = self._take()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._patience + self._each * len(job.papers), stop)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None and process.stdout is not None
            send(process.stdin, job)
            answer = receive(process.stdout)
            if answer is None:
                raise EOFError
            printed = msgspec.msgpack.decode(answer, type=Printed)
        except (OSError, ValueError, EOFError, msgspec.MsgspecError):
            self._drop(process)
            raise Refusal("invalid", "printing.took_too_long" if late.is_set() else "printing.ended") from None
        finally:
            timer.cancel()
        if printed.memory > MOST_KEPT:
            self._drop(process)
        else:
            self._keep(process)
        if printed.fault:
            raise Refusal("invalid", f"printing.{printed.fault}")
        return printed.pdf

    def _take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            self._uses += 1
            if self._timer is not None:
                self._timer.cancel()
            if self._process is None or self._process.poll() is not None:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "server.printing.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    cwd=ROOT,
                    env={"PYTHONPATH": str(ROOT), **passed_on(PASSED_ON)},
                )
            return self._process

    def _keep(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if self._process is process:
                self._timer = threading.Timer(self._idle, self._let_go, [process, self._uses])
                self._timer.daemon = True
                self._timer.start()

    def _let_go(self, process: subprocess.Popen[bytes], uses: int) -> None:
        with self._lock:
            # A paper may have come while the timer was going off.
            if self._process is not process or self._uses != uses:
                return
            self._process = None
        _end(process)

    def _drop(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if self._process is process:
                self._process = None
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        # What was not sent yet can't be.
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()


#: The one printer of a running server.
printer = Printer()
