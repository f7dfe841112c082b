"""The lines of a report's lists: of what, how it is called, in which order. Plain values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import msgspec

from server.ledger.read import NONE, Counts
from server.people.directory import Directory
from server.reports.build.facts import Facts
from server.reports.build.figures import added
from server.words import say

#: How an address says "none": identifiers never read so, and a value that is empty gets lost in addresses.
NOBODY: Final = "none"
PRIORITIES: Final = ("critical", "urgent", "normal")
ORIGINS: Final = ("planned", "ad_hoc")


class Line(msgspec.Struct, frozen=True):
    """One line. ``texts`` stand in front of its figures."""

    key: str
    label: str
    counts: Counts
    drill: str
    note: str = ""
    texts: tuple[str, ...] = ()


def by_child(directory: Directory, unit: str, homes: Mapping[str, Counts]) -> dict[str, Counts]:
    """The counts of ``home`` by the unit directly below; the unit's own under its own identifier.

    What belongs to a unit that stands elsewhere in the tree by now is under that unit: it was below when it was counted.
    """
    found: dict[str, list[Counts]] = defaultdict(list)
    for value, counts in homes.items():
        home = value.partition("|")[0]
        path = directory.path(home)
        if unit in path:
            at = path.index(unit) + 1
            found[path[at] if at < len(path) else unit].append(counts)
        else:
            found[home].append(counts)
    return {key: added(cells) for key, cells in found.items()}


def unit_lines(facts: Facts) -> list[Line]:
    """The units directly below in their order, then what belongs to the unit itself; none where there is nothing below."""
    directory, unit = facts.directory, facts.unit.id
    counted = by_child(directory, unit, facts.current["home"])
    below = [one for one in directory.units.values() if one.parent == unit and (one.active or one.id in counted)]
    lines = []
    for one in sorted(below, key=lambda one: (one.sort, one.name)):
        note = "" if one.active else say("reports.note.unit_closed")
        lines.append(Line(one.id, one.name, counted.get(one.id, NONE), f"unit={one.id}", note))
    for key in sorted(counted.keys() - {one.id for one in below} - {unit}):
        known = directory.units.get(key)
        label = known.name if known else say("reports.label.unit_gone")
        lines.append(Line(key, label, counted[key], f"home={key}", say("reports.note.unit_moved")))
    if lines and unit in counted:
        lines.append(Line(unit, say("reports.label.unit_itself", unit=facts.unit.name), counted[unit], f"home={unit}"))
    return lines


def working_in(directory: Directory, unit: str) -> int:
    """How many people work in a unit or below it."""
    return sum(1 for one in directory.people.values() if one.active and one.position != "admin" and unit in directory.path(one.unit))


def people_lines(facts: Facts) -> list[Line]:
    """Who leads, by rank, and who works in the unit without a task; whoever left or belongs elsewhere has a note."""
    directory, counted = facts.directory, facts.current["lead"]
    lines = []
    for one in directory.people.values():
        here = facts.below(one.unit)
        if one.id not in counted and not (here and one.active and one.position != "admin"):
            continue
        unit = directory.units.get(one.unit or "")
        note = ""
        if not one.active:
            note = say("reports.note.left")
        elif not here and unit is not None:
            note = say("reports.note.elsewhere", unit=unit.name)
        texts = (one.title, unit.name if unit is not None else "")
        lines.append(Line(one.id, one.name, counted.get(one.id, NONE), f"lead={one.id}", note, texts))
    lines += [
        Line(key, say("reports.label.person_gone"), counts, f"lead={key}", texts=("", ""))
        for key, counts in sorted(counted.items())
        if key and key not in directory.people
    ]
    if "" in counted:
        lines.append(Line("", say("reports.label.nobody"), counted[""], f"lead={NOBODY}", texts=("", "")))
    return lines


def overseen(directory: Directory, homes: Iterable[str], day: date) -> dict[str, list[str]]:
    """Which values of ``home`` each leader oversees on that day (R2); under "" those that nobody does."""
    found: dict[str, list[str]] = defaultdict(list)
    for value in homes:
        unit, _, field = value.partition("|")
        leader = directory.overseer(unit, field, day)
        found[leader.id if leader is not None else ""].append(value)
    return dict(found)


def leader_lines(facts: Facts) -> list[Line]:
    """The leaders who oversee, by rank; then what nobody does."""
    homes = facts.current["home"]
    theirs = overseen(facts.directory, homes, facts.period.last)
    lines = [
        Line(one.id, one.name, added([homes[value] for value in theirs[one.id]]), f"overseer={one.id}")
        for one in facts.directory.people.values()
        if one.id in theirs
    ]
    if "" in theirs:
        counts = added([homes[value] for value in theirs[""]])
        lines.append(Line("", say("reports.label.not_overseen"), counts, f"overseer={NOBODY}"))
    return lines


def field_lines(facts: Facts) -> list[Line]:
    """The fields that anything was counted in, in their order; then what has none."""
    known, counted = facts.directory.fields, facts.current["field"]
    order = [one for one in known if one in counted] + sorted(one for one in counted if one and one not in known)
    lines = [Line(one, known[one].name if one in known else say("reports.label.field_gone"), counted[one], f"field={one}") for one in order]
    if "" in counted:
        lines.append(Line("", say("reports.label.no_field"), counted[""], f"field={NOBODY}"))
    return lines


def priority_lines(facts: Facts) -> list[Line]:
    """The priorities, the highest first."""
    return _fixed(facts.current["priority"], PRIORITIES, "priority")


def origin_lines(facts: Facts) -> list[Line]:
    """Planned and ad hoc."""
    return _fixed(facts.current["origin"], ORIGINS, "origin")


def _fixed(counted: Mapping[str, Counts], order: tuple[str, ...], dim: str) -> list[Line]:
    word = {"priority": "priority", "origin": "kind"}[dim]
    lines = [Line(one, say(f"tasks.{word}.{one}"), counted.get(one, NONE), f"{dim}={one}") for one in order]
    others = [counts for value, counts in sorted(counted.items()) if value not in order]
    return [*lines, Line("", say("reports.label.other"), added(others), "")] if others else lines
