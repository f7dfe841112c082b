"""Powers are lent and taken back (R3)."""

from datetime import date, timedelta
from typing import Any

import msgspec

from server.errors import Refusal
from server.people import lending
from server.people.commands.common import actor_of, day_of, demand, demand_id, raise_version
from server.people.directory import DelegationFacts
from server.people.queries import directory
from server.people.tables import Delegation
from server.storage.door import Command, handles
from server.storage.transaction import Transaction

DOCUMENT_LENGTH = 200


class GrantDelegation(Command, tag="delegation.grant", kw_only=True):
    """The actor lends powers of his own."""

    id: str
    receiver: str
    powers: list[str]
    unit: str
    since: date
    until: date | None = None
    document: str


class EndDelegation(Command, tag="delegation.end"):
    """The powers go back, at once."""

    delegation: str


def _facts(one: DelegationFacts) -> dict[str, Any]:
    return {
        "giver": one.giver,
        "receiver": one.receiver,
        "powers": sorted(one.powers),
        "unit": one.unit,
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "document": one.document,
    }


def _check(given: GrantDelegation, today: date) -> None:
    if not given.powers or any(power not in lending.POWERS for power in given.powers):
        raise Refusal("invalid", "people.delegation_powers", field="powers")
    if not given.document.strip() or len(given.document) > DOCUMENT_LENGTH:
        raise Refusal("invalid", "people.delegation_document", field="document")
    if given.until is not None and given.until < given.since:
        raise Refusal("invalid", "people.delegation_dates", field="until")
    if given.until is not None and given.until < today:
        raise Refusal("invalid", "people.delegation_past", field="until")


@handles(GrantDelegation)
async def grant(tx: Transaction, given: GrantDelegation) -> dict[str, Any]:
    """Write the delegation down; both see it from then on."""
    known = await directory()
    demand_id(given.id)
    giver = actor_of(tx, known)
    if given.receiver not in known.people:
        raise Refusal("invalid", "people.unknown_person", field="receiver")
    if given.unit not in known.units:
        raise Refusal("invalid", "people.unknown_unit", field="unit")
    _check(given, day_of(tx))
    demand(lending.lends(giver, known.actor(given.receiver), known.path(given.unit)))
    lent = DelegationFacts(
        id=given.id,
        giver=giver.id,
        receiver=given.receiver,
        powers=frozenset(given.powers),
        unit=given.unit,
        since=given.since,
        until=given.until,
        document=given.document.strip(),
    )
    powers = " ".join(power for power in lending.POWERS if power in lent.powers)
    await Delegation.insert(Delegation(**{**msgspec.structs.asdict(lent), "powers": powers}))
    await raise_version()
    tx.audit("delegate", "person", given.receiver, after=_facts(lent))
    tx.change("person", given.receiver)
    tx.message("delegation_granted", [given.receiver], subject=given.id)
    return {"id": given.id}


@handles(EndDelegation)
async def end(tx: Transaction, given: EndDelegation) -> dict[str, Any]:
    """The last day becomes yesterday: nothing more is done by it, what was done stays on record."""
    known = await directory()
    found = next((one for one in known.delegations if one.id == given.delegation), None)
    if found is None:
        raise Refusal("not_found", "people.delegation_unknown")
    today = day_of(tx)
    demand(lending.ends(actor_of(tx, known), known.actor(found.giver), today))
    if found.until is not None and found.until < today:
        raise Refusal("gone", "people.delegation_ended")
    last = today - timedelta(days=1)
    await Delegation.update({Delegation.until: last}).where(Delegation.id == given.delegation)
    await raise_version()
    tx.audit("delegate_end", "person", found.receiver, before=_facts(found), after={**_facts(found), "until": last.isoformat()})
    tx.change("person", found.receiver)
    tx.message("delegation_ended", [found.receiver, found.giver], subject=given.delegation)
    return {}
