"""What Zalo changes: the tokens that it rotates, and who still follows. Jobs and chats only; nobody can push these."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from server.errors import Refusal
from server.notify.commands.channels import locked, note
from server.notify.commands.common import by_job
from server.notify.commands.link import end, tell_lost
from server.notify.tables import Address
from server.storage.door import Command, handles
from server.storage.engine import row, rows
from server.storage.transaction import Transaction

UNFOLLOWED = "notify.zalo.unfollowed"


class SwapTokens(Command, tag="notify.zalo.swap"):
    """Put ``after`` in the place of ``before``, both sealed. Whoever comes second finds another ``before`` and changes nothing."""

    before: str
    after: str


class Listen(Command, tag="notify.zalo.listen"):
    """``holder`` wants to be the one worker that asks the bot's service for news, for so many seconds from now; 0: not any more."""

    holder: str
    seconds: float


class Followed(Command, tag="notify.zalo.followed"):
    """A user follows the account again, or does so no longer."""

    user: str
    follows: bool


@handles(SwapTokens)
async def swap(tx: Transaction, given: SwapTokens) -> dict[str, Any]:
    """Answers ``kept``. No entry in the audit chain: it is the machine's own, once a day."""
    by_job(tx)
    await locked("zalo")
    changed = await rows(
        "UPDATE channel_state SET secrets = $1 WHERE channel = 'zalo' AND secrets = $2 RETURNING channel", given.after, given.before
    )
    return {"kept": bool(changed)}


@handles(Listen)
async def listen(tx: Transaction, given: Listen) -> dict[str, Any]:
    """Answers ``mine``: nobody else is, or who was has been silent for too long."""
    by_job(tx)
    kept = orjson.loads((await locked("zalo"))["data"] or "{}")
    until = kept.get("listens_until", "")
    if kept.get("listener") not in (None, given.holder) and until and datetime.fromisoformat(until) > tx.now:
        return {"mine": False}
    mine = given.seconds > 0
    end_at = (tx.now + timedelta(seconds=given.seconds)).isoformat()
    await note("zalo", {"listener": given.holder if mine else None, "listens_until": end_at if mine else None})
    return {"mine": mine}


@handles(Followed)
async def followed(tx: Transaction, given: Followed) -> dict[str, Any]:
    """Who stops following gets nothing there any more, and is told in the app; who follows again is reached as before."""
    if tx.source != "chat":
        raise Refusal("not_allowed", "notify.link.only_chat")
    if given.follows:
        return {"changed": await _back(tx, given.user)}
    lost = await rows("SELECT * FROM address WHERE channel = 'zalo' AND address = $1 AND state = 'active'", given.user)
    for one in lost:
        await end(tx, one, "blocked", UNFOLLOWED)
        await tell_lost(tx, one, "notify.zalo.told_unfollowed")
    return {"changed": len(lost)}


async def _back(tx: Transaction, user: str) -> int:
    """Only what ended because he stopped following, and only where neither he nor the chat has got another tie since."""
    last = await row("SELECT * FROM address WHERE channel = 'zalo' AND address = $1 ORDER BY COALESCE(until, since) DESC LIMIT 1", user)
    if last is None or last["state"] != "blocked" or last["why"] != UNFOLLOWED:
        return 0
    taken = await row(
        "SELECT id FROM address WHERE channel = 'zalo' AND state = 'active' AND (address = $1 OR person = $2)", user, last["person"]
    )
    if taken is not None:
        return 0
    await Address.update({Address.state: "active", Address.why: "", Address.until: None}).where(Address.id == last["id"])
    return 1
