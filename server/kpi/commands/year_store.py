"""What the commands of a year share: its lock, a person's row, and bringing rows that are not decided in line with the record."""

from collections.abc import Iterable
from typing import Any

import msgspec

from server.errors import Refusal
from server.kpi.queries.year_book import YearBook, YearOf, year_book
from server.kpi.rules.rollup import MonthFacts
from server.kpi.tables import KpiYear
from server.storage.engine import Row, insert, is_sqlite, rows
from server.storage.transaction import Transaction, as_json

#: With the year, the number of the advisory lock that whatever changes ratings of that year takes on PostgreSQL.
YEAR_LOCK = 5_717_718
LONG_TEXT = 5000
SHORT_TEXT = 300


async def locked_book(tx: Transaction, year: int) -> YearBook:
    """The year, with nobody else changing its ratings until the commit. Raises Refusal ``not_found`` for a year that can't be."""
    if not is_sqlite() and 0 < year < 10_000:
        await rows("SELECT pg_advisory_xact_lock($1::int, $2::int)", YEAR_LOCK, year)
    return await year_book(year, tx.now)


def months_json(months: Iterable[MonthFacts]) -> str:
    """Months as a row keeps them."""
    return as_json([{**msgspec.structs.asdict(one), "note": one.away} for one in months])


def computed_values(book: YearBook, found: YearOf) -> dict[str, Any]:
    """The columns that the record makes."""
    rating = found.result.rating
    return {
        "unit": found.unit,
        "title": book.directory.people[found.person].title,
        "group_name": found.group,
        "months": months_json(found.months),
        "mean": rating.mean,
        "band": rating.band,
        "why": rating.why,
    }


async def update(row: Row, values: dict[str, Any]) -> None:
    """Store new values of a row."""
    row.update(values)
    await KpiYear.update({getattr(KpiYear, name): value for name, value in values.items()}).where(KpiYear.id == row["id"])


def new_row(tx: Transaction, book: YearBook, person: str) -> Row:
    """A draft, not stored yet."""
    return {"id": tx.new_id(), "year": book.year, "person": person, "state": "draft", **computed_values(book, book.of(person))}


async def row_of(tx: Transaction, book: YearBook, person: str) -> Row:
    """The person's current row; a draft is made where there is none yet. Raises Refusal ``not_found`` for a stranger."""
    found = book.of(person)
    if found.stored is not None:
        return found.stored
    made = new_row(tx, book, person)
    await insert(KpiYear, made)
    return made


async def refresh(tx: Transaction, book: YearBook, people: Iterable[str]) -> tuple[int, int]:
    """Bring drafts and self-rated rows in line with the record; what was decided stays. Answers how many were made and changed."""
    made: list[Row] = []
    changed = 0
    for person in people:
        found = book.of(person)
        if found.stored is None:
            made.append(new_row(tx, book, person))
        elif not found.settled:
            values = computed_values(book, found)
            if any(found.stored[name] != value for name, value in values.items()):
                await update(found.stored, values)
                changed += 1
    await insert(KpiYear, *made)
    return len(made), changed


def text(given: str, field: str, most: int, *, required: str = "") -> str:
    """A text, trimmed. Raises Refusal ``invalid`` where it is too long, or empty and ``required`` (the key that says so)."""
    trimmed = given.strip()
    if required and not trimmed:
        raise Refusal("invalid", required, field=field)
    if len(trimmed) > most:
        raise Refusal("invalid", "kpi.year.too_long", field=field, most=most)
    return trimmed
