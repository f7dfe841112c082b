"""What is decided about a channel, and what it keeps."""

from typing import Any

import orjson

from server.errors import Refusal
from server.notify.channels import OUTSIDE
from server.notify.commands.common import by_administrator, by_job
from server.notify.rules.choices import ABROAD
from server.notify.tables import ChannelState
from server.storage.door import Command, handles
from server.storage.engine import insert, is_sqlite, row, rows
from server.storage.transaction import Transaction, as_json

#: Words, not numbers: more of what a service said helps nobody.
TROUBLE_LENGTH = 300


class TurnChannel(Command, tag="notify.channel.turn"):
    """Turn a channel on or off for everybody. One that reaches a service abroad wants ``understood``."""

    channel: str
    on: bool
    understood: bool = False


class NoteChannel(Command, tag="notify.channel.note"):
    """Keep facts of a channel beside what is kept already (place in the updates, the last trouble); None removes one."""

    channel: str
    facts: dict[str, Any]


class KeepSecrets(Command, tag="notify.channel.secrets"):
    """Keep what a service rotates, sealed by ``safe.seal``."""

    channel: str
    sealed: str


async def locked(channel: str) -> dict[str, Any]:
    """The channel's row, made if there was none and held until the commit."""
    if channel not in OUTSIDE:
        raise Refusal("invalid", "sending.no_such_channel")
    hold = "" if is_sqlite() else " FOR UPDATE"
    found = await row(f'SELECT channel, "on", data FROM channel_state WHERE channel = $1{hold}', channel)
    if found is None:
        if not is_sqlite():
            # Two at once would both make the row.
            await rows("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"channel_state:{channel}")
        found = await row('SELECT channel, "on", data FROM channel_state WHERE channel = $1', channel)
    if found is None:
        await insert(ChannelState, {"channel": channel})
        return {"channel": channel, "on": False, "data": "{}"}
    return found


async def note(channel: str, facts: dict[str, Any]) -> None:
    """Put facts beside those of the channel's row; None removes one. Inside an open transaction."""
    kept = orjson.loads((await locked(channel))["data"] or "{}")
    kept.update(facts)
    data = as_json({name: value for name, value in kept.items() if value is not None})
    await rows("UPDATE channel_state SET data = $1 WHERE channel = $2", data, channel)


@handles(TurnChannel)
async def turn(tx: Transaction, given: TurnChannel) -> dict[str, Any]:
    """An administrator's decision, with who and when; what still waits for a channel that is turned off stands in the inbox alone."""
    await by_administrator(tx)
    if given.on and given.channel in ABROAD and not given.understood:
        raise Refusal("invalid", "sending.abroad", field="understood")
    before = await locked(given.channel)
    if bool(before["on"]) == given.on:
        return {"on": given.on}
    await rows(
        'UPDATE channel_state SET "on" = $1, understood = $2, "by" = $3, at = $4 WHERE channel = $5',
        given.on,
        given.on and given.understood,
        tx.actor,
        tx.now,
        given.channel,
    )
    if given.on:
        # A pause or a trouble of the last time says nothing of this one.
        await note(given.channel, {"paused_until": None, "streak": None, "trouble": None, "trouble_detail": None, "trouble_at": None})
    else:
        await rows(
            "UPDATE delivery SET state = 'dropped', ended_at = $1, why = $2 WHERE channel = $3 AND state = 'waiting'",
            tx.now,
            "sending.why.channel_off",
            given.channel,
        )
    tx.audit("turn_on" if given.on else "turn_off", "channel", given.channel, after={"understood": given.understood} if given.on else {})
    return {"on": given.on}


@handles(NoteChannel)
async def note_channel(tx: Transaction, given: NoteChannel) -> dict[str, Any]:
    """What a channel of ours says of itself; not a decision of anybody, so not in the chain."""
    by_job(tx)
    facts = {name: value[:TROUBLE_LENGTH] if isinstance(value, str) else value for name, value in given.facts.items()}
    await note(given.channel, facts)
    return {}


@handles(KeepSecrets)
async def keep_secrets(tx: Transaction, given: KeepSecrets) -> dict[str, Any]:
    """The old secret is gone with the same commit: a service that rotates takes the old one no more."""
    by_job(tx)
    await locked(given.channel)
    await rows("UPDATE channel_state SET secrets = $1 WHERE channel = $2", given.sealed, given.channel)
    return {}
