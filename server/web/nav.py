"""The bar at the bottom of the phone and the rail of larger screens."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.people import rules
from server.web.viewer import Viewer
from server.words import say


def judges(actor: rules.Person, at: date) -> bool:
    """Whether results or proposals can wait for this person."""
    return actor.position in rules.CENTRE_LEADERS + rules.ROOM_LEADERS or bool(rules.in_force(actor, "assign", at))


def enters_plans(actor: rules.Person, at: date) -> bool:
    """Whether this person may enter plans."""
    return bool(rules.may(actor, "enter", None, at))


def items(viewer: Viewer, badges: Mapping[str, int]) -> list[dict[str, Any]]:
    """The places that this person can go to; ``wide`` ones stand only on the rail."""

    def item(key: str, href: str, icon: str, wide: bool = False) -> dict[str, Any]:
        label = say(f"web.nav.{key}")
        return {"key": key, "href": href, "label": label, "icon": icon, "badge": badges.get(key), "wide": wide}

    if viewer.profile.position == "admin":
        return [item("people", "/people", "building"), item("me", "/me", "me")]
    actor, at = viewer.actor, viewer.today
    proposes = viewer.profile.position == "officer" and not enters_plans(actor, at)
    places = [item("today", "/", "home"), item("tasks", "/tasks", "task"), item("add", "/tasks/new", "add")]
    if proposes:
        places[-1]["label"] = say("web.nav.propose")
    if judges(actor, at):
        places.append(item("reviews", "/reviews", "inbox"))
    if enters_plans(actor, at):
        places.append(item("plans", "/plans", "import", wide=True))
    return [*places, item("people", "/people", "building", wide=True), item("me", "/me", "me")]
