"""The files of a filed report. Of a fixed one they are made once and kept: the paper that was handed out is the paper of record."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from server.files.store import Store
from server.people.queries import directory as read_directory
from server.reports.document import pdf_of
from server.reports.filed.commands import KeepFile
from server.reports.filed.frame import head_of
from server.reports.filed.queries import Filed, filed, without_files
from server.reports.filed.rules import code_of
from server.reports.workbook import workbook
from server.settings import Settings
from server.storage.door import carry_out

log = logging.getLogger("soviec.reports")

What = Literal["pdf", "xlsx"]
WHAT: Final[tuple[What, ...]] = ("pdf", "xlsx")
#: No report of ours comes near this.
LIMIT: Final = 200 * 1024**2
#: A file that could not be made is tried again after so long.
AGAIN: Final = timedelta(minutes=10)


def store_of(data: Path) -> Store:
    """Where the papers of record lie: apart from attachments, for nothing sweeps here."""
    return Store(data / "reports")


async def made(found: Filed, what: What, place: str) -> bytes:
    """The file, from what was filed alone. Raises Refusal (``printing.*``) where it can't be printed now."""
    if what == "xlsx":
        return await asyncio.to_thread(workbook, found.report)
    if found.frame is not None:
        return await pdf_of(found.report, found.writing, found.frame.head)
    known = await read_directory()
    unit = known.units[found.line.unit]
    return await pdf_of(found.report, found.writing, head_of(unit.id, known, place, code_of(unit.short, unit.name)))


async def kept(found: Filed, what: What, store: Store, place: str, now: datetime) -> bytes:
    """The file of a fixed report: the one that is kept, or the first one, which is kept from now on.

    Where the kept one is lost (a backup without its folder), one that is made anew of the same text and figures: see ``lost``.
    """
    sha = kept_as(found, what)
    there: bytes | None = await asyncio.to_thread(_read, store, sha) if sha else None
    if there is not None:
        return there
    data = await made(found, what, place)
    if sha:
        if hashlib.sha256(data).hexdigest() == sha:
            # The same to the last byte: it is the lost one.
            await asyncio.to_thread(store.put, data, LIMIT)
        return data
    stored = await asyncio.to_thread(store.put, data, LIMIT)
    answer = await carry_out(KeepFile(id=found.line.id, what=what, sha256=stored.sha256), actor=None, now=now, source="job")
    # Somebody else may have been first: then his is the one.
    first = data if answer["sha256"] == stored.sha256 else await asyncio.to_thread(_read, store, answer["sha256"])
    return first or data


def kept_as(found: Filed, what: What) -> str:
    """The SHA-256 of the kept file; "" before there is one."""
    return found.line.pdf if what == "pdf" else found.line.xlsx


async def lost(found: Filed, store: Store) -> list[What]:
    """The files that the record knows of and that are not there, or not as they were."""
    return [what for what in WHAT if kept_as(found, what) and await asyncio.to_thread(_read, store, kept_as(found, what)) is None]


def _read(store: Store, sha: str) -> bytes | None:
    try:
        with store.open(sha) as file:
            data = file.read()
    except FileNotFoundError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha else None


class Keeper:
    """Makes the files of every fixed report that has none yet; one that can't be made now is left alone for a while."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings, self._clock = settings, clock
        self._again: dict[str, datetime] = {}

    async def tick(self) -> int:
        """Answers how many files were kept."""
        count = 0
        for report in await without_files():
            now = self._clock()
            if self._again.get(report, now) > now:
                continue
            try:
                count += await self._keep(report, now)
            except Exception:
                log.exception("the files of report %s", report)
                self._again[report] = now + AGAIN
        return count

    async def _keep(self, report: str, now: datetime) -> int:
        found = await filed(report)
        if found is None:
            return 0
        wanted = [what for what in WHAT if not kept_as(found, what)]
        for what in wanted:
            await kept(found, what, store_of(self._settings.data), self._settings.place, now)
        return len(wanted)
