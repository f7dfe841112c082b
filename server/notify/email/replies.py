"""What a mail server's reply makes of a letter (RFC 5321 4.2.1: 4yz for now, 5yz for good; RFC 3463: the dotted codes)."""

import re

from server.notify.channels import TransportError

_DOTTED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
#: "No such user", "user not local", "mailbox name not allowed": the mailbox is none. 552 (full) and 554 (policy) say nothing of it.
NO_MAILBOX = frozenset({550, 551, 553})
#: Bad mailbox, bad system, moved, disabled (RFC 3463 3.2, 3.3).
ENDED = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
DETAIL = 200


def at_sender(code: int, message: str) -> TransportError:
    """Refused before the recipient was named: our sender, or the whole server for now. Nobody's letter passes."""
    if code >= 500:
        return TransportError("notify.email.sender", retry_after=900, whole_channel=True, detail=_brief(code, message))
    return TransportError("notify.email.busy", retry_after=60, whole_channel=True, detail=_brief(code, message))


def at_recipient(code: int, message: str) -> TransportError:
    """This recipient: greylisted or full for now, refused, or there is no such mailbox any more."""
    detail = _brief(code, message)
    if code == 421:
        return TransportError("notify.email.busy", retry_after=60, whole_channel=True, detail=detail)
    if code < 500:
        return TransportError("notify.email.later", detail=detail)
    dotted = _DOTTED.search(message)
    ended = dotted.group(1) in ENDED if dotted else code in NO_MAILBOX
    if ended:
        return TransportError("notify.email.no_mailbox", permanent=True, address_ended="revoked", detail=detail)
    return TransportError("notify.email.refused", permanent=True, detail=detail)


def at_data(code: int, message: str) -> TransportError:
    """The text itself was answered with a refusal, so it was not taken."""
    if code >= 500:
        return TransportError("notify.email.refused", permanent=True, detail=_brief(code, message))
    return TransportError("notify.email.later", detail=_brief(code, message))


def _brief(code: int, message: str) -> str:
    return f"{code} {' '.join(message.split())}"[:DETAIL].strip()
