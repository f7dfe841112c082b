"""Making keys, taking them back, noting their use. None of it can be asked for through the sync protocol."""

from datetime import date
from typing import Any

from server.errors import Refusal
from server.keys import rules
from server.keys.queries import calendar_of, key_by_id
from server.keys.secret import HINT, is_hash
from server.people.commands.common import actor_of, day_of, demand
from server.people.queries import directory
from server.storage.door import Command, handles
from server.storage.engine import Row, is_sqlite, row, rows
from server.storage.ids import is_id
from server.storage.transaction import Transaction, as_json


class KeyMake(Command, tag="key.make"):
    """A new key of the actor's own; its secret was made outside and is known here by its hash alone.

    ``unit`` None: the whole centre. ``since`` None: from today on. ``replaces``: a key that is taken back in the same transaction.
    ``id`` is what makes sending a form twice harmless: the second is refused.
    """

    id: str
    kind: rules.Kind
    hash: str
    hint: str
    name: str = ""
    scopes: list[str] = []
    unit: str | None = None
    since: date | None = None
    until: date | None = None
    followed: bool = False
    replaces: str | None = None


class KeyRevoke(Command, tag="key.revoke"):
    """A key opens nothing any more, from the commit on."""

    id: str


class KeyFollow(Command, tag="key.follow"):
    """Whether the actor's calendar also has the tasks that he only follows."""

    followed: bool


class KeyUsed(Command, tag="key.used"):
    """A key was used just now."""

    id: str


def _inside_only(tx: Transaction) -> None:
    if tx.source == "sync":
        raise Refusal("not_allowed", "keys.not_by_sync")


@handles(KeyMake)
async def make(tx: Transaction, given: KeyMake) -> dict[str, Any]:
    """Refusal ``not_allowed``: no right to such a key; ``invalid``: terms; ``conflict``: made already, its secret was shown then."""
    _inside_only(tx)
    if not is_id(given.id) or not is_hash(given.hash) or len(given.hint) > HINT:
        raise Refusal("invalid", "keys.bad_secret")
    known, today = await directory(), day_of(tx)
    actor = actor_of(tx, known)
    unit = None if given.kind == "calendar" else given.unit or actor.centre
    verdict = rules.may_make(given.kind, actor, known.path(unit), today)
    demand(verdict)
    scopes = [one for one in rules.SCOPES if one in given.scopes]
    terms = rules.Terms(
        kind=given.kind,
        name=" ".join(given.name.split()),
        scopes=tuple(given.scopes),
        since=given.since or today,
        until=given.until,
    )
    wrong = rules.flaw(terms, today)
    if wrong is not None:
        raise Refusal("invalid", wrong.key, field=wrong.field, **wrong.values)
    await _take_place(tx, given, actor.id)
    made = await row(
        "INSERT INTO access_key (id, kind, person, name, scopes, unit, followed, hash, hint, created_at, created_by, since, until, uses) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $3, $11, $12, 0) ON CONFLICT (id) DO NOTHING RETURNING id",
        given.id,
        given.kind,
        actor.id,
        terms.name,
        as_json(scopes),
        unit,
        given.followed and given.kind == "calendar",
        given.hash,
        given.hint,
        tx.now,
        terms.since,
        terms.until,
    )
    if made is None:
        raise Refusal("conflict", "keys.made_already")
    after = {"kind": given.kind, "name": terms.name, "scopes": scopes, "unit": unit, "since": terms.since, "until": terms.until}
    tx.audit("make", "key", given.id, after=after, on_behalf=verdict.on_behalf)
    return {"id": given.id}


async def _take_place(tx: Transaction, given: KeyMake, person: str) -> None:
    """Take back what the new key replaces: the actor's calendar address before it, or the key that is renewed."""
    if await key_by_id(given.id) is not None:
        raise Refusal("conflict", "keys.made_already")
    if given.kind == "calendar":
        if not is_sqlite():
            # Two new addresses at the same moment: the second waits here and takes the first back.
            await row("SELECT id FROM person WHERE id = $1 FOR UPDATE", person)
        before = await calendar_of(person)
    elif given.replaces is not None:
        before = await key_by_id(given.replaces)
        if before is None or before["kind"] != given.kind:
            raise Refusal("not_found", "keys.unknown")
        await _demand_revoke(tx, before)
    else:
        return
    if before is not None:
        await _revoke(tx, before)


@handles(KeyRevoke)
async def revoke(tx: Transaction, given: KeyRevoke) -> dict[str, Any]:
    """By its holder or by whoever oversees such keys. One that is taken back already stays so: no error, nothing written."""
    _inside_only(tx)
    stored = await key_by_id(given.id)
    if stored is None:
        raise Refusal("not_found", "keys.unknown")
    await _demand_revoke(tx, stored)
    return {"revoked": await _revoke(tx, stored)}


async def _demand_revoke(tx: Transaction, stored: Row) -> None:
    known = await directory()
    actor = actor_of(tx, known)
    if stored["person"] == actor.id or rules.oversees(actor, stored["kind"], known.path(stored["unit"]), day_of(tx)):
        return
    if stored["kind"] == "calendar":
        # That somebody has one is nobody else's business.
        raise Refusal("not_found", "keys.unknown")
    raise Refusal("not_allowed", "keys.rule.revoke")


async def _revoke(tx: Transaction, stored: Row) -> bool:
    done = await row(
        "UPDATE access_key SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL RETURNING id",
        tx.now,
        tx.actor,
        stored["id"],
    )
    if done is None:
        return False
    tx.audit("revoke", "key", stored["id"], before={"kind": stored["kind"], "name": stored["name"], "unit": stored["unit"]})
    return True


@handles(KeyFollow)
async def follow(tx: Transaction, given: KeyFollow) -> dict[str, Any]:
    """Of the actor's own calendar address. Refusal ``not_found`` where he has none."""
    _inside_only(tx)
    stored = await calendar_of(tx.actor or "")
    if stored is None:
        raise Refusal("not_found", "keys.no_calendar")
    if bool(stored["followed"]) != given.followed:
        await rows("UPDATE access_key SET followed = $1 WHERE id = $2", given.followed, stored["id"])
        tx.audit("set_followed", "key", stored["id"], before={"followed": not given.followed}, after={"followed": given.followed})
    return {"followed": given.followed}


@handles(KeyUsed)
async def used(tx: Transaction, given: KeyUsed) -> dict[str, Any]:
    """No entry in the chain: a calendar asks several times an hour. Of uses within one minute the first is noted."""
    _inside_only(tx)
    await rows(
        "UPDATE access_key SET last_used_at = $1, uses = uses + 1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at <= $3)",
        tx.now,
        given.id,
        tx.now - rules.NOTE_EVERY,
    )
    return {}
