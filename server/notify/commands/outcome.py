"""What came of attempts, of letters and of whole channels."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import orjson

from server.notify.channels import OUTSIDE
from server.notify.commands.channels import TROUBLE_LENGTH, note
from server.notify.commands.common import by_job
from server.notify.commands.deliver import held_over
from server.notify.commands.link import tell_lost
from server.notify.queries import moment, preferences_of
from server.notify.rules.quiet import Quiet, after_quiet
from server.notify.rules.retry import LEASE, TOO_OLD, Next, Outcome, Standing, next_of, rest
from server.storage.door import Command, handles
from server.storage.engine import Row, is_sqlite, places, row, rows
from server.storage.transaction import Transaction


class Settle(Command, tag="notify.delivery.outcome"):
    """What came of attempts. ``quiet``: the hours of who never chose his own."""

    outcomes: list[Outcome]
    quiet: Quiet | None = None


class Rescue(Command, tag="notify.delivery.rescue"):
    """Find what a worker that died left behind, and what was rung before ``lost_before`` and never answered."""

    lost_before: datetime
    idempotent: list[str] = []
    quiet: Quiet | None = None


@handles(Settle)
async def settle(tx: Transaction, given: Settle) -> dict[str, Any]:
    """Write what came of each attempt, where the claim is still its own. ``settled`` counts them."""
    by_job(tx)
    outcomes = {(one.delivery, one.claim): one for one in given.outcomes}
    found = await rows(
        "SELECT id, claim, channel, address, person, attempts, unknowns, made_at FROM delivery "
        f"WHERE id IN ({places(len(given.outcomes))}) AND state = 'sending' ORDER BY id{'' if is_sqlite() else ' FOR UPDATE'}",
        *(one.delivery for one in given.outcomes),
    )
    return await _settle(
        tx, [(one, outcomes[one["id"], one["claim"]]) for one in found if (one["id"], one["claim"]) in outcomes], given.quiet
    )


async def _settle(tx: Transaction, pairs: list[tuple[Row, Outcome]], quiet: Quiet | None) -> dict[str, Any]:
    results = [
        (one, outcome, next_of(Standing(attempts=one["attempts"], unknowns=one["unknowns"], made_at=one["made_at"]), outcome, tx.now))
        for one, outcome in pairs
    ]
    people = [one["person"] for one, _, after in results if after.state == "waiting" and one["person"]]
    chosen = await preferences_of(people, quiet) if people else {}
    for one, outcome, after in results:
        hours = chosen[one["person"]].quiet if one["person"] in chosen else quiet
        await _write(tx, one, outcome, after, hours)
        if outcome.address_ended:
            await _end_address(tx, one, outcome)
    await _health(tx, pairs)
    return {"settled": len(results)}


async def _write(tx: Transaction, one: Row, outcome: Outcome, after: Next, quiet: Quiet | None) -> None:
    if after.state == "waiting":
        assert after.next_at is not None
        # Nobody is woken by a second attempt either.
        await rows(
            "UPDATE delivery SET state = 'waiting', next_at = $1, queued_at = NULL, unknowns = $2, why = $3 WHERE id = $4",
            after_quiet(quiet, after.next_at),
            after.unknowns,
            after.why,
            one["id"],
        )
        return
    await rows(
        "UPDATE delivery SET state = $1, ended_at = $2, unknowns = $3, why = $4, service_ref = $5 WHERE id = $6",
        after.state,
        tx.now,
        after.unknowns,
        after.why,
        outcome.ref[:TROUBLE_LENGTH],
        one["id"],
    )


async def _end_address(tx: Transaction, one: Row, outcome: Outcome) -> None:
    """Put the address out of use and say so in the inbox, once: what still waits for it is dropped when its turn comes."""
    ended = await rows(
        "UPDATE address SET state = $1, why = $2, until = $3 WHERE id = $4 AND state = 'active' RETURNING person, unit, channel, label",
        outcome.address_ended,
        outcome.why,
        tx.now,
        one["address"],
    )
    for address in ended:
        await tell_lost(tx, address)


async def _health(tx: Transaction, pairs: list[tuple[Row, Outcome]]) -> None:
    """Keep what these outcomes say of whole channels: pauses that a service asked for, failures in a row, the last trouble."""
    by_channel: dict[str, list[Outcome]] = defaultdict(list)
    for one, outcome in pairs:
        by_channel[one["channel"]].append(outcome)
    for channel, outcomes in by_channel.items():
        if channel not in OUTSIDE:
            continue
        found = await row("SELECT data FROM channel_state WHERE channel = $1", channel)
        kept = orjson.loads(found["data"] or "{}") if found else {}
        facts = _facts(kept, outcomes, tx.now)
        if any(kept.get(name) != value for name, value in facts.items()):
            await note(channel, facts)


def _facts(kept: dict[str, Any], outcomes: list[Outcome], now: datetime) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    # What says something of the service, not of one address or one letter.
    troubles = [one for one in outcomes if one.result in ("later", "lost") and (one.retry_after is None or one.whole_channel)]
    if any(one.result == "sent" for one in outcomes):
        facts["streak"] = None
        if not troubles:
            facts |= {"trouble": None, "trouble_detail": None, "trouble_at": None}
    elif troubles:
        facts["streak"] = kept.get("streak", 0) + len(troubles)
    if troubles:
        last = troubles[-1]
        facts |= {"trouble": last.why, "trouble_detail": last.detail[:TROUBLE_LENGTH], "trouble_at": now.isoformat()}
    asked = [one.retry_after for one in troubles if one.whole_channel and one.retry_after is not None]
    seconds = max([*asked, rest(facts.get("streak") or 0) or 0.0])
    until = moment(kept.get("paused_until"))
    if seconds > 0 and (until is None or until < now + timedelta(seconds=seconds)):
        facts["paused_until"] = (now + timedelta(seconds=seconds)).isoformat()
    return facts


@handles(Rescue)
async def rescue(tx: Transaction, given: Rescue) -> dict[str, Any]:
    """A claim older than its lease is an answer that was lost; a bell that nobody heard is rung again."""
    by_job(tx)
    again = await rows(
        "UPDATE delivery SET queued_at = NULL WHERE id IN "
        f"(SELECT id FROM delivery WHERE state = 'waiting' AND queued_at <= $1{held_over()}) RETURNING id",
        given.lost_before,
    )
    stuck = await rows(
        "SELECT id, claim, channel, address, person, attempts, unknowns, made_at FROM delivery "
        f"WHERE state = 'sending' AND claimed_at <= $1 ORDER BY id LIMIT 500{held_over()}",
        tx.now - timedelta(seconds=LEASE),
    )
    pairs = [
        (
            one,
            Outcome(
                delivery=one["id"],
                claim=one["claim"],
                result="lost",
                why="sending.why.worker_died",
                retry_after=0.0,
                idempotent=one["channel"] in given.idempotent,
            ),
        )
        for one in stuck
    ]
    await _settle(tx, pairs, given.quiet)
    # Also those of a channel that nobody has set up any more: no worker would ever look at them.
    await rows(
        "UPDATE delivery SET state = 'failed', ended_at = $1, why = $2 WHERE id IN "
        f"(SELECT id FROM delivery WHERE state = 'waiting' AND made_at < $3{held_over()})",
        tx.now,
        "sending.why.too_old",
        tx.now - TOO_OLD,
    )
    return {"rung_again": len(again), "stuck": len(stuck)}
