"""The histories that the tests carry out: which seeds, and in which order of offices."""

import asyncio
import os
from pathlib import Path

from server.audit.queries import broken_at
from tests.faults.history import Told, live
from tests.faults.office import Office

#: Of one office; it fills up, and later histories take longer.
OF_ONE_OFFICE = 20


def batches(count: int, first: int = 1) -> list[range]:
    """``count`` seeds from ``first`` on, an office at a time. With ``SOVIEC_SEED`` only that one."""
    if "SOVIEC_SEED" in os.environ:
        seed = int(os.environ["SOVIEC_SEED"])
        return [range(seed, seed + 1)]
    return [range(start, min(start + OF_ONE_OFFICE, first + count)) for start in range(first, first + count, OF_ONE_OFFICE)]


def named(batch: range) -> str:
    """How pytest calls it."""
    return f"seeds-{batch.start}-to-{batch.stop - 1}"


def lived(url: str, folder: Path, seeds: range, *, phones: bool = False) -> Told:
    """Carry out these histories one after the other in one office over this database, which holds the cast. Raises Broken.

    With ``phones`` the devices run the product's own scripts.
    """
    return asyncio.run(_lived(url, folder, seeds, phones))


async def _lived(url: str, folder: Path, seeds: range, phones: bool) -> Told:
    told = Told()
    async with Office(url, folder) as office:
        for seed in seeds:
            told.add(await live(office, seed, phones=phones))
        assert await broken_at() is None, "the audit chain is broken"
    return told
