"""Which key a secret is, and the lists of keys."""

from datetime import date, datetime

import msgspec

from server.keys import rules
from server.keys.secret import hash_of, looks_like
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.people.rules import Person
from server.storage.engine import Row, row, rows
from server.storage.ids import LOCAL, is_id


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key that opens now. It shows no more than ``person`` may see, within ``unit`` where there is one."""

    id: str
    kind: rules.Kind
    person: str
    name: str
    #: Of ``api``: what it may fetch, of reports, tasks, scores.
    scopes: frozenset[str]
    #: Of ``wall`` and ``api``: the unit with all below it. A calendar has none.
    unit: str | None
    #: Of a calendar: with the tasks that the person only follows.
    followed: bool
    last_used_at: datetime | None


async def key_of(secret: str, kind: rules.Kind, now: datetime) -> Key | None:
    """The key of this secret, if it opens at this moment.

    None where it is unknown, of another kind, taken back, before its first or after its last day; where its holder left, can't sign in, or
    has lost the right to hold such a key. It is found by its hash in an index: how long that takes tells nothing about the secret.
    """
    if not looks_like(secret):
        return None
    found = await row(
        "SELECT k.*, a.disabled FROM access_key k LEFT JOIN account a ON a.person = k.person "
        "WHERE k.hash = $1 AND k.kind = $2 AND k.revoked_at IS NULL",
        hash_of(secret),
        kind,
    )
    today = now.astimezone(LOCAL).date()
    if found is None or found["disabled"] or not rules.opens(found["since"], found["until"], today):
        return None
    if not holder_may(found, await read_directory(), today):
        return None
    return Key(
        id=found["id"],
        kind=kind,
        person=found["person"],
        name=found["name"],
        scopes=scopes_of(found),
        unit=found["unit"],
        followed=bool(found["followed"]),
        last_used_at=found["last_used_at"],
    )


def scopes_of(stored: Row) -> frozenset[str]:
    """What an api key may fetch."""
    return frozenset(msgspec.json.decode(stored["scopes"], type=list[str]))


def holder_may(stored: Row, known: Directory, at: date) -> bool:
    """Whether the key's person is here and could still make it."""
    if stored["person"] not in known.people:
        return False
    return bool(rules.may_make(stored["kind"], known.actor(stored["person"]), known.path(stored["unit"]), at))


async def calendar_of(person: str) -> Row | None:
    """The calendar address of a person that is not taken back."""
    return await row("SELECT * FROM access_key WHERE person = $1 AND kind = 'calendar' AND revoked_at IS NULL", person)


async def overseen(actor: Person, known: Directory, at: date) -> list[Row]:
    """The api and wall keys that the actor sees: those in force first, then the newest."""
    found = await rows("SELECT * FROM access_key WHERE kind IN ('api', 'wall') ORDER BY created_at DESC, id DESC")
    seen = [one for one in found if one["person"] == actor.id or rules.oversees(actor, one["kind"], known.path(one["unit"]), at)]
    return sorted(seen, key=lambda one: one["revoked_at"] is not None or (one["until"] is not None and one["until"] < at))


async def key_by_id(identifier: str) -> Row | None:
    """The stored row; None for what is no identifier, whatever an address says."""
    return await row("SELECT * FROM access_key WHERE id = $1", identifier) if is_id(identifier) else None
