"""Noting what another system was given (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: who handed what to whom, and when)."""

from datetime import datetime
from typing import Any

from server.errors import Refusal
from server.storage.door import Command, handles
from server.storage.engine import rows
from server.storage.transaction import Transaction


class ApiFetched(Command, tag="api.fetched"):
    """A key was given an answer: of which operation, about what (``asked``), with how many things of the office in it."""

    key: str
    operation: str
    asked: str
    items: int


def minute_of(moment: datetime) -> datetime:
    """The minute that a row of the record is about."""
    return moment.replace(second=0, microsecond=0)


@handles(ApiFetched)
async def fetched(tx: Transaction, given: ApiFetched) -> dict[str, Any]:
    """One row a key, an operation, what it asked about and a minute; every answer within it adds to its counts.

    No entry in the chain: a system may ask many times a minute, and nothing of the office changes by it.
    """
    if tx.source == "sync":
        raise Refusal("not_allowed", "keys.not_by_sync")
    await rows(
        "INSERT INTO api_fetch (id, key, operation, asked, at, times, items) VALUES ($1, $2, $3, $4, $5, 1, $6) "
        "ON CONFLICT (key, at, operation, asked) DO UPDATE SET times = api_fetch.times + 1, items = api_fetch.items + excluded.items",
        tx.new_id(),
        given.key,
        given.operation,
        given.asked,
        minute_of(tx.now),
        given.items,
    )
    return {}
