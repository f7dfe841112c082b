"""Who keeps the catalogue of products (Đ13.1: the head of the office, or whom he lent it to)."""

from datetime import date

from server.people.rules import Person, Verdict, in_force, may, no, yes


def keeps_catalogue(actor: Person, at: date) -> Verdict:
    """Whether ``actor`` drafts the catalogue and puts it in force on that day.

    The director; and whoever may enter tasks for the whole centre on his behalf (the head of HCTH, while delegated). A deputy director or a
    head of a room enters tasks by position, but the list is the head of the office's to decide, so for them a delegation is wanted too.
    """
    verdict = may(actor, "enter", None, at)
    if actor.position == "director" and verdict:
        return yes("kpi.catalogue.rule.director")
    if not actor.active or actor.position == "admin":
        return verdict
    for lent in in_force(actor, "enter", at):
        if lent.unit == actor.centre:
            return yes("kpi.catalogue.rule.delegated", lent.giver.id)
    return no("kpi.catalogue.rule.keeper")
