"""From messages to letters: who is told where, and when. No decision of a person, so nothing for the chain of what happened."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import msgspec

from server.notify.commands.common import by_job
from server.notify.commands.trial import item_id
from server.notify.queries import preferences_of
from server.notify.rules.bundle import Waiting, taken_in
from server.notify.rules.choices import Preferences, mode_of
from server.notify.rules.kinds import ALONE, kind_of
from server.notify.rules.quiet import Quiet, after_quiet
from server.notify.tables import Delivery, DeliveryItem
from server.people.queries import directory
from server.storage.door import Command, handles
from server.storage.engine import Row, insert, is_sqlite, places, rows
from server.storage.transaction import Transaction


class Plan(Command, tag="notify.plan"):
    """Plan the oldest messages that nobody planned yet, but none of ``skip``.

    ``channels``: those that are set up here. ``quiet``: the hours of who never chose his own.
    """

    most: int = 200
    skip: list[str] = []
    channels: list[str] = []
    quiet: Quiet | None = None


class _Letters(msgspec.Struct):
    deliveries: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []


@handles(Plan)
async def plan(tx: Transaction, given: Plan) -> dict[str, Any]:
    """How many messages were ``planned`` and how many ``letters`` that made. Whoever marks a message first plans it."""
    by_job(tx)
    messages = await _claimed(tx.now, given)
    wanted = [one for one in messages if one["replaced_at"] is None and one["read_at"] is None]
    addresses = await _addresses(wanted, given.channels)
    if not addresses:
        return {"planned": len(messages), "letters": 0}
    choices = await preferences_of(list(addresses), given.quiet)
    letters = _Letters()
    waiting = await _waiting([one["id"] for found in addresses.values() for one in found])
    told: dict[str, list[Row]] = defaultdict(list)
    for message in wanted:
        told[message["person"]].append(message)
    for owner, found in addresses.items():
        for address in found:
            now_told = [one for one in told[owner] if mode_of(choices[owner].choices, one["kind"], address["channel"]) == "now"]
            if now_told:
                await _write(tx, letters, address, now_told, waiting[address["id"]], choices[owner])
    if letters.deliveries:
        await insert(Delivery, *letters.deliveries)
        await insert(DeliveryItem, *letters.items)
    return {"planned": len(messages), "letters": len(letters.deliveries)}


async def _claimed(now: datetime, given: Plan) -> list[Row]:
    """The messages that are ours to plan. Another relay passes over what we hold, so that both get on."""
    hold = "" if is_sqlite() else " FOR UPDATE SKIP LOCKED"
    skipped = f" AND id NOT IN ({places(len(given.skip), 3)})" if given.skip else ""
    found = await rows(
        "UPDATE outbox SET planned_at = $1 WHERE planned_at IS NULL AND id IN "
        f"(SELECT id FROM outbox WHERE planned_at IS NULL{skipped} ORDER BY at, id LIMIT $2{hold}) "
        "RETURNING id, kind, person, at, replaced_at, read_at",
        now,
        given.most,
        *given.skip,
    )
    return sorted(found, key=lambda one: (one["at"], one["id"]))


async def _addresses(messages: list[Row], channels: list[str]) -> dict[str, list[Row]]:
    """The addresses in use, on channels that are on, of who is told: people who are here, or units with a group."""
    known = await directory()
    owners = list({one["person"] for one in messages if one["person"] in known.units or _is_here(known.people.get(one["person"]))})
    if not owners:
        return {}
    on = {one["channel"] for one in await rows('SELECT channel FROM channel_state WHERE "on" = $1', True)} & set(channels)
    if not on:
        return {}
    marks = places(len(owners))
    found = await rows(
        "SELECT id, channel, person, unit FROM address "
        f"WHERE state = 'active' AND (person IN ({marks}) OR unit IN ({marks})) ORDER BY since, id",
        *owners,
    )
    by_owner: dict[str, list[Row]] = defaultdict(list)
    for one in found:
        if one["channel"] in on:
            by_owner[one["person"] or one["unit"]].append(one)
    return dict(by_owner)


def _is_here(profile: Any) -> bool:
    return profile is not None and profile.active


async def _waiting(addresses: list[str]) -> dict[str, list[Waiting]]:
    """Letters to these addresses that nobody tried to send yet. One that may have arrived already keeps its mark: it stays by itself."""
    found: dict[str, list[Waiting]] = defaultdict(list)
    for one in await rows(
        f"SELECT d.id, d.address, COUNT(i.id) AS messages, SUM(CASE WHEN o.kind IN ({places(len(ALONE))}) THEN 1 ELSE 0 END) AS alone "
        "FROM delivery d JOIN delivery_item i ON i.delivery = d.id JOIN outbox o ON o.id = i.message "
        f"WHERE d.address IN ({places(len(addresses), len(ALONE) + 1)}) AND d.state = 'waiting' AND d.attempts = 0 "
        "AND NOT d.maybe_doubled "
        "GROUP BY d.id, d.address",
        *ALONE,
        *addresses,
    ):
        found[one["address"]].append(Waiting(one["id"], one["messages"], bool(one["alone"])))
    return found


async def _write(tx: Transaction, letters: _Letters, address: Row, told: list[Row], waiting: list[Waiting], chosen: Preferences) -> None:
    common = {
        "channel": address["channel"],
        "address": address["id"],
        "person": address["person"],
        "made_at": tx.now,
        "next_at": after_quiet(chosen.quiet, tx.now),
    }
    alone = [one for one in told if kind_of(one["kind"]).alone]
    listed = [one for one in told if not kind_of(one["kind"]).alone]
    taken = taken_in(len(listed), waiting, len(alone)) if listed else None
    for group in [[one] for one in alone] + ([listed] if taken is not None else [[one] for one in listed]):
        delivery = tx.new_id()
        letters.deliveries.append({**common, "id": delivery})
        letters.items += [{"id": item_id(one["id"], address["id"]), "delivery": delivery, "message": one["id"]} for one in group]
        if taken and group is listed:
            await _take_in(tx, taken, delivery)


async def _take_in(tx: Transaction, taken: list[str], delivery: str) -> None:
    """Move the messages of letters that still wait into the new one; a worker that has claimed one meanwhile keeps it."""
    won = await rows(
        "UPDATE delivery SET state = 'dropped', ended_at = $1, why = $2 "
        f"WHERE id IN ({places(len(taken), 3)}) AND state = 'waiting' RETURNING id",
        tx.now,
        "sending.why.bundled",
        *taken,
    )
    ids = [one["id"] for one in won]
    await rows(f"UPDATE delivery_item SET delivery = $1 WHERE delivery IN ({places(len(ids), 2)})", delivery, *ids)
