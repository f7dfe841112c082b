"""Who follows and confirms whom (Đ10), and who may see a sheet."""

from collections.abc import Iterable

from server.people.rules import CENTRE_LEADERS, Person, same_room


def rater_of(person: Person, people: Iterable[Person], named: str | None = None) -> str | None:
    """Who confirms this person's sheet: the one who was ``named``, the head of his room, else the director; None for the director himself.

    A head who is away is no vacancy: only a room without a head falls to the director.
    """
    everybody = [one for one in people if one.active]
    if named is not None and any(one.id == named for one in everybody) and named != person.id:
        return named
    if person.position == "director":
        return None
    if person.position not in ("deputy_director", "head"):
        heads = [one for one in everybody if one.position == "head" and same_room(one, person) and one.id != person.id]
        if heads:
            return min(heads, key=lambda one: (-len(one.path), one.id)).id
    directors = [one for one in everybody if one.position == "director" and one.centre == person.centre and one.id != person.id]
    return min((one.id for one in directors), default=None)


def confirms(actor: Person, person: Person, rater: str | None) -> bool:
    """Whether ``actor`` may confirm: only the rater, never oneself."""
    return actor.active and actor.id != person.id and actor.id == rater


def sees_sheet(actor: Person, person: Person, rater: str | None, raters_rater: str | None = None) -> bool:
    """The person, who rates him, and the director of his centre, who decides the rating (Đ10.2b). The administrator does not."""
    if not actor.active or actor.position == "admin":
        return False
    if actor.id in (person.id, rater, raters_rater):
        return True
    return actor.position == "director" and actor.centre is not None and actor.centre == person.centre


def leads(actor: Person, person: Person, overseen: frozenset[str] = frozenset()) -> bool:
    """Whether ``person``'s work is part of what ``actor`` leads (Đ15.1b); ``overseen`` are units that a deputy director follows."""
    if actor.id == person.id or not person.active or person.position == "admin" or actor.centre != person.centre:
        return False
    if actor.position == "director":
        return True
    if actor.position in CENTRE_LEADERS:
        return any(unit in overseen for unit in person.path)
    below = {"head": ("deputy_head", "officer"), "deputy_head": ("officer",)}.get(actor.position, ())
    return same_room(actor, person) and person.position in below
