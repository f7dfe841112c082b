"""What people write to the account or the bot: a code ties the chat, everything else is left to whoever reads the account."""

import hashlib
import hmac
import uuid
from datetime import datetime
from typing import Any

import msgspec

from server.accounts.brake import Brake
from server.errors import Refusal
from server.notify.links import use_code
from server.notify.rules import codes
from server.notify.zalo.commands import Followed
from server.storage.door import carry_out
from server.words import say

#: A name that a stranger chose for himself.
NAME = 60


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One event. ``what``: a text, a follow or an unfollow; ``id`` is the service's own, the same when it says it again."""

    what: str
    chat: str
    text: str = ""
    name: str = ""
    id: str = ""
    group: bool = False


def signed(app: str, secret: str, body: bytes, stamp: str, given: str) -> bool:
    """Whether the account's webhook was called by Zalo: ``X-ZEvent-Signature`` is sha256(appId + data + timeStamp + OAsecretKey).

    Documented that far. Secondary sources see "mac=" before it, and the time in ``X-ZEvent-Timestamp`` or in the body.
    """
    wanted = hashlib.sha256(app.encode() + body + stamp.encode() + secret.encode()).hexdigest()
    return hmac.compare_digest(wanted.encode(), given.strip().removeprefix("mac=").lower().encode())


def account_event(body: dict[str, Any]) -> Heard | None:
    """An event of the Official Account's webhook, if it is one that matters here."""
    what = body.get("event_name")
    if what in ("follow", "unfollow"):
        chat = _text(_part(body, "follower").get("id"))
        return Heard(what=what, chat=chat) if chat else None
    if what != "user_send_text":
        return None
    message, chat = _part(body, "message"), _text(_part(body, "sender").get("id"))
    if not chat:
        return None
    return Heard(what="text", chat=chat, text=_text(message.get("text")), id=_text(message.get("msg_id")))


def bot_events(result: Any) -> list[Heard]:
    """The events in ``result`` of an update of the bot: one is documented, a list is taken as well."""
    found = []
    for update in result if isinstance(result, list) else [result]:
        if not isinstance(update, dict):
            continue
        message = _part(update, "message")
        chat, sender = _part(message, "chat"), _part(message, "from")
        number, text = _text(chat.get("id")), _text(message.get("text"))
        if number and text and not sender.get("is_bot"):
            name = _text(sender.get("display_name")) or _text(sender.get("first_name")) or _text(sender.get("name"))
            group = chat.get("chat_type") == "GROUP"
            found.append(Heard(what="text", chat=number, text=text, name=name[:NAME], id=_text(message.get("message_id")), group=group))
    return found


async def answer_to(brake: Brake, heard: Heard, now: datetime) -> str | None:
    """Do what the event asks; answers what the chat is told, if anything. The account may be the office's public one: other texts are
    none of our business."""
    if heard.what != "text":
        await carry_out(Followed(user=heard.chat, follows=heard.what == "follow"), actor=None, now=now, source="chat")
        return None
    text = heard.text.strip()
    typed = text.removeprefix("/start").strip()
    if not codes.is_code(codes.normal(typed)):
        return say("notify.zalo.hello") if text == "/start" else None
    mutation = str(uuid.uuid5(uuid.NAMESPACE_URL, f"zalo:{heard.id}")) if heard.id else None
    label = heard.name or say("notify.zalo.label", end=heard.chat[-4:])
    try:
        found = await use_code(
            brake,
            channel="zalo",
            typed=typed,
            address=heard.chat,
            label=label,
            group=heard.group,
            guesser=heard.chat,
            now=now,
            mutation=mutation,
        )
    except Refusal as no:
        return no.message
    return say("notify.zalo.tied", name=found["name"])


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
