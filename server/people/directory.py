"""The organisation as plain values, kept in memory until a command changes it."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from server.people import rules
from server.words import say

SHORT_NAME_WORDS = 2


class UnitFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of the tree."""

    id: str
    name: str
    short: str
    parent: str | None
    kind: str
    sort: int
    active: bool = True


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A person as pages show him."""

    id: str
    username: str
    name: str
    position: rules.Position
    unit: str | None
    rank: int
    active: bool
    demo: bool

    @property
    def initials(self) -> str:
        """Two letters of the name: the family name's and the given name's last two words in Vietnamese order."""
        return "".join(word[0] for word in self.name.split()[-SHORT_NAME_WORDS:]).upper()

    @property
    def title(self) -> str:
        """The position in the office's own words."""
        return say(f"people.position.{self.position}")


class FieldFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A field of work."""

    id: str
    name: str
    field_group: str
    sort: int
    active: bool = True


class OversightFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Who follows a room or a group of fields, and when."""

    person: str
    unit: str | None
    field_group: str | None
    since: date
    until: date | None
    id: str = ""

    def covers(self, at: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= at and (self.until is None or at <= self.until)


class DelegationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A delegation as stored."""

    id: str
    giver: str
    receiver: str
    powers: frozenset[str]
    unit: str
    since: date
    until: date | None
    document: str


class Directory:
    """Everybody and every unit, at one version."""

    def __init__(
        self,
        version: int,
        units: Iterable[UnitFacts],
        people: Iterable[Profile],
        fields: Iterable[FieldFacts] = (),
        oversight: Iterable[OversightFacts] = (),
        delegations: Iterable[DelegationFacts] = (),
    ) -> None:
        self.version = version
        self.units = {unit.id: unit for unit in units}
        self.people = {person.id: person for person in sorted(people, key=lambda person: (person.rank, person.name))}
        self.fields = {field.id: field for field in sorted(fields, key=lambda field: field.sort)}
        self.oversight = tuple(oversight)
        self.delegations = tuple(delegations)
        self._actors: dict[str, rules.Person] = {}
        self._may_assign: tuple[date, dict[str, list[Profile]]] = (date.min, {})
        #: What pages derive from this version and want to have at hand again.
        self.derived: dict[str, Any] = {}

    def path(self, unit: str | None) -> tuple[str, ...]:
        """The unit and every unit above it, the highest first."""
        found: list[str] = []
        while unit is not None and unit in self.units and unit not in found:
            found.insert(0, unit)
            unit = self.units[unit].parent
        return tuple(found)

    def centre_of(self, unit: str | None) -> str | None:
        """The office that a unit belongs to."""
        return next((one for one in reversed(self.path(unit)) if self.units[one].kind == "centre"), None)

    def by_username(self, username: str) -> Profile | None:
        """The person of that username."""
        return self._usernames.get(username)

    @cached_property
    def _usernames(self) -> dict[str, Profile]:
        return {person.username: person for person in self.people.values()}

    def actor(self, person: str) -> rules.Person:
        """A person as the rules see him, delegations included. Raises KeyError for a stranger."""
        known = self._actors.get(person)
        if known is None:
            bare = self._bare(person)
            lent = tuple(
                rules.Delegation(
                    giver=self._bare(one.giver), powers=one.powers, unit=one.unit, since=one.since, until=one.until, document=one.document
                )
                for one in self.delegations
                if one.receiver == person and one.giver in self.people
            )
            known = self._actors[person] = msgspec.structs.replace(bare, delegations=lent)
        return known

    def _bare(self, person: str) -> rules.Person:
        profile = self.people[person]
        return rules.Person(
            id=profile.id,
            position=profile.position,
            path=self.path(profile.unit),
            centre=self.centre_of(profile.unit),
            active=profile.active,
        )

    @cached_property
    def room_leaders(self) -> tuple[rules.Person, ...]:
        """Heads and deputy heads in office."""
        return tuple(self.actor(one.id) for one in self.people.values() if one.active and one.position in rules.ROOM_LEADERS)

    def overseer(self, unit: str | None, field: str | None, at: date) -> Profile | None:
        """The deputy director who follows a task: by its field's group first, for that is narrower, then by its room (R2)."""
        group = self.fields[field].field_group if field in self.fields else None
        path = self.path(unit)
        for one in self.oversight:
            if group and one.field_group == group and one.covers(at):
                return self.people.get(one.person)
        for one in self.oversight:
            if one.unit in path and one.covers(at):
                return self.people.get(one.person)
        return None

    def may_assign(self, actor: rules.Person, at: date) -> list[Profile]:
        """Everybody to whom the actor may assign on that day, in order of rank."""
        if self._may_assign[0] != at:
            self._may_assign = (at, {})
        known = self._may_assign[1]
        if actor.id not in known:
            known[actor.id] = [one for one in self.people.values() if one.active and rules.may(actor, "assign", self.actor(one.id), at)]
        return known[actor.id]
