"""Who may make a copy of what is kept of whom."""

from datetime import date, timedelta
from typing import Final

from server.people.rules import Person, Verdict, no, whole_centre, yes

#: How long a copy waits to be taken away.
KEPT: Final = timedelta(hours=24)
#: Letters of the reason: the number of the request, perhaps who asked.
SHORTEST_REASON, LONGEST_REASON = 3, 500


def may_make(actor: Person, whose: Person, at: date) -> Verdict:
    """Everybody his own; another's the director, or who acts for him over the whole centre.

    Not the administrator: a copy has the person's scores and tasks, to which he has no right.
    """
    if not actor.active:
        return no("people.rule.inactive")
    if actor.id == whose.id:
        return yes("export.rule.may")
    same = actor.centre is not None and actor.centre == whose.centre
    if same and actor.position == "director":
        return yes("export.rule.may")
    lent = whole_centre(actor, at)
    if same and lent is not None:
        return yes("export.rule.may", lent.giver.id)
    return no("export.rule.not_others")


def makes_for_others(actor: Person, at: date) -> bool:
    """Whether he may make copies for others at all."""
    return actor.active and (actor.position == "director" or whole_centre(actor, at) is not None)
