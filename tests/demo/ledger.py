"""An independent book-keeper: replays a story and refuses whatever requirements.md does not allow.

It shares no rule with server/demo: the tables are written out again from R3 to R10.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.demo.history import Step
from server.demo.office import Office, Person

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
CENTRE = {"director", "deputy_director"}
OPEN = {"not_started", "in_progress", "submitted", "paused", "handed_back"}


class Illegal(AssertionError):
    """A step that the rules forbid."""


@dataclass
class Entry:
    """What the ledger knows of one task."""

    title: str
    creator: Person
    state: str
    created: datetime
    assigner: Person | None = None
    for_director: bool = False
    lead: str | None = None
    collaborators: list[str] = field(default_factory=list)
    followers: list[str] = field(default_factory=list)
    due: date | None = None
    no_due: str | None = None
    parent: str | None = None
    items: int = 0
    quantity: int = 1
    asked: date | None = None
    percent: dict[str, int] = field(default_factory=dict)
    scored: set[str] = field(default_factory=set)
    submitted: datetime | None = None
    returned: int = 0


class Ledger:
    """Replays steps with :meth:`take`; ``tasks`` are the entries by the task's id."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.people = {p.id: p for p in office.people}
        self.tasks: dict[str, Entry] = {}
        self.ids: set[str] = set()
        self.clock: datetime | None = None

    def take(self, step: Step) -> None:
        """Enters one step or raises :class:`Illegal`."""
        need(step.at.tzinfo is not None and (self.clock is None or step.at >= self.clock), "out of order")
        self.clock = step.at
        actor = self.office.by_username[step.actor]
        args = dict(step.args)
        if "id" in args:
            self._new_id(args["id"], step.at)
        handler = getattr(self, "_" + step.name.replace(".", "_"))
        if step.name in ("task.create", "task.propose"):
            handler(actor, step.at, **args)
            return
        need(args["task"] in self.tasks, f"{step.name} before its task exists")
        task = args.pop("task")
        args.pop("id", None)
        handler(actor, step.at, self.tasks[task], **args)

    # Who may

    def holds(self, person: Person, day: date, unit_slug: str) -> bool:
        unit = next(u.id for u in self.office.units if u.slug == unit_slug)
        return any(
            d.holder == person.id and d.unit == unit and d.starts <= day <= d.ends and {"enter", "assign"} <= set(d.powers)
            for d in self.office.delegations
        )

    def own_right(self, actor: Person, target: Person, day: date) -> bool:
        """The table "who may assign to whom" without the whole-centre delegation."""
        if actor.position in CENTRE:
            return True
        same_room = actor.unit == target.unit
        if actor.position == "head":
            return actor.id == target.id or (same_room and target.position in ("deputy_head", "officer"))
        if actor.position == "deputy_head":
            return actor.id == target.id or (
                same_room and target.position == "officer" and self.holds(actor, day, self.office.room_of[actor.username])
            )
        return False

    def _assign(self, actor: Person, day: date, people: list[str]) -> bool:
        """Whether the assignment needs the director's delegation; raises if it is not allowed at all."""
        if all(self.own_right(actor, self.people[p], day) for p in people):
            return False
        need(self.holds(actor, day, "trung-tam"), f"{actor.username} may not assign to {[self.people[p].username for p in people]}")
        return True

    def may_review(self, actor: Person, task: Entry, person: str) -> None:
        need(actor.id != person, "reviews himself")
        target = self.people[person]
        assert task.assigner is not None
        if task.assigner.position in CENTRE:
            need(actor.id == task.assigner.id or actor.position == "director", "a centre leader's task, reviewed by another")
        elif task.for_director or target.position == "head":
            need(actor.position == "director", "a delegated task, or a head's own, not reviewed by the director")
        else:
            above = {"officer": ("head", "deputy_head"), "deputy_head": ("head",)}[target.position]
            need(actor.position in above and actor.unit == target.unit, "not reviewed by the room's leaders")

    # What happens

    def _task_create(self, actor: Person, at: datetime, **a: Any) -> None:
        entry = self._entry(actor, at, a, "not_started")
        entry.for_director = self._assign(actor, at.astimezone(LOCAL).date(), [a["lead"], *entry.collaborators])
        entry.assigner = actor
        if a["parent"]:
            above = self.tasks[a["parent"]]
            need(above.state in OPEN and above.parent is None, "a child of what is not open")
            need(actor.id in (above.lead, above.creator.id), "a child by a stranger")

    def _task_propose(self, actor: Person, at: datetime, **a: Any) -> None:
        need(actor.position in ("officer", "deputy_head"), "proposes though he may assign")
        self._entry(actor, at, a, "proposed")

    def _task_decide(self, actor: Person, at: datetime, task: Entry, decision: str, reason: str, changes: dict[str, Any]) -> None:
        need(bool(reason) and decision in ("approve", "decline"), "a decision without words")
        if task.state == "proposed":
            task.lead = changes.get("lead", task.lead)
            if decision == "approve":
                assert task.lead is not None
                task.for_director = self._assign(actor, at.astimezone(LOCAL).date(), [task.lead, *task.collaborators])
                task.assigner = actor
            task.state = "not_started" if decision == "approve" else "declined"
            return
        need(task.asked is not None, "nothing to decide")
        assert task.lead is not None
        self.may_review(actor, task, task.lead)
        if decision == "approve":
            task.due = task.asked
        task.asked = None

    def _task_progress(self, actor: Person, at: datetime, task: Entry, percent: int, note: str, quantity: int, files: list[str]) -> None:
        need(actor.id == task.lead or (actor.id in task.collaborators and task.state == "in_progress"), "a report by a stranger")
        need(task.state in ("not_started", "in_progress"), f"a report while {task.state}")
        need(not self._children(task) or actor.id != task.lead, "a report on what its parts add up to")
        need(percent % 5 == 0 and task.percent.get(actor.id, 0) <= percent <= 100, "a percent that falls or is odd")
        need(bool(note) and 0 <= quantity <= task.quantity and files == [], "a report without words")
        task.percent[actor.id] = percent
        task.state = "in_progress"

    def _task_submit(self, actor: Person, at: datetime, task: Entry, note: str, quantity: int, files: list[str]) -> None:
        begun = task.state == "in_progress" or (task.state == "not_started" and bool(self._children(task)))
        need(actor.id == task.lead and begun and task.asked is None, f"submitted while {task.state}")
        need(all(t.state in ("completed", "cancelled") for t in self._children(task)), "submitted before its parts are done")
        task.state, task.submitted = "submitted", at

    def _task_review(self, actor: Person, at: datetime, task: Entry, person: str, verdict: str, **a: Any) -> None:
        need(task.state == "submitted", f"reviewed while {task.state}")
        need(set(a) == {"quantity", "major_error", "objective_cause", "score", "note"}, "odd review")
        need(
            person == task.lead or (person in task.collaborators and verdict == "accept" and person not in task.scored),
            "reviews a stranger",
        )
        self.may_review(actor, task, person)
        if verdict == "return":
            need(bool(a["note"]) and a["score"] is None, "returned without a reason")
            task.state, task.returned = "in_progress", task.returned + 1
            return
        need(60 <= a["score"] <= 100 and a["quantity"] <= task.quantity, "accepted without a score")
        task.scored.add(person)
        if person == task.lead:
            need(task.scored == {task.lead, *task.collaborators}, "the lead's review before the collaborators'")
            task.state = "completed"

    def _task_status(self, actor: Person, at: datetime, task: Entry, to: str, reason: str) -> None:
        need(actor.id == task.creator.id or actor.position in CENTRE, "a status by a stranger")
        allowed = {"paused": {"in_progress"}, "in_progress": {"paused"}, "cancelled": {"not_started", "in_progress", "paused"}}
        need(task.state in allowed[to] and bool(reason) and task.asked is None, f"{task.state} to {to}")
        task.state = to

    def _task_assign(
        self, actor: Person, at: datetime, task: Entry, lead: str, collaborators: list[Any], followers: list[str], reason: str
    ) -> None:
        need(task.state in ("not_started", "in_progress", "handed_back") and bool(reason), f"reassigned while {task.state}")
        need(lead != task.lead, "reassigned to the same lead")
        on_task = self._shares(lead, collaborators, followers)
        by_delegation = self._assign(actor, at.astimezone(LOCAL).date(), [lead, *on_task])
        need(actor is task.assigner and by_delegation == task.for_director, "reassigned in another right")
        task.lead, task.collaborators, task.followers = lead, on_task, followers
        if task.state == "handed_back":
            task.state = "not_started"

    def _task_hand_back(self, actor: Person, at: datetime, task: Entry, reason: str) -> None:
        need(actor.id == task.lead and task.state in ("not_started", "in_progress") and bool(reason), "handed back by a stranger")
        task.state = "handed_back"

    def _task_extend(self, actor: Person, at: datetime, task: Entry, due: str, reason: str) -> None:
        need(actor.id == task.lead and task.state in ("not_started", "in_progress") and task.asked is None, "asked out of turn")
        need(task.due is not None and date.fromisoformat(due) > task.due and bool(reason), "asked for no more time")
        task.asked = date.fromisoformat(due)

    def _task_comment(self, actor: Person, at: datetime, task: Entry, text: str, mentions: list[str]) -> None:
        on_it = {task.lead, *task.collaborators, *task.followers, task.creator.id}
        need(bool(text) and (actor.id in on_it or actor.position in CENTRE or actor is task.assigner), "a comment by a stranger")
        need(all(p in on_it and p != actor.id and f"@{self.people[p].name}" in text for p in mentions), "an odd mention")

    def _checklist_set(self, actor: Person, at: datetime, task: Entry, item: str, done: bool) -> None:
        key = next(k for k, t in self.tasks.items() if t is task)
        known = {str(uuid.uuid5(uuid.UUID(key), str(n))) for n in range(task.items)}
        need(item in known and task.state == "in_progress" and actor.id in (task.lead, *task.collaborators), "an unknown item")

    # Helpers

    def _entry(self, actor: Person, at: datetime, a: dict[str, Any], state: str) -> Entry:
        on_task = self._shares(a["lead"], a["collaborators"], a["followers"])
        due = date.fromisoformat(a["due"]) if a["due"] else None
        need((due is None) == (a["no_due"] in ("none", "ongoing")), "neither due nor without end")
        need(due is None or due >= date.fromisoformat(a["start"]), "due before it starts")
        entry = Entry(a["title"], actor, state, at, lead=a["lead"], collaborators=on_task, followers=a["followers"], due=due)
        entry.no_due, entry.parent, entry.items, entry.quantity = a["no_due"], a["parent"], len(a["checklist"]), a["quantity"]
        self.tasks[a["id"]] = entry
        return entry

    def _shares(self, lead: str | None, collaborators: list[Any], followers: list[str]) -> list[str]:
        on_task = [c["person"] for c in collaborators]
        need(sum(c["share"] for c in collaborators) <= 0.7 and all(c["share"] > 0 for c in collaborators), "shares")
        everybody = [lead, *on_task, *followers]
        need(len(set(everybody)) == len(everybody), "somebody twice on a task")
        return on_task

    def _children(self, task: Entry) -> list[Entry]:
        return [t for t in self.tasks.values() if t.parent and self.tasks[t.parent] is task]

    def _new_id(self, text: str, at: datetime) -> None:
        made = uuid.UUID(text)
        need(str(made) == text and made.version == 7 and text not in self.ids, "a bad or doubled id")
        need(made.int >> 80 == int(at.timestamp() * 1000), "an id of another moment")
        self.ids.add(text)


def need(true: bool, sentence: str) -> None:
    """Raises :class:`Illegal` with ``sentence`` unless ``true``."""
    if not true:
        raise Illegal(sentence)
