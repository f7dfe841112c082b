"""Who may make a key, who may take it back, and when it opens: plain functions on plain values."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from server.people.rules import CENTRE_LEADERS, Person, Verdict, no, whole_centre, yes

Kind = Literal["calendar", "wall", "api"]
Scope = Literal["reports", "tasks", "scores"]
State = Literal["live", "early", "over", "revoked", "stopped"]

SCOPES: tuple[Scope, ...] = ("reports", "tasks", "scores")
#: A key for another system ends by itself within a year.
API_DAYS = 366
NAME_LENGTH = 120
#: Use is noted at most this often.
NOTE_EVERY = timedelta(minutes=1)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants a key to be."""

    kind: Kind
    name: str = ""
    scopes: tuple[str, ...] = ()
    since: date
    until: date | None = None


class Flaw(msgspec.Struct, frozen=True):
    """What is wrong with the terms: the sentence's key, the field, the values of its places."""

    key: str
    field: str
    values: dict[str, object] = {}


def flaw(terms: Terms, today: date) -> Flaw | None:
    """The first thing that is wrong, or None."""
    if terms.kind != "calendar" and not terms.name:
        return Flaw("keys.name_missing", "name")
    if len(terms.name) > NAME_LENGTH:
        return Flaw("keys.name_long", "name", {"length": len(terms.name), "limit": NAME_LENGTH})
    if terms.kind == "api" and not terms.scopes:
        return Flaw("keys.scopes_missing", "scopes")
    if (terms.kind != "api" and terms.scopes) or not set(terms.scopes) <= set(SCOPES):
        return Flaw("keys.scopes_unknown", "scopes")
    return _days_wrong(terms, today)


def _days_wrong(terms: Terms, today: date) -> Flaw | None:
    if not timedelta(0) <= terms.since - today <= timedelta(days=API_DAYS):
        return Flaw("keys.since_far", "since", {"days": API_DAYS})
    if terms.until is None:
        return Flaw("keys.until_missing", "until", {"days": API_DAYS}) if terms.kind == "api" else None
    if terms.until < terms.since:
        return Flaw("keys.until_before", "until")
    if terms.kind == "api" and terms.until - terms.since > timedelta(days=API_DAYS):
        return Flaw("keys.until_far", "until", {"days": API_DAYS})
    return None


def may_make(kind: Kind, actor: Person, unit_path: Sequence[str], at: date) -> Verdict:
    """Whether the actor may hold a key of this kind, limited to the unit at the end of ``unit_path`` (the highest first).

    A calendar is everybody's own. The screen on a wall: the centre's leaders and who acts for the director over the whole
    centre; a head for his own room. The interface for other systems: the director and who acts for him, for they answer for
    the data; an administrator has no right to tasks. A key stops as soon as its holder could not make it any more.
    """
    if not actor.active:
        return no("people.rule.inactive")
    if kind == "calendar":
        return yes("keys.rule.own")
    if actor.position == "admin":
        return no("keys.rule.admin_makes_none")
    lent = whole_centre(actor, at)
    behalf = lent.giver.id if lent is not None else None
    leads = actor.position == "director" or lent is not None or (kind == "wall" and actor.position in CENTRE_LEADERS)
    if leads:
        if actor.centre is None or actor.centre not in unit_path:
            return no("keys.rule.other_centre")
        return yes("keys.rule.leader", None if actor.position in CENTRE_LEADERS else behalf)
    if kind == "api":
        return no("keys.rule.api")
    if actor.position != "head" or actor.unit is None:
        return no("keys.rule.wall")
    return yes("keys.rule.own_room") if actor.unit in unit_path else no("keys.rule.wall_room")


def oversees(actor: Person, kind: Kind, unit_path: Sequence[str], at: date) -> bool:
    """Whether the actor sees and may take back keys of this kind that are limited to this unit, whoever made them.

    Calendars are nobody's but their owner's. An administrator sees every other key and may take it back.
    """
    if kind == "calendar" or not actor.active:
        return False
    return actor.position == "admin" or bool(may_make(kind, actor, unit_path, at))


def opens(since: date, until: date | None, at: date) -> bool:
    """Whether a day lies within the days of a key."""
    return since <= at and (until is None or at <= until)


def state_of(since: date, until: date | None, revoked_at: datetime | None, holder_may: bool, at: date) -> State:
    """How a key stands: in force, not yet, past its last day, taken back, or stopped because its holder lost the right to it."""
    if revoked_at is not None:
        return "revoked"
    if until is not None and until < at:
        return "over"
    if not holder_may:
        return "stopped"
    return "early" if at < since else "live"


def note_due(last: datetime | None, now: datetime) -> bool:
    """Whether this use is to be noted: once a minute is enough to tell a key that works from one that nobody needs."""
    return last is None or now - last >= NOTE_EVERY
