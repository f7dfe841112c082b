"""What is read of files that are on their way."""

from datetime import date, datetime
from typing import Final

import msgspec

from server.people.rules import Person
from server.reports.making.rules import LEASE, PATIENCE, REMEMBERED, State, What
from server.storage.engine import Row, row, rows
from server.storage.transaction import as_json
from server.tasks.queries.scope import scopes

#: So many of one's last ones are listed.
LISTED: Final = 30


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One, as stored."""

    id: str
    person: str
    what: What
    period: str
    unit: str
    filed: str | None
    scopes: str
    state: State
    done: int
    of: int
    said: str
    tries: int
    alive_at: datetime | None
    asked_at: datetime
    ready_at: datetime | None
    gone_at: datetime | None
    fetched_at: datetime | None
    name: str
    size: int
    sha256: str


_SQL: Final = f"SELECT {', '.join(File.__struct_fields__)} FROM report_file".replace(" of,", ' "of",')


def _file(found: Row) -> File:
    return File(**found)


def scopes_of(person: Person, at: date) -> str:
    """Where he sees tasks that day, as it is kept with a file."""
    return as_json(scopes(person, at))


async def file(file_id: str) -> File | None:
    """One of anybody's."""
    found = await row(f"{_SQL} WHERE id = $1", file_id)
    return _file(found) if found else None


async def files_of(person: str) -> list[File]:
    """A person's last ones, the newest first."""
    return [_file(one) for one in await rows(f"{_SQL} WHERE person = $1 ORDER BY asked_at DESC, id DESC LIMIT $2", person, LISTED)]


async def forsaken(now: datetime) -> list[str]:
    """Those that nobody makes: not begun for a while, or begun by somebody who fell silent."""
    found = await rows(
        "SELECT id FROM report_file WHERE (state = 'waiting' AND asked_at < $1) OR (state = 'making' AND alive_at < $2) ORDER BY asked_at",
        now - PATIENCE,
        now - LEASE,
    )
    return [one["id"] for one in found]


async def overdue(now: datetime) -> list[str]:
    """Those that are thrown away now."""
    return [one["id"] for one in await rows("SELECT id FROM report_file WHERE state = 'ready' AND gone_at <= $1", now)]


async def forgotten(now: datetime) -> bool:
    """Whether there is one that is long over."""
    return bool(await rows("SELECT 1 FROM report_file WHERE state IN ('failed', 'gone') AND asked_at < $1 LIMIT 1", now - REMEMBERED))


async def known(ids: set[str]) -> set[str]:
    """Which of these may be fetched."""
    return {one["id"] for one in await rows("SELECT id FROM report_file WHERE state = 'ready'") if one["id"] in ids}
