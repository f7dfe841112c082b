"""The kind ``notice``: what the person was told."""

from datetime import timedelta
from typing import Final

import orjson

from server.storage.engine import rows
from server.tasks.queries.scope import Where
from server.words import say
from sync.reader import Ask, Found, Reader, Row, moment

#: Older notices are not sent; a replica forgets them by itself.
NOTICE_DAYS: Final = 60


async def notices(reader: Reader, ask: Ask) -> Found:
    """What the person was told in the last days, without what something newer replaced."""
    where = Where().add("x.person = {}", reader.id).add("x.at >= {}", reader.now - timedelta(days=NOTICE_DAYS))
    where.add("x.replaced_at IS NULL")
    tail = ask.put(where, "x")
    found = await rows(f"SELECT x.id, x.kind, x.subject, x.data, x.at, x.read_at FROM outbox x WHERE {where.sql} {tail}", *where.values)
    return [(one["id"], _notice(one)) for one in found]


def _notice(one: Row) -> Row:
    data = orjson.loads(one["data"])
    about_task = str(one["kind"]).startswith(("task.", "extension."))
    return {
        "kind": one["kind"],
        "task": one["subject"] if about_task else None,
        "text": _text(one["kind"], data),
        "read": one["read_at"] is not None,
        "at": moment(one["at"]),
        "data": data,
    }


def _text(kind: str, data: Row) -> str:
    try:
        what = say(f"sync.notice.kind.{kind}")
    except KeyError:
        return say("sync.notice.other")
    if not data.get("number"):
        return f"{what}."
    return say("sync.notice.about", what=what, number=data["number"], title=data.get("title", ""))
