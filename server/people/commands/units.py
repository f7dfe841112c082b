"""Units of the tree are added, renamed, moved and closed."""

from typing import Any, Literal

import msgspec
from piccolo.columns import Column

from server.errors import Refusal
from server.people.commands.common import administering, demand_id, raise_version
from server.people.directory import Directory, UnitFacts
from server.people.tables import Unit
from server.storage.door import Command, handles
from server.storage.transaction import Transaction

#: An agency above, an office (the centre), its leadership, a room.
Kind = Literal["outer", "centre", "leadership", "room"]


class AddUnit(Command, tag="unit.add"):
    """A new unit; without ``parent`` it is the top of a tree."""

    id: str
    name: str
    short: str
    parent: str | None = None
    kind: Kind = "room"
    sort: int = 0


class EditUnit(Command, tag="unit.edit"):
    """Another name, place in lists or state; what is None stays."""

    unit: str
    name: str | None = None
    short: str | None = None
    sort: int | None = None
    active: bool | None = None


def _facts(one: UnitFacts) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(one).items() if name != "id"}


def _check(known: Directory, unit: UnitFacts) -> None:
    if not unit.name.strip():
        raise Refusal("invalid", "people.unit_name_missing", field="name")
    if not unit.short.strip() or len(unit.short) > 40:
        raise Refusal("invalid", "people.unit_short_missing", field="short")
    if any(one.short.lower() == unit.short.lower() and one.id != unit.id for one in known.units.values()):
        raise Refusal("conflict", "people.unit_short_taken", field="short", short=unit.short)


@handles(AddUnit)
async def add(tx: Transaction, given: AddUnit) -> dict[str, Any]:
    """Put a unit under another."""
    known = await administering(tx)
    demand_id(given.id)
    if given.parent is not None and given.parent not in known.units:
        raise Refusal("invalid", "people.unknown_unit", field="parent")
    if given.id in known.units:
        raise Refusal("conflict", "people.id_taken")
    after = UnitFacts(
        id=given.id, name=given.name.strip(), short=given.short.strip(), parent=given.parent, kind=given.kind, sort=given.sort
    )
    _check(known, after)
    await Unit.insert(Unit(**msgspec.structs.asdict(after)))
    await _changed(tx, "add", after, None)
    return {"id": given.id}


@handles(EditUnit)
async def edit(tx: Transaction, given: EditUnit) -> dict[str, Any]:
    """Change what is given. A unit is closed only when nobody works in it any more."""
    known = await administering(tx)
    before = known.units.get(given.unit)
    if before is None:
        raise Refusal("not_found", "people.unknown_unit")
    changes: dict[Column | str, Any] = {
        name: value
        for name, value in (("name", given.name), ("short", given.short), ("sort", given.sort), ("active", given.active))
        if value is not None and value != getattr(before, name)
    }
    if not changes:
        return {"changed": False}
    after = msgspec.structs.replace(before, **{str(name): value for name, value in changes.items()})
    _check(known, after)
    if not after.active and any(one.active and one.unit == given.unit for one in known.people.values()):
        raise Refusal("not_allowed", "people.unit_not_empty")
    await Unit.update(changes).where(Unit.id == given.unit)
    await _changed(tx, "edit", after, before)
    return {"changed": True}


async def _changed(tx: Transaction, action: str, after: UnitFacts, before: UnitFacts | None) -> None:
    await raise_version()
    tx.audit(action, "unit", after.id, before=_facts(before) if before else None, after=_facts(after))
    tx.change("unit", after.id)
