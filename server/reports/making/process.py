"""The process that makes workbooks: ``python -m server.reports.making.process``.

Writing one takes seconds of a whole core, and reading what is in it holds up a loop: so both happen beside the server, which goes on
answering. It has the server's settings, writes nothing to the database, and ends when the server is gone.
"""

import asyncio
import contextlib
import hashlib
import os
import resource
import sys
import threading
import traceback
from pathlib import Path

import msgspec
import uvloop

from server import settings
from server.errors import Refusal
from server.reports.making.content import Told, write
from server.reports.making.wire import Order, Said
from server.storage import engine
from server.words import say

MEMORY = 2 * 1024**3
CHUNK = 1024 * 1024


def main() -> None:
    """Make what the first line of the standard input orders; say how far it is, and how it ended, in lines of the standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def tell(said: Said) -> None:
        answers.write(msgspec.json.encode(said) + b"\n")

    try:
        _make(order, lambda done, of: tell(Said(done=done, of=of)))
        tell(_measured(Path(order.path)))
    except Refusal as problem:
        tell(Said(fault=problem.message))
    except Exception:
        traceback.print_exc()
        tell(Said(fault=say("making.failed")))


def _make(order: Order, told: Told) -> None:
    given = settings.read()
    used = engine.use(engine.make(given.database, 2))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as run:
        run.run(used.open())
        run.run(_sparing())
        try:
            write(order, run, told)
        finally:
            run.run(used.close())


async def _sparing() -> None:
    """Read SQLite's file piece by piece: mapped into memory as the server has it, a long list would take all of it."""
    if engine.is_sqlite():
        await engine.rows("PRAGMA mmap_size = 0")


def _peak() -> int:
    """Bytes that this process has needed at most, by what Linux says; 0 elsewhere."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _end_with_parent() -> None:
    """The other end of the pipe is the server's; its end is the end of what nobody waits for."""
    sys.stdin.buffer.read()
    os._exit(1)


def _measured(path: Path) -> Said:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return Said(size=size, sha256=digest.hexdigest(), memory=_peak())


if __name__ == "__main__":
    main()
