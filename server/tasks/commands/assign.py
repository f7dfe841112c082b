"""Naming other people for a task."""

from typing import Any

from server.errors import Refusal
from server.people.rules import may
from server.storage.door import Command, handles
from server.storage.transaction import Transaction
from server.tasks.commands.common import Loaded, Share, answer, load, reason_of, refuse, require, rescope, save, told
from server.tasks.commands.create import check_people
from server.tasks.tables import Assignment, Follower


class Assign(Command, tag="task.assign"):
    """Other people for a task, with the reason. None for collaborators or followers leaves them as they are."""

    task: str
    lead: str
    collaborators: list[Share] | None = None
    followers: list[str] | None = None
    reason: str = ""


#: Rights by which a room hands an order on inside itself; whoever manages the task has another.
INSIDE_THE_ROOM = ("tasks.right.reassign_room", "people.rule.assign_by_position", "people.rule.assign_delegated")


def managers_and_people(loaded: Loaded) -> list[str]:
    """Everybody whom a change of the task concerns."""
    return [one for one in dict.fromkeys([loaded.task["assigner"], loaded.task["delegate"], loaded.task["creator"], *loaded.people]) if one]


@handles(Assign)
async def assign(tx: Transaction, given: Assign) -> dict[str, Any]:
    """Who stays keeps his part and his percent; who goes keeps his past part on record; both sides are told.

    The rights: to change this task's people at all, and R4 for everybody who is new on it. The order stays its giver's when a room hands
    it on inside the room (so that R5's reviewer stays the same); otherwise it becomes the actor's.
    """
    loaded = await load(tx, given.task)
    right = require("assign", loaded, tx)
    if not given.lead:
        raise Refusal("invalid", "tasks.lead_missing", field="lead")
    old = {part["person"]: part for part in loaded.parts}
    collaborators = given.collaborators
    if collaborators is None:
        collaborators = [
            Share(part["person"], part["share"] / 1000) for part in loaded.parts if part["role"] != "lead" and part["person"] != given.lead
        ]
    followers = [one for one in loaded.followers if one != given.lead] if given.followers is None else given.followers
    followers = [one for one in followers if one not in {other.person for other in collaborators}]
    shares = check_people(loaded.directory, given.lead, collaborators, followers)
    wanted: dict[str, tuple[str, int]] = {given.lead: ("lead", 1000 - sum(shares))}
    wanted |= {one.person: ("collaborator", share) for one, share in zip(collaborators, shares, strict=True)}
    new = [person for person in wanted if person not in old]
    gone = [person for person in old if person not in wanted]
    lead_changes = given.lead != loaded.task["lead"]
    before = {person: (part["role"], part["share"]) for person, part in old.items()}
    if before == wanted and set(followers) == set(loaded.followers) and not loaded.facts.handed_back:
        return answer(loaded)
    reason = reason_of(given.reason) if lead_changes or gone else given.reason.strip()
    on_behalf = right.on_behalf
    for person in dict.fromkeys([*([given.lead] if lead_changes else []), *new]):
        verdict = may(loaded.actor, "assign", loaded.directory.actor(person), loaded.today)
        if not verdict:
            raise refuse(verdict)
        on_behalf = on_behalf or verdict.on_behalf
    values: dict[str, Any] = {"lead": given.lead}
    if lead_changes or loaded.facts.handed_back:
        values |= {"handed_back": False, "handed_back_reason": ""}
    if lead_changes:
        values["percent"] = (
            loaded.task["percent"] if loaded.task["children"] else old.get(given.lead, {}).get("percent", loaded.task["percent"])
        )
        if right.rule not in INSIDE_THE_ROOM or loaded.task["assigner"] is None:
            assigner = on_behalf or loaded.actor.id
            values |= {
                "assigner": assigner,
                "assigner_position": loaded.directory.people[assigner].position,
                "delegate": loaded.actor.id if on_behalf else None,
            }
    await _store(tx, loaded, wanted, gone)
    await _store_followers(tx, loaded, followers)
    await save(tx, loaded, values)
    await rescope(tx, loaded.task, list(wanted), followers, loaded.directory)
    tx.audit(
        "assign",
        "task",
        loaded.id,
        before={
            "lead": before_lead(loaded),
            "collaborators": [one for one in old if old[one]["role"] != "lead"],
            "followers": loaded.followers,
        },
        after={"lead": given.lead, "collaborators": [one.person for one in collaborators], "followers": followers, "reason": reason},
        on_behalf=on_behalf,
    )
    tx.message("task.assigned", new, subject=loaded.id, data=told(loaded, reason=reason), slot="part")
    tx.message("task.unassigned", gone, subject=loaded.id, data=told(loaded, reason=reason), slot="part")
    stays = [person for person in wanted if person in old and before[person] != wanted[person]]
    tx.message("task.assignment_changed", stays, subject=loaded.id, data=told(loaded, reason=reason), slot="part")
    return answer(loaded)


def before_lead(loaded: Loaded) -> str | None:
    """The lead before this change."""
    return next((part["person"] for part in loaded.parts if part["role"] == "lead"), None)


async def _store(tx: Transaction, loaded: Loaded, wanted: dict[str, tuple[str, int]], gone: list[str]) -> None:
    old = {part["person"]: part for part in loaded.parts}
    for person in gone:
        state = "ended" if old[person]["state"] == "active" else old[person]["state"]
        await Assignment.update({Assignment.until: tx.now, Assignment.state: state}).where(Assignment.id == old[person]["id"])
    # First the parts that stop leading: at no moment has a task two leads.
    order = sorted(wanted.items(), key=lambda one: one[1][0] == "lead")
    for person, (role, share) in order:
        if person in old:
            accepted = old[person]["state"] == "accepted" and old[person]["role"] == role
            state = "accepted" if accepted else "active"
            await Assignment.update({Assignment.role: role, Assignment.share: share, Assignment.state: state}).where(
                Assignment.id == old[person]["id"]
            )
        else:
            await Assignment.insert(Assignment(id=tx.new_id(), task=loaded.id, person=person, role=role, share=share, since=tx.now))


async def _store_followers(tx: Transaction, loaded: Loaded, followers: list[str]) -> None:
    for person in set(loaded.followers) - set(followers):
        await Follower.delete().where(Follower.task == loaded.id).where(Follower.person == person)
    new = [Follower(id=tx.new_id(), task=loaded.id, person=person) for person in followers if person not in loaded.followers]
    if new:
        await Follower.insert(*new)
