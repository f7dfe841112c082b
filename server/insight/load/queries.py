"""Loads, and the tasks that they are made of, for pages."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

import msgspec
import orjson

from server.errors import Refusal
from server.insight.load.since import Carrying, Day, On, Part
from server.insight.rights import sees_load
from server.people.directory import Directory, Profile
from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS, Person, whole_centre
from server.storage.engine import places, rows
from server.tasks.queries.lists import RISK
from server.tasks.queries.scope import Where, visible

#: Tasks that somebody carries, or has just handed in.
OPEN: Final = ("not_started", "in_progress", "submitted", "paused")
OPEN_SQL: Final = "('not_started', 'in_progress', 'submitted', 'paused')"


class Scope(msgspec.Struct, frozen=True):
    """Whose loads a page shows: one's own, a room's, or the whole centre's; people in order of rank. ``wide``: may look at every room."""

    kind: Literal["own", "room", "centre"]
    unit: str
    people: list[Profile]
    wide: bool


def sees_centre(actor: Person, at: date) -> bool:
    """Whether this person sees everybody's load."""
    return actor.position in CENTRE_LEADERS or whole_centre(actor, at) is not None


def scope_of(directory: Directory, actor: Person, at: date, unit: str = "") -> Scope:
    """What the address asks for. Raises Refusal for another room than one's own, for a unit that is none, and for the administrator."""
    if actor.position == "admin":
        raise Refusal("not_allowed", "people.rule.admin_no_tasks")
    seen = [one for one in directory.people.values() if one.active and one.position != "admin"]
    seen = [one for one in seen if sees_load(actor, directory.actor(one.id), at)]
    wide = sees_centre(actor, at)
    if wide and unit:
        inside = [one for one in seen if unit in directory.path(one.unit)]
        if unit not in rooms_with(directory, seen):
            raise Refusal("not_found", "insight.load.no_such_room")
        return Scope("room", unit, inside, True)
    if wide:
        return Scope("centre", "", seen, True)
    if unit and (unit != actor.unit or actor.position not in ROOM_LEADERS):
        raise Refusal("not_allowed", "insight.load.other_room")
    return Scope("room" if actor.position in ROOM_LEADERS else "own", unit, seen, False)


def rooms_with(directory: Directory, people: Sequence[Profile]) -> list[str]:
    """The units that these people belong to, in their order."""
    found = {one.unit for one in people if one.unit in directory.units}
    return [one.id for one in sorted(directory.units.values(), key=lambda unit: (unit.sort, unit.id)) if one.id in found]


async def loads_of(people: Sequence[str]) -> dict[str, Carrying]:
    """The loads of these people as they were last counted."""
    found: dict[str, Carrying] = {}
    for start in range(0, len(people), 500):
        some = people[start : start + 500]
        for one in await rows(f"SELECT * FROM load WHERE id IN ({places(len(some))})", *some):
            days = tuple(msgspec.convert(orjson.loads(one["days"]), list[Day]))
            parts = tuple(msgspec.convert(orjson.loads(one["tasks"]), list[Part]))
            found[one["id"]] = Carrying(one["id"], one["peak"], one["low"], one["high"], one["band"], days, parts, one["at"])
    return found


async def open_tasks(actor: Person, at: date, directory: Directory) -> dict[str, On]:
    """Who is on each open task that this person sees."""
    where = visible(Where(), actor, at, directory).add(f"t.status IN {OPEN_SQL}")
    on_it: dict[str, set[str]] = defaultdict(set)
    sql = f"SELECT a.task, a.person FROM assignment a JOIN task t ON t.id = a.task WHERE a.until IS NULL AND {where.sql}"
    for part in await rows(sql, *where.values):
        on_it[part["task"]].add(part["person"])
    found = await rows(f"SELECT t.id, t.lead, t.due FROM task t WHERE {where.sql}", *where.values)
    return {one["id"]: On(one["lead"], frozenset(on_it[one["id"]]), one["due"]) for one in found}


async def tasks_named(ids: Sequence[str], actor: Person, at: date, directory: Directory) -> dict[str, dict[str, Any]]:
    """Whole rows of those of these open tasks that this person sees."""
    if not ids:
        return {}
    where = visible(Where(), actor, at, directory).add(f"t.status IN {OPEN_SQL}").among("t.id", list(ids))
    return {one["id"]: one for one in await rows(f"SELECT t.*, {RISK} FROM task t WHERE {where.sql}", *where.values)}
