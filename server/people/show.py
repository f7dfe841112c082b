"""The organisation as templates show it."""

from datetime import date
from typing import Any

from server.people import lending, rules
from server.people.directory import DelegationFacts, Directory, OversightFacts, Profile, UnitFacts
from server.words import say


def person_line(one: Profile) -> dict[str, Any]:
    """A person in a list."""
    return {"id": one.id, "username": one.username, "name": one.name, "initials": one.initials, "position": one.title, "active": one.active}


def day(at: date) -> str:
    """``23/11/2026``."""
    return at.strftime("%d/%m/%Y")


def span(since: date, until: date | None) -> str:
    """From when to when, in words."""
    if until is None:
        return say("people.open_end", since=day(since))
    if until < since:
        return say("people.taken_back", since=day(since))
    return say("people.between", since=day(since), until=day(until))


def state(since: date, until: date | None, today: date) -> dict[str, str]:
    """In force, not begun or ended, as a chip: colour, icon and word."""
    if until is not None and (until < today or until < since):
        return {"kind": "wait", "icon": "stop", "label": say("people.ended")}
    if since > today:
        return {"kind": "soon", "icon": "clock", "label": say("people.not_begun")}
    return {"kind": "done", "icon": "check", "label": say("people.in_force")}


def delegation_line(known: Directory, one: DelegationFacts, today: date, actor: rules.Person | None = None) -> dict[str, Any]:
    """A delegation with both names; ``can_end`` where the actor may take it back."""
    giver, receiver = known.people.get(one.giver), known.people.get(one.receiver)
    unit = known.units.get(one.unit)
    over = one.until is not None and (one.until < today or one.until < one.since)
    return {
        "id": one.id,
        "giver": person_line(giver) if giver else None,
        "receiver": person_line(receiver) if receiver else None,
        "powers": [say(f"people.power.{power}") for power in lending.POWERS if power in one.powers],
        "unit": unit.name if unit else "",
        "span": span(one.since, one.until),
        "document": one.document,
        "state": state(one.since, one.until, today),
        "in_force": not over and one.since <= today,
        "over": over,
        "can_end": actor is not None and giver is not None and not over and bool(lending.ends(actor, known.actor(giver.id), today)),
    }


def oversight_line(known: Directory, one: OversightFacts, today: date, actor: rules.Person | None = None) -> dict[str, Any]:
    """What a leader follows."""
    leader = known.people.get(one.person)
    unit = known.units.get(one.unit or "")
    centre = known.centre_of(leader.unit) if leader else None
    over = one.until is not None and (one.until < today or one.until < one.since)
    return {
        "id": one.id,
        "person": person_line(leader) if leader else None,
        "over_what": unit.name if unit else (one.field_group or ""),
        "is_room": unit is not None,
        "span": span(one.since, one.until),
        "state": state(one.since, one.until, today),
        "over": over,
        "can_end": actor is not None and not over and bool(lending.sets_oversight(actor, centre, today)),
    }


def unit_card(known: Directory, unit: UnitFacts, today: date, everybody: bool = False) -> dict[str, Any]:
    """A unit with its people in order of rank and the leader who follows it."""
    leader = known.overseer(unit.id, None, today) if unit.kind == "room" else None
    return {
        "id": unit.id,
        "name": unit.name,
        "short": unit.short,
        "kind": unit.kind,
        "active": unit.active,
        "depth": len(known.path(unit.id)),
        "people": [person_line(one) for one in known.people.values() if one.unit == unit.id and (one.active or everybody)],
        "overseer": person_line(leader) if leader else None,
    }


def tree(known: Directory, today: date, everybody: bool = False) -> list[dict[str, Any]]:
    """Units from the top down, each before those below it."""
    below: dict[str | None, list[UnitFacts]] = {}
    for unit in known.units.values():
        below.setdefault(unit.parent if unit.parent in known.units else None, []).append(unit)
    found: list[dict[str, Any]] = []

    def walk(parent: str | None) -> None:
        for unit in sorted(below.get(parent, []), key=lambda one: (one.sort, one.name)):
            if unit.active or everybody:
                found.append(unit_card(known, unit, today, everybody))
            walk(unit.id)

    walk(None)
    return found


def groups_of_people(known: Directory, chosen: list[Profile]) -> list[dict[str, Any]]:
    """People by unit, for ``select_person`` and ``pick_people`` of the forms."""
    groups: dict[str | None, list[Profile]] = {}
    for one in chosen:
        groups.setdefault(one.unit, []).append(one)
    return [
        {
            "unit": known.units[unit].name if unit in known.units else "",
            "people": [{"id": one.id, "name": one.name, "position": one.title, "note": ""} for one in people],
        }
        for unit, people in groups.items()
    ]
