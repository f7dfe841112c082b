"""Making a copy: who asked for whose, why, and that the person is told."""

from typing import Any

from server.errors import Refusal
from server.people.queries import directory
from server.reports.person.rules import LONGEST_REASON, SHORTEST_REASON, may_make
from server.storage.door import Command, handles
from server.storage.ids import LOCAL, is_id
from server.storage.transaction import Transaction


class MakeExport(Command, tag="export.make"):
    """A copy of what is kept of ``person``. For another person ``reason`` says on which request. ``id`` is the copy's."""

    id: str
    person: str
    reason: str = ""


@handles(MakeExport)
async def make(tx: Transaction, given: MakeExport) -> dict[str, Any]:
    """Write down that it is made; the caller makes it after the commit. Raises Refusal where he may not, or gives no reason."""
    known = await directory()
    if not is_id(given.id) or tx.actor not in known.people:
        raise Refusal("invalid", "export.unknown")
    if given.person not in known.people:
        raise Refusal("not_found", "people.unknown_person")
    actor, whose = known.actor(tx.actor), known.actor(given.person)
    allowed = may_make(actor, whose, tx.now.astimezone(LOCAL).date())
    if not allowed:
        raise Refusal("not_allowed", allowed.rule)
    reason = given.reason.strip()
    other = actor.id != whose.id
    if other and not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Refusal("invalid", "export.reason", field="reason", least=SHORTEST_REASON, most=LONGEST_REASON)
    reason = reason if other else ""
    tx.audit("make", "export", whose.id, after={"export": given.id, "reason": reason}, on_behalf=allowed.on_behalf)
    tx.message("export.made", [whose.id], data={"by": actor.id, "reason": reason})
    return {"id": given.id, "person": whose.id, "reason": reason}
