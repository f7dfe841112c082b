"""The tasks of a calendar."""

from datetime import date, datetime, timedelta

from server.people.directory import Directory
from server.storage.engine import Row, rows
from server.tasks.queries.lists import OPEN_SQL
from server.tasks.queries.scope import Where, visible

#: So long a task that is done or cancelled stays in the calendar, so that whoever looks sees what became of it.
KEPT = timedelta(days=30)


async def entries(person: str, *, followed: bool, now: datetime, today: date, directory: Directory) -> list[Row]:
    """Tasks with a due date that the person leads or works on (with ``followed`` also those he watches), as he may see them now.

    The open ones, and what was completed or cancelled lately. ``role`` is his part; the earliest due first.
    """
    where = Where()
    mine = f"SELECT task FROM assignment WHERE person = {where.value(person)} AND until IS NULL"
    if followed:
        mine += f" UNION SELECT task FROM follower WHERE person = {where.value(person)}"
    part = f"SELECT a.role FROM assignment a WHERE a.task = t.id AND a.person = {where.value(person)} AND a.until IS NULL"
    where.conditions.append(f"t.id IN ({mine})")
    since = now - KEPT
    where.add(
        f"t.due IS NOT NULL AND (t.status IN {OPEN_SQL} OR (t.status = 'completed' AND t.completed_at >= {{}}) "
        "OR (t.status = 'cancelled' AND t.changed_at >= {}))",
        since,
        since,
    )
    visible(where, directory.actor(person), today, directory)
    return await rows(
        "SELECT t.id, t.ordinal, t.title, t.status, t.percent, t.priority, t.due, t.no_due, t.lead, t.version, t.created_at, t.changed_at, "
        f"t.completed_at, COALESCE(({part}), 'follower') AS role FROM task t WHERE {where.sql} ORDER BY t.due, t.ordinal",
        *where.values,
    )
