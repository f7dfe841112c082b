"""Every kind of a replica but tasks: reports, reviews, comments, notices, and the organisation."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import orjson

from server.people.rules import may
from server.storage.engine import places, rows
from server.words import say
from sync.reader import Ask, Reader, amount, moment
from sync.tasks import tasks

Row = dict[str, Any]
Found = list[tuple[str, Row]]

#: Older notices are not sent; a replica forgets them by itself.
NOTICE_DAYS: Final = 60


async def _of_tasks(table: str, reader: Reader, ask: Ask) -> list[Row]:
    where = reader.visible()
    tail = ask.put(where, "x", "x.task")
    return await rows(f"SELECT x.* FROM {table} x JOIN task t ON t.id = x.task WHERE {where.sql} {tail}", *where.values)


async def _files(column: str, ids: list[str]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    if ids:
        sql = (
            f"SELECT a.{column} AS owner, a.file, a.name, f.media_type, f.size, f.width, f.height, f.thumb FROM attachment a "
            f"JOIN file f ON f.id = a.file WHERE a.{column} IN ({places(len(ids))}) ORDER BY a.added_at, a.id"
        )
        for one in await rows(sql, *ids):
            found[one.pop("owner")].append(one)
    return found


def _attached(files: list[Row]) -> Row:
    return {
        "files": [one["file"] for one in files],
        "attachments": [
            {
                "sha256": one["file"],
                "name": one["name"],
                "type": one["media_type"],
                "size": one["size"],
                "width": one["width"],
                "height": one["height"],
                "thumb": one["thumb"],
            }
            for one in files
        ],
    }


async def reports(reader: Reader, ask: Ask) -> Found:
    """Progress reports and submissions; ``at`` is the device's time, ``received`` the server's."""
    found = await _of_tasks("report", reader, ask)
    files = await _files("report", [one["id"] for one in found])
    return [
        (
            one["id"],
            {
                "task": one["task"],
                "person": one["person"],
                "kind": one["kind"],
                "percent": one["percent"],
                "note": one["note"],
                "quantity": amount(one["quantity"]),
                "at": moment(one["at"]),
                "received": moment(one["received"]),
                **_attached(files[one["id"]]),
            },
        )
        for one in found
    ]


async def reviews(reader: Reader, ask: Ask) -> Found:
    """Judgements; the score only for whom it belongs to and who scores him."""
    known = reader.directory.people

    def sees_score(one: Row) -> bool:
        person = one["person"]
        if one["reviewer"] == reader.actor.id:
            return True
        return person in known and bool(may(reader.actor, "see_scores", reader.directory.actor(person), reader.today))

    return [
        (
            one["id"],
            {
                "task": one["task"],
                "person": one["person"],
                "reviewer": one["reviewer"],
                "verdict": one["verdict"],
                "quantity": amount(one["quantity"]),
                "major_error": bool(one["major_error"]),
                "objective_cause": bool(one["objective_cause"]),
                "score": amount(one["score"]) if sees_score(one) else None,
                "note": one["note"],
                "at": moment(one["at"]),
            },
        )
        for one in await _of_tasks("review", reader, ask)
    ]


async def comments(reader: Reader, ask: Ask) -> Found:
    """Remarks."""
    found = await _of_tasks("comment", reader, ask)
    files = await _files("comment", [one["id"] for one in found])
    return [
        (
            one["id"],
            {
                "task": one["task"],
                "person": one["person"],
                "text": one["text"],
                "mentions": orjson.loads(one["mentions"]),
                "at": moment(one["at"]),
                **_attached(files[one["id"]]),
            },
        )
        for one in found
    ]


async def notices(reader: Reader, ask: Ask) -> Found:
    """What the person was told in the last days."""
    from server.tasks.queries.scope import Where

    where = Where().add("x.person = {}", reader.id).add("x.at >= {}", reader.now - timedelta(days=NOTICE_DAYS))
    tail = ask.put(where, "x")
    found = await rows(f"SELECT x.id, x.kind, x.subject, x.data, x.at FROM outbox x WHERE {where.sql} {tail}", *where.values)
    return [(one["id"], _notice(one)) for one in found]


def _notice(one: Row) -> Row:
    data = orjson.loads(one["data"])
    about_task = str(one["kind"]).startswith(("task.", "extension."))
    return {
        "kind": one["kind"],
        "task": one["subject"] if about_task else None,
        "text": _text(one["kind"], data),
        "read": False,
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


def _paged(found: Found, ask: Ask) -> Found:
    """The part of a list in memory that is asked for."""
    if ask.ids is not None:
        wanted = set(ask.ids)
        return [one for one in found if one[0] in wanted]
    found = sorted((one for one in found if one[0] > ask.after), key=lambda one: one[0])
    return found[: ask.limit] if ask.limit is not None else found


async def units(reader: Reader, ask: Ask) -> Found:
    """The tree of the organisation; everybody sees it."""
    every = reader.directory.units.values()
    return _paged(
        [
            (
                one.id,
                {
                    "name": one.name,
                    "short": one.short,
                    "parent": one.parent,
                    "kind": one.kind,
                    "sort": one.sort,
                    "active": bool(one.active),
                },
            )
            for one in every
        ],
        ask,
    )


async def fields(reader: Reader, ask: Ask) -> Found:
    """Fields of work."""
    every = reader.directory.fields.values()
    return _paged(
        [(one.id, {"name": one.name, "group": one.field_group, "sort": one.sort, "active": bool(one.active)}) for one in every], ask
    )


async def people(reader: Reader, ask: Ask) -> Found:
    """Everybody; of oneself also to whom one may assign."""
    every: Found = [
        (
            one.id,
            {
                "username": one.username,
                "name": one.name,
                "position": one.position,
                "title": one.title,
                "initials": one.initials,
                "unit": one.unit,
                "rank": one.rank,
                "active": bool(one.active),
            },
        )
        for one in reader.directory.people.values()
    ]
    found = _paged(every, ask)
    for person, data in found:
        if person == reader.id:
            data["may_assign"] = [one.id for one in reader.directory.may_assign(reader.actor, reader.today)]
    return found


Kind = Callable[[Reader, Ask], Awaitable[Found]]

#: In the order in which a first copy sends them: what others point to comes first.
KINDS: Final[dict[str, Kind]] = {
    "unit": units,
    "field": fields,
    "person": people,
    "task": tasks,
    "report": reports,
    "review": reviews,
    "comment": comments,
    "notice": notices,
}
#: What hangs on a task, and its table.
ON_TASKS: Final = {"report": "report", "review": "review", "comment": "comment"}
