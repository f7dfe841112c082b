"""Who scores whom and who sees a sheet: in Python, and in SQL for lists. Both come from ``rules.raters``."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.kpi.rules import raters as chain_rules
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.people.rules import CENTRE_LEADERS, ORDER, Person, whole_centre
from server.storage.engine import rows


class Raters:
    """The chain of Đ10 on one day, over everybody. ``duties``: the row of ``KpiDuty`` in force, by person."""

    def __init__(self, directory: Directory, at: date, duties: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.directory = directory
        self.at = at
        self.duties = duties or {}
        people = [directory.actor(one.id) for one in directory.people.values() if one.active and one.position != "admin"]
        #: Everybody in service who is scored, in order of rank.
        self.people = {one.id: one for one in people}
        self._directors = [one for one in people if one.position == "director"]
        self._heads: dict[str, list[Person]] = {}
        for one in people:
            if one.position == "head" and one.unit is not None:
                self._heads.setdefault(one.unit, []).append(one)
        self._raters: dict[str, str | None] = {}
        self._led: dict[str, tuple[str, ...]] = {}
        self._visible: dict[str, frozenset[str]] = {}

    def rater(self, person: str) -> str | None:
        """Who confirms this person's sheet; None for the director, whose rater is outside of the office."""
        if person not in self._raters:
            self._raters[person] = self._find(person)
        return self._raters[person]

    def _find(self, person: str) -> str | None:
        if person not in self.directory.people:
            return None
        whose = self.directory.actor(person)
        named = self.duties.get(person, {}).get("rater")
        above = [*(self.people[one] for one in [named] if one in self.people), *self._directors]
        for unit in whose.path:
            above += self._heads.get(unit, [])
        return chain_rules.rater_of(whose, above, named)

    def _scored(self, person: str) -> bool:
        """Whether he is somebody who gets sheets, or got them before he left; an administrator never does."""
        return person in self.directory.people and self.directory.people[person].position != "admin"

    def outside(self, person: str) -> bool:
        """Whether somebody outside of the office decides: a director whom nobody here rates."""
        return person in self.people and self.people[person].position == "director" and self.rater(person) is None

    def may_see(self, actor: str, person: str) -> bool:
        """Whether the detailed sheet is for ``actor``: the person, who rates him, whoever confirms, the director."""
        if actor not in self.directory.people or not self._scored(person):
            return False
        who, whose = self.directory.actor(actor), self.directory.actor(person)
        rater = self.rater(person)
        return chain_rules.sees_sheet(who, whose, rater, self.rater(rater) if rater else None) or self.may_confirm(actor, person)

    def may_confirm(self, actor: str, person: str) -> bool:
        """Whether ``actor`` confirms it: the rater; for the director's own, whoever may enter for the centre. Nobody his own."""
        if actor not in self.people or not self._scored(person):
            return False
        who, whose = self.people[actor], self.directory.actor(person)
        if self.outside(person):
            return actor != person and who.centre == whose.centre and keeps(who, self.at)
        return chain_rules.confirms(who, whose, self.rater(person))

    def visible(self, actor: str) -> frozenset[str]:
        """Everybody whose sheets ``actor`` may see, those who left among them."""
        if actor not in self._visible:
            self._visible[actor] = frozenset(one for one in self.directory.people if self.may_see(actor, one))
        return self._visible[actor]

    def rated(self, actor: str) -> tuple[str, ...]:
        """Everybody whose sheets ``actor`` confirms, in order of rank."""
        return tuple(one for one in self.people if self.may_confirm(actor, one))

    def led(self, actor: str) -> tuple[str, ...]:
        """Everybody whose work is part of what ``actor`` leads (Đ15.1b), by position; a deputy's groups of fields are not in it."""
        if actor not in self._led:
            self._led[actor] = self._below(actor)
        return self._led[actor]

    def _below(self, actor: str) -> tuple[str, ...]:
        who = self.people.get(actor)
        if who is None:
            return ()
        followed = frozenset(one.unit for one in self._followed(actor) if one.unit)
        # Only who stands below: two deputies who follow each other's unit are not each other's people.
        return tuple(
            one.id for one in self.people.values() if ORDER[one.position] > ORDER[who.position] and chain_rules.leads(who, one, followed)
        )

    def field_groups(self, actor: str) -> frozenset[str]:
        """The groups of fields that a deputy director follows."""
        who = self.people.get(actor)
        if who is None or who.position != "deputy_director":
            return frozenset()
        return frozenset(one.field_group for one in self._followed(actor) if one.field_group)

    def _followed(self, actor: str) -> list[Any]:
        return [one for one in self.directory.oversight if one.person == actor and one.covers(self.at)]


def keeps(actor: Person, at: date) -> bool:
    """Whether he keeps the periods, the duties and the absences of the centre: its leaders, and who enters for it by delegation."""
    return actor.active and (actor.position in CENTRE_LEADERS or whole_centre(actor, at) is not None)


def decides(actor: Person, at: date) -> bool:
    """Whether he closes periods, puts rule sets in force and enters decisions: the director, or whoever holds the centre by delegation."""
    return actor.active and (actor.position == "director" or whole_centre(actor, at) is not None)


def on_behalf(actor: Person, at: date) -> str | None:
    """For whom he does it, where he holds the centre by delegation."""
    lent = None if actor.position in CENTRE_LEADERS else whole_centre(actor, at)
    return lent.giver.id if lent else None


async def duties_at(at: date) -> dict[str, dict[str, Any]]:
    """The row of ``KpiDuty`` that holds on that day, by person."""
    found = await rows("SELECT * FROM kpi_duty WHERE since <= $1 AND (until IS NULL OR until >= $2) ORDER BY since, id", at, at)
    return {one["person"]: one for one in found}


#: Chains kept with the directory that they were made from: it goes, and they with it, when the organisation changes.
KEPT = 8


async def raters(at: date) -> Raters:
    """The chain of this day, read from the database; made anew only when the organisation or a duty has changed."""
    directory, duties = await read_directory(), await duties_at(at)
    kept: dict[date, Raters] = directory.derived.setdefault("kpi.raters", {})
    known = kept.get(at)
    if known is None or known.duties != duties:
        if len(kept) >= KEPT:
            kept.clear()
        known = kept[at] = Raters(directory, at, duties)
    return known


async def may_see_sheet(actor: str, person: str, at: date) -> bool:
    """Whether the actor may see the person's detailed sheet."""
    return (await raters(at)).may_see(actor, person)


def sheet_scope(chain: Raters, actor: str, column: str, start: int = 1) -> tuple[str, list[str]]:
    """The same as a condition on ``column`` (a person's id) with its values from ``$start`` on.

    The director's is a question about units, not a list of people: an office of thousands has one too.
    """
    who = chain.directory.people.get(actor)
    if who is not None and who.active and who.position == "director":
        centre = chain.directory.actor(actor).centre
        units = [one for one in chain.directory.units if chain.directory.centre_of(one) == centre]
        listed = ", ".join(f"${start + 1 + n}" for n in range(len(units))) or "NULL"
        more = [one for one in chain.visible(actor) if chain.directory.actor(one).centre != centre]
        others = ", ".join(f"${start + 1 + len(units) + n}" for n in range(len(more))) or "NULL"
        here = f"SELECT id FROM person WHERE position <> 'admin' AND unit IN ({listed})"
        return f"({column} = ${start} OR {column} IN ({here}) OR {column} IN ({others}))", [actor, *units, *more]
    seen = sorted(chain.visible(actor))
    return f"{column} IN ({', '.join(f'${start + n}' for n in range(len(seen))) or 'NULL'})", seen
