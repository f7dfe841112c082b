"""What leaders decide: proposals, extensions, results."""

from datetime import date
from typing import Any, Literal

import msgspec

from server.errors import Refusal
from server.storage.door import Command, handles
from server.storage.engine import row
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction
from server.tasks import rules
from server.tasks.commands.common import (
    Loaded,
    Share,
    answer,
    check_id,
    check_parent_open,
    load,
    quantity_of,
    reason_of,
    refuse,
    reindex,
    require,
    rescope,
    roll_up,
    save,
    text_of,
    told,
)
from server.tasks.commands.create import assigning, check_dates, check_people, store_people
from server.tasks.commands.edit import CHANGEABLE, INDEXED, check_new_parent, check_shares_of_product, converted, named_products, why_no_due
from server.tasks.commands.products import product_of
from server.tasks.tables import Assignment, Extension, Follower, Review


class Decide(Command, tag="task.decide"):
    """Approve or decline whatever waits on a task: the proposal itself, a later due date, a hand-back (declining it gives the work back).

    ``changes`` may name other values for a proposal (``lead``, ``collaborators`` and the fields of ``task.edit``) or another ``due``
    for an extension.
    """

    task: str
    decision: Literal["approve", "decline"]
    reason: str = ""
    changes: dict[str, Any] = {}


class DoReview(Command, tag="task.review", kw_only=True):
    """Accept or return one person's part (R5). ``score`` is 0..100, ``quantity`` what is accepted of it."""

    id: str
    task: str
    person: str | None = None
    verdict: Literal["accept", "return"]
    quantity: float | None = None
    major_error: bool = False
    objective_cause: bool = False
    score: float | None = None
    note: str = ""


@handles(Decide)
async def decide(tx: Transaction, given: Decide) -> dict[str, Any]:
    """Proposal first, then extension, then hand-back: only one of them can wait at a time for a given state."""
    loaded = await load(tx, given.task)
    if loaded.facts.deleted_at is not None:
        raise Refusal("gone", "tasks.state.in_bin")
    if loaded.task["status"] == "proposed":
        return await _decide_proposal(tx, loaded, given)
    if loaded.facts.extension_waiting and loaded.task["status"] in rules.OPEN:
        return await _decide_extension(tx, loaded, given)
    if loaded.facts.handed_back and given.decision == "decline":
        return await _decline_hand_back(tx, loaded, given)
    raise Refusal("conflict", "tasks.nothing_to_decide")


async def _decide_proposal(tx: Transaction, loaded: Loaded, given: Decide) -> dict[str, Any]:
    lead = given.changes.get("lead", loaded.task["lead"])
    if given.decision == "decline":
        require("decide", loaded, tx)
        reason = reason_of(given.reason)
        await save(tx, loaded, {"status": "declined"})
        await roll_up(tx, loaded.task["parent"])
        tx.audit("decline", "task", loaded.id, before={"status": "proposed"}, after={"status": "declined", "reason": reason})
        tx.message("task.decided", [loaded.task["creator"]], subject=loaded.id, data=told(loaded, decision="decline", reason=reason))
        return answer(loaded)
    if not isinstance(lead, str) or not lead:
        raise Refusal("invalid", "tasks.proposal_lead", field="lead")
    try:
        collaborators = msgspec.convert(
            given.changes.get(
                "collaborators",
                [{"person": part["person"], "share": part["share"] / 1000} for part in loaded.parts if part["role"] != "lead"],
            ),
            list[Share],
        )
    except msgspec.ValidationError:
        raise Refusal("invalid", "tasks.deciding_changes", field="collaborators", what="collaborators") from None
    collaborators = [one for one in collaborators if one.person != lead]
    followers = [one for one in loaded.followers if one != lead and one not in {other.person for other in collaborators}]
    check_people(loaded.directory, lead, collaborators, followers)
    if loaded.actor.id == loaded.task["creator"] and loaded.actor.position == "officer":
        raise Refusal("not_allowed", "tasks.right.decide_own")
    right = assigning(loaded.actor, lead, collaborators, loaded.directory, loaded.today)
    values: dict[str, Any] = {}
    for name, value in given.changes.items():
        if name in ("lead", "collaborators"):
            continue
        if name not in CHANGEABLE:
            raise Refusal("invalid", "tasks.deciding_changes", field=name, what=name)
        values |= converted(name, value, loaded.directory)
    if "product" in values:
        values["product"] = await product_of(values["product"], loaded.task["product"])
    if values.get("parent", loaded.task["parent"]) != loaded.task["parent"]:
        await check_new_parent(tx, loaded, values["parent"])
    values |= why_no_due(values, loaded.task)
    check_dates(values.get("start", loaded.task["start"]), values.get("due", loaded.task["due"]))
    before = {name: loaded.task[name] for name in values} | {"status": "proposed", "lead": loaded.task["lead"]}
    assigner = right.on_behalf or loaded.actor.id
    old_parent = loaded.task["parent"]
    for one in set(loaded.followers) - set(followers):
        await Follower.delete().where(Follower.task == loaded.id).where(Follower.person == one)
    await Assignment.delete().where(Assignment.task == loaded.id)
    await store_people(tx, loaded.id, lead, collaborators)
    await save(
        tx,
        loaded,
        {
            **values,
            "status": "not_started",
            "lead": lead,
            "assigner": assigner,
            "assigner_position": loaded.directory.people[assigner].position,
            "delegate": loaded.actor.id if right.on_behalf else None,
        },
    )
    on_it = [lead, *(one.person for one in collaborators)]
    await rescope(tx, loaded.task, on_it, followers, loaded.directory)
    if INDEXED & values.keys():
        await reindex(loaded.task)
    await check_shares_of_product(loaded, values)
    for parent in dict.fromkeys((old_parent, loaded.task["parent"])):
        await roll_up(tx, parent)
    named = await named_products(before, values)
    tx.audit(
        "approve",
        "task",
        loaded.id,
        before={**before, **named[0]},
        after={**values, **named[1], "status": "not_started", "lead": lead, "reason": given.reason.strip()},
        on_behalf=right.on_behalf,
    )
    tx.message("task.decided", [loaded.task["creator"]], subject=loaded.id, data=told(loaded, decision="approve"))
    tx.message("task.assigned", [one for one in on_it if one != loaded.task["creator"]], subject=loaded.id, data=told(loaded), slot="part")
    return answer(loaded)


async def _decide_extension(tx: Transaction, loaded: Loaded, given: Decide) -> dict[str, Any]:
    right = rules.decides_extension(loaded.actor, loaded.facts, loaded.today)
    if not right:
        raise refuse(right)
    asked = await row("SELECT * FROM extension WHERE task = $1 AND state = 'waiting'", loaded.id)
    assert asked is not None
    granted = given.decision == "approve"
    reason = given.reason.strip() if granted else reason_of(given.reason)
    due = asked["due"]
    if granted and "due" in given.changes:
        try:
            due = msgspec.convert(given.changes["due"], date)
        except msgspec.ValidationError:
            raise Refusal("invalid", "tasks.deciding_changes", field="due", what="due") from None
    check_dates(loaded.task["start"], due if granted else None)
    before = {"due": loaded.task["due"]}
    await Extension.update(
        {
            Extension.state: "granted" if granted else "refused",
            Extension.decided_by: loaded.actor.id,
            Extension.decided_at: tx.now,
            Extension.answer: reason,
        }
    ).where(Extension.id == asked["id"])
    await save(tx, loaded, {"due": due, "no_due": None} if granted else {})
    tx.audit(
        "grant_extension" if granted else "refuse_extension",
        "task",
        loaded.id,
        before=before,
        after={"due": due, "reason": reason},
        on_behalf=right.on_behalf,
    )
    tx.message("extension.decided", loaded.people, subject=loaded.id, data=told(loaded, decision=given.decision, reason=reason))
    return answer(loaded)


async def _decline_hand_back(tx: Transaction, loaded: Loaded, given: Decide) -> dict[str, Any]:
    right = require("assign", loaded, tx)
    reason = reason_of(given.reason)
    if loaded.task["lead"] == loaded.actor.id:
        raise Refusal("not_allowed", "tasks.right.extension_own")
    await (
        Assignment.update({Assignment.state: "active"})
        .where(Assignment.task == loaded.id)
        .where(Assignment.role == "lead")
        .where(Assignment.until.is_null())
    )
    await save(tx, loaded, {"handed_back": False, "handed_back_reason": ""})
    tx.audit("refuse_hand_back", "task", loaded.id, after={"reason": reason}, on_behalf=right.on_behalf)
    tx.message("task.assigned", [loaded.task["lead"]], subject=loaded.id, data=told(loaded, reason=reason), slot="part")
    return answer(loaded)


@handles(DoReview)
async def review(tx: Transaction, given: DoReview) -> dict[str, Any]:
    """The lead's part decides the task's state; a collaborator's is his own. The second of two reviewers is told who was first."""
    loaded = await load(tx, given.task)
    whose = given.person or loaded.task["lead"]
    part = next((one for one in loaded.parts if one["person"] == whose), None)
    if part is None or whose not in loaded.directory.people:
        name = loaded.directory.people[whose].name if whose in loaded.directory.people else str(whose)
        raise Refusal("invalid", "tasks.part_unknown", field="person", name=name)
    await _check_first(loaded, part)
    right = rules.reviews_part(loaded.actor, loaded.facts, loaded.directory.actor(whose), loaded.today)
    if not right:
        raise refuse(right)
    if given.score is not None and not 0 <= given.score <= 100:
        raise Refusal("invalid", "tasks.score_bad", field="score")
    note = reason_of(given.note) if given.verdict == "return" else text_of(given.note, "note")
    review_id = check_id(given.id)
    if await row("SELECT id FROM review WHERE id = $1", review_id):
        raise Refusal("conflict", "tasks.id_taken", field="id")
    await Review.insert(
        Review(
            id=review_id,
            task=loaded.id,
            person=whose,
            reviewer=loaded.actor.id,
            verdict=given.verdict,
            quantity=quantity_of(given.quantity),
            major_error=given.major_error,
            objective_cause=given.objective_cause,
            score=None if given.score is None else round(given.score * 1000),
            note=note,
            at=tx.now,
        )
    )
    accepted = given.verdict == "accept"
    before = {"status": loaded.task["status"]}
    is_lead = part["role"] == "lead"
    if accepted:
        await Assignment.update({Assignment.state: "accepted", Assignment.percent: 100}).where(Assignment.id == part["id"])
    values: dict[str, Any] = {}
    if is_lead:
        values = (
            {"status": "completed", "completed_at": tx.now, "percent": 100} if accepted else {"status": "in_progress", "submitted_at": None}
        )
    await save(tx, loaded, values)
    if is_lead and loaded.task["parent"]:
        await roll_up(tx, loaded.task["parent"])
    tx.change("review", review_id)
    tx.audit(
        given.verdict,
        "task",
        loaded.id,
        before=before,
        after={
            "status": loaded.task["status"],
            "person": whose,
            "review": review_id,
            "quantity": given.quantity,
            "major_error": given.major_error,
            "objective_cause": given.objective_cause,
            "score": given.score,
            "note": note,
        },
        on_behalf=right.on_behalf,
    )
    tx.message("task.accepted" if accepted else "task.returned", [whose], subject=loaded.id, data=told(loaded, reason=note))
    return answer(loaded, review=review_id)


async def _check_first(loaded: Loaded, part: dict[str, Any]) -> None:
    """Raises Refusal ``conflict`` when somebody has reviewed this result already."""
    if part["role"] == "lead" and loaded.task["status"] == "submitted":
        return
    if part["role"] != "lead" and part["state"] != "accepted":
        return
    last = await row(
        "SELECT reviewer, at FROM review WHERE task = $1 AND person = $2 ORDER BY at DESC, id DESC LIMIT 1", loaded.id, part["person"]
    )
    if last is not None and (loaded.task["status"] == "completed" or part["role"] != "lead" or loaded.task["status"] == "in_progress"):
        reviewer = loaded.directory.people.get(last["reviewer"])
        raise Refusal(
            "conflict",
            "tasks.reviewed_already",
            name=reviewer.name if reviewer else "",
            time=f"{last['at'].astimezone(LOCAL):%H:%M %d/%m/%Y}",
        )


class TakeBack(Command, tag="task.review_undo"):
    """The reviewer takes back his own acceptance, within seven days: a tap too much is no verdict."""

    task: str
    person: str | None = None


UNDO_DAYS = 7


@handles(TakeBack)
async def take_back(tx: Transaction, given: TakeBack) -> dict[str, Any]:
    """The result waits for review again; the acceptance and its withdrawal both stay on record."""
    loaded = await load(tx, given.task)
    whose = given.person or loaded.task["lead"]
    part = next((one for one in loaded.parts if one["person"] == whose), None)
    last = await row("SELECT * FROM review WHERE task = $1 AND person = $2 ORDER BY at DESC, id DESC LIMIT 1", loaded.id, whose)
    if part is None or part["state"] != "accepted" or last is None or last["verdict"] != "accept":
        raise Refusal("conflict", "tasks.nothing_to_take_back")
    if last["reviewer"] != loaded.actor.id:
        raise Refusal("not_allowed", "tasks.take_back_own")
    if (tx.now - last["at"]).days >= UNDO_DAYS:
        raise Refusal("conflict", "tasks.take_back_late", days=UNDO_DAYS)
    if part["role"] == "lead":
        await check_parent_open(loaded)
    undone = tx.new_id()
    await Review.insert(Review(id=undone, task=loaded.id, person=whose, reviewer=loaded.actor.id, verdict="undone", note="", at=tx.now))
    await Assignment.update({Assignment.state: "active"}).where(Assignment.id == part["id"])
    is_lead = part["role"] == "lead"
    before = {"status": loaded.task["status"]}
    await save(tx, loaded, {"status": "submitted", "completed_at": None} if is_lead else {})
    if is_lead and loaded.task["parent"]:
        await roll_up(tx, loaded.task["parent"])
    tx.change("review", undone)
    tx.audit("take_back", "task", loaded.id, before=before, after={"status": loaded.task["status"], "person": whose})
    tx.message("task.review_undone", [whose], subject=loaded.id, data=told(loaded))
    return answer(loaded)
