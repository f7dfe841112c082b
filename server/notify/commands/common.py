"""What the commands of messages ask before they begin."""

from server.errors import Refusal
from server.people.queries import directory
from server.people.rules import may
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction


def by_job(tx: Transaction) -> None:
    """Refuse unless the product itself asks: how a letter fared is not for a person or a device to say."""
    if tx.source != "job" or tx.actor is not None:
        raise Refusal("not_allowed", "sending.job_only")


async def by_administrator(tx: Transaction) -> None:
    """Refuse unless an administrator asks, on a page or at the server's own command line."""
    if tx.actor is None and tx.source == "cli":
        return
    known = await directory()
    if tx.source != "page" or tx.actor is None or tx.actor not in known.people:
        raise Refusal("not_allowed", "people.rule.only_admin")
    allowed = may(known.actor(tx.actor), "administer", None, tx.now.astimezone(LOCAL).date())
    if not allowed:
        raise Refusal("not_allowed", allowed.rule)
