"""The invented office as data: units, people, oversight, delegations and fields of work, with identifiers that never change."""

import calendar
import tomllib
import uuid
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

HERE = Path(__file__).parent
_SPACE = uuid.UUID("5f1c7c3a-6f0e-5b9d-9a55-0b6a7d2e1371")

Position = Literal["director", "deputy_director", "head", "deputy_head", "officer", "admin"]
Power = Literal["enter", "assign"]

TITLES: dict[str, str] = {
    "director": "Giám đốc",
    "deputy_director": "Phó Giám đốc",
    "head": "Trưởng phòng",
    "deputy_head": "Phó Trưởng phòng",
    "officer": "Chuyên viên",
    "admin": "Quản trị hệ thống",
}


def fixed_id(kind: str, name: str) -> str:
    """The identifier of a demo thing: the same on every machine, a lower-case UUID (version 5)."""
    return str(uuid.uuid5(_SPACE, f"{kind}:{name}"))


class Unit(msgspec.Struct, frozen=True):
    """A unit of the tree; ``kind`` is outer, centre, leadership or room, ``rank`` its place in lists."""

    id: str
    slug: str
    name: str
    short: str
    kind: str
    parent: str | None
    rank: int


class Person(msgspec.Struct, frozen=True):
    """An invented official. ``unit`` is a unit's id; ``rank`` is the order of R1 (the director is 1)."""

    id: str
    username: str
    name: str
    gender: str
    position: Position
    title: str
    unit: str
    rank: int
    demo: bool = True

    @property
    def leads_centre(self) -> bool:
        """Whether this is the director or a deputy director."""
        return self.position in ("director", "deputy_director")

    @property
    def leads_room(self) -> bool:
        """Whether this is a head or deputy head of a room."""
        return self.position in ("head", "deputy_head")


class Oversight(msgspec.Struct, frozen=True):
    """Which deputy director oversees which unit or group of fields (R2), first and last day included."""

    id: str
    person: str
    unit: str | None
    group: str | None
    starts: date
    ends: date | None


class Delegation(msgspec.Struct, frozen=True):
    """Who may use whose powers over which unit (R3), first and last day included, by which document."""

    id: str
    giver: str
    holder: str
    powers: list[Power]
    unit: str
    document: str
    starts: date
    ends: date


class Field(msgspec.Struct, frozen=True):
    """A field of work (lĩnh vực); ``source`` is the point of the decision that it is read from."""

    id: str
    slug: str
    name: str
    source: str
    group: str


class FieldGroup(msgspec.Struct, frozen=True):
    """A group of fields; ``room`` is the slug of the unit that usually leads its work."""

    id: str
    slug: str
    name: str
    source: str
    room: str
    fields: list[Field]


class Office(msgspec.Struct, frozen=True, dict=True):
    """The office as it stands on one day. ``administrator`` is not one of the 36 ``people``."""

    units: list[Unit]
    people: list[Person]
    administrator: Person
    oversight: list[Oversight]
    delegations: list[Delegation]

    @cached_property
    def by_username(self) -> Mapping[str, Person]:
        """The 36 people by user name."""
        return {person.username: person for person in self.people}

    @cached_property
    def by_unit(self) -> Mapping[str, list[Person]]:
        """The people of each unit, by the unit's slug, in order of rank."""
        return {unit.slug: [p for p in self.people if p.unit == unit.id] for unit in self.units}

    @cached_property
    def room_of(self) -> Mapping[str, str]:
        """The slug of each person's unit, by user name."""
        return {person.username: slug for slug, members in self.by_unit.items() for person in members}


def months_from(day: date, months: int) -> date:
    """The first day of the month that lies ``months`` from the month of ``day``."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def last_of_month(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def load_office(today: date) -> Office:
    """The office on ``today``: the dates of oversight and delegation are counted from it, so that they stay in force."""
    raw = tomllib.loads((HERE / "people.toml").read_text(encoding="utf-8"))
    units = [
        Unit(
            id=fixed_id("unit", u["slug"]),
            slug=u["slug"],
            name=u["name"],
            short=u["short"],
            kind=u["kind"],
            parent=fixed_id("unit", u["parent"]) if "parent" in u else None,
            rank=rank,
        )
        for rank, u in enumerate(raw["units"], 1)
    ]
    rows = [(slug, row) for slug, members in raw["people"].items() for row in members]
    people = [
        Person(
            id=fixed_id("person", row["username"]),
            username=row["username"],
            name=row["name"],
            gender=row["gender"],
            position=row["position"],
            title=TITLES[row["position"]],
            unit=fixed_id("unit", slug),
            rank=rank,
        )
        for rank, (slug, row) in enumerate(rows, 1)
    ]
    admin = raw["administrator"]
    administrator = Person(
        id=fixed_id("person", admin["username"]),
        username=admin["username"],
        name=admin["name"],
        gender="",
        position="admin",
        title=TITLES["admin"],
        unit=fixed_id("unit", "trung-tam"),
        rank=len(people) + 1,
    )
    oversight = [
        Oversight(
            id=fixed_id("oversight", str(number)),
            person=fixed_id("person", row["person"]),
            unit=fixed_id("unit", row["unit"]) if "unit" in row else None,
            group=fixed_id("group", row["group"]) if "group" in row else None,
            starts=months_from(today, row["from"]),
            ends=last_of_month(months_from(today, row["until"] - 1)) if "until" in row else None,
        )
        for number, row in enumerate(raw["oversight"], 1)
    ]
    delegations = [
        Delegation(
            id=fixed_id("delegation", str(number)),
            giver=fixed_id("person", row["giver"]),
            holder=fixed_id("person", row["holder"]),
            powers=row["powers"],
            unit=fixed_id("unit", row["unit"]),
            document=row["document"],
            starts=months_from(today, row["from"]),
            ends=last_of_month(months_from(today, row["until"] - 1)),
        )
        for number, row in enumerate(raw["delegations"], 1)
    ]
    return Office(units=units, people=people, administrator=administrator, oversight=oversight, delegations=delegations)


def load_fields() -> list[FieldGroup]:
    """The five groups of fields of work, in order."""
    raw = tomllib.loads((HERE / "fields.toml").read_text(encoding="utf-8"))
    groups = []
    for g in raw["groups"]:
        group = fixed_id("group", g["slug"])
        fields = [
            Field(id=fixed_id("field", f["slug"]), slug=f["slug"], name=f["name"], source=f["source"], group=group) for f in g["fields"]
        ]
        groups.append(FieldGroup(id=group, slug=g["slug"], name=g["name"], source=g["source"], room=g["room"], fields=fields))
    return groups
