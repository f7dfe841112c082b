"""What people ask for in a history: mutations with all their arguments, most of them sensible, some not."""

import hashlib
import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.office import CAST

PEOPLE = (CAST.director, CAST.deputy, CAST.delegate, CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague, CAST.stranger)
#: To whom each leader may assign, while the director's powers are lent to the head of HCTH and the deputy looks after CNTT.
UNDER = {
    CAST.director: PEOPLE[1:],
    CAST.deputy: (CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague),
    CAST.delegate: (CAST.stranger, CAST.head, CAST.officer, CAST.colleague),
    CAST.head: (CAST.deputy_head, CAST.officer, CAST.colleague),
}
#: Moves that fit a task of a state, as far as the plan can know it, with their weights.
OF_WORK = {
    "proposed": {"task.comment": 3, "task.follow": 1},
    "open": {
        "task.progress": 8, "task.submit": 5, "task.comment": 5, "checklist.set": 3, "checklist.add": 2, "task.follow": 1,
        "task.hand_back": 1, "task.extend": 1,
    },
    "submitted": {"task.comment": 2, "checklist.add": 1, "task.progress": 1},
}  # fmt: skip
OF_LEADERS = {
    "proposed": {"task.decide": 8, "task.edit": 1, "task.assign": 1},
    "open": {"task.assign": 5, "task.edit": 5, "task.status": 2, "task.comment": 2, "task.bin": 1, "task.review": 1, "task.decide": 1},
    "submitted": {"task.review": 8, "task.edit": 2, "task.review_undo": 1, "task.restore": 1},
}


@dataclass(frozen=True)
class Ask:
    """One mutation. ``content`` is the file that it names."""

    id: str
    name: str
    args: dict[str, Any]
    content: bytes = b""


@dataclass
class Known:
    """A task as far as the plan can know it."""

    id: str
    author: str
    lead: str
    others: list[str]
    state: str


class Asks:
    """Draws mutations from the chance of a plan, for the people who are in it."""

    def __init__(self, chance: random.Random, seed: int, today: date, present: tuple[str, ...]) -> None:
        self.chance = chance
        self.seed = seed
        self.today = today
        self.present = present
        self.tasks: list[Known] = []
        self.made = 0

    def new_id(self) -> str:
        """An identifier of version 7, of no real moment."""
        return str(uuid.UUID(int=self.chance.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62))

    def next(self, person: str) -> Ask:
        """Something that this person does."""
        chance = self.chance
        self.made += 1
        if not self.tasks or (len(self.tasks) < 4 and chance.random() < 0.4):
            return self._create(person)
        mine = [one for one in self.tasks if one.lead == person or person in one.others]
        under = UNDER.get(person, ())
        ordered = [one for one in self.tasks if one.lead in under and (one.author != person or one.state != "proposed")]
        luck = chance.random()
        if luck < 0.1:
            return self._create(person)
        if luck < 0.2:
            # Anybody, anything: much of it is refused.
            task = chance.choice(self.tasks)
            return self._asked(task, person, chance.choice([OF_WORK, OF_LEADERS])[chance.choice(["proposed", "open", "submitted"])])
        if ordered and (luck < 0.6 or not mine):
            task = chance.choice(ordered)
            return self._asked(task, person, OF_LEADERS[task.state])
        task = chance.choice(mine or self.tasks)
        return self._asked(task, person, OF_WORK[task.state])

    def _somebody(self, among: tuple[str, ...]) -> str:
        """One of them, rather one who is in this history."""
        here = [one for one in among if one in self.present]
        return self.chance.choice(here if here and self.chance.random() < 0.85 else among)

    def _create(self, person: str) -> Ask:
        chance = self.chance
        create = person in UNDER and chance.random() < 0.9
        lead = self._somebody(UNDER.get(person, (person,)))
        others = [one for one in chance.sample(UNDER.get(person, PEOPLE), chance.randint(0, 2)) if one not in (lead, person)]
        known = Known(self.new_id(), person, lead, others, "open" if create else "proposed")
        self.tasks.append(known)
        args = {
            "id": known.id,
            "title": f"Việc {self.made} của lịch sử {self.seed}",
            "description": "",
            "lead": lead,
            "collaborators": [{"person": one, "share": 0.2} for one in others],
            "followers": [],
            "due": (self.today + timedelta(days=chance.randint(1, 60))).isoformat(),
            "priority": chance.choice(["normal", "urgent"]),
            "quantity": 1,
            "kind": "planned",
            "checklist": ["một", "hai"][: chance.randint(0, 2)],
        }
        return Ask(self.new_id(), "task.create" if create else "task.propose", args)

    def _file(self) -> bytes:
        """A small PDF like no other, or nothing."""
        if self.chance.random() > 0.25:
            return b""
        return b"%PDF-1.4\n%" + self.chance.randbytes(24).hex().encode() + b"\n" + b"x" * self.chance.randint(10, 9000) + b"\n%%EOF\n"

    def _asked(self, task: Known, person: str, moves: dict[str, int]) -> Ask:
        name = self.chance.choices(list(moves), list(moves.values()))[0]
        content = self._file() if name in ("task.progress", "task.submit", "task.comment") else b""
        files = [hashlib.sha256(content).hexdigest()] if content else []
        return Ask(self.new_id(), name, {"task": task.id} | self._args(name, task, person, files), content)

    def _args(self, name: str, task: Known, person: str, files: list[str]) -> dict[str, Any]:
        chance, said = self.chance, f"lần {self.made}"
        match name:
            case "task.progress":
                return {"id": self.new_id(), "percent": chance.randint(0, 100), "note": said, "quantity": None, "files": files}
            case "task.submit":
                task.state = "submitted"
                return {"id": self.new_id(), "note": said, "quantity": 1, "files": files}
            case "task.comment":
                return {"id": self.new_id(), "text": said, "mentions": [self._somebody(PEOPLE)], "files": files}
            case "checklist.set":
                return {"item": str(uuid.uuid5(uuid.UUID(task.id), "0")), "done": chance.random() < 0.7}
            case "checklist.add":
                return {"id": self.new_id(), "text": said}
            case "task.follow":
                return {"on": chance.random() < 0.6}
            case "task.hand_back":
                return {"reason": said}
            case "task.extend":
                return {"due": (self.today + timedelta(days=chance.randint(61, 90))).isoformat(), "reason": said}
            case "task.review":
                task.state = "open"
                verdict, score = chance.choice(["accept", "return"]), chance.randint(50, 100)
                given = {"id": self.new_id(), "person": task.lead, "verdict": verdict, "quantity": 1, "note": said, "score": score}
                return given | {"major_error": False, "objective_cause": False}
            case "task.assign":
                task.lead = self._somebody(UNDER.get(person, PEOPLE))
                task.others = [one for one in task.others if one != task.lead][:1]
                others = [{"person": one, "share": 0.3} for one in task.others]
                return {"lead": task.lead, "collaborators": others, "followers": [], "reason": said}
            case "task.edit":
                fields = [{"title": f"Tên mới, {said}"}, {"priority": "critical"}, {"unit": chance.choice([CAST.cntt, CAST.hcth])}]
                return {"fields": chance.choice(fields), "base": {}, "reason": ""}
            case "task.status":
                return {"to": chance.choice(["paused", "in_progress", "in_progress", "cancelled"]), "reason": said}
            case "task.decide":
                task.state = "open"
                return {"decision": chance.choice(["approve", "approve", "decline"]), "reason": said, "changes": {}}
            case "task.bin":
                return {"reason": said}
        return {}
