"""What is true of a task: its states, its moves, and what each move needs."""

from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from server.people.rules import CENTRE_LEADERS, Matter, Person, Verdict, may, no, review_of, whole_centre, yes

Status = Literal["proposed", "not_started", "in_progress", "submitted", "completed", "paused", "cancelled", "declined"]
Priority = Literal["normal", "urgent", "critical"]
Kind = Literal["planned", "ad_hoc"]
Move = Literal[
    "decide", "edit", "assign", "progress", "submit", "review", "pause", "resume", "cancel", "reopen", "hand_back", "extend", "comment",
    "check", "follow", "bin", "restore", "split",
]  # fmt: skip

OPEN: tuple[Status, ...] = ("not_started", "in_progress", "submitted", "paused")
CLOSED: tuple[Status, ...] = ("completed", "cancelled", "declined")
#: Days that a task stays in the bin.
BIN_DAYS = 30
TITLE_LENGTH = 1000
TEXT_LENGTH = 20_000
PEOPLE_LIMIT = 60
CHECKLIST_LIMIT = 100
DEPTH_LIMIT = 4

#: From which states each move is legal. Whoever is refused hears which state forbids it.
MOVES: dict[str, tuple[Status, ...]] = {
    "decide": ("proposed",),
    "edit": ("proposed", "not_started", "in_progress", "paused"),
    "assign": ("not_started", "in_progress", "paused"),
    "progress": ("not_started", "in_progress"),
    "submit": ("not_started", "in_progress"),
    "review": ("submitted",),
    "pause": ("not_started", "in_progress"),
    "resume": ("paused",),
    "cancel": ("proposed", "not_started", "in_progress", "submitted", "paused"),
    "reopen": ("cancelled",),
    "hand_back": ("not_started", "in_progress"),
    "extend": ("not_started", "in_progress"),
    "comment": ("proposed", "not_started", "in_progress", "submitted", "paused", "completed", "cancelled", "declined"),
    "check": ("not_started", "in_progress"),
    "follow": ("proposed", "not_started", "in_progress", "submitted", "paused", "completed", "cancelled", "declined"),
    "split": ("not_started", "in_progress"),
    "bin": ("proposed", "not_started", "in_progress", "paused", "cancelled", "declined"),
    "restore": ("proposed", "not_started", "in_progress", "submitted", "paused", "completed", "cancelled", "declined"),
}


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules know of a task at one moment."""

    status: Status
    matter: Matter
    due: date | None = None
    percent: int = 0
    children: int = 0
    open_children: int = 0
    handed_back: bool = False
    extension_waiting: bool = False
    deleted_at: datetime | None = None
    reviewed: bool = False


def overdue(status: str, due: date | None, today: date) -> bool:
    """R9: what a task is called when its due date has passed and it is open. Waiting for review is not the assignee's delay."""
    return due is not None and due < today and status in ("not_started", "in_progress", "paused")


def illegal(move: str, facts: Facts) -> Verdict:
    """Refused because of the state that the task is in."""
    return Verdict(False, f"tasks.illegal.{move}", state=facts.status)


def state_forbids(move: str, facts: Facts) -> Verdict | None:
    """Why this state forbids the move, or None."""
    if facts.deleted_at is not None and move != "restore":
        return no("tasks.state.in_bin")
    return None if facts.status in MOVES[move] else illegal(move, facts)


def allowed(move: Move, actor: Person, facts: Facts, at: date, now: datetime) -> Verdict:
    """Whether the actor may make this move now: first his right, then the state."""
    right = right_to(move, actor, facts, at)
    if not right:
        return right
    forbidden = state_forbids(move, facts)
    if forbidden is not None:
        return forbidden
    if move in ("progress", "submit") and facts.handed_back and _is_lead(actor, facts):
        return no("tasks.state.handed_back")
    if move == "progress" and facts.children and _is_lead(actor, facts):
        return no("tasks.state.parent_rolls_up")
    if move == "submit" and facts.open_children:
        return no("tasks.state.children_open")
    if move == "cancel" and facts.open_children:
        return no("tasks.state.children_cancel")
    if move == "hand_back" and facts.handed_back and _is_lead(actor, facts):
        return no("tasks.state.handed_back")
    if move == "extend" and facts.extension_waiting:
        return no("tasks.state.extension_waiting")
    if move == "bin" and (facts.reviewed or facts.children):
        return no("tasks.state.bin_reviewed" if facts.reviewed else "tasks.state.bin_parent")
    if move == "restore":
        if facts.deleted_at is None:
            return no("tasks.state.not_in_bin")
        if now - facts.deleted_at > timedelta(days=BIN_DAYS):
            return no("tasks.state.bin_over")
    return right


def right_to(move: str, actor: Person, facts: Facts, at: date) -> Verdict:
    """Whether the actor has the right to this move in some state of the task."""
    task = facts.matter
    seen = may(actor, "see", task, at)
    if not seen:
        return seen
    if move in ("comment", "follow"):
        return seen
    if move in ("progress", "hand_back"):
        return seen if _is_on(actor, facts) else no("tasks.right.assignee")
    if move in ("submit", "extend"):
        return seen if _is_lead(actor, facts) else no("tasks.right.lead")
    if move == "check":
        return seen if _is_on(actor, facts) else may(actor, "manage", task, at)
    if move == "review":
        return may(actor, "review", task, at)
    if move == "decide":
        return decides(actor, facts, at)
    if move == "assign":
        return reassigns(actor, facts, at)
    if move == "split":
        return splits(actor, facts, at)
    if facts.status == "proposed" and actor.id == task.creator and move in ("edit", "cancel", "bin"):
        # A proposal is still its author's.
        return seen
    return may(actor, "manage", task, at)


def _is_lead(actor: Person, facts: Facts) -> bool:
    return facts.matter.lead is not None and facts.matter.lead.id == actor.id


def _is_on(actor: Person, facts: Facts) -> bool:
    return any(actor.id == other.id for other in facts.matter.people)


def decides(actor: Person, facts: Facts, at: date) -> Verdict:
    """R6: a proposal is decided by somebody who may assign it: to the lead it names or, if it names none, to its author."""
    task = facts.matter
    if actor.id == task.creator and actor.position == "officer":
        return no("tasks.right.decide_own")
    if task.lead is not None:
        return may(actor, "assign", task.lead, at)
    manages = may(actor, "enter", None, at)
    if not manages:
        return manages
    if actor.position in CENTRE_LEADERS or (actor.unit is not None and actor.unit in task.unit_path):
        return manages
    # A head enters by his position for his own room, and for the others only by what he was lent.
    lent = whole_centre(actor, at)
    return yes("people.rule.enter_delegated", lent.giver.id) if lent is not None else no("people.rule.head_own_room")


def decides_extension(actor: Person, facts: Facts, at: date) -> Verdict:
    """A later due date is granted by who reviews the task or by who changes its status; never by who asked."""
    task = facts.matter
    if task.lead is not None and actor.id == task.lead.id:
        return no("tasks.right.extension_own")
    reviews = may(actor, "review", task, at)
    return reviews if reviews else may(actor, "manage", task, at)


def reassigns(actor: Person, facts: Facts, at: date) -> Verdict:
    """Who may name other people for a task: whoever manages it, and the leader of the room that has it, inside that room."""
    manages = may(actor, "manage", facts.matter, at)
    if manages:
        return manages
    lead = facts.matter.lead
    if lead is not None and actor.id == lead.id and actor.position in ("head", "deputy_head"):
        # The order came to the head; he hands it to somebody of the room.
        return yes("tasks.right.reassign_room")
    if lead is not None:
        return may(actor, "assign", lead, at)
    return manages


def splits(actor: Person, facts: Facts, at: date) -> Verdict:
    """Who may hang child tasks under a task: whoever manages it, and its lead if he may assign at all."""
    if _is_lead(actor, facts) and actor.position != "officer":
        return yes("tasks.right.split_lead")
    return may(actor, "manage", facts.matter, at)


def reviews_part(actor: Person, facts: Facts, whose: Person, at: date) -> Verdict:
    """R5 for one person's part: the lead's while the result waits; a collaborator's then or after."""
    right = review_of(actor, facts.matter, whose, at)
    if not right:
        return right
    if facts.deleted_at is not None:
        return no("tasks.state.in_bin")
    lead = facts.matter.lead is not None and facts.matter.lead.id == whose.id
    if facts.status == "submitted" or (not lead and facts.status == "completed"):
        return right
    return illegal("review", facts)


def rolled_up(percents: list[tuple[str, int]]) -> int:
    """A parent's percent: the mean of its children's, cancelled and declined ones left out, rounded down.

    ``percents`` pairs each child's status with its percent; a completed child counts 100.
    """
    counted = [
        100 if status == "completed" else percent for status, percent in percents if status not in ("cancelled", "declined", "proposed")
    ]
    return sum(counted) // len(counted) if counted else 0


def product_name(duty: str, name: str) -> str:
    """What a product is called where its row is not shown whole: the duty, and the output where the duty does not name it."""
    if not duty or name.casefold() in duty.casefold():
        return duty or name
    return f"{duty} – {name}"


def number(ordinal: int) -> str:
    """What people say aloud: ``#26-014``."""
    year, count = divmod(ordinal, 1_000_000)
    return f"#{year % 100:02d}-{count:03d}"


def ordinal_of(text: str) -> int | None:
    """The ordinal behind ``#26-014`` or ``26-14``, or None."""
    year, dash, count = text.strip().lstrip("#").partition("-")
    if not dash or not (year.isdecimal() and count.isdecimal()) or len(year) != 2 or len(count) > 6:
        return None
    return (2000 + int(year)) * 1_000_000 + int(count)


def shares(given: list[float | None], whole: int = 1000) -> list[int]:
    """The collaborators' shares in thousandths: what is given, and nothing where nothing is; the lead has the rest.

    Shares are parts of 1 or, where one of them is greater than 1, per cents. Raises ValueError when they leave nothing for the lead.
    """
    if any(share is not None and not 0 <= share <= 100 for share in given):
        raise ValueError
    per = 100 if any(share is not None and share > 1 for share in given) else 1
    filled = [round((share or 0) / per * whole) for share in given]
    if any(share < 0 for share in filled) or (filled and sum(filled) >= whole):
        raise ValueError
    return filled
