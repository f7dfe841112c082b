"""The process that makes one workbook, from the server's side."""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from server.errors import Refusal
from server.reports.making.wire import Order, Said
from server.settings import Settings, handed_down

ROOT: Final = Path(__file__).resolve().parents[3]
#: Seconds that a file may take.
LONGEST: Final = 300.0


async def ordered(order: Order, settings: Settings, told: Callable[[Said], None], longest: float = LONGEST) -> Said:
    """Have it made. Raises Refusal with a sentence: it can't be made, it takes too long, or its process ended (memory, a signal)."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.reports.making.process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=handed_down(settings) | {"PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(longest):
            return await _heard(process, order, told)
    except TimeoutError:
        raise Refusal("invalid", "making.took_too_long", minutes=round(longest / 60)) from None
    except (OSError, msgspec.DecodeError):
        raise Refusal("invalid", "making.ended") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _heard(process: asyncio.subprocess.Process, order: Order, told: Callable[[Said], None]) -> Said:
    assert process.stdin is not None and process.stdout is not None
    # The pipe stays open: its end tells the process that nobody waits any more.
    process.stdin.write(msgspec.json.encode(order) + b"\n")
    await process.stdin.drain()
    while line := await process.stdout.readline():
        said = msgspec.json.decode(line, type=Said)
        if said.fault:
            raise Refusal("invalid", "making.said", text=said.fault)
        if said.size >= 0:
            return said
        told(said)
    raise Refusal("invalid", "making.ended")
