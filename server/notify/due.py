"""Tasks near their due date, as the rules of warnings want them."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

import orjson

from server.notify.rules.warn import Case, Part
from server.people.directory import Directory
from server.people.rules import Person
from server.storage.engine import Row, places, rows
from server.storage.ids import LOCAL

#: What sets a due date besides the making of a task.
SETS_DUE = "('edit', 'approve', 'grant_extension')"


async def near(first: date, last: date) -> list[str]:
    """Tasks in work that are due from one day to another; by the index on status and due date."""
    found = await rows(
        "SELECT id FROM task WHERE status IN ('not_started', 'in_progress') AND due >= $1 AND due <= $2 AND deleted_at IS NULL ORDER BY id",
        first,
        last,
    )
    return [one["id"] for one in found]


async def loaded(tasks: list[str], directory: Directory) -> list[tuple[Case, Row]]:
    """These tasks as they are now, each with its row (``ordinal``, ``title``, and ``asked``: until when an extension is asked for)."""
    listed = places(len(tasks))
    found = await rows(
        "SELECT t.id, t.ordinal, t.title, t.status, t.due, t.lead, t.handed_back, t.created_at, e.due AS asked "
        "FROM task t LEFT JOIN extension e ON e.task = t.id AND e.state = 'waiting' "
        f"WHERE t.id IN ({listed}) AND t.deleted_at IS NULL AND t.due IS NOT NULL ORDER BY t.due, t.ordinal",
        *tasks,
    )
    parts: dict[str, list[Row]] = defaultdict(list)
    for one in await rows(
        "SELECT task, person, role, percent, state, since FROM assignment "
        f"WHERE until IS NULL AND task IN ({listed}) ORDER BY CASE role WHEN 'lead' THEN 0 ELSE 1 END, since, id",
        *tasks,
    ):
        parts[one["task"]].append(one)
    given = await _given(tasks)
    return [(_case(one, parts[one["id"]], given.get(one["id"]), directory), one) for one in found]


async def _given(tasks: list[str]) -> dict[str, datetime]:
    """When the due date of a task was last changed, if it ever was."""
    found: dict[str, datetime] = {}
    for one in await rows(
        f"SELECT subject, at, after FROM audit_entry WHERE kind = 'task' AND subject IN ({places(len(tasks))}) "
        f"AND action IN {SETS_DUE} AND after LIKE '%\"due\":%' ORDER BY seq",
        *tasks,
    ):
        if "due" in orjson.loads(one["after"]):
            found[one["subject"]] = one["at"]
    return found


def _case(task: Row, parts: list[Row], given: datetime | None, directory: Directory) -> Case:
    known = [one for one in parts if _here(one["person"], directory)]
    return Case(
        task=task["id"],
        status=task["status"],
        due=task["due"],
        given=_day(given or task["created_at"]),
        handed_back=bool(task["handed_back"]),
        parts=tuple(
            Part(
                person=one["person"],
                lead=one["role"] == "lead",
                since=_day(one["since"]),
                percent=one["percent"],
                state=one["state"],
            )
            for one in known
        ),
        heads=heads_of(task["lead"], directory),
    )


def heads_of(person: str | None, directory: Directory) -> tuple[str, ...]:
    """The head of somebody's room who is in office, else its deputies; never himself, and nobody above a head."""
    if person not in directory.people or directory.people[person].position == "head":
        return ()
    path = directory.actor(person).path
    leaders: list[Person] = [one for one in directory.room_leaders if one.unit in path and one.id != person]
    heads = tuple(one.id for one in leaders if one.position == "head")
    return heads or tuple(one.id for one in leaders if directory.people[person].position != "deputy_head")


def _here(person: str, directory: Directory) -> bool:
    profile: Any = directory.people.get(person)
    return profile is not None and bool(profile.active)


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()
