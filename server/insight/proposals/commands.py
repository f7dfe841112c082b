"""Making, accepting and declining proposals. Accepting runs the ordinary reassignment as the leader who accepts."""

from datetime import timedelta
from typing import Any

import msgspec

from server.errors import Refusal
from server.insight.proposals.read import QUIET_DAYS, facts_for, may_decide
from server.insight.tables import Proposal
from server.storage.door import Command, handles, inside
from server.storage.engine import insert, is_sqlite, places, row, rows
from server.storage.transaction import Transaction, as_json
from server.tasks.commands.assign import Assign
from server.tasks.commands.common import actor_of, reason_of, today_of
from server.words import say


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key below ``insight.proposal.why`` and what goes into its words."""

    key: str
    values: dict[str, str] = {}


class Proposed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One move, as the columns of ``Proposal`` have it; indexes in thousandths."""

    id: str
    task: str
    giver: str
    receiver: str
    unit: str | None
    reasons: list[Reason]
    effect: dict[str, int]
    sort: int


class Propose(Command, tag="insight.propose"):
    """What the solver proposes now; what waits and is not among it has expired. A job's command."""

    proposals: list[Proposed]


class Accept(Command, tag="insight.accept"):
    """Do it: the task goes to the receiver, by the leader who says so. Answers what ``task.assign`` answers."""

    proposal: str


class Decline(Command, tag="insight.decline"):
    """Not this one, and why; it is not proposed again for a while."""

    proposal: str
    reason: str


@handles(Propose)
async def propose(tx: Transaction, given: Propose) -> dict[str, Any]:
    """A proposal that waits already keeps its place and gets the figures of now."""
    if tx.source != "job":
        raise Refusal("not_allowed", "insight.only_jobs")
    waiting = {(one["task"], one["giver"], one["receiver"]): one for one in await rows("SELECT * FROM proposal WHERE state = 'waiting'")}
    wanted = {(one.task, one.giver, one.receiver): one for one in given.proposals}
    over = [one["id"] for move, one in waiting.items() if move not in wanted]
    if over:
        await rows(f"UPDATE proposal SET state = 'expired', decided_at = $1 WHERE id IN ({places(len(over), 2)})", tx.now, *over)
        for one in over:
            tx.change("proposal", one, "drop")
    new = []
    for move, one in wanted.items():
        effect, reasons = as_json(one.effect), as_json([msgspec.to_builtins(reason) for reason in one.reasons])
        old = waiting.get(move)
        if old is None:
            stored = {
                "task": one.task,
                "giver": one.giver,
                "receiver": one.receiver,
                "unit": one.unit,
                "reasons": reasons,
                "effect": effect,
            }
            new.append({"id": one.id, **stored, "state": "waiting", "sort": one.sort, "made_at": tx.now})
            tx.change("proposal", one.id)
        elif (old["effect"], old["reasons"], old["sort"]) != (effect, reasons, one.sort):
            await rows("UPDATE proposal SET effect = $1, reasons = $2, sort = $3 WHERE id = $4", effect, reasons, one.sort, old["id"])
            tx.change("proposal", old["id"])
    if new:
        await insert(Proposal, *new)
    return {"new": len(new), "expired": len(over)}


@handles(Accept)
async def accept(tx: Transaction, given: Accept) -> dict[str, Any]:
    """Refusal ``conflict`` where it was decided, or the task has gone another way meanwhile; R4 is asked by ``task.assign`` itself."""
    found = await _waiting(tx, given.proposal)
    task = await row("SELECT lead FROM task WHERE id = $1", found["task"])
    if task is None or task["lead"] != found["giver"]:
        raise Refusal("conflict", "insight.proposal.gone")
    answer = await inside(tx, Assign(task=found["task"], lead=found["receiver"], reason=say("insight.proposal.reason")))
    await _decide(tx, found, "accepted", "")
    return {**answer, "proposal": found["id"]}


@handles(Decline)
async def decline(tx: Transaction, given: Decline) -> dict[str, Any]:
    """By whoever might accept it."""
    found = await _waiting(tx, given.proposal)
    reason = reason_of(given.reason)
    await _decide(tx, found, "declined", reason)
    return {"proposal": found["id"]}


async def _waiting(tx: Transaction, proposal: str) -> dict[str, Any]:
    found = await row(f"SELECT * FROM proposal WHERE id = $1{'' if is_sqlite() else ' FOR UPDATE'}", proposal)
    directory, actor = await actor_of(tx)
    facts = (await facts_for([found["task"]], directory)).get(found["task"]) if found else None
    may = (
        found is not None
        and facts is not None
        and found["receiver"] in directory.people
        and may_decide(directory, actor.id, facts, found["receiver"], today_of(tx), tx.now)
    )
    if found is None or (not may and found["state"] == "waiting"):
        # Who may not decide it does not learn that it is there.
        raise Refusal("not_found", "insight.proposal.unknown")
    if found["state"] != "waiting":
        raise Refusal("conflict", "insight.proposal.decided" if found["state"] != "expired" else "insight.proposal.gone")
    return found


async def _decide(tx: Transaction, found: dict[str, Any], state: str, answer: str) -> None:
    quiet = today_of(tx) + timedelta(days=QUIET_DAYS) if state == "declined" else None
    await rows(
        "UPDATE proposal SET state = $1, decided_by = $2, decided_at = $3, answer = $4, quiet_until = $5 WHERE id = $6",
        state,
        tx.actor,
        tx.now,
        answer,
        quiet,
        found["id"],
    )
    before = {"task": found["task"], "giver": found["giver"], "receiver": found["receiver"]}
    tx.audit("accept" if state == "accepted" else "decline", "proposal", found["id"], before=before, after={"reason": answer})
    tx.change("proposal", found["id"], "drop")
