"""Copies that are being put together right now in this process, and how far each is.

Not stored: a process that ends takes its work with it, and the next one sweeps what it left.
"""

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import orjson

from server.errors import Refusal
from server.files.store import Store
from server.people.directory import Directory
from server.reports.person import trend
from server.reports.person.kept import Copy, Shelf
from server.reports.person.pack import About, Rows, Stopped, pack
from server.reports.person.parts import PARTS
from server.reports.person.plain import Reader
from server.reports.person.read import batches, count
from server.reports.person.rules import KEPT
from server.reports.person.sent import sent_by
from server.storage.ids import LOCAL

log = logging.getLogger("soviec")

#: Copies at one time: each takes a processor for seconds, and pages want to be served meanwhile.
MOST: Final = 2
#: Copies whose end somebody may still want to see.
MOST_ENDED: Final = 50


class Work(msgspec.Struct, kw_only=True):
    """One copy in the making. ``done`` of ``total`` rows while it reads, bytes while it packs."""

    id: str
    person: str
    made_by: str
    stage: Literal["reading", "packing", "done", "failed"] = "reading"
    done: int = 0
    total: int = 0
    stop: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made, and from what."""

    id: str
    person: str
    made_by: str
    reason: str
    now: datetime
    known: Directory
    store: Store
    shelf: Shelf


_works: dict[str, Work] = {}
#: Somebody has to hold a task, or it may vanish while it runs.
_tasks: set[asyncio.Task[None]] = set()


def of(copy: str) -> Work | None:
    """The work on a copy, ended lately perhaps."""
    return _works.get(copy)


def running(made_by: str, person: str | None = None) -> Work | None:
    """What somebody is having made, of this person or of anybody."""
    return next(
        (one for one in _works.values() if one.stage in ("reading", "packing") and one.made_by == made_by and person in (None, one.person)),
        None,
    )


def check_room() -> None:
    """Raises Refusal (conflict) where so many are being made that another would slow everybody."""
    if sum(one.stage in ("reading", "packing") for one in _works.values()) >= MOST:
        raise Refusal("conflict", "export.busy", count=MOST)


def begin(asked: Asked) -> Work:
    """Make it while its reader looks at the progress, or at something else."""
    for old in list(_works)[: max(0, len(_works) - MOST_ENDED)]:
        if _works[old].stage in ("done", "failed"):
            del _works[old]
    work = _works[asked.id] = Work(id=asked.id, person=asked.person, made_by=asked.made_by)
    task = asyncio.get_running_loop().create_task(_run(asked, work))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return work


async def settled() -> None:
    """Wait until nothing is being made."""
    await asyncio.gather(*_tasks, return_exceptions=True)


async def close() -> None:
    """The server ends: what is being made is let go at its next piece."""
    for one in _works.values():
        one.stop = one.stage in ("reading", "packing")
    await settled()


async def _run(asked: Asked, work: Work) -> None:
    try:
        await make(asked, work)
        work.stage = "done"
    except Exception as problem:
        if not isinstance(problem, Stopped):
            log.exception("the copy of what is kept of a person failed")
        work.stage = "failed"
        await asyncio.to_thread(asked.shelf.abandon, asked.id)


async def make(asked: Asked, work: Work) -> Copy:
    """Read, write, pack, keep."""
    folder = await asyncio.to_thread(asked.shelf.workshop, asked.id)
    files = await sent_by(asked.person)
    reader = Reader(asked.person, asked.known, {one.sha: one.path for one in files})
    counts = [await count(part, asked.person) for part in PARTS]
    work.total = sum(counts)
    kept = [await _write(part, asked.person, reader, folder, work) for part in PARTS]
    months = await trend.trend_rows(asked.person, asked.known, asked.now.astimezone(LOCAL).date())
    kept.append(await asyncio.to_thread(_written, Rows(trend.TREND, folder / "trend.jsonl", 0), months))
    work.stage, work.done = "packing", 0
    # The rows are read twice: for the workbook and for the JSON.
    work.total = 2 * sum(one.path.stat().st_size for one in kept) + sum(one.size for one in files)
    target = folder / "copy.zip"
    lost = await asyncio.to_thread(pack, target, _about(asked), kept, files, asked.store, lambda size: _tell(work, size))
    copy = Copy(
        id=asked.id, person=asked.person, made_by=asked.made_by, reason=asked.reason, made_at=asked.now, until=asked.now + KEPT,
        size=target.stat().st_size, rows=sum(one.count for one in kept), files=len(files) - len(lost), missing=len(lost),
    )  # fmt: skip
    await asyncio.to_thread(asked.shelf.keep, copy, target)
    return copy


def _tell(work: Work, more: int) -> None:
    if work.stop:
        raise Stopped
    work.done = min(work.done + more, work.total)


async def _write(part: Any, person: str, reader: Reader, folder: Path, work: Work) -> Rows:
    kept = Rows(part, folder / f"{part.name}.jsonl", 0)
    kept.path.touch(mode=0o600)
    async for found in batches(part, person):
        kept = await asyncio.to_thread(_written, kept, [reader.plain(part, one) for one in found])
        _tell(work, len(found))
    return kept


def _written(rows: Rows, found: list[dict[str, Any]]) -> Rows:
    """The same with these rows behind it."""
    with rows.path.open("ab") as file:
        for one in found:
            file.write(orjson.dumps(one) + b"\n")
    return Rows(rows.part, rows.path, rows.count + len(found))


def _about(asked: Asked) -> About:
    whose = asked.known.people[asked.person]
    unit = asked.known.units.get(whose.unit or "")
    return About(
        person=whose.id, name=whose.name, username=whose.username, unit=unit.name if unit else "",
        made_by=asked.known.people[asked.made_by].name, made_at=asked.now, reason=asked.reason,
    )  # fmt: skip
