"""Who sees what, as SQL. It agrees with ``may(actor, "see", …)``; a property test holds the two together."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS, Person, whole_centre
from server.storage.engine import places, rows
from server.storage.ids import LOCAL, utc_now


class Where:
    """Conditions and their values, growing together."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> "Where":
        """Add a condition; ``{}`` stands for the place of each value in turn."""
        names = [self.value(value) for value in values]
        self.conditions.append(condition.format(*names))
        return self

    def value(self, value: Any) -> str:
        """The place of one more value."""
        self.values.append(value)
        return f"${len(self.values)}"

    def among(self, column: str, values: Sequence[Any]) -> "Where":
        """Add ``column IN (…)``; nothing matches an empty list."""
        self.conditions.append(f"{column} IN ({', '.join(self.value(value) for value in values) or 'NULL'})")
        return self

    @property
    def sql(self) -> str:
        """All of them, joined."""
        return " AND ".join(self.conditions) or "TRUE"


def scopes(actor: Person, at: date) -> list[str] | None:
    """The keys of ``TaskScope`` that the actor holds; the centre's own key alone for whoever sees the whole of it."""
    if actor.position == "admin" or not actor.active:
        return []
    if (actor.position in CENTRE_LEADERS or whole_centre(actor, at) is not None) and actor.centre is not None:
        return [f"u:{actor.centre}"]
    held = [f"p:{actor.id}"]
    if actor.unit is not None:
        held.append(f"u:{actor.unit}")
        if actor.position in ROOM_LEADERS:
            held.append(f"r:{actor.unit}")
    return held


def visible(where: Where, actor: Person, at: date, directory: Directory) -> Where:
    """Only tasks (``t``) that the actor may see, and none from the bin."""
    where.add("t.deleted_at IS NULL")
    return seen(where, actor, at, directory)


def seen(where: Where, actor: Person, at: date, directory: Directory) -> Where:
    """Only tasks (``t``) that the actor may see, the bin included."""
    held = scopes(actor, at)
    if not held:
        return where.add("FALSE")
    if held == [f"u:{actor.centre}"] and sum(unit.kind == "centre" for unit in directory.units.values()) == 1:
        # One office: whoever sees all of it needs no question a row.
        return where
    names = ", ".join(where.value(scope) for scope in held)
    where.conditions.append(f"EXISTS (SELECT 1 FROM task_scope s WHERE s.task = t.id AND s.scope IN ({names}))")
    return where


async def may_see(person: str, tasks: Sequence[str]) -> set[str]:
    """Those of the tasks that the person may see now."""
    directory = await read_directory()
    if person not in directory.people or not tasks:
        return set()
    held = scopes(directory.actor(person), utc_now().astimezone(LOCAL).date())
    if not held:
        return set()
    found = await rows(
        f"SELECT DISTINCT task FROM task_scope WHERE task IN ({places(len(tasks))}) AND scope IN ({places(len(held), len(tasks) + 1)})",
        *tasks,
        *held,
    )
    return {one["task"] for one in found}
