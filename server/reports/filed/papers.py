"""The files of a filed report. Of a fixed one they are made once and kept: the paper that was handed out is the paper of record."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from server.files.store import Store
from server.people.directory import Directory, Profile
from server.people.queries import directory as read_directory
from server.people.rules import Position
from server.reports.document import pdf_of
from server.reports.document.shapes import By, Head
from server.reports.filed.commands import KeepFile
from server.reports.filed.queries import Filed, filed, without_files
from server.reports.workbook import workbook
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.ids import LOCAL
from server.words import say

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


def head_of(found: Filed, known: Directory, place: str) -> Head:
    """The frame that Nghị định 30/2020 puts around it: who issues, who signs."""
    line = found.line
    centre = known.units.get(known.centre_of(line.unit) or "")
    unit = known.units[line.unit]
    is_centre = centre is not None and centre.id == unit.id
    above = known.units.get((centre.parent if is_centre and centre else unit.parent) or "")
    signer = known.people.get(line.fixed_by or "")
    by, authority, position = _signs(signer, is_centre)
    return Head(
        parent=above.name if above else "",
        agency=unit.name,
        symbol=line.code.removeprefix("BC-") if line.code else "",
        number=str(line.number) if line.number is not None else None,
        place=place,
        day=line.fixed_at.astimezone(LOCAL).date() if line.fixed_at else None,
        by=by,
        authority=authority,
        position=position,
        name=signer.name if signer else "",
        recipients=tuple(say(f"filed.to.{one}") for one in (("above", "leaders", "rooms") if is_centre else ("centre", "people"))),
        draft=line.state != "fixed",
    )


def _signs(signer: Profile | None, is_centre: bool) -> tuple[By, str, str]:
    """How it is signed: by the head of the unit, in his place by a deputy, on his order by whoever else may."""
    head: Position = "director" if is_centre else "head"
    authority = say(f"people.position.{head}")
    if signer is None or signer.position == head:
        return "", authority, ""
    deputy: Position = "deputy_director" if is_centre else "deputy_head"
    return ("KT." if signer.position == deputy else "TL."), authority, signer.title


async def made(found: Filed, what: What, place: str) -> bytes:
    """The file, from what was filed alone. Raises Refusal (``printing.*``) where it can't be printed now."""
    if what == "xlsx":
        return await asyncio.to_thread(workbook, found.report)
    return await pdf_of(found.report, found.writing, head_of(found, await read_directory(), place))


async def kept(found: Filed, what: What, store: Store, place: str, now: datetime) -> bytes:
    """The file of a fixed report: the one that is kept, or the first one, which is kept from now on."""
    sha = found.line.pdf if what == "pdf" else found.line.xlsx
    there: bytes | None = await asyncio.to_thread(_read, store, sha) if sha else None
    if there is not None:
        return there
    data = await made(found, what, place)
    if sha:
        # The record knows of one that is not there (a backup without its folder): this one says the same, but it is not that one.
        return data
    stored = await asyncio.to_thread(store.put, data, LIMIT)
    answer = await carry_out(KeepFile(id=found.line.id, what=what, sha256=stored.sha256), actor=None, now=now, source="job")
    # Somebody else may have been first: then his is the one.
    first = data if answer["sha256"] == stored.sha256 else await asyncio.to_thread(_read, store, answer["sha256"])
    return first or data


def _read(store: Store, sha: str) -> bytes | None:
    try:
        with store.open(sha) as file:
            return file.read()
    except FileNotFoundError:
        return None


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
        wanted = [what for what in WHAT if not (found.line.pdf if what == "pdf" else found.line.xlsx)]
        for what in wanted:
            await kept(found, what, store_of(self._settings.data), self._settings.place, now)
        return len(wanted)
