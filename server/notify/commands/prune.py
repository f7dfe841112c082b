"""What nobody asks for any more."""

from datetime import timedelta
from typing import Any

from server.notify.commands.common import by_job
from server.storage.door import Command, handles
from server.storage.engine import places, rows
from server.storage.transaction import Transaction

#: Letters that ended longer ago than this are gone; the messages themselves stay in the inbox.
KEPT = timedelta(days=90)
CODES_KEPT = timedelta(days=7)
#: What was said once is remembered for longer than anything is warned of.
SAID_KEPT = timedelta(days=400)
#: Letters of one transaction.
AT_ONCE = 1000


class Prune(Command, tag="notify.prune"):
    """Remove old letters, used codes and what was said long ago; some at a time."""


@handles(Prune)
async def prune(tx: Transaction, given: Prune) -> dict[str, Any]:
    """``more``: there is still something to remove."""
    by_job(tx)
    old = await rows(f"SELECT id FROM delivery WHERE ended_at < $1 AND state NOT IN ('waiting', 'sending') LIMIT {AT_ONCE}", tx.now - KEPT)
    ids = [one["id"] for one in old]
    await rows(f"DELETE FROM delivery_item WHERE delivery IN ({places(len(ids))})", *ids)
    await rows(f"DELETE FROM delivery WHERE id IN ({places(len(ids))})", *ids)
    await rows("DELETE FROM link_code WHERE expires_at < $1", tx.now - CODES_KEPT)
    await rows("DELETE FROM said WHERE at < $1", tx.now - SAID_KEPT)
    return {"removed": len(ids), "more": len(ids) == AT_ONCE}
