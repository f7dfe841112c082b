"""Letters that failed for good: sent again by hand, or put aside."""

from typing import Any

from server.errors import Refusal
from server.notify.commands.common import by_administrator
from server.storage.door import Command, handles
from server.storage.engine import is_sqlite, places, rows
from server.storage.transaction import Transaction

#: Letters of one press of the button.
AT_ONCE = 500


class RetryDeliveries(Command, tag="notify.delivery.retry"):
    """Send these letters again: failed ones, and those of which nobody knows whether they arrived."""

    ids: list[str]


@handles(RetryDeliveries)
async def retry(tx: Transaction, given: RetryDeliveries) -> dict[str, Any]:
    """They wait as if they were new; one that may have arrived is marked. Letters whose address is no more are left, and counted."""
    await by_administrator(tx)
    ids = list(dict.fromkeys(given.ids))[:AT_ONCE]
    hold = "" if is_sqlite() else " FOR UPDATE OF d"
    found = await rows(
        "SELECT d.id, d.state, a.state AS address_state FROM delivery d LEFT JOIN address a ON a.id = d.address "
        f"WHERE d.id IN ({places(len(ids))}) AND d.state IN ('failed', 'unknown') ORDER BY d.id{hold}",
        *ids,
    )
    if not found:
        raise Refusal("gone", "sending.nothing_to_retry")
    again = [one["id"] for one in found if one["address_state"] == "active"]
    if not again:
        raise Refusal("conflict", "sending.address_gone")
    # Its 48 hours begin anew; "made" is when it was asked for.
    await rows(
        "UPDATE delivery SET state = 'waiting', attempts = 0, unknowns = 0, made_at = $1, next_at = $1, queued_at = NULL, claim = NULL, "
        "claimed_at = NULL, ended_at = NULL, why = '', maybe_doubled = (maybe_doubled OR state = 'unknown') "
        f"WHERE id IN ({places(len(again), 2)})",
        tx.now,
        *again,
    )
    for one in again:
        tx.audit("retry", "delivery", one)
    return {"again": len(again), "left": len(found) - len(again)}


class PutAside(Command, tag="notify.delivery.put_aside"):
    """Nobody sends these letters again: what they say stands in the inbox of whom they were for."""

    ids: list[str]


@handles(PutAside)
async def put_aside(tx: Transaction, given: PutAside) -> dict[str, Any]:
    """They end as dropped; what is no longer among the failed ones is left as it is. Refusal ``gone`` where none of them is."""
    await by_administrator(tx)
    ids = list(dict.fromkeys(given.ids))[:AT_ONCE]
    found = await rows(
        "UPDATE delivery SET state = 'dropped', why = $1 "
        f"WHERE id IN ({places(len(ids), 2)}) AND state IN ('failed', 'unknown') RETURNING id",
        "sending.why.put_aside",
        *ids,
    )
    if not found:
        raise Refusal("gone", "sending.nothing_to_retry")
    for one in sorted(one["id"] for one in found):
        tx.audit("put_aside", "delivery", one)
    return {"aside": len(found)}
