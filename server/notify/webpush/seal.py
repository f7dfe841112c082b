"""A letter as a push service gets it: what the device will read, encrypted for it alone, and the headers around it."""

import base64
import hashlib
import time
from collections.abc import Callable

import orjson
from py_vapid import Vapid02
from pywebpush import WebPusher

from server.notify.channels import Letter, To
from server.notify.rules.kinds import kind_of
from server.notify.webpush.endpoint import origin
from server.notify.webpush.keys import are_keys
from server.words import say

#: RFC 8030 lets a push service refuse more than 4096 bytes; the frame of the encryption takes 103 of them, and some services less.
MOST = 3000
TITLE, BODY = 160, 400
#: Messages that a tap on the notification marks as read; whoever is told of more reads them on the page.
NAMED = 30
#: Seconds for which a push service keeps what it can't hand over: as long as we ourselves go on trying.
KEPT = 48 * 3600
TOPIC = 32
#: Hours for which a signature counts, at most 24 by RFC 8292; it is made anew after half of that.
SIGNED = 12 * 3600
#: What nobody has to act on at once does not wake a phone that saves its battery.
CALM = ("changed", "daily", "weekly", "office")


def payload(to: To, letter: Letter, at: float) -> bytes:
    """What the service worker is given. Without the person's leave it is the kind and the number: a locked screen shows it to anybody."""
    title, body = letter.bare, say("notify.push.open_to_read")
    if letter.show_content:
        title, body = letter.title, "\n".join(line for line in letter.lines if line)
    named = letter.messages[:NAMED]
    while True:
        packed = orjson.dumps(
            {
                "id": letter.id,
                "kind": letter.kind,
                "tag": letter.tag,
                "title": _short(title, TITLE),
                "body": _short(body, BODY),
                "link": letter.link if len(letter.link) <= BODY else "/notices",
                "task": letter.task,
                "person": to.person,
                "messages": named,
                "at": round(at * 1000),
            }
        )
        if len(packed) <= MOST or not named:
            return packed
        named = named[: len(named) // 2]


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def topic(tag: str) -> str:
    """The name under which a push service keeps one message at most: a newer one takes the place of what was not handed over yet."""
    return base64.urlsafe_b64encode(hashlib.sha256(tag.encode()).digest()).decode()[:TOPIC]


def urgency(kind: str) -> str:
    """``high`` reaches a phone that sleeps; RFC 8030, 5.3."""
    return "normal" if kind_of(kind).group in CALM else "high"


def sealed(to: To, content: bytes) -> bytes:
    """The content for this subscription's keys alone (aes128gcm). Raises ValueError for keys that are none."""
    keys = {"p256dh": to.data.get("p256dh", ""), "auth": to.data.get("auth", "")}
    if not are_keys(**keys):
        raise ValueError("no keys of a subscription")
    body = WebPusher({"endpoint": to.address, "keys": keys}).encode(content, "aes128gcm")["body"]
    assert isinstance(body, bytes)
    return body


class Signer:
    """Says to each push service who we are; a signature is made once for many letters."""

    def __init__(self, vapid: Vapid02, subject: str, clock: Callable[[], float] = time.time) -> None:
        self._vapid = vapid
        self._subject = subject
        self._clock = clock
        self._made: dict[str, tuple[float, str]] = {}

    def authorization(self, address: str) -> str:
        """The header ``Authorization`` for this endpoint's service (RFC 8292)."""
        service = origin(address)
        ends, header = self._made.get(service, (0.0, ""))
        now = self._clock()
        # A clock that was set back must not leave us with a signature of the future.
        if not now + SIGNED / 2 <= ends <= now + SIGNED:
            ends = now + SIGNED
            header = str(self._vapid.sign({"aud": service, "sub": self._subject, "exp": int(ends)})["Authorization"])
            self._made[service] = (ends, header)
        return header


def headers(letter: Letter, authorization: str) -> dict[str, str]:
    """What stands around the sealed content."""
    return {
        "Authorization": authorization,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT),
        "Urgency": urgency(letter.kind),
        "Topic": topic(letter.tag),
    }
