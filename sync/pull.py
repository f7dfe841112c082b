"""``GET /sync/pull``: a first copy in pages, then what changed."""

from datetime import datetime
from typing import Final

import msgspec

from sync.cursor import VERSION, Cursor, cursor_of, rights_of
from sync.feed import grown_late, last, touched
from sync.kinds import KINDS, ON_TASKS
from sync.reader import Ask, Reader, reader_of
from sync.shapes import Change, Pulled

DEFAULT_LIMIT: Final = 500
MOST: Final = 1000
#: More than a statement of PostgreSQL takes at once.
AT_ONCE: Final = 10_000


async def pull(person: str, now: datetime, word: str | None, limit: int = DEFAULT_LIMIT) -> Pulled:
    """The next page for this person.

    A cursor that does not hold any more (other rights, a restored database, a version of long ago) starts anew with ``reset``.
    """
    limit = max(1, min(limit, MOST))
    # Read before anything else, the organisation included: what commits later comes again, and again is harmless.
    now_at = await last()
    reader = await reader_of(person, now)
    rights = rights_of(reader.actor, reader.directory, reader.today)
    cursor = cursor_of(word) if word else None
    if cursor is None or cursor.rights != rights or cursor.seq > now_at:
        start = Cursor(VERSION, now_at, rights, reader.directory.version, reader.today, 0)
        return await _copy(reader, start, limit, reset=bool(word))
    if cursor.kind is not None:
        return await _copy(reader, cursor, limit, reset=False)
    return await _changed(reader, cursor, now_at, limit)


async def _copy(reader: Reader, cursor: Cursor, limit: int, *, reset: bool) -> Pulled:
    """A page of the first copy: kind after kind, by identifier. What changes meanwhile comes with the changes after ``cursor.seq``."""
    names = list(KINDS)
    kind, after = cursor.kind or 0, cursor.after
    changes: list[Change] = []
    while kind < len(names) and len(changes) < limit:
        name = names[kind]
        wanted = limit - len(changes)
        found = await KINDS[name](reader, Ask(after=after, limit=wanted))
        changes += [Change(name, one, "put", data) for one, data in found]
        if len(found) < wanted:
            kind, after = kind + 1, ""
        else:
            after = found[-1][0]
    more = kind < len(names)
    reached = msgspec.structs.replace(cursor, kind=kind if more else None, after=after if more else "")
    return Pulled(reached.word, more, reset, changes)


async def _changed(reader: Reader, cursor: Cursor, now_at: int, limit: int) -> Pulled:
    """What the next changes of the feed mean for this person, read as it is now."""
    found = await touched(reader, cursor.seq, now_at, limit)
    wanted = {kind: dict.fromkeys(ids) for kind, ids in found.put.items()}
    if cursor.directory != reader.directory.version:
        wanted.setdefault("person", {})[reader.id] = None
    for task in (*found.whole, *await grown_late(reader, cursor.day)):
        wanted.setdefault("task", {})[task] = None
    changes = [Change(kind, one, "drop") for kind, one in dict.fromkeys(found.drop)]
    for name, read in KINDS.items():
        ids = list(wanted.get(name, ()))
        whole = found.whole if name in ON_TASKS else []
        for start in range(0, max(len(ids), len(whole)), AT_ONCE):
            ask = Ask(ids=ids[start : start + AT_ONCE], tasks=whole[start : start + AT_ONCE])
            changes += [Change(name, one, "put", data) for one, data in await read(reader, ask)]
    reached = msgspec.structs.replace(cursor, seq=found.seq, directory=reader.directory.version, day=reader.today)
    return Pulled(reached.word, found.more, False, changes)
