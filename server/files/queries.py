"""What is read. Who may see a task is not known here: a question ``may_see`` comes in from above."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.files.rules import is_sha
from server.storage.engine import places, rows

#: ``await may_see(person, tasks)``: those of the tasks that the person may see.
MaySee = Callable[[str, Sequence[str]], Awaitable[set[str]]]


class Held(msgspec.Struct, frozen=True):
    """A file that a person may read, with the name that he knows it by."""

    id: str
    name: str
    media_type: str
    size: int
    thumb: str | None


class Attached(msgspec.Struct, frozen=True):
    """An attachment as pages and replicas show it; ``size`` in bytes."""

    id: str
    file: str
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    thumb: str | None
    task: str
    report: str | None
    comment: str | None
    added_by: str
    added_at: datetime


_ATTACHED = """SELECT a.id, a.file, a.name, f.media_type, f.size, f.width, f.height, f.thumb,
    a.task, a.report, a.comment, a.added_by, a.added_at
FROM attachment a JOIN file f ON f.id = a.file"""
_HUNG = """SELECT f.id, f.id AS asked, a.name, f.media_type, f.size, f.thumb, a.task
FROM attachment a JOIN file f ON f.id = a.file"""
_SENT = """SELECT f.id, u.sent, u.name, f.media_type, f.size, f.thumb
FROM upload u JOIN file f ON f.id = u.file"""


async def of_task(task: str) -> list[Attached]:
    """Everything that hangs on a task, oldest first. Whether the reader may see the task is asked by the caller."""
    return await _attached("a.task = $1", [task])


async def of_reports(task: str) -> dict[str, list[Attached]]:
    """The files of a task's reports, by report."""
    found: defaultdict[str, list[Attached]] = defaultdict(list)
    for one in await _attached("a.task = $1 AND a.report IS NOT NULL", [task]):
        found[str(one.report)].append(one)
    return dict(found)


async def of_comments(task: str) -> dict[str, list[Attached]]:
    """The files of a task's comments, by comment."""
    found: defaultdict[str, list[Attached]] = defaultdict(list)
    for one in await _attached("a.task = $1 AND a.comment IS NOT NULL", [task]):
        found[str(one.comment)].append(one)
    return dict(found)


async def of_reports_among(reports: Sequence[str]) -> dict[str, list[Attached]]:
    """The files of these reports in one question, by report."""
    found: defaultdict[str, list[Attached]] = defaultdict(list)
    for one in await _attached(f"a.report IN ({places(len(reports))})", reports) if reports else []:
        found[str(one.report)].append(one)
    return dict(found)


async def of_tasks(tasks: Sequence[str]) -> dict[str, list[Attached]]:
    """The attachments of many tasks in one question, by task."""
    found: defaultdict[str, list[Attached]] = defaultdict(list)
    for one in await _attached(f"a.task IN ({places(len(tasks))})", tasks):
        found[one.task].append(one)
    return dict(found)


async def file_for(viewer: str, sha: str, may_see: MaySee, name: str | None = None) -> Held | None:
    """The file ``sha`` if ``viewer`` sent it or may see a task that it hangs on, else None.

    ``name`` chooses among the names that it has where the viewer sees it; a name that it has nowhere is not believed.
    """
    found = await usable(viewer, [sha], may_see, name)
    return found.get(sha)


async def usable(viewer: str, shas: Sequence[str], may_see: MaySee, name: str | None = None) -> dict[str, Held]:
    """Those of ``shas``, of what was sent by the viewer or of what is kept, that he may read and attach."""
    asked = [sha for sha in dict.fromkeys(shas) if is_sha(sha)]
    if not asked:
        return {}
    found: dict[str, Held] = {}
    hung = await rows(
        f"{_HUNG} WHERE f.id IN ({places(len(asked))}) ORDER BY a.added_at, a.id",
        *asked,
    )
    seen = await may_see(viewer, list(dict.fromkeys(row["task"] for row in hung))) if hung else set()
    among = places(len(asked), 2)
    sent = await rows(
        f"{_SENT} WHERE u.person = $1 AND (u.file IN ({among}) OR u.sent IN ({among})) ORDER BY u.at, u.id",
        viewer,
        *asked,
    )
    readable = [row for row in hung if row["task"] in seen]
    readable += [{**row, "asked": key} for row in sent for key in dict.fromkeys((row["id"], row["sent"])) if key in asked]
    for row in readable:
        if row["asked"] not in found or row["name"] == name:
            found[row["asked"]] = _held(row)
    return found


async def _attached(condition: str, values: Sequence[str]) -> list[Attached]:
    found = await rows(f"{_ATTACHED} WHERE {condition} ORDER BY a.added_at, a.id", *values)
    return [msgspec.convert(row, Attached) for row in found]


def _held(row: dict[str, Any]) -> Held:
    return Held(row["id"], row["name"], row["media_type"], row["size"], row["thumb"])
