"""The bar at the bottom of the phone and the rail of larger screens."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.people import rules
from server.people.directory import Profile
from server.web.viewer import Viewer
from server.words import say


def judges(actor: rules.Person, at: date) -> bool:
    """Whether results or proposals can wait for this person."""
    return actor.position in rules.CENTRE_LEADERS + rules.ROOM_LEADERS or bool(rules.in_force(actor, "assign", at))


def enters_plans(actor: rules.Person, at: date) -> bool:
    """Whether this person may enter plans."""
    return bool(rules.may(actor, "enter", None, at))


def places(profile: Profile, actor: rules.Person, at: date) -> list[dict[str, Any]]:
    """Where this person can go, without the numbers of the moment: what a replica keeps. ``wide`` ones stand only on the rail."""

    def place(key: str, href: str, icon: str, wide: bool = False) -> dict[str, Any]:
        return {"key": key, "href": href, "label": say(f"web.nav.{key}"), "icon": icon, "wide": wide}

    if profile.position == "admin":
        return [
            place("people", "/people", "building"),
            place("messages", "/messages", "send"),
            place("calendar", "/calendar", "calendar"),
            place("reports", "/reports", "document", wide=True),
            place("notices", "/notices", "bell"),
            place("me", "/me", "me"),
        ]
    proposes = profile.position == "officer" and not enters_plans(actor, at)
    found = [place("today", "/", "home"), place("tasks", "/tasks", "task"), place("add", "/tasks/new", "add")]
    if proposes:
        found[-1]["label"] = say("web.nav.propose")
    if judges(actor, at):
        found.append(place("reviews", "/reviews", "inbox"))
    found.append(place("notices", "/notices", "bell"))
    if enters_plans(actor, at):
        found.append(place("plans", "/plans", "import", wide=True))
    # The phone's bar holds five, or six for who judges: the rest is found under Tôi there.
    found += [
        place("foresight", "/foresight", "chart", wide=True),
        place("kpi", "/kpi", "scale", wide=True),
        place("reports", "/reports", "document", wide=True),
        place("people", "/people", "building", wide=True),
    ]
    return [*found, place("me", "/me", "me")]


def items(viewer: Viewer, badges: Mapping[str, int]) -> list[dict[str, Any]]:
    """The places that this person can go to, each with its number; what he has not read is the viewer's own to say."""
    numbers = {"notices": viewer.unread, **badges}
    return [{**one, "badge": numbers.get(one["key"]) or None} for one in places(viewer.profile, viewer.actor, viewer.today)]
