"""Which leader of the centre follows which room or group of fields, from when to when (R2)."""

from datetime import date, timedelta
from typing import Any

import msgspec

from server.errors import Refusal
from server.people import lending
from server.people.commands.common import actor_of, day_of, demand, demand_id, raise_version
from server.people.directory import OversightFacts
from server.people.queries import directory
from server.people.tables import Oversight
from server.storage.door import Command, handles
from server.storage.transaction import Transaction


class SetOversight(Command, tag="oversight.set", kw_only=True):
    """From ``since`` on this leader follows the room or the group of fields, in place of whoever did."""

    id: str
    person: str
    unit: str | None = None
    field_group: str | None = None
    since: date
    until: date | None = None


class EndOversight(Command, tag="oversight.end"):
    """From today on nobody follows this by this entry."""

    oversight: str


def _facts(one: OversightFacts) -> dict[str, Any]:
    return {
        "person": one.person,
        "unit": one.unit,
        "field_group": one.field_group,
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
    }


@handles(SetOversight)
async def set_oversight(tx: Transaction, given: SetOversight) -> dict[str, Any]:
    """Write it down; what overlaps for the same room or group ends the day before."""
    known = await directory()
    demand_id(given.id)
    if given.person not in known.people:
        raise Refusal("invalid", "people.unknown_person", field="person")
    demand(lending.oversees(actor_of(tx, known), known.actor(given.person), day_of(tx)))
    if (given.unit is None) == (given.field_group is None):
        raise Refusal("invalid", "people.oversight_one_thing", field="over")
    if given.unit is not None and given.unit not in known.units:
        raise Refusal("invalid", "people.unknown_unit", field="over")
    if given.field_group is not None and all(one.field_group != given.field_group for one in known.fields.values()):
        raise Refusal("invalid", "people.oversight_unknown_group", field="over")
    if given.until is not None and given.until < given.since:
        raise Refusal("invalid", "people.oversight_dates", field="until")
    for other in known.oversight:
        same = other.unit == given.unit and other.field_group == given.field_group
        if same and other.since < given.since and (other.until is None or other.until >= given.since):
            await _end(tx, other, given.since - timedelta(days=1))
        elif same and other.since >= given.since and (given.until is None or other.since <= given.until):
            raise Refusal("conflict", "people.oversight_overlaps", field="since", since=f"{other.since:%d/%m/%Y}")
    facts = OversightFacts(
        id=given.id, person=given.person, unit=given.unit, field_group=given.field_group, since=given.since, until=given.until
    )
    await Oversight.insert(Oversight(**msgspec.structs.asdict(facts)))
    await raise_version()
    tx.audit("oversight", "person", given.person, after=_facts(facts))
    tx.change("person", given.person)
    return {"id": given.id}


@handles(EndOversight)
async def end_oversight(tx: Transaction, given: EndOversight) -> dict[str, Any]:
    """End it with yesterday, so that today is free already."""
    known = await directory()
    found = next((one for one in known.oversight if one.id == given.oversight), None)
    if found is None:
        raise Refusal("not_found", "people.oversight_unknown")
    centre = known.centre_of(known.people[found.person].unit)
    demand(lending.sets_oversight(actor_of(tx, known), centre, day_of(tx)))
    if found.until is not None and found.until < day_of(tx):
        raise Refusal("gone", "people.oversight_ended")
    await _end(tx, found, day_of(tx) - timedelta(days=1))
    await raise_version()
    return {}


async def _end(tx: Transaction, found: OversightFacts, last: date) -> None:
    await Oversight.update({Oversight.until: last}).where(Oversight.id == found.id)
    tx.audit("oversight_end", "person", found.person, before=_facts(found), after={**_facts(found), "until": last.isoformat()})
    tx.change("person", found.person)
