"""Tying a chat to a person, or to the group of a room: make a code, use it, end it. The same for Telegram and Zalo.

One living code and one chat a channel for each person and each room: what is newer takes the place of what was there. A chat belongs to
one person: tied anew it moves, and who had it before is told.
"""

import re
from datetime import timedelta
from typing import Any

from server.errors import Refusal
from server.notify.rules import codes
from server.notify.tables import Address, LinkCode
from server.people import rules
from server.people.commands.common import actor_of, demand_id
from server.people.directory import Directory
from server.people.queries import directory
from server.storage.door import Command, handles
from server.storage.engine import Row, insert, is_sqlite, row, rows
from server.storage.transaction import Transaction
from server.words import say

#: The channels that are tied by a code.
BY_CODE = ("telegram", "zalo")
#: Rows of codes are of no use after this.
FORGET = timedelta(days=7)
LABEL_LENGTH = 120
#: Who hears what becomes of the group chat of his unit.
HEADS = ("head", "director")
SHOWN_LABEL = 40
_HASH = re.compile(r"[0-9a-f]{64}")


class MakeLink(Command, tag="notify.link.make"):
    """A code by which a chat becomes the actor's own, or the group of ``unit``. Who makes it keeps the code and gives its hash."""

    channel: str
    code_hash: str
    unit: str | None = None


class UseLink(Command, tag="notify.link.use"):
    """Somebody typed a code in a chat. ``address`` is the service's own name of the chat, ``label`` what its owner recognises."""

    channel: str
    code_hash: str
    address: str
    label: str = ""
    group: bool = False


class RevokeAddress(Command, tag="notify.address.revoke"):
    """No more messages to this chat: asked by its owner, or for a group by whoever may tie one."""

    address: str


@handles(MakeLink)
async def make(tx: Transaction, given: MakeLink) -> dict[str, Any]:
    """The older code of the same person or room on this channel is void from now on."""
    known = await directory()
    actor = actor_of(tx, known)
    if given.channel not in BY_CODE or not _HASH.fullmatch(given.code_hash):
        raise Refusal("invalid", "notify.link.bad")
    if not await is_on(given.channel):
        raise Refusal("conflict", "notify.link.channel_off")
    if given.unit is not None:
        demand_group_right(actor, given.unit, known)
    elif not actor.active:
        raise Refusal("not_allowed", "people.rule.inactive")
    if await row("SELECT code_hash FROM link_code WHERE code_hash = $1", given.code_hash):
        raise Refusal("conflict", "notify.link.bad")
    await LinkCode.delete().where(LinkCode.made_at < tx.now - FORGET)
    column, whose = ("unit", given.unit) if given.unit is not None else ("person", actor.id)
    await rows(
        f"UPDATE link_code SET expires_at = $1 WHERE channel = $2 AND {column} = $3 AND used_at IS NULL AND expires_at > $1",
        tx.now,
        given.channel,
        whose,
    )
    expires = tx.now + codes.LASTS
    code = {"code_hash": given.code_hash, "channel": given.channel, column: whose}
    await insert(LinkCode, {**code, "made_by": actor.id, "made_at": tx.now, "expires_at": expires})
    tx.audit("link_code", column, str(whose), after={"channel": given.channel})
    return {"expires": expires.isoformat()}


@handles(UseLink)
async def use(tx: Transaction, given: UseLink) -> dict[str, Any]:
    """The chat is tied from now on; answers whose it is. Refusal ``invalid`` unknown, ``gone`` used or expired, ``conflict`` wrong chat."""
    if tx.source != "chat":
        raise Refusal("not_allowed", "notify.link.only_chat")
    known = await directory()
    code = await _usable(tx, given)
    if code["person"] is not None:
        owner = known.people.get(code["person"])
        if owner is None or not owner.active:
            raise Refusal("not_allowed", "people.rule.inactive")
        name = owner.name
    else:
        unit = known.units.get(code["unit"])
        if unit is None or not unit.active:
            raise Refusal("gone", "notify.link.unit_gone")
        name = unit.name
    await LinkCode.update({LinkCode.used_at: tx.now, LinkCode.used_by: given.address}).where(LinkCode.code_hash == given.code_hash)
    address = await _tie(tx, given, code["person"], code["unit"], name)
    column = "person" if code["person"] is not None else "unit"
    tx.audit("link", column, str(code[column]), after={"channel": given.channel, "label": given.label[:LABEL_LENGTH]})
    return {"address": address, "person": code["person"], "unit": code["unit"], "name": name}


@handles(RevokeAddress)
async def revoke(tx: Transaction, given: RevokeAddress) -> dict[str, Any]:
    """Ended once, it stays ended; to end it again is no fault."""
    found = await row("SELECT * FROM address WHERE id = $1", given.address)
    known = await directory()
    actor = actor_of(tx, known)
    if found is None or (found["unit"] is None and found["person"] != actor.id):
        raise Refusal("not_found", "notify.link.address_unknown")
    if found["unit"] is not None:
        demand_group_right(actor, found["unit"], known)
    if found["state"] == "active":
        await end(tx, found, "revoked", "notify.link.ended_by_owner")
        tx.audit("unlink", *_whose(found), after={"channel": found["channel"], "label": found["label"]})
    return {"address": given.address}


def may_tie_group(actor: rules.Person, unit: str, known: Directory) -> bool:
    """The group of a room is the affair of its head, of the centre's leaders and of the administrator."""
    if not actor.active or unit not in known.units:
        return False
    if actor.position == "admin":
        return True
    if actor.position in rules.CENTRE_LEADERS:
        return actor.centre is not None and actor.centre in known.path(unit)
    return actor.position == "head" and actor.unit == unit


def demand_group_right(actor: rules.Person, unit: str, known: Directory) -> None:
    """Raise Refusal where the actor may not tie this unit's group, or there is no such unit."""
    demand_id(unit)
    if unit not in known.units or not known.units[unit].active:
        raise Refusal("not_found", "notify.link.unit_gone")
    if not may_tie_group(actor, unit, known):
        raise Refusal("not_allowed", "notify.link.not_your_unit")


async def end(tx: Transaction, address: Row, state: str, why: str) -> None:
    """Put an address out of use; ``why`` is a key of the words. Inside a command only."""
    await Address.update({Address.state: state, Address.why: why, Address.until: tx.now}).where(Address.id == address["id"])


async def is_on(channel: str) -> bool:
    """Whether an administrator has turned this channel on."""
    found = await row('SELECT "on" FROM channel_state WHERE channel = $1', channel)
    return found is not None and bool(found["on"])


async def _usable(tx: Transaction, given: UseLink) -> Row:
    """The row of the code, under lock. Of two chats that type it at once the second finds it used."""
    lock = "" if is_sqlite() else " FOR UPDATE"
    code = await row(f"SELECT * FROM link_code WHERE code_hash = $1 AND channel = $2{lock}", given.code_hash, given.channel)
    if code is None:
        raise Refusal("invalid", "notify.link.unknown")
    if code["used_at"] is not None:
        raise Refusal("gone", "notify.link.used")
    if code["expires_at"] <= tx.now:
        raise Refusal("gone", "notify.link.expired")
    if given.group and code["unit"] is None:
        raise Refusal("conflict", "notify.link.for_person")
    if not given.group and code["unit"] is not None:
        raise Refusal("conflict", "notify.link.for_group")
    return code


async def _tie(tx: Transaction, given: UseLink, person: str | None, unit: str | None, name: str) -> str:
    """The chat belongs to this owner alone, and the owner has this chat alone on the channel."""
    label = given.label[:LABEL_LENGTH]
    active = await rows(
        "SELECT * FROM address WHERE channel = $1 AND state = 'active' AND (address = $2 OR person = $3 OR unit = $4)",
        given.channel,
        given.address,
        person,
        unit,
    )
    own = next((one for one in active if one["address"] == given.address and (one["person"], one["unit"]) == (person, unit)), None)
    for one in active:
        if one is own:
            continue
        moved = one["address"] == given.address
        await end(tx, one, "revoked", "notify.link.moved" if moved else "notify.link.replaced")
        if moved and one["person"] is not None:
            _tell(tx, one["person"], "notify.link.moved_away", given.channel, one["label"])
    if own is not None:
        await Address.update({Address.label: label}).where(Address.id == own["id"])
        return str(own["id"])
    made = {"id": tx.new_id(), "channel": given.channel, "person": person, "unit": unit, "address": given.address, "label": label}
    await insert(Address, {**made, "since": tx.now})
    if person is not None:
        # Whoever typed it: the account's owner hears of it where he looks anyway, and can end it there.
        _tell(tx, person, "notify.link.now_tied", given.channel, label)
    return str(made["id"])


async def tell_lost(tx: Transaction, address: Row, key: str = "notify.link.lost") -> None:
    """Say that nothing reaches this address any more: to its owner; of a room's group, to who heads the room."""
    known = await directory()
    heads = [one.id for one in known.people.values() if one.active and one.unit == address["unit"] and one.position in HEADS]
    for person in [address["person"]] if address["person"] else heads:
        _tell(tx, person, key, address["channel"], address["label"])


def _tell(tx: Transaction, person: str, key: str, channel: str, label: str) -> None:
    """Into the inbox, and to wherever the person is reached."""
    shown = label if len(label) <= SHOWN_LABEL else f"{label[:SHOWN_LABEL]}…"
    # Asked for by whoever typed the code, so the person himself is told as well.
    tx.message("notify.linked", [person], data={"title": say(key, channel=say(f"sending.channel.{channel}"), label=shown)})


def _whose(address: Row) -> tuple[str, str]:
    return ("person", str(address["person"])) if address["person"] is not None else ("unit", str(address["unit"]))
