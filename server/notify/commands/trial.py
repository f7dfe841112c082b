"""A test message: from the button to the phone, the way of every other."""

import uuid
from typing import Any

from server.errors import Refusal
from server.notify.channels import OUTSIDE
from server.notify.tables import Delivery, DeliveryItem
from server.storage.door import Command, handles
from server.storage.engine import insert, row, rows
from server.storage.tables import Outbox
from server.storage.transaction import Transaction, as_json


class SendTest(Command, tag="notify.test"):
    """Send the actor a test message to his own addresses on one channel, or to one of them."""

    channel: str
    address: str | None = None


def item_id(message: str, address: str) -> str:
    """The identifier of a message at an address: planned twice, it is there once."""
    return str(uuid.uuid5(uuid.UUID(message), address))


@handles(SendTest)
async def send_test(tx: Transaction, given: SendTest) -> dict[str, Any]:
    """The message and its deliveries at once: quiet hours and choices do not hold for what somebody has just asked for."""
    if tx.actor is None or tx.source != "page":
        raise Refusal("not_allowed", "sending.own_only")
    if given.channel not in OUTSIDE:
        raise Refusal("invalid", "sending.no_such_channel")
    state = await row('SELECT "on" FROM channel_state WHERE channel = $1', given.channel)
    if state is None or not state["on"]:
        raise Refusal("conflict", "sending.channel_is_off")
    found = await rows(
        "SELECT id FROM address WHERE person = $1 AND channel = $2 AND state = 'active' ORDER BY since", tx.actor, given.channel
    )
    to = [one["id"] for one in found if given.address in (None, one["id"])]
    if not to:
        raise Refusal("not_found", "sending.no_address")
    message = tx.new_id()
    # Not by ``tx.message``: that tells nobody what he did himself.
    await insert(
        Outbox,
        {
            "id": message,
            "kind": "notify.test",
            "person": tx.actor,
            "data": as_json({"channel": given.channel}),
            "at": tx.now,
            "planned_at": tx.now,
        },
    )
    tx.change("notice", message)
    deliveries = [
        {"id": tx.new_id(), "channel": given.channel, "address": one, "person": tx.actor, "made_at": tx.now, "next_at": tx.now}
        for one in to
    ]
    await insert(Delivery, *deliveries)
    await insert(
        DeliveryItem,
        *({"id": item_id(message, one["address"]), "delivery": one["id"], "message": message} for one in deliveries),
    )
    return {"message": message, "deliveries": [one["id"] for one in deliveries]}
