"""What is read of the chain."""

from collections.abc import AsyncIterator, Collection
from typing import Any

from server.audit.chain import START, first_break
from server.storage.engine import places, rows

#: More than the number of any entry.
LAST = 2**62
COLUMNS = "seq, at, actor, on_behalf, source, action, kind, subject, before, after, previous, hash"


async def of_subject(
    kind: str, subject: str, limit: int = 60, before: int | None = None, without: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The entries of one thing, newest first; ``before`` is the number to go on from, ``without`` are actions that are left out."""
    left_out = f"AND action NOT IN ({places(len(without), 5)}) " if without else ""
    return await rows(
        "SELECT seq, at, actor, on_behalf, source, action, before, after FROM audit_entry "
        f"WHERE kind = $1 AND subject = $2 AND seq < $3 {left_out}ORDER BY seq DESC LIMIT $4",
        kind,
        subject,
        min(before or LAST, LAST),
        limit,
        *sorted(without),
    )


async def _pages(size: int) -> AsyncIterator[list[dict[str, Any]]]:
    last = 0
    while page := await rows(f"SELECT {COLUMNS} FROM audit_entry WHERE seq > $1 ORDER BY seq LIMIT $2", last, size):
        yield page
        last = page[-1]["seq"]


async def broken_at(size: int = 2000) -> int | None:
    """The number of the first entry that was changed after it was written, or None if the chain is whole."""
    previous, seq = START, 0
    async for page in _pages(size):
        broken = first_break(page, previous, seq)
        if broken is not None:
            return broken
        previous, seq = page[-1]["hash"], page[-1]["seq"]
    return None
