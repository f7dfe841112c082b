"""What the page of an own mailbox needs."""

import secrets
from datetime import datetime

from server.errors import Refusal
from server.notify.channels import Letter, TransportError
from server.notify.email import make
from server.notify.email.commands import AskMailbox, ConfirmMailbox
from server.notify.email.layout import message_of
from server.notify.email.rules import hash_of, normal
from server.notify.rules import codes
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.words import say


async def send_code(settings: Settings, *, mailbox: str, actor: str, now: datetime) -> None:
    """Send a code to the mailbox that the actor wants to use. Raises Refusal: no mailbox, channel off, too many, or not taken there."""
    channel = make(settings, lambda: now)
    if channel is None:
        raise Refusal("conflict", "notify.link.channel_off")
    mailbox = normal(mailbox)
    code = "".join(secrets.choice(codes.LETTERS) for _ in range(codes.LENGTH))
    await carry_out(AskMailbox(mailbox=mailbox, code_hash=hash_of(mailbox, code)), actor=actor, now=now, source="page")
    letter = Letter(
        id=new_id(),
        kind="notify.email.code",
        tag="",
        title=say("notify.email.code_subject", letters=code),
        bare="",
        lines=[say("notify.email.code_line", letters=code), say("notify.email.code_not_you")],
        link="/me/notices",
    )
    mail = message_of(letter, sender=channel.sender, to=mailbox, public_url=settings.public_url, now=now)
    try:
        await channel.deliver(mailbox, mail)
    except TransportError as no:
        raise Refusal("conflict", "notify.email.code_not_sent", field="mailbox", why=say(no.why)) from None
    finally:
        await channel.close()


async def confirm(*, mailbox: str, code: str, actor: str, now: datetime) -> None:
    """Take the mailbox as the actor's own. Raises Refusal ``invalid`` for a wrong code, ``gone`` for one that is over."""
    await carry_out(ConfirmMailbox(mailbox=mailbox, code=code), actor=actor, now=now, source="page")
