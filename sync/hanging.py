"""The kinds that hang on a task: reports, reviews, comments."""

import orjson

from server.storage.engine import rows
from server.tasks.show.timeline import sees_detail
from sync.attachments import attached, files_of
from sync.history import numbers
from sync.reader import Ask, Found, Reader, Row, amount, moment


async def _of_tasks(table: str, reader: Reader, ask: Ask) -> list[Row]:
    where = reader.visible()
    tail = ask.put(where, "x", "x.task")
    return await rows(f"SELECT x.* FROM {table} x JOIN task t ON t.id = x.task WHERE {where.sql} {tail}", *where.values)


async def _numbers(found: list[Row]) -> dict[str, int]:
    """Where the rows stand in the histories of their tasks."""
    return await numbers(list(dict.fromkeys(one["task"] for one in found)))


async def reports(reader: Reader, ask: Ask) -> Found:
    """Progress reports and submissions; ``at`` is the device's time, ``received`` the server's."""
    found = await _of_tasks("report", reader, ask)
    files = await files_of("report", [one["id"] for one in found])
    numbered = await _numbers(found)
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
                "seq": numbered.get(one["id"]),
                **attached(files[one["id"]]),
            },
        )
        for one in found
    ]


async def reviews(reader: Reader, ask: Ask) -> Found:
    """Judgements; their detail only for whom it belongs to, who scores him and who gave it."""
    found = await _of_tasks("review", reader, ask)
    numbered = await _numbers(found)
    return [(one["id"], _review(one, reader, numbered.get(one["id"]))) for one in found]


def _review(one: Row, reader: Reader, seq: int | None) -> Row:
    detail = sees_detail(reader.actor, one["person"], reader.directory, reader.today, own=one["reviewer"] == reader.id)
    return {
        "task": one["task"],
        "person": one["person"],
        "reviewer": one["reviewer"],
        "verdict": one["verdict"],
        "detail": detail,
        "quantity": amount(one["quantity"]) if detail else None,
        "major_error": bool(one["major_error"]) if detail else None,
        "objective_cause": bool(one["objective_cause"]) if detail else None,
        "score": amount(one["score"]) if detail else None,
        "note": one["note"],
        "at": moment(one["at"]),
        "seq": seq,
    }


async def comments(reader: Reader, ask: Ask) -> Found:
    """Remarks."""
    found = await _of_tasks("comment", reader, ask)
    files = await files_of("comment", [one["id"] for one in found])
    numbered = await _numbers(found)
    return [
        (
            one["id"],
            {
                "task": one["task"],
                "person": one["person"],
                "text": one["text"],
                "mentions": orjson.loads(one["mentions"]),
                "at": moment(one["at"]),
                "seq": numbered.get(one["id"]),
                **attached(files[one["id"]]),
            },
        )
        for one in found
    ]
