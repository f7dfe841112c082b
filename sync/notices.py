"""The kind ``notice``: what the person was told."""

from datetime import timedelta
from typing import Final

import orjson

from server.notify.texts import told_of
from server.people.directory import Directory
from server.storage.engine import rows
from server.storage.ids import LOCAL
from server.tasks.queries.scope import Where
from sync.reader import Ask, Found, Reader, Row, moment

#: Older notices are not sent; a replica forgets them by itself.
NOTICE_DAYS: Final = 60
#: More names than this that changed at once are looked for one by one no longer: every notice comes again.
NAMES: Final = 20


async def notices(reader: Reader, ask: Ask) -> Found:
    """What the person was told in the last days, without what something newer replaced."""
    where = _shown(reader)
    tail = ask.put(where, "x")
    found = await rows(f"SELECT x.id, x.kind, x.subject, x.data, x.at, x.read_at FROM outbox x WHERE {where.sql} {tail}", *where.values)
    return [(one["id"], _notice(one, reader.directory)) for one in found]


async def notices_that_name(reader: Reader, things: list[str]) -> list[str]:
    """The identifiers of his notices whose words name one of these people or units."""
    where = _shown(reader)
    if len(things) <= NAMES:
        named = [f"x.data LIKE {where.value(f'%{thing}%')}" for thing in things]
        where.conditions.append(f"({' OR '.join(named) or 'FALSE'})")
    return [one["id"] for one in await rows(f"SELECT x.id FROM outbox x WHERE {where.sql} ORDER BY x.id", *where.values)]


def _shown(reader: Reader) -> Where:
    where = Where().add("x.person = {}", reader.id).add("x.at >= {}", reader.now - timedelta(days=NOTICE_DAYS))
    return where.add("x.replaced_at IS NULL")


def _notice(one: Row, directory: Directory) -> Row:
    data = orjson.loads(one["data"])
    told = told_of(one["kind"], one["subject"], data, directory, one["at"].astimezone(LOCAL).date())
    return {
        "kind": one["kind"],
        "group": told.group,
        "task": told.task,
        "text": told.title,
        "detail": "\n".join(told.lines),
        "link": told.link,
        "read": one["read_at"] is not None,
        "at": moment(one["at"]),
        "data": data,
    }
