"""``GET /sync/pull``: a first copy in pages, then what changed."""

from datetime import datetime
from typing import Final

import msgspec

from server.settings import Settings
from sync.cursor import VERSION, Cursor, cursor_of, rights_of
from sync.feed import Place, grown_late, place, touched
from sync.kinds import HANGING, KINDS
from sync.organisation import common_of
from sync.reader import UNSET, Ask, Reader, reader_of
from sync.scores import named_mark
from sync.shapes import Change, Pulled

DEFAULT_LIMIT: Final = 500
MOST: Final = 1000
#: More than a statement of PostgreSQL takes at once.
AT_ONCE: Final = 10_000


async def pull(person: str, now: datetime, word: str | None, limit: int = DEFAULT_LIMIT, settings: Settings = UNSET) -> Pulled:
    """The next page for this person.

    A cursor that does not hold any more (other rights, another or a restored database, a version of long ago) starts anew with ``reset``.
    """
    limit = max(1, min(limit, MOST))
    cursor = cursor_of(word) if word else None
    # Read before anything else, the organisation included: what commits later comes again, and again is harmless.
    at = await place(cursor.entry if cursor else 0)
    reader = await reader_of(person, now, settings)
    rights = rights_of(reader.actor, reader.directory, reader.today, await named_mark(reader))
    if cursor is None or cursor.rights != rights or cursor.seq > at.seq or cursor.chain != at.earlier:
        begun = Cursor(VERSION, at.seq, rights, reader.directory.version, common_of(reader), at.entry, at.chain, reader.today, 0)
        return await _copy(reader, begun, at.seq, limit, reset=bool(word))
    if cursor.kind is not None:
        return await _copy(reader, cursor, at.seq, limit, reset=False)
    return await _changed(reader, cursor, at, limit)


async def _copy(reader: Reader, cursor: Cursor, latest: int, limit: int, *, reset: bool) -> Pulled:
    """A page of the first copy: kind after kind, by identifier, each task followed by all that hangs on it.

    Together they are small once compressed, for what hangs on a task repeats much of it. What changes meanwhile comes with the changes
    after ``cursor.seq``: the last page says that there is more where there is any, so that nobody who has pulled to the end is behind.
    """
    names = [name for name in KINDS if name not in HANGING]
    kind, after = cursor.kind or 0, cursor.after
    changes: list[Change] = []
    taken = 0
    while kind < len(names) and taken < limit:
        name = names[kind]
        wanted = limit - taken
        found = await KINDS[name](reader, Ask(after=after, limit=wanted))
        taken += len(found)
        hanging = await _hanging(reader, [one for one, _ in found]) if name == "task" else {}
        for one, data in found:
            changes.append(Change(name, one, "put", data))
            changes += hanging.get(one, ())
        if len(found) < wanted:
            kind, after = kind + 1, ""
        else:
            after = found[-1][0]
    on = kind < len(names)
    reached = msgspec.structs.replace(cursor, kind=kind if on else None, after=after if on else "")
    return Pulled(reached.word, on or latest > cursor.seq, reset, changes)


async def _hanging(reader: Reader, tasks: list[str]) -> dict[str, list[Change]]:
    """Everything that hangs on these tasks, by task."""
    found: dict[str, list[Change]] = {task: [] for task in tasks}
    if tasks:
        for name in HANGING:
            for one, data in await KINDS[name](reader, Ask(tasks=tasks)):
                found[data["task"]].append(Change(name, one, "put", data))
    return found


async def _changed(reader: Reader, cursor: Cursor, at: Place, limit: int) -> Pulled:
    """What the next changes of the feed mean for this person, read as it is now."""
    found = await touched(reader, cursor.seq, at.seq, limit)
    wanted = {kind: dict.fromkeys(ids) for kind, ids in found.put.items()}
    common = common_of(reader)
    if cursor.common != common:
        wanted |= {"office": {"office": None}, "calendar": {"calendar": None}}
    if cursor.directory != reader.directory.version:
        wanted.setdefault("person", {})[reader.id] = None
    for task in (*found.whole, *await grown_late(reader, cursor.day)):
        wanted.setdefault("task", {})[task] = None
    changes = [Change(kind, one, "drop") for kind, one in dict.fromkeys(found.drop)]
    for name, read in KINDS.items():
        ids = list(wanted.get(name, ()))
        whole = found.whole if name in HANGING else []
        # Every entry of a task's history comes with a change of the task.
        recent = list(wanted.get("task", ())) if name == "event" else []
        for start in range(0, max(len(ids), len(whole), len(recent)), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            ask = Ask(ids=ids[part], tasks=whole[part], recent=recent[part], since=cursor.entry)
            changes += [Change(name, one, "put", data) for one, data in await read(reader, ask)]
    reached = msgspec.structs.replace(cursor, seq=found.seq, directory=reader.directory.version, common=common, day=reader.today)
    if not found.more:
        # Until then entries may be known that belong to changes of the pages to come.
        reached = msgspec.structs.replace(reached, entry=at.entry, chain=at.chain)
    return Pulled(reached.word, found.more, False, changes)
