"""What a person was told, and how much of it he has not read."""

from datetime import datetime, timedelta
from typing import Final

import orjson

from server.storage.engine import Row, row, rows
from server.tasks.queries.scope import Where

#: Older messages are not shown; replicas forget them by themselves.
DAYS: Final = 60
#: A later edit of somebody else's stands until the person has chosen a value at /conflicts: looking at it settles nothing.
CLASH: Final = "task.edited_over"


def _shown(person: str, now: datetime) -> Where:
    """What stands in the inbox: not too old, and nothing newer took its place."""
    where = Where().add("person = {}", person).add("at >= {}", now - timedelta(days=DAYS))
    where.add("replaced_at IS NULL")
    return where


def _read(found: Row) -> Row:
    return found | {"data": orjson.loads(found["data"])}


def is_clash(kind: str, data: Row) -> bool:
    """Whether the person still has to choose between two values; then only that choice makes it read."""
    return kind == CLASH and bool(data.get("values"))


async def unread(person: str, now: datetime) -> int:
    """How much he has not read: the number beside Thông báo."""
    where = _shown(person, now)
    where.add("read_at IS NULL")
    found = await row(f"SELECT count(*) AS number FROM outbox WHERE {where.sql}", *where.values)
    return int(found["number"]) if found else 0


async def inbox(person: str, now: datetime, *, only_unread: bool = False, start: int = 0, limit: int = 31) -> list[Row]:
    """Messages with ``id, kind, subject, data, at, read_at``, the newest first."""
    where = _shown(person, now)
    if only_unread:
        where.add("read_at IS NULL")
    found = await rows(
        f"SELECT id, kind, subject, data, at, read_at FROM outbox WHERE {where.sql} "
        f"ORDER BY at DESC, id DESC LIMIT {limit:d} OFFSET {start:d}",
        *where.values,
    )
    return [_read(one) for one in found]


async def message(person: str, name: str) -> Row | None:
    """One of his own messages, however old."""
    found = await row("SELECT id, kind, subject, data, at, read_at FROM outbox WHERE id = $1 AND person = $2", name, person)
    return _read(found) if found else None


async def to_read(person: str, now: datetime, *, until: datetime | None = None, task: str | None = None) -> list[str]:
    """His unread messages that reading settles: those that came until a moment, or those about one task."""
    where = _shown(person, now)
    where.add("read_at IS NULL")
    if until is not None:
        where.add("at <= {}", until)
    if task is not None:
        where.add("subject = {}", task)
    found = await rows(f"SELECT id, kind, data FROM outbox WHERE {where.sql} ORDER BY id", *where.values)
    return [one["id"] for one in found if not is_clash(one["kind"], orjson.loads(one["data"]))]
