"""People come, change their place, leave and return."""

from typing import Any

import msgspec
from piccolo.columns import Column

from server.errors import Refusal
from server.people import rules
from server.people.commands.common import administering, demand_id, raise_version
from server.people.directory import Directory, Profile
from server.people.lending import USERNAME
from server.people.tables import Person
from server.storage.door import Command, handles
from server.storage.transaction import Transaction

#: The fields of a person that an entry of the chain keeps.
KEPT = ("username", "name", "position", "unit", "rank", "active")


class AddPerson(Command, tag="person.add"):
    """Somebody new. ``rank`` is his place in lists, 1 the highest; only an administrator has no unit."""

    id: str
    username: str
    name: str
    position: rules.Position
    unit: str | None = None
    rank: int = 0


class EditPerson(Command, tag="person.edit"):
    """Another name, position, unit or rank; what is None stays."""

    person: str
    name: str | None = None
    position: rules.Position | None = None
    unit: str | None = None
    rank: int | None = None


class DisablePerson(Command, tag="person.disable"):
    """Somebody left: nothing more is assigned to him, and he can't sign in."""

    person: str


class EnablePerson(Command, tag="person.enable"):
    """Somebody came back."""

    person: str


def _facts(one: Profile) -> dict[str, Any]:
    return {name: getattr(one, name) for name in KEPT}


def _known(directory: Directory, person: str) -> Profile:
    profile = directory.people.get(person)
    if profile is None:
        raise Refusal("not_found", "people.unknown_person")
    return profile


def _check(directory: Directory, after: Profile) -> None:
    name, unit, rank = after.name, after.unit, after.rank
    if not name:
        raise Refusal("invalid", "people.name_missing", field="name")
    if unit is None:
        if after.position != "admin":
            raise Refusal("invalid", "people.unit_missing", field="unit")
    elif unit not in directory.units or not directory.units[unit].active:
        raise Refusal("invalid", "people.unknown_unit", field="unit")
    if rank < 0:
        raise Refusal("invalid", "people.bad_rank", field="rank")


@handles(AddPerson)
async def add(tx: Transaction, given: AddPerson) -> dict[str, Any]:
    """Write a new person down; an account is made with the first password."""
    known = await administering(tx)
    demand_id(given.id)
    if not USERNAME.fullmatch(given.username):
        raise Refusal("invalid", "people.bad_username", field="username")
    if known.by_username(given.username) is not None:
        raise Refusal("conflict", "people.username_taken", field="username", username=given.username)
    if given.id in known.people:
        raise Refusal("conflict", "people.id_taken")
    after = Profile(
        id=given.id,
        username=given.username,
        name=given.name.strip(),
        position=given.position,
        unit=given.unit,
        rank=given.rank,
        active=True,
        demo=False,
    )
    _check(known, after)
    await Person.insert(Person(**msgspec.to_builtins(after), since=tx.now))
    await _changed(tx, "add", after, None)
    return {"id": given.id}


@handles(EditPerson)
async def edit(tx: Transaction, given: EditPerson) -> dict[str, Any]:
    """Change what is given."""
    known = await administering(tx)
    before = _known(known, given.person)
    changes: dict[Column | str, Any] = {
        name: value
        for name, value in (
            ("name", given.name.strip() if given.name is not None else None),
            ("position", given.position),
            ("unit", given.unit),
            ("rank", given.rank),
        )
        if value is not None and value != getattr(before, name)
    }
    after = msgspec.structs.replace(before, **{str(name): value for name, value in changes.items()})
    if not changes:
        return {"changed": False}
    _check(known, after)
    if before.position == "admin" and after.position != "admin":
        _keep_an_administrator(known, before)
    await Person.update(changes).where(Person.id == given.person)
    await _changed(tx, "edit", after, before)
    return {"changed": True}


@handles(DisablePerson)
async def disable(tx: Transaction, given: DisablePerson) -> dict[str, Any]:
    """Mark as gone. His record stays."""
    known = await administering(tx)
    before = _known(known, given.person)
    if given.person == tx.actor:
        raise Refusal("not_allowed", "people.disable_self")
    if not before.active:
        return {"changed": False}
    if before.position == "admin":
        _keep_an_administrator(known, before)
    await Person.update({Person.active: False}).where(Person.id == given.person)
    await _changed(tx, "disable", msgspec.structs.replace(before, active=False), before)
    return {"changed": True}


@handles(EnablePerson)
async def enable(tx: Transaction, given: EnablePerson) -> dict[str, Any]:
    """Mark as back."""
    before = _known(await administering(tx), given.person)
    if before.active:
        return {"changed": False}
    await Person.update({Person.active: True}).where(Person.id == given.person)
    await _changed(tx, "enable", msgspec.structs.replace(before, active=True), before)
    return {"changed": True}


def _keep_an_administrator(known: Directory, leaving: Profile) -> None:
    if not any(one.position == "admin" and one.active and one.id != leaving.id for one in known.people.values()):
        raise Refusal("not_allowed", "people.last_admin")


async def _changed(tx: Transaction, action: str, after: Profile, before: Profile | None) -> None:
    await raise_version()
    tx.audit(action, "person", after.id, before=_facts(before) if before else None, after=_facts(after))
    tx.change("person", after.id)
