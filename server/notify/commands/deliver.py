"""Delivering once: rung, claimed, then sent outside of any transaction (``outcome`` has what came of it).

Many letters a command, so that ten thousand of them are some hundred commits. None of it is in the chain of what happened: that is for
decisions of people, and a letter keeps its own account (``delivery``).
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import msgspec
import orjson

from server.notify.channels import To
from server.notify.commands.common import by_job
from server.notify.queries import moment, to_of
from server.notify.rules.choices import ASKED_FOR
from server.notify.rules.retry import is_too_old
from server.people.queries import directory
from server.storage.door import Command, handles
from server.storage.engine import Row, is_sqlite, places, rows
from server.storage.transaction import Transaction


class Ring(Command, tag="notify.delivery.ring"):
    """Mark letters that are due as rung; ``room`` says how many a channel may have in the queue."""

    room: dict[str, int]


class Claim(Command, tag="notify.delivery.claim"):
    """Take these letters to send them, under this claim."""

    ids: list[str]
    claim: str


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """A letter whose turn comes so many seconds from now. ``claim``: whose it was; "" for one that was rung and not claimed."""

    delivery: str
    claim: str = ""
    seconds: float = 0.0


class PutBack(Command, tag="notify.delivery.put_back"):
    """Letters that were not tried after all: a service's limit, a channel that is not open, a queue that is away."""

    letters: list[Back]


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that is ours to send."""

    id: str
    to: To
    #: Rows of ``outbox``, the oldest first; only those that are still wanted.
    messages: list[Row]


def held_over(of: str = "") -> str:
    """On PostgreSQL rows that another worker holds are passed over; SQLite has one writer."""
    return "" if is_sqlite() else f" FOR UPDATE{f' OF {of}' if of else ''} SKIP LOCKED"


@handles(Ring)
async def ring(tx: Transaction, given: Ring) -> dict[str, Any]:
    """``rung``: their identifiers. A pause or a limit is not looked at here: the claim and the relay do."""
    by_job(tx)
    found: list[Row] = []
    for channel, room in given.room.items():
        if room > 0:
            found += await rows(
                "UPDATE delivery SET queued_at = $1 WHERE id IN (SELECT id FROM delivery WHERE channel = $2 AND state = 'waiting' "
                f"AND queued_at IS NULL AND next_at <= $1 ORDER BY next_at LIMIT $3{held_over()}) RETURNING id",
                tx.now,
                channel,
                room,
            )
    return {"rung": [one["id"] for one in found]}


@handles(PutBack)
async def put_back(tx: Transaction, given: PutBack) -> dict[str, Any]:
    """They wait, as if they had never been rung; it was no attempt."""
    by_job(tx)
    groups: dict[tuple[float, str], list[str]] = defaultdict(list)
    for one in given.letters:
        groups[round(one.seconds, 1), one.claim].append(one.delivery)
    for (seconds, claimed), ids in groups.items():
        mine = "state = 'sending' AND claim = $2" if claimed else "state = 'waiting' AND $2 = ''"
        await rows(
            "UPDATE delivery SET state = 'waiting', queued_at = NULL, claim = NULL, claimed_at = NULL, next_at = $1, "
            f"attempts = attempts - {1 if claimed else 0} WHERE {mine} AND id IN ({places(len(ids), 3)})",
            tx.now + timedelta(seconds=seconds),
            claimed,
            *ids,
        )
    return {}


@handles(Claim)
async def claim(tx: Transaction, given: Claim) -> dict[str, Any]:
    """``claimed``: what is ours to send. The rest is somebody else's, or is wanted no more and says why."""
    by_job(tx)
    due = await rows(
        "SELECT d.id AS delivery, d.channel AS by_channel, d.made_at, d.unknowns, d.person AS whose, "
        "a.id, a.channel, a.address, a.person, a.unit, a.data, a.state FROM delivery d LEFT JOIN address a ON a.id = d.address "
        f"WHERE d.id IN ({places(len(given.ids), 2)}) AND d.state = 'waiting' AND d.next_at <= $1 ORDER BY d.id{held_over('d')}",
        tx.now,
        *given.ids,
    )
    if not due:
        return {"claimed": []}
    messages = await _wanted([one["delivery"] for one in due])
    fates: dict[str, list[str]] = defaultdict(list)
    known, channels = await directory(), await _channels()
    for one in due:
        fates[_fate(one, messages, known.people, channels, tx.now)].append(one["delivery"])
    for why, ids in fates.items():
        if why == "paused":
            await _wait_for_channel(due, ids, channels)
        elif why:
            state = "failed" if why == "sending.why.too_old" else "dropped"
            await rows(
                f"UPDATE delivery SET state = $1, ended_at = $2, why = $3 WHERE id IN ({places(len(ids), 4)})", state, tx.now, why, *ids
            )
    ours = fates[""]
    await rows(
        "UPDATE delivery SET state = 'sending', claim = $1, claimed_at = $2, attempts = attempts + 1, "
        f"maybe_doubled = (maybe_doubled OR unknowns > 0) WHERE id IN ({places(len(ours), 3)})",
        given.claim,
        tx.now,
        *ours,
    )
    taken = [one for one in due if one["delivery"] in set(ours)]
    return {"claimed": [Claimed(id=one["delivery"], to=to_of(one), messages=messages[one["delivery"]]) for one in taken]}


async def _wanted(deliveries: list[str]) -> dict[str, list[Row]]:
    """The messages of these letters that nobody read or replaced meanwhile."""
    found: dict[str, list[Row]] = defaultdict(list)
    for one in await rows(
        "SELECT i.delivery, o.id, o.kind, o.person, o.subject, o.data, o.at, o.slot, o.read_at, o.replaced_at FROM delivery_item i "
        f"JOIN outbox o ON o.id = i.message WHERE i.delivery IN ({places(len(deliveries))}) ORDER BY o.at, o.id",
        *deliveries,
    ):
        if one["kind"] in ASKED_FOR or (one["read_at"] is None and one["replaced_at"] is None):
            found[one.pop("delivery")].append(one)
    return found


async def _channels() -> dict[str, Row]:
    return {one["channel"]: one for one in await rows('SELECT channel, "on", data FROM channel_state')}


def _paused(state: Row) -> datetime | None:
    return moment(orjson.loads(state["data"] or "{}").get("paused_until"))


def _fate(one: Row, messages: dict[str, list[Row]], people: Any, channels: dict[str, Row], now: datetime) -> str:
    """Why it is not sent (a key of the words), ``paused``, or "": it is ours."""
    state = channels.get(one["by_channel"])
    if state is None or not state["on"]:
        return "sending.why.channel_off"
    if one["state"] != "active":
        return "sending.why.address_ended"
    if one["whose"] is not None and not (one["whose"] in people and people[one["whose"]].active):
        return "sending.why.left"
    if is_too_old(one["made_at"], now):
        return "sending.why.too_old"
    if not messages[one["delivery"]]:
        return "sending.why.not_wanted"
    until = _paused(state)
    return "paused" if until is not None and until > now else ""


async def _wait_for_channel(due: list[Row], ids: list[str], channels: dict[str, Row]) -> None:
    by_channel: dict[str, list[str]] = defaultdict(list)
    for one in due:
        if one["delivery"] in ids:
            by_channel[one["by_channel"]].append(one["delivery"])
    for channel, some in by_channel.items():
        await rows(
            f"UPDATE delivery SET queued_at = NULL, next_at = $1 WHERE id IN ({places(len(some), 2)})", _paused(channels[channel]), *some
        )
