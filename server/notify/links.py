"""What pages and chats need to tie a chat: an offer of a code, what is tied already, and the brake against guessing."""

import secrets
from datetime import datetime

import msgspec
import orjson

from server.accounts.brake import Brake
from server.accounts.rules import locked
from server.errors import Refusal
from server.notify.commands.link import MakeLink, UseLink
from server.notify.rules import codes
from server.storage.door import carry_out
from server.storage.engine import Row, row


class Offer(msgspec.Struct, frozen=True):
    """A code to type into a chat. ``deep_link`` opens the chat with the code in it, where the channel knows its own address."""

    code: str
    deep_link: str | None
    #: Whom to write to: "@SoViecBot".
    bot: str | None
    expires: datetime


async def offer(channel: str, *, actor: str, now: datetime, unit: str | None = None) -> Offer:
    """A new code for the actor's own chat, or for the group of ``unit``. Raises Refusal as ``notify.link.make`` does."""
    code = "".join(secrets.choice(codes.LETTERS) for _ in range(codes.LENGTH))
    await carry_out(MakeLink(channel=channel, code_hash=codes.hash_of(code), unit=unit), actor=actor, now=now, source="page")
    data = await state_data(channel)
    link = data.get("group_link" if unit is not None else "link")
    return Offer(code, str(link).replace("{code}", code) if link else None, data.get("bot"), now + codes.LASTS)


async def group_of(unit: str, channel: str) -> Row | None:
    """The unit's group chat on this channel, if one is tied."""
    return await row(
        "SELECT id, channel, label, state, why, since FROM address WHERE unit = $1 AND channel = $2 AND state = 'active'", unit, channel
    )


async def owner_of(channel: str, address: str) -> Row | None:
    """Whose chat this is: the active address with its ``person`` or ``unit``."""
    return await row("SELECT * FROM address WHERE channel = $1 AND address = $2 AND state = 'active'", channel, address)


async def state_data(channel: str) -> dict[str, str]:
    """What a channel keeps about itself: ``bot``, ``link`` and ``group_link`` with a place for the ``{code}``."""
    found = await row("SELECT data FROM channel_state WHERE channel = $1", channel)
    data = orjson.loads(found["data"]) if found else {}
    return data if isinstance(data, dict) else {}


async def use_code(
    brake: Brake, *, channel: str, typed: str, address: str, label: str, group: bool, guesser: str, now: datetime, mutation: str | None
) -> Row:
    """Tie the chat by the code that somebody typed; answers {address, person, unit, name}.

    ``guesser`` is who types, by the service's own name. After five wrong codes nothing that he types is looked at for a quarter of an
    hour. Raises Refusal.
    """
    key = f"{channel}:{guesser}"
    if locked(brake.stranger(key), now):
        raise Refusal("not_allowed", "notify.link.too_many")
    code = codes.normal(typed)
    try:
        if not codes.is_code(code):
            raise Refusal("invalid", "notify.link.unknown")
        asked = UseLink(channel=channel, code_hash=codes.hash_of(code), address=address, label=label, group=group)
        return await carry_out(asked, actor=None, now=now, source="chat", mutation=mutation)
    except Refusal as refusal:
        if refusal.key == "notify.link.unknown":
            brake.stranger_failed(key, now)
        raise
