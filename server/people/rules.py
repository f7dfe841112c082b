"""Who may do what: one pure function, ``may``, over plain values.

The two tables "Who may assign to whom" and "Who sees what" of the requirements (R3-R5, R10, R17) are written here and nowhere else.
"""

from datetime import date
from typing import Literal

import msgspec

Position = Literal["director", "deputy_director", "head", "deputy_head", "officer", "admin"]
Power = Literal["assign", "enter", "see", "manage", "review", "see_scores", "administer"]

CENTRE_LEADERS = ("director", "deputy_director")
ROOM_LEADERS = ("head", "deputy_head")
#: Inside a room, who stands above whom.
ORDER = {"director": 0, "deputy_director": 1, "head": 2, "deputy_head": 3, "officer": 4, "admin": 9}


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """Powers that one person lent to another over a unit and everything below it, first and last day included."""

    giver: "Person"
    powers: frozenset[str]
    unit: str
    since: date
    until: date | None
    document: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as the rules see him. ``path`` names his unit and every unit above it, the highest first."""

    id: str
    position: Position
    path: tuple[str, ...] = ()
    centre: str | None = None
    active: bool = True
    delegations: tuple[Delegation, ...] = ()

    @property
    def unit(self) -> str | None:
        """The unit that he belongs to."""
        return self.path[-1] if self.path else None


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """A task as the rules see it. The paths name a unit and every unit above it."""

    creator: str
    #: Who gave the order: the person who assigned it, or the one on whose behalf it was assigned.
    assigner: str | None
    assigner_position: str | None
    #: Who signed it on the assigner's behalf (R3).
    delegate: str | None = None
    lead: Person | None = None
    people: tuple[Person, ...] = ()
    followers: frozenset[str] = frozenset()
    unit_path: tuple[str, ...] = ()
    centre: str | None = None
    #: Ids of the leaders (head, deputy head) who are in office, by room.
    room_leaders: tuple[Person, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """The answer of ``may``: true or false, the rule behind it (a key of the catalogue), and who stands behind the power if it is lent.

    ``state`` is the state of the task where it is the state that forbids.
    """

    allowed: bool
    rule: str
    on_behalf: str | None = None
    state: str | None = None

    def __bool__(self) -> bool:
        return self.allowed


def yes(rule: str, on_behalf: str | None = None) -> Verdict:
    """Allowed, by this rule."""
    return Verdict(True, rule, on_behalf)


def no(rule: str) -> Verdict:
    """Refused, by this rule."""
    return Verdict(False, rule)


def may(actor: Person, power: Power, target: Person | Matter | None, at: date) -> Verdict:
    """Whether ``actor`` has ``power`` over ``target`` on the day ``at``.

    ``assign`` and ``see_scores`` are about a person, ``review`` about a task and the person whose part is reviewed (``review_of``),
    ``see`` and ``manage`` about a task, ``enter`` (type in tasks of others) and ``administer`` about nothing.
    """
    if not actor.active:
        return no("people.rule.inactive")
    if power == "administer":
        return yes("people.rule.admin") if actor.position == "admin" else no("people.rule.only_admin")
    if actor.position == "admin":
        return no("people.rule.admin_no_tasks")
    if power == "enter":
        return _enter(actor, at)
    if isinstance(target, Person):
        return _assign(actor, target, at) if power == "assign" else _see_scores(actor, target)
    if isinstance(target, Matter):
        if power == "see":
            return _see(actor, target, at)
        if power == "review":
            return review_of(actor, target, target.lead, at) if target.lead else no("people.rule.no_lead")
        return _manage(actor, target, at)
    raise ValueError(f"{power} wants a person or a task")


def in_force(actor: Person, power: str, at: date) -> tuple[Delegation, ...]:
    """The delegations that lend ``power`` to ``actor`` on that day. A giver who left lends nothing."""
    return tuple(
        lent
        for lent in actor.delegations
        if power in lent.powers and lent.since <= at and (lent.until is None or at <= lent.until) and lent.giver.active
    )


def same_room(actor: Person, other: Person) -> bool:
    """Whether the other belongs to the actor's room or a part of it."""
    return actor.unit is not None and actor.unit in other.path


def _assign(actor: Person, to: Person, at: date) -> Verdict:
    if not to.active:
        return no("people.rule.target_left")
    if to.position == "admin":
        return no("people.rule.target_admin")
    if _assigns_by_position(actor, to):
        return yes("people.rule.assign_by_position")
    if actor.id == to.id and actor.position in ROOM_LEADERS:
        return yes("people.rule.assign_self")
    for lent in in_force(actor, "assign", at):
        if lent.unit in to.path and lent.giver.id != to.id and _assigns_by_position(lent.giver, to):
            return yes("people.rule.assign_delegated", lent.giver.id)
        if lent.giver.position == "director" and lent.giver.id == to.id and lent.unit in to.path:
            # The table: the head of HCTH, while delegated, may assign to the director as well.
            return yes("people.rule.assign_delegated", lent.giver.id)
    if actor.position == "officer":
        return no("people.rule.officer_proposes")
    if actor.position == "deputy_head":
        return no("people.rule.deputy_head_room" if same_room(actor, to) else "people.rule.other_room")
    return no("people.rule.head_own_room")


def _assigns_by_position(actor: Person, to: Person) -> bool:
    if actor.position in CENTRE_LEADERS:
        return actor.centre is not None and actor.centre == to.centre
    return actor.position == "head" and same_room(actor, to) and to.position in ("deputy_head", "officer")


def _enter(actor: Person, at: date) -> Verdict:
    if actor.position in CENTRE_LEADERS or actor.position == "head":
        return yes("people.rule.enter_by_position")
    lent = in_force(actor, "enter", at)
    return yes("people.rule.enter_delegated", lent[0].giver.id) if lent else no("people.rule.officer_proposes")


def whole_centre(actor: Person, at: date) -> Delegation | None:
    """The delegation over the whole centre that the actor holds, if any."""
    for power in ("assign", "enter"):
        for lent in in_force(actor, power, at):
            if lent.unit == actor.centre:
                return lent
    return None


def _see(actor: Person, task: Matter, at: date) -> Verdict:
    if actor.position in CENTRE_LEADERS and actor.centre == task.centre:
        return yes("people.rule.see_centre")
    if whole_centre(actor, at) is not None and actor.centre == task.centre:
        return yes("people.rule.see_delegated")
    if _touches(actor, task):
        return yes("people.rule.see_own")
    if actor.unit is not None and actor.unit in task.unit_path:
        return yes("people.rule.see_room")
    if actor.position in ROOM_LEADERS and any(same_room(actor, other) for other in task.people):
        return yes("people.rule.see_room")
    return no("people.rule.not_seen")


def _touches(actor: Person, task: Matter) -> bool:
    return (
        actor.id in (task.creator, task.assigner, task.delegate)
        or actor.id in task.followers
        or any(actor.id == other.id for other in task.people)
    )


def _manage(actor: Person, task: Matter, at: date) -> Verdict:
    """R10: the creator and the leaders change a task's status; so does the delegate. Whoever carries it out does not."""
    if actor.position in CENTRE_LEADERS and actor.centre == task.centre:
        return yes("people.rule.manage_leader")
    on_it = any(actor.id == other.id for other in task.people)
    if actor.id in (task.assigner, task.delegate) and (not on_it or actor.position != "officer"):
        return yes("people.rule.manage_creator", task.assigner if actor.id == task.delegate != task.assigner else None)
    if actor.id == task.creator and not on_it:
        return yes("people.rule.manage_creator")
    lent = whole_centre(actor, at)
    if lent is not None and actor.centre == task.centre:
        return yes("people.rule.manage_delegated", lent.giver.id)
    return no("people.rule.manage_own_task" if on_it else "people.rule.manage_others")


def review_of(actor: Person, task: Matter, whose: Person, at: date) -> Verdict:
    """R5: who may review and score one person's part of a task.

    A task that a centre leader assigned: that leader or the director. Any other: the head or deputy head of the person's own room, over
    people below them; the director where the room has no such leader (the head's own work, a vacancy). What the holder of a delegation
    assigned may be reviewed by either, for it is the director's order and the room's work. Nobody reviews himself.
    """
    if actor.id == whose.id:
        return no("people.rule.review_self")
    above = actor.position in ROOM_LEADERS and same_room(actor, whose) and ORDER[actor.position] < ORDER[whose.position]
    by_leader = task.assigner_position in CENTRE_LEADERS
    if (
        by_leader
        and actor.position in CENTRE_LEADERS
        and (actor.id == task.assigner or actor.position == "director")
        and actor.centre == task.centre
    ):
        return yes("people.rule.review_assigner")
    if by_leader and task.delegate is None:
        return no("people.rule.review_by_leader")
    if above:
        return yes("people.rule.review_room")
    has_leader = any(
        same_room(other, whose) and other.id != whose.id and ORDER[other.position] < ORDER[whose.position] for other in task.room_leaders
    )
    if not has_leader and actor.position == "director" and actor.centre == task.centre:
        return yes("people.rule.review_vacant")
    return no("people.rule.review_room_only")


def _see_scores(actor: Person, whose: Person) -> Verdict:
    """Another person's detailed scores are only for those who score him."""
    if actor.id == whose.id:
        return yes("people.rule.scores_own")
    if actor.position in ROOM_LEADERS and same_room(actor, whose) and ORDER[actor.position] < ORDER[whose.position]:
        return yes("people.rule.scores_scored_by")
    if actor.position == "director" and actor.centre == whose.centre:
        return yes("people.rule.scores_scored_by")
    return no("people.rule.scores_private")
