"""Who may keep the organisation: who lends which powers over what, who sets oversight, and what a username looks like (R2, R3)."""

import re
from datetime import date

from server.people.rules import CENTRE_LEADERS, Person, Verdict, may, no, yes

POWERS = ("enter", "assign")
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,58}[a-z0-9]")


def lends(actor: Person, receiver: Person, unit_path: tuple[str, ...]) -> Verdict:
    """Whether ``actor`` may lend his own powers over a unit: the director over the centre and below, a head over his room.

    ``unit_path`` names the unit and every unit above it, the highest first. What is lent can't be lent on.
    """
    if not actor.active:
        return no("people.rule.inactive")
    if actor.id == receiver.id:
        return no("people.delegation_self")
    if not receiver.active:
        return no("people.rule.target_left")
    if receiver.position == "admin":
        return no("people.rule.target_admin")
    if actor.position == "director" and actor.centre is not None and actor.centre in unit_path and receiver.centre == actor.centre:
        return yes("people.delegation_by_director")
    if actor.position == "head" and actor.unit is not None and actor.unit in unit_path and actor.unit in receiver.path:
        return yes("people.delegation_by_head")
    return no("people.delegation_not_yours")


def lends_anything(actor: Person) -> bool:
    """Whether this person has powers that can be lent at all."""
    return actor.active and actor.position in ("director", "head")


def ends(actor: Person, giver: Person, at: date) -> Verdict:
    """Whether ``actor`` may end what ``giver`` lent: the giver, the director of his centre, an administrator."""
    if not actor.active:
        return no("people.rule.inactive")
    if actor.id == giver.id:
        return yes("people.delegation_by_giver")
    if actor.position == "director" and actor.centre is not None and actor.centre == giver.centre:
        return yes("people.delegation_by_director")
    if may(actor, "administer", None, at):
        return yes("people.rule.admin")
    return no("people.delegation_not_ended_by_you")


def oversees(actor: Person, overseer: Person, at: date) -> Verdict:
    """Whether ``actor`` may say what ``overseer``, a leader of the centre, follows: the director or an administrator."""
    if not overseer.active:
        return no("people.rule.target_left")
    if overseer.position not in CENTRE_LEADERS:
        return no("people.oversight_leaders_only")
    return sets_oversight(actor, overseer.centre, at)


def sets_oversight(actor: Person, centre: str | None, at: date) -> Verdict:
    """Whether ``actor`` keeps the oversight of this centre."""
    if actor.active and actor.position == "director" and actor.centre is not None and actor.centre == centre:
        return yes("people.oversight_by_director")
    if may(actor, "administer", None, at):
        return yes("people.rule.admin")
    return no("people.oversight_director_only")
