"""From stored rows to what the rules know of a task."""

from collections.abc import Iterable, Mapping
from typing import Any

from server.people.directory import Directory
from server.people.rules import Matter
from server.tasks.rules import Facts


def facts_of(
    task: Mapping[str, Any],
    people: Iterable[str],
    followers: Iterable[str],
    directory: Directory,
    *,
    open_children: int = 0,
    extension_waiting: bool = False,
    reviewed: bool = False,
) -> Facts:
    """The facts of one task; ``people`` are those on it now, the lead among them."""
    lead = task["lead"]
    leaders = directory.room_leaders
    matter = Matter(
        creator=task["creator"],
        assigner=task["assigner"],
        assigner_position=task["assigner_position"],
        delegate=task["delegate"],
        lead=directory.actor(lead) if lead in directory.people else None,
        people=tuple(directory.actor(one) for one in people if one in directory.people),
        followers=frozenset(followers),
        unit_path=directory.path(task["unit"]),
        centre=directory.centre_of(task["unit"]),
        room_leaders=leaders,
    )
    return Facts(
        status=task["status"],
        matter=matter,
        due=task["due"],
        percent=task["percent"],
        children=task["children"],
        open_children=open_children,
        handed_back=task["handed_back"],
        extension_waiting=extension_waiting,
        deleted_at=task["deleted_at"],
        reviewed=reviewed,
    )


def scopes_of(task: Mapping[str, Any], people: Iterable[str], followers: Iterable[str], directory: Directory) -> set[str]:
    """Who sees the task, as the keys of ``TaskScope``; ``see`` of the rules and this must agree, and a test holds them together."""
    on_it = list(people)
    found = {f"p:{person}" for person in (task["creator"], task["assigner"], task["delegate"], *on_it, *followers) if person}
    found |= {f"u:{unit}" for unit in directory.path(task["unit"])}
    for person in on_it:
        profile = directory.people.get(person)
        found |= {f"r:{unit}" for unit in directory.path(profile.unit if profile else None)}
    return found
