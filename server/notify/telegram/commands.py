"""What the Telegram channel keeps: who listens, how far, what the bot is called; and what becomes of a chat that moves or ends.

All of it in the ``data`` of the channel's row, beside what others keep there. Only our own jobs give these commands.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import orjson

from server.notify.commands.channels import locked, note
from server.notify.commands.common import by_job
from server.notify.commands.link import end, tell_lost
from server.notify.tables import Address
from server.storage.door import Command, handles
from server.storage.engine import Row, row, rows
from server.storage.transaction import Transaction

CHANNEL = "telegram"
#: So many of the last updates are known by their numbers, so that one that comes again is known again.
REMEMBERED = 200
#: Telegram keeps what nobody fetched for a day, and begins anew with its numbers after a quiet week: an older place is of no use.
PLACE_HOLDS = timedelta(days=2)

LONGEST_LEASE = timedelta(minutes=10)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How far the updates are read. ``recent``: the last ones that were dealt with."""

    last: int = 0
    at: datetime | None = None
    recent: list[int] = []


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Who listens, until when."""

    holder: str = ""
    until: datetime | None = None


class Listen(Command, tag="notify.telegram.listen"):
    """``holder`` wants to be the one who listens, for so many seconds from now; 0: not any more."""

    holder: str
    seconds: float


class Done(Command, tag="notify.telegram.done"):
    """An update was dealt with. With a ``holder`` only while he is the one who listens."""

    update: int
    holder: str | None = None


class Introduce(Command, tag="notify.telegram.introduce"):
    """What the bot is called, as the service says."""

    username: str


class MoveChat(Command, tag="notify.telegram.move"):
    """A group has become a supergroup and has another number."""

    old: str
    new: str


class ChatEnded(Command, tag="notify.telegram.ended"):
    """The bot was blocked or put out of a group."""

    address: str


class ChatBack(Command, tag="notify.telegram.back"):
    """Whoever had blocked the bot let it in again."""

    address: str


@handles(Listen)
async def listen(tx: Transaction, given: Listen) -> dict[str, Any]:
    """One listener at a time; when he falls silent another takes over. Answers {held, offset}: the first update to ask for, or None."""
    by_job(tx)
    data = await _data()
    lease = msgspec.convert(data.get("lease", {}), Lease)
    # One that ends too far ahead was taken before the clock was set back.
    free = lease.until is None or not tx.now < lease.until <= tx.now + LONGEST_LEASE
    if not free and lease.holder != given.holder:
        return {"held": False, "offset": None}
    lease = Lease(holder=given.holder, until=tx.now + timedelta(seconds=given.seconds))
    await note(CHANNEL, {"lease": msgspec.to_builtins(lease)})
    place = _place(data)
    fresh = place.at is not None and tx.now - place.at < PLACE_HOLDS
    return {"held": given.seconds > 0, "offset": place.last + 1 if fresh else None}


@handles(Done)
async def done(tx: Transaction, given: Done) -> dict[str, Any]:
    """Remember the update, and how far we are."""
    by_job(tx)
    data = await _data()
    if given.holder is not None and msgspec.convert(data.get("lease", {}), Lease).holder != given.holder:
        return {"held": False}
    recent = [*_place(data).recent, given.update][-REMEMBERED:]
    await note(CHANNEL, {"place": msgspec.to_builtins(Place(last=given.update, at=tx.now, recent=recent))})
    return {"held": True}


@handles(Introduce)
async def introduce(tx: Transaction, given: Introduce) -> dict[str, Any]:
    """From now on codes come with a link that opens the chat."""
    by_job(tx)
    home = f"https://t.me/{given.username}"
    links = {"link": f"{home}?start={{code}}", "group_link": f"{home}?startgroup={{code}}"}
    await note(CHANNEL, {"bot": f"@{given.username}", **links})
    return {}


@handles(MoveChat)
async def move(tx: Transaction, given: MoveChat) -> dict[str, Any]:
    """The same group goes on being the unit's, under its new number. Told twice, by the letter and by the chat, it moves once."""
    by_job(tx)
    for one in await _addresses(given.old, "active"):
        if await row("SELECT id FROM address WHERE channel = $1 AND address = $2 AND state = 'active'", CHANNEL, given.new):
            await end(tx, one, "revoked", "notify.link.replaced")
        else:
            await Address.update({Address.address: given.new}).where(Address.id == one["id"])
    return {}


@handles(ChatEnded)
async def ended(tx: Transaction, given: ChatEnded) -> dict[str, Any]:
    """Nothing is sent there until somebody lets us in again; the owner is told in the app."""
    by_job(tx)
    for one in await _addresses(given.address, "active"):
        await end(tx, one, "blocked", "notify.telegram.blocked")
        await tell_lost(tx, one)
    return {}


@handles(ChatBack)
async def back(tx: Transaction, given: ChatBack) -> dict[str, Any]:
    """The owner's newest address there is in use again, unless it or its owner has another one by now. Answers {back}."""
    by_job(tx)
    for one in reversed(await _addresses(given.address, "blocked")):
        taken = await row(
            "SELECT id FROM address WHERE channel = $1 AND state = 'active' AND (address = $2 OR person = $3 OR unit = $4)",
            CHANNEL,
            given.address,
            one["person"],
            one["unit"],
        )
        if taken is None:
            await Address.update({Address.state: "active", Address.why: "", Address.until: None}).where(Address.id == one["id"])
            return {"back": True}
    return {"back": False}


async def known_update(update: int) -> bool:
    """Whether this update was dealt with before."""
    found = await row("SELECT data FROM channel_state WHERE channel = $1", CHANNEL)
    return found is not None and update in _place(orjson.loads(found["data"])).recent


def _place(data: dict[str, Any]) -> Place:
    return msgspec.convert(data.get("place", {}), Place)


async def _addresses(address: str, state: str) -> list[Row]:
    return await rows("SELECT * FROM address WHERE channel = $1 AND address = $2 AND state = $3 ORDER BY since", CHANNEL, address, state)


async def _data() -> dict[str, Any]:
    """What the channel keeps; its row is held until the commit."""
    data = orjson.loads((await locked(CHANNEL))["data"] or "{}")
    return data if isinstance(data, dict) else {}
