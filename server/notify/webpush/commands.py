"""A browser's subscription: one address for a person on a device, as long as he is signed in there.

Whoever signs out, is signed out or makes room for somebody else on the same browser is sent nothing more to it: the same commit that ends
the session ends the address.
"""

from typing import Any

import orjson

from server.accounts.commands import Disable, SetPassword, SignIn, SignOut, SignOutEverywhere
from server.accounts.queries import session
from server.errors import Refusal
from server.notify.commands.link import end
from server.notify.tables import Address
from server.notify.webpush.endpoint import LENGTH
from server.notify.webpush.keys import are_keys
from server.storage.door import Command, follows, handles
from server.storage.engine import Row, insert, is_sqlite, row, rows
from server.storage.transaction import Transaction, as_json

CHANNEL = "webpush"
#: Browsers of one person; the one that came first makes room for the next.
MOST = 10
LABEL_LENGTH = 120


class Subscribe(Command, tag="notify.push.subscribe"):
    """The actor's browser is to show his messages. ``replaces`` is the endpoint that it had before, ``session`` his own one there.

    The caller has seen that ``endpoint`` is a push service of the setting; the channel looks again before each letter.
    """

    endpoint: str
    p256dh: str
    auth: str
    session: str
    label: str = ""
    replaces: str | None = None


class Unsubscribe(Command, tag="notify.push.unsubscribe"):
    """The actor's browser is to show nothing more."""

    endpoint: str


@handles(Subscribe)
async def subscribe(tx: Transaction, given: Subscribe) -> dict[str, Any]:
    """The same endpoint again takes the newer keys. Refusal ``conflict`` while the channel is off, ``invalid`` for keys that are none."""
    person = await _signed_in(tx, given.session)
    if not await is_on():
        raise Refusal("conflict", "notify.push.closed")
    if not 0 < len(given.endpoint) <= LENGTH:
        raise Refusal("invalid", "notify.push.bad_endpoint", field="endpoint")
    if not are_keys(given.p256dh, given.auth):
        raise Refusal("invalid", "notify.push.bad_keys", field="keys")
    await _turn(person, given.endpoint)
    own = None
    for one in await _active("address = $2", given.endpoint):
        if one["person"] == person:
            own = one
        else:
            await _end(tx, one, "notify.push.ended_other_person")
    if given.replaces and given.replaces != given.endpoint:
        for one in await _active("address = $2 AND person = $3", given.replaces, person):
            await end(tx, one, "revoked", "notify.push.ended_replaced")
    label = given.label[:LABEL_LENGTH]
    data = as_json({"p256dh": given.p256dh, "auth": given.auth, "session": given.session})
    if own is not None:
        await Address.update({Address.data: data, Address.label: label}).where(Address.id == own["id"])
        return {"address": own["id"], "new": False}
    for one in (await _active("person = $2 ORDER BY since DESC, id DESC", person))[MOST - 1 :]:
        await _end(tx, one, "notify.push.ended_too_many")
    made = {"id": tx.new_id(), "channel": CHANNEL, "person": person, "address": given.endpoint, "label": label, "data": data}
    await insert(Address, {**made, "since": tx.now})
    tx.audit("link", "person", person, after={"channel": CHANNEL, "label": label})
    return {"address": made["id"], "new": True}


@handles(Unsubscribe)
async def unsubscribe(tx: Transaction, given: Unsubscribe) -> dict[str, Any]:
    """One that is not there, or not the actor's, is no fault and ends nothing."""
    if tx.source == "sync" or tx.actor is None:
        raise Refusal("not_allowed", "notify.push.own_only")
    found = await _active("address = $2 AND person = $3", given.endpoint, tx.actor)
    for one in found:
        await _end(tx, one, "notify.link.ended_by_owner")
    return {"ended": len(found)}


async def is_on() -> bool:
    """Whether an administrator has turned the channel on."""
    found = await row('SELECT "on" FROM channel_state WHERE channel = $1', CHANNEL)
    return found is not None and bool(found["on"])


async def _signed_in(tx: Transaction, identifier: str) -> str:
    """The actor, in a living session of his own."""
    known = await session(identifier)
    if tx.source == "sync" or tx.actor is None or known is None or known.person != tx.actor:
        raise Refusal("not_allowed", "notify.push.own_only")
    return tx.actor


async def _turn(person: str, endpoint: str) -> None:
    """A page and its worker may both bring the same subscription at once, two persons one after the other."""
    if not is_sqlite():
        for name in sorted((person, endpoint)):
            await rows("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"push:{name}")


async def _active(where: str, *given: str) -> list[Row]:
    return await rows(f"SELECT * FROM address WHERE channel = $1 AND state = 'active' AND {where}", CHANNEL, *given)


async def _end(tx: Transaction, address: Row, why: str) -> None:
    await end(tx, address, "revoked", why)
    tx.audit("unlink", "person", str(address["person"]), after={"channel": CHANNEL, "label": address["label"]})


def _session(address: Row) -> str:
    return str(orjson.loads(address["data"] or "{}").get("session", ""))


@follows(SignOut)
async def after_sign_out(tx: Transaction, given: SignOut) -> None:
    """The browser that signed out is shown nothing more."""
    for one in await _active("person = $2", tx.actor or ""):
        if _session(one) == given.session:
            await _end(tx, one, "notify.push.ended_signed_out")


@follows(SignOutEverywhere)
async def after_sign_out_everywhere(tx: Transaction, given: SignOutEverywhere) -> None:
    """Nor are those that were signed out from elsewhere."""
    await _keep_only(tx, given.person, given.keep)


@follows(SetPassword)
async def after_password(tx: Transaction, given: SetPassword) -> None:
    """A new password ends the other sessions, and with them their messages."""
    await _keep_only(tx, given.person, given.keep)


@follows(Disable)
async def after_disabling(tx: Transaction, given: Disable) -> None:
    """An account that is switched off is told nothing."""
    await _keep_only(tx, given.person, None)


async def _keep_only(tx: Transaction, person: str, kept: str | None) -> None:
    for one in await _active("person = $2", person):
        if kept is None or _session(one) != kept:
            await _end(tx, one, "notify.push.ended_signed_out")


@follows(SignIn)
async def after_sign_in(tx: Transaction, given: SignIn) -> None:
    """The browser has a new session in the place of its old one: the same person keeps his subscription, another one ends it."""
    if not given.replaces or await session(given.session) is None:
        return
    # A session's name is a hash in hexadecimals: nothing of it means anything to LIKE.
    for one in await _active("data LIKE $2", f'%"session":"{given.replaces}"%'):
        if one["person"] != given.person:
            await _end(tx, one, "notify.push.ended_other_person")
            continue
        data = {**orjson.loads(one["data"]), "session": given.session}
        await Address.update({Address.data: as_json(data)}).where(Address.id == one["id"])
