"""Who sees what the models say, where that is not simply who sees the task (docs/foresight.md, "Who sees what")."""

from datetime import date

from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS, Matter, Person, review_of, same_room, whole_centre


def sees_load(actor: Person, whose: Person, at: date) -> bool:
    """A person's load: himself, the leaders of his room, the centre's leaders, and who acts for the director over the whole centre."""
    if not actor.active or actor.position == "admin":
        return False
    if actor.id == whose.id or (actor.position in ROOM_LEADERS and same_room(actor, whose)):
        return True
    leads = actor.position in CENTRE_LEADERS or whole_centre(actor, at) is not None
    return leads and actor.centre is not None and actor.centre == whose.centre


def sees_suggestion(actor: Person, task: Matter, whose: Person, at: date) -> bool:
    """A suggested score of one part: whose part it is, and whoever may review it (R5)."""
    if not actor.active or actor.position == "admin":
        return False
    return actor.id == whose.id or bool(review_of(actor, task, whose, at))
