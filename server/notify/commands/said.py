"""What the calendar makes the product say, each thing once: whoever writes its key first says it."""

from collections.abc import Iterable
from typing import Any

from server.notify.commands.common import by_job
from server.storage.door import Command, handles
from server.storage.engine import places, rows
from server.storage.transaction import Transaction


class DayDone(Command, tag="notify.day_done"):
    """Everything of this day was said; ``mark`` names the day."""

    mark: str


async def claim(tx: Transaction, keys: Iterable[str]) -> set[str]:
    """Those of the keys that nobody had written: they are ours, with this transaction or not at all.

    Another transaction that writes one of them at this moment is waited for; in the order of the keys, so that nobody waits in a circle.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return set()
    values = ", ".join(f"(${place + 2}, $1)" for place in range(len(wanted)))
    found = await rows(f"INSERT INTO said (key, at) VALUES {values} ON CONFLICT (key) DO NOTHING RETURNING key", tx.now, *wanted)
    return {one["key"] for one in found}


async def was_said(keys: list[str]) -> set[str]:
    """Those of the keys that are written."""
    return {one["key"] for one in await rows(f"SELECT key FROM said WHERE key IN ({places(len(keys))})", *keys)}


@handles(DayDone)
async def day_done(tx: Transaction, given: DayDone) -> dict[str, Any]:
    """So that no worker looks again on this day."""
    by_job(tx)
    return {"first": bool(await claim(tx, [given.mark]))}
