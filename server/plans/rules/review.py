"""From a row understood to the task that it becomes: what is proposed, what its reader changed, and what stands in the way."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from server.plans.rules.text import words
from server.plans.shapes import Cadence, Row
from server.words import say

#: The longest title of a task.
TITLE_LENGTH = 1000
#: The longest text of a task, less room for what the plan adds to it.
NOTE_LENGTH = 15_000


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """The people of the office as one reader may give them work. ``names`` is everybody who is in office."""

    names: Mapping[str, str]
    assignable: frozenset[str]
    #: Room → its head.
    heads: Mapping[str, str]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for the whole plan."""

    default_lead: str | None = None
    past_to: date | None = None


class Edit(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a reader changed of one row; whatever is unset stays as proposed."""

    row: int
    keep: bool | UnsetType = UNSET
    title: str | UnsetType = UNSET
    lead: str | UnsetType | None = UNSET
    collaborators: list[str] | UnsetType = UNSET
    start: date | UnsetType | None = UNSET
    due: date | UnsetType | None = UNSET
    cadence: Cadence | UnsetType = UNSET
    product: str | UnsetType = UNSET
    note: str | UnsetType = UNSET


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The task that a row becomes, as things stand."""

    row: int
    keep: bool
    title: str
    lead: str | None
    collaborators: list[str]
    start: date | None
    due: date | None
    cadence: Cadence
    product: str
    note: str


class Problem(msgspec.Struct, frozen=True):
    """Why a row can't become a task: the field at fault and a Vietnamese sentence."""

    row: int
    field: str
    message: str


#: What may be changed of a row.
FIELDS: tuple[str, ...] = tuple(field.name for field in msgspec.structs.fields(Chosen) if field.name != "row")


def proposed(row: Row, staff: Staff, options: Options, today: date, *, alike: bool = False) -> Chosen:
    """The task before anybody touched it. A row much like an open task is left out until somebody ticks it."""
    lead = _lead(row, staff) or options.default_lead
    due = row.due
    start = row.start
    if due is not None and due < today and options.past_to is not None:
        due = options.past_to
    helpers = {staff.heads[agency.unit] for agency in row.partners if agency.unit and agency.unit in staff.heads} & staff.assignable
    return Chosen(
        row=row.row,
        keep=not alike,
        title=row.title,
        lead=lead,
        collaborators=sorted(helpers - {lead}) if lead else [],
        start=start,
        due=due,
        cadence=row.cadence,
        product=row.product,
        note=row.note,
    )


def _lead(row: Row, staff: Staff) -> str | None:
    """The person whom the plan names, else the head of the room that it names; only if the reader may give him work."""
    if row.person:
        named = f" {' '.join(words(row.person))} "
        found = [person for person, name in staff.names.items() if f" {' '.join(words(name))} " in named]
        if len(found) == 1 and found[0] in staff.assignable:
            return found[0]
    head = staff.heads.get(row.room or "")
    return head if head in staff.assignable else None


def edited(chosen: Chosen, edit: Edit | None, default_lead: str | None = None) -> Chosen:
    """The task with what a reader changed. A row whose lead he took out is one that names nobody."""
    if edit is None:
        return chosen
    changes = {name: getattr(edit, name) for name in FIELDS if getattr(edit, name) is not UNSET}
    if "lead" in changes and changes["lead"] is None:
        changes["lead"] = default_lead
    return msgspec.structs.replace(chosen, **changes) if changes else chosen


def difference(before: Chosen, after: Chosen) -> Edit:
    """What a reader changed between what was proposed and what he left."""
    changes: dict[str, Any] = {name: getattr(after, name) for name in FIELDS if getattr(before, name) != getattr(after, name)}
    return Edit(row=after.row, **changes)


def problems(chosen: Chosen, staff: Staff) -> list[Problem]:
    """Everything for which the task would be refused."""
    found: list[Problem] = []

    def add(field: str, message: str) -> None:
        found.append(Problem(chosen.row, field, message))

    title = " ".join(chosen.title.split())
    if not title:
        add("title", say("plans.row.title_missing"))
    if len(title) > TITLE_LENGTH:
        add("title", say("plans.row.title_long", length=len(title), limit=TITLE_LENGTH))
    for field in ("product", "note"):
        if len(getattr(chosen, field)) > NOTE_LENGTH:
            add(field, say("plans.row.text_long", limit=NOTE_LENGTH))
    if chosen.lead is None:
        add("lead", say("plans.row.lead_missing"))
    elif problem := _person(chosen.lead, staff):
        add("lead", problem)
    if chosen.lead in chosen.collaborators:
        add("collaborators", say("plans.row.lead_helps", name=staff.names.get(chosen.lead or "", "")))
    for person in chosen.collaborators:
        if problem := _person(person, staff):
            add("collaborators", problem)
    if chosen.start and chosen.due and chosen.due < chosen.start:
        add("due", say("plans.row.due_before_start", due=f"{chosen.due:%d/%m/%Y}", start=f"{chosen.start:%d/%m/%Y}"))
    return found


def _person(person: str, staff: Staff) -> str | None:
    if person not in staff.names:
        return say("plans.row.person_left")
    if person not in staff.assignable:
        return say("plans.row.may_not_assign", name=staff.names[person])
    return None
