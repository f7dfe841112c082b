"""The context of one change of many tasks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from server.people.directory import Directory
from server.people.rules import Person
from server.tasks import rules
from server.tasks.show.values import people_groups


def bulk_context(
    what: str,
    found: Sequence[Mapping[str, Any]],
    actor: Person,
    directory: Directory,
    today: date,
    back: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> dict[str, Any]:
    """``tasks`` (number and title), ``people`` to assign to, ``back`` (the list), ``values`` entered before and ``errors`` by field."""
    tasks = [
        {"id": one["id"], "number": rules.number(one["ordinal"]), "title": one["title"], "href": f"/tasks/{one['id']}"} for one in found
    ]
    people = people_groups(directory.may_assign(actor, today), directory) if what == "assign" else []
    return {
        "what": what,
        "tasks": tasks,
        "people": people,
        "today_iso": today.isoformat(),
        "back": back,
        "values": values,
        "errors": errors,
    }
