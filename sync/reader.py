"""Who pulls, and what he may see, for the queries of the kinds."""

from datetime import date, datetime
from typing import Any, Final

import msgspec

from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.people.rules import Person
from server.settings import Settings
from server.storage.ids import LOCAL
from server.tasks.queries.scope import Where, seen, visible

Row = dict[str, Any]
UNSET: Final = Settings()
#: Rows of one kind, each with its identifier.
Found = list[tuple[str, Row]]


class Reader(msgspec.Struct, frozen=True):
    """The person at the other end, at one moment."""

    actor: Person
    directory: Directory
    today: date
    now: datetime
    settings: Settings = UNSET

    @property
    def id(self) -> str:
        """The person."""
        return self.actor.id

    def visible(self) -> Where:
        """Conditions on a task ``t``: he sees it, and it is not in the bin."""
        return visible(Where(), self.actor, self.today, self.directory)

    def seen(self) -> Where:
        """The same with the bin."""
        return seen(Where(), self.actor, self.today, self.directory)


async def reader_of(person: str, now: datetime, settings: Settings = UNSET) -> Reader:
    """The person by the organisation of this moment. Raises KeyError for a stranger."""
    known = await read_directory()
    return Reader(known.actor(person), known, now.astimezone(LOCAL).date(), now, settings)


class Ask(msgspec.Struct, frozen=True):
    """Which rows of a kind: those named, those of some tasks, or the next ``limit`` after an identifier.

    ``recent`` is for what only ever grows: of these tasks what has a number above ``since``.
    """

    ids: list[str] | None = None
    tasks: list[str] | None = None
    recent: list[str] | None = None
    since: int = 0
    after: str = ""
    limit: int | None = None

    def put(self, where: Where, table: str, task: str = "") -> str:
        """Add the conditions; the SQL that follows them. ``task`` is the column that names a row's task."""
        if self.ids is not None or self.tasks is not None:
            either = [_among(where, f"{table}.id", self.ids)] if self.ids else []
            if self.tasks and task:
                either.append(_among(where, task, self.tasks))
            where.conditions.append(f"({' OR '.join(either)})" if either else "FALSE")
        else:
            where.add(f"{table}.id > {{}}", self.after)
        return f"ORDER BY {table}.id" + (f" LIMIT {int(self.limit)}" if self.limit is not None else "")


def _among(where: Where, column: str, values: list[str]) -> str:
    return f"{column} IN ({', '.join(where.value(one) for one in values)})"


def moment(value: datetime | None) -> str | None:
    """``2026-11-23T08:15:00.000+07:00``."""
    return value.astimezone(LOCAL).isoformat(timespec="milliseconds") if value else None


def day(value: date | None) -> str | None:
    """``2026-11-23``."""
    return value.isoformat() if value else None


def amount(thousandths: int | None) -> Any:
    """A number from thousandths, whole where it is."""
    if thousandths is None:
        return None
    return thousandths // 1000 if thousandths % 1000 == 0 else thousandths / 1000
