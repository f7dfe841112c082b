"""Rows of the copy as the database has them, some at a time: nobody holds all of somebody's ten years at once."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from server.reports.person.shapes import Part
from server.storage.engine import Row, row, rows

#: Rows of one question.
AT_ONCE: Final = 500
#: What says since when there are rows of a part; the first of these that it has.
BEGUN: Final = ("created_at", "made_at", "added_at", "at", "seen_at", "changed_at", "since", "day")
#: The name under which the key of a row comes along.
KEY: Final = "_key"


def _listed(part: Part) -> str:
    found = [f'x."{column}"' for column in part.columns]
    found += [f'{sql} AS "{name}"' for name, sql in part.more.items()]
    return ", ".join([*found, f'x."{part.key}" AS "{KEY}"'])


async def batches(part: Part, person: str, size: int = AT_ONCE) -> AsyncIterator[list[Row]]:
    """The rows of a part, in the order of its key."""
    first = f'SELECT {_listed(part)} FROM "{part.table}" x WHERE {part.where}'
    order = f' ORDER BY x."{part.key}" LIMIT {size}'
    found = await rows(first + order, person)
    while found:
        yield found
        if len(found) < size:
            return
        found = await rows(f'{first} AND x."{part.key}" > $2{order}', person, found[-1][KEY])


async def count(part: Part, person: str) -> int:
    """How many rows there are."""
    found = await row(f'SELECT count(*) AS n FROM "{part.table}" x WHERE {part.where}', person)
    return int(found["n"]) if found else 0


async def begun(part: Part, person: str) -> datetime | None:
    """When the oldest row was made; None where there is none, or where the table does not say."""
    column = next((one for one in BEGUN if one in part.columns and part.kind(one) == "moment"), None)
    if column is None:
        return None
    asked = f'SELECT x."{column}" AS at FROM "{part.table}" x WHERE {part.where} AND x."{column}" IS NOT NULL ORDER BY x."{column}" LIMIT 1'
    found = await row(asked, person)
    return found["at"] if found else None
