"""What runs later: what was sent and never used goes."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from server.files.pieces import Pieces
from server.files.store import Store
from server.files.tables import File, Upload
from server.storage.engine import rows
from server.storage.transaction import transaction

UNUSED: Final = timedelta(days=7)
#: Contents without a row, and what began to arrive and never did: a kill between two steps leaves them. No upload takes a day.
UNFINISHED: Final = timedelta(days=1)


async def sweep(store: Store, *, now: datetime, older_than: timedelta = UNUSED) -> int:
    """Remove files that hang on nothing and that nobody sent again for ``older_than``; how many contents went, thumbnails included.

    The rows go first, in their own transaction: a kill leaves contents without a row, which the next sweep finds, and never a row without
    its content.
    """
    async with transaction(actor=None, now=now, source="job") as tx:
        gone = await File.delete().where((File.attached.eq(False)) & (File.sent_at < now - older_than)).returning(File.id)
        shas = [row["id"] for row in gone]
        if shas:
            await Upload.delete().where(Upload.file.is_in(shas))
        for sha in shas:
            tx.audit("sweep", "file", sha)
    here = await asyncio.to_thread(_tidy, store)
    known = {value for row in await rows("SELECT id, thumb FROM file") for value in row.values()}
    return await asyncio.to_thread(_remove, store, here - known)


def _tidy(store: Store) -> set[str]:
    store.remove_unfinished(UNFINISHED.total_seconds())
    Pieces(store).remove_abandoned(UNUSED.total_seconds())
    return set(store.contents())


def _remove(store: Store, shas: set[str]) -> int:
    return sum(store.remove_older(sha, UNFINISHED.total_seconds()) for sha in shas)
