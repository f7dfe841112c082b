"""A command that reads, waits and writes: what races show themselves by."""

import asyncio
from typing import Any

from server.errors import Refusal
from server.storage.door import Command, handles
from server.storage.engine import is_sqlite, row, rows
from server.storage.transaction import Transaction


class Count(Command, tag="test.count"):
    """Raise a number by one; ``note`` is what tells two of them apart, ``fail`` refuses after the write."""

    name: str
    note: str = ""
    fail: bool = False


@handles(Count)
async def count(tx: Transaction, given: Count) -> dict[str, Any]:
    """Read, wait a moment, write."""
    await rows("INSERT INTO counter (name, value) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING", given.name)
    lock = "" if is_sqlite() else " FOR UPDATE"
    found = await row(f"SELECT value FROM counter WHERE name = $1{lock}", given.name)
    assert found
    await asyncio.sleep(0.001)
    await rows("UPDATE counter SET value = $1 WHERE name = $2", found["value"] + 1, given.name)
    tx.audit("count", "test", given.name, after={"value": found["value"] + 1, "note": given.note})
    tx.change("test", given.name)
    tx.change("test", f"{given.name}-2")
    tx.message("counted", ["somebody"], data={"note": given.note})
    if given.fail:
        raise Refusal("conflict", "door.mutation_reused")
    return {"value": found["value"] + 1}


async def value(name: str) -> int:
    """The number now."""
    found = await row("SELECT value FROM counter WHERE name = $1", name)
    return int(found["value"]) if found else 0


async def how_many(table: str, where: str = "1 = 1") -> int:
    """Rows of a table."""
    found = await row(f"SELECT count(*) AS n FROM {table} WHERE {where}")
    assert found
    return int(found["n"])
