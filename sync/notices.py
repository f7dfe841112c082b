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


async def notices(reader: Reader, ask: Ask) -> Found:
    """What the person was told in the last days, without what something newer replaced."""
    where = Where().add("x.person = {}", reader.id).add("x.at >= {}", reader.now - timedelta(days=NOTICE_DAYS))
    where.add("x.replaced_at IS NULL")
    tail = ask.put(where, "x")
    found = await rows(f"SELECT x.id, x.kind, x.subject, x.data, x.at, x.read_at FROM outbox x WHERE {where.sql} {tail}", *where.values)
    return [(one["id"], _notice(one, reader.directory)) for one in found]


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
