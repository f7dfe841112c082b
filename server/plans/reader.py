"""Reading a document in a process of its own, from the server's side."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from server.errors import Refusal
from server.plans.reading_process import Job, Said
from server.plans.shapes import Plan

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that one document may take.
PATIENCE = 150.0
#: Seconds that a process waits for a document before it is let go.
SPARE_SECONDS = 600.0

#: Two documents at a time; threads of their own, because the common ones also carry the commits of the database.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="plans")


class _Spare:
    """One process that has loaded its parsers already (that takes a second) and waits for a document."""

    lock = threading.Lock()
    process: subprocess.Popen[bytes] | None = None


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "server.plans.reading_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        # Nothing of the server's settings: no key, no password of a database.
        env={"PYTHONPATH": str(ROOT)},
    )


def warm() -> None:
    """Start the process that will read the next document, unless it waits already."""
    with _Spare.lock:
        if _Spare.process is None or _Spare.process.poll() is not None:
            process = _Spare.process = _start()
            timer = threading.Timer(SPARE_SECONDS, _let_go, [process])
            timer.daemon = True
            timer.start()


def _let_go(process: subprocess.Popen[bytes]) -> None:
    with _Spare.lock:
        if _Spare.process is not process:
            return
        _Spare.process = None
    _end(process)


def close() -> None:
    """End the process that waits; for the end of the server."""
    with _Spare.lock:
        process, _Spare.process = _Spare.process, None
    if process is not None:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _take() -> subprocess.Popen[bytes]:
    with _Spare.lock:
        process, _Spare.process = _Spare.process, None
    return process if process is not None and process.poll() is None else _start()


async def read(job: Job, on_progress: Callable[[int, int], None], patience: float = PATIENCE) -> Plan:
    """The plan in the document. Raises Refusal for what can't be read, also when the process was ended: too long, too much memory."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _read, job, on_progress, patience)


def _read(job: Job, on_progress: Callable[[int, int], None], patience: float) -> Plan:
    process = _take()
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(patience, stop)
    timer.daemon = True
    timer.start()
    try:
        return _answer(process, job, on_progress)
    except (OSError, msgspec.MsgspecError, EOFError):
        key = "plans.took_too_long" if late.is_set() else "plans.reader_ended"
        raise Refusal("invalid", key, field="file", name=job.name) from None
    finally:
        timer.cancel()
        _end(process)


def _answer(process: subprocess.Popen[bytes], job: Job, on_progress: Callable[[int, int], None]) -> Plan:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(msgspec.msgpack.encode(job))
    process.stdin.close()
    for line in process.stdout:
        said = msgspec.json.decode(line, type=Said)
        if said.plan is not None:
            return said.plan
        if said.key:
            raise Refusal("invalid", said.key, field="file", **said.values)
        on_progress(said.done, said.total)
    raise EOFError
