"""One task's life: every step it may take, with just enough state kept that no illegal one is taken."""

import uuid
from datetime import datetime
from random import Random
from typing import Any

import msgspec

from server.demo.cast import Cast, Misfit, Order
from server.demo.office import Person, fixed_id
from server.demo.texts import Texts
from server.demo.workdays import WorkDays, moment


class Step(msgspec.Struct, frozen=True):
    """One command of the story: when (aware, UTC), who (user name), its name and arguments in the protocol."""

    at: datetime
    actor: str
    name: str
    args: dict[str, Any]


class Kit(msgspec.Struct):
    """What every life draws on; ``end`` is the moment before which the story ends."""

    cast: Cast
    texts: Texts
    days: WorkDays
    rng: Random
    end: datetime


def make_id(at: datetime, rng: Random) -> str:
    """A version 7 UUID of the moment ``at``, its random part from ``rng``."""
    raw = bytearray(int(at.timestamp() * 1000).to_bytes(6, "big") + rng.getrandbits(80).to_bytes(10, "big"))
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


class Life:
    """A task from its first step on. Days are numbers of :class:`WorkDays`; each call appends steps in order of time."""

    def __init__(self, kit: Kit, order: Order) -> None:
        self.kit = kit
        self.order = order
        self.steps: list[Step] = []
        self.id = ""
        self.state = ""
        self.due: int | None = None
        self.title = ""
        self.parent = False
        self._last: datetime | None = None
        self._percent: dict[str, int] = {}
        self._quantity = 1
        self._checklist = 0
        self._checked = 0
        self._by_another = kit.rng.random() < 0.13

    def create(self, day: int, due: int | None, no_due: str | None = None, parent: str | None = None) -> None:
        """Enters the task under the assigner's name."""
        at = self._moment(day)
        self._add(at, self.order.assigner, "task.create", self._content(at, due, no_due, parent, self.order.lead))
        self.state = "not_started"

    def propose(self, day: int, due: int | None, proposer: Person, named: bool = True) -> None:
        """Enters the task as a proposal from below; ``named`` says whether it already names its lead."""
        at = self._moment(day)
        self._add(at, proposer, "task.propose", self._content(at, due, None, None, self.order.lead if named else None))
        self.state = "proposed"

    def decide(self, day: int, approve: bool, named: bool = True) -> None:
        """The assigner decides the proposal; an approval names the lead if the proposal did not."""
        at = self._moment(day)
        changes = {} if named or not approve else {"lead": self.order.lead.id}
        reason = self.kit.texts.say("approvals" if approve else "declines")
        self._decide(at, self.order.assigner, approve, reason, changes)
        self.state = "not_started" if approve else "declined"

    def report(self, day: int, percent: int, note: str = "") -> None:
        """The lead reports; the first report starts the task. With it may go a collaborator's report, a ticked item, a talk."""
        if self.state not in ("not_started", "in_progress"):
            return
        lead = self.order.lead
        percent = max(self._percent.get(lead.username, 0), percent)
        self._report(day, lead, percent, note or self.kit.texts.progress(percent))
        self.state = "in_progress"
        rng = self.kit.rng
        if self._checked < self._checklist and rng.random() < 0.6:
            item = str(uuid.uuid5(uuid.UUID(self.id), str(self._checked)))
            self._add(self._moment(day), lead, "checklist.set", {"task": self.id, "item": item, "done": True})
            self._checked += 1
        for helper in self.order.collaborators:
            if rng.random() < 0.16:
                own = max(self._percent.get(helper.username, 0), min(100, 5 * rng.randint(percent // 10, percent // 5 + 3)))
                self._report(day, helper, own, self.kit.texts.say("notes_part"))
        if rng.random() < 0.13:
            self.talk(day)

    def talk(self, day: int) -> None:
        """A comment that mentions the lead or a collaborator, and sometimes the answer."""
        rng = self.kit.rng
        lead = self.order.lead
        asker = self.order.assigner if self.order.assigner is not lead else self._reviewer(lead)
        asked = rng.choice([lead, *self.order.collaborators])
        self._comment(day, asker, f"@{asked.name} {self.kit.texts.say('comments')}", [asked])
        if rng.random() < 0.5:
            self._comment(day + rng.randint(0, 1), asked, self.kit.texts.say("answers"), [])

    def submit(self, day: int, again: bool = False) -> None:
        """The lead hands in the result, after a last report if he has made none; a parent's percent comes from its parts."""
        if not self.parent and self.order.lead.username not in self._percent:
            self.report(day, 90)
        if self.state != ("not_started" if self.parent else "in_progress"):
            return
        at = self._moment(day)
        note = self.kit.texts.say("notes_again" if again else "notes_submit")
        args = {"id": make_id(at, self.kit.rng), "task": self.id, "note": note, "quantity": self._quantity, "files": []}
        self._add(at, self.order.lead, "task.submit", args)
        self.state = "submitted"

    def send_back(self, day: int) -> None:
        """The reviewer returns the result with a reason."""
        lead = self.order.lead
        self._review(day, self._reviewer(lead), lead, "return", self.kit.texts.say("returns"))
        self.state = "in_progress"

    def accept(self, day: int, late: bool) -> None:
        """The collaborators' reviews first, then the lead's, which completes the task."""
        for person in [*self.order.collaborators, self.order.lead]:
            self._review(day, self._reviewer(person), person, "accept", self.kit.texts.say("accepts_late" if late else "accepts"), late)
        self.state = "completed"

    def ask_for_time(self, day: int, due: int) -> None:
        """The lead asks for a later due date."""
        args = {"task": self.id, "due": self.kit.days.day(due).isoformat(), "reason": self.kit.texts.say("extend_reasons")}
        self._add(self._moment(day), self.order.lead, "task.extend", args)

    def answer_time(self, day: int, grant: bool, due: int) -> None:
        """The reviewer grants or declines the later due date."""
        who = self._reviewer(self.order.lead)
        self._decide(self._moment(day), who, grant, self.kit.texts.say("granted" if grant else "refused"), {})
        if grant:
            self.due = due

    def switch(self, day: int, to: str, by: Person | None = None) -> None:
        """Pauses, resumes or cancels; by the creator or a centre leader (R10)."""
        reason = self.kit.texts.say({"paused": "pauses", "in_progress": "resumes", "cancelled": "cancels"}[to])
        who = by or self.order.assigner
        self._add(self._moment(day), who, "task.status", {"task": self.id, "to": to, "reason": reason})
        self.state = to

    def hand_back(self, day: int) -> None:
        """The lead says that he cannot do it; the task waits for another lead."""
        self._add(self._moment(day), self.order.lead, "task.hand_back", {"task": self.id, "reason": self.kit.texts.say("hand_backs")})
        self.state = "handed_back"

    def reassign(self, day: int) -> None:
        """The assigner names another lead; everybody else stays."""
        self.order = msgspec.structs.replace(self.order, lead=self.kit.cast.other_lead(self.order))
        order = self.order
        args = {
            "task": self.id,
            "lead": order.lead.id,
            "collaborators": self._shares,
            "followers": [p.id for p in order.followers if p is not order.lead],
            "reason": self.kit.texts.say("reassigns"),
        }
        self._add(self._moment(day), order.assigner, "task.assign", args)
        if self.state == "handed_back":
            self.state = "not_started" if not self._percent else "in_progress"

    def _content(self, at: datetime, due: int | None, no_due: str | None, parent: str | None, lead: Person | None) -> dict[str, Any]:
        rng, texts, days = self.kit.rng, self.kit.texts, self.kit.days
        created = self.kit.days.day(self.kit.days.number(at.date()))
        self.id = make_id(at, rng)
        self.due = due
        self.title = texts.title(self.order.field, created)
        items = texts.checklist()
        self._checklist = len(items)
        self._quantity = rng.choices((1, 2, 3, 5), (84, 8, 5, 3))[0]
        priority = rng.choices(("normal", "urgent", "critical"), (70, 22, 8))[0]
        part = rng.choice((0.1, 0.15, 0.15))
        self._shares = [{"person": p.id, "share": part} for p in self.order.collaborators]
        return {
            "id": self.id,
            "title": self.title,
            "description": texts.description(),
            "lead": lead.id if lead else None,
            "collaborators": self._shares,
            "followers": [p.id for p in self.order.followers],
            "start": created.isoformat(),
            "due": days.day(due).isoformat() if due is not None else None,
            "no_due": no_due,
            "priority": priority,
            "unit": self.order.lead.unit,
            "field": fixed_id("field", self.order.field),
            "parent": parent,
            "product": None,
            "quantity": self._quantity,
            "kind": "ad_hoc" if priority != "normal" or rng.random() < 0.25 else "planned",
            "checklist": items,
            "source": texts.source(created),
        }

    def _report(self, day: int, who: Person, percent: int, note: str) -> None:
        self._percent[who.username] = percent
        at = self._moment(day)
        done = self._quantity * percent // 100
        args = {"id": make_id(at, self.kit.rng), "task": self.id, "percent": percent, "note": note, "quantity": done, "files": []}
        self._add(at, who, "task.progress", args)

    def _review(self, day: int, who: Person, person: Person, verdict: str, note: str, late: bool = False) -> None:
        at = self._moment(day)
        rng = self.kit.rng
        accepted = verdict == "accept"
        args = {
            "id": make_id(at, rng),
            "task": self.id,
            "person": person.id,
            "verdict": verdict,
            "quantity": self._quantity if accepted else 0,
            "major_error": not accepted and rng.random() < 0.3,
            "objective_cause": accepted and late and rng.random() < 0.25,
            "score": rng.choices((60, 70, 80, 90, 100), (14, 30, 32, 18, 6) if late else (4, 12, 36, 34, 14))[0] if accepted else None,
            "note": note,
        }
        self._add(at, who, "task.review", args)

    def _comment(self, day: int, who: Person, text: str, mentions: list[Person]) -> None:
        at = self._moment(day)
        args = {"id": make_id(at, self.kit.rng), "task": self.id, "text": text, "mentions": [p.id for p in mentions]}
        self._add(at, who, "task.comment", args)

    def _decide(self, at: datetime, who: Person, approve: bool, reason: str, changes: dict[str, Any]) -> None:
        decision = "approve" if approve else "decline"
        self._add(at, who, "task.decide", {"task": self.id, "decision": decision, "reason": reason, "changes": changes})

    def _reviewer(self, person: Person) -> Person:
        """Mostly the first of those who may, now and then another, but the same throughout one task."""
        may = self.kit.cast.reviewers(self.order, person)
        return may[-1] if self._by_another else may[0]

    def _moment(self, day: int) -> datetime:
        return moment(self.kit.days, day, self._last, self.kit.rng)

    def _add(self, at: datetime, who: Person, name: str, args: dict[str, Any]) -> None:
        if at >= self.kit.end:
            raise Misfit
        self._last = at
        self.steps.append(Step(at=at, actor=who.username, name=name, args=args))
