"""An own mailbox: asked for, confirmed by a code that went there, and from then on an address like any other."""

from datetime import timedelta
from typing import Any

from server.errors import Refusal
from server.notify.commands.link import end, is_on
from server.notify.email.rules import hash_of, normal
from server.notify.email.server_url import is_mailbox
from server.notify.rules import codes
from server.notify.tables import Address, LinkCode
from server.people.commands.common import actor_of
from server.people.queries import directory
from server.storage.door import Command, handles
from server.storage.engine import insert, is_sqlite, row, rows
from server.storage.transaction import Transaction

#: Codes that one person may have sent in an hour: nobody fills a stranger's mailbox with ours.
MOST = 5
HOUR = timedelta(hours=1)


class AskMailbox(Command, tag="notify.email.ask"):
    """The actor wants his messages at ``mailbox``; ``code_hash`` is of the mailbox and the code that will be sent there."""

    mailbox: str
    code_hash: str


class ConfirmMailbox(Command, tag="notify.email.confirm"):
    """The actor typed the code that came to ``mailbox``: it is his."""

    mailbox: str
    code: str


@handles(AskMailbox)
async def ask(tx: Transaction, given: AskMailbox) -> dict[str, Any]:
    """The code's older brothers are void. Refusals: ``invalid`` no mailbox, ``conflict`` the channel is off or too many codes."""
    known = await directory()
    actor = actor_of(tx, known)
    if tx.source != "page" or not actor.active:
        raise Refusal("not_allowed", "people.rule.inactive")
    if not is_mailbox(given.mailbox):
        raise Refusal("invalid", "notify.email.bad_mailbox", field="mailbox")
    if not await is_on("email"):
        raise Refusal("conflict", "notify.link.channel_off")
    await _lock(actor.id)
    lately = await row(
        "SELECT COUNT(*) AS count FROM link_code WHERE channel = 'email' AND made_by = $1 AND made_at > $2", actor.id, tx.now - HOUR
    )
    if lately is not None and lately["count"] >= MOST:
        raise Refusal("conflict", "notify.email.too_many")
    await rows(
        "UPDATE link_code SET expires_at = $1 WHERE channel = 'email' AND person = $2 AND used_at IS NULL AND expires_at > $1",
        tx.now,
        actor.id,
    )
    code = {"code_hash": given.code_hash, "channel": "email", "person": actor.id, "made_by": actor.id}
    await insert(LinkCode, {**code, "made_at": tx.now, "expires_at": tx.now + codes.LASTS})
    tx.audit("link_code", "person", actor.id, after={"channel": "email"})
    return {}


@handles(ConfirmMailbox)
async def confirm(tx: Transaction, given: ConfirmMailbox) -> dict[str, Any]:
    """The mailbox takes the place of the one that the actor had. Refusals: ``invalid`` wrong code, ``gone`` used or expired."""
    known = await directory()
    actor = actor_of(tx, known)
    mailbox = normal(given.mailbox)
    lock = "" if is_sqlite() else " FOR UPDATE"
    code = await row(
        f"SELECT * FROM link_code WHERE code_hash = $1 AND channel = 'email' AND person = $2{lock}", hash_of(mailbox, given.code), actor.id
    )
    if code is None:
        raise Refusal("invalid", "notify.email.wrong_code", field="code")
    if code["used_at"] is not None or code["expires_at"] <= tx.now:
        raise Refusal("gone", "notify.email.code_over", field="code")
    await LinkCode.update({LinkCode.used_at: tx.now, LinkCode.used_by: mailbox}).where(LinkCode.code_hash == code["code_hash"])
    active = await rows(
        "SELECT * FROM address WHERE channel = 'email' AND state = 'active' AND (person = $1 OR address = $2)", actor.id, mailbox
    )
    own = next((one for one in active if one["person"] == actor.id and one["address"] == mailbox), None)
    for one in active:
        if one is not own:
            await end(tx, one, "revoked", "notify.link.moved" if one["address"] == mailbox else "notify.link.replaced")
    if own is not None:
        return {"address": own["id"]}
    made = {"id": tx.new_id(), "channel": "email", "person": actor.id, "address": mailbox, "label": mailbox, "since": tx.now}
    await insert(Address, made)
    tx.audit("link", "person", actor.id, after={"channel": "email"})
    return {"address": made["id"]}


async def _lock(person: str) -> None:
    if not is_sqlite():
        await row("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"notify.email:{person}")
