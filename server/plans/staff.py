"""The office, as the reading and the review of a plan want to know it."""

from datetime import date

from server.people.directory import Directory
from server.people.rules import Person
from server.plans.rules.review import Staff
from server.plans.shapes import Unit


def units_of(directory: Directory) -> list[Unit]:
    """The units that a plan may name: the office and its rooms."""
    return [
        Unit(id=one.id, name=one.name, short=one.short, office=one.kind == "centre")
        for one in directory.units.values()
        if one.active and one.kind in ("centre", "room")
    ]


def staff_of(directory: Directory, actor: Person, today: date) -> Staff:
    """Who is in office, and to whom ``actor`` may give work on that day."""
    present = [one for one in directory.people.values() if one.active and one.position != "admin"]
    heads: dict[str, str] = {}
    for one in present:
        if one.position == "head" and one.unit:
            heads.setdefault(one.unit, one.id)
    return Staff(
        names={one.id: one.name for one in present},
        assignable=frozenset(one.id for one in directory.may_assign(actor, today)),
        heads=heads,
    )
