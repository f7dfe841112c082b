"""From an upload to a kept file: looked at, tidied, stored, written down."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final, TypeVar

import msgspec
from litestar.datastructures import UploadFile

from server.errors import Refusal
from server.files import pictures, rules
from server.files.commands import keep
from server.files.pieces import Pieces
from server.files.sniff import sniff
from server.files.store import Readable, Staged, Store
from server.storage.transaction import Source, transaction
from server.words import say


class Taken(msgspec.Struct, frozen=True):
    """A file that is kept. ``sha256`` names it from now on; ``sent`` is the hash of the sender's copy (a picture is written anew)."""

    sha256: str
    sent: str
    name: str
    size: int
    type: str
    width: int | None
    height: int | None
    thumb: str | None


# Two at a time: a picture may take hundreds of megabytes while it is decoded. A pool of its own, because the common one also
# carries the commits of the database, and they must not wait for pictures.
_workers: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="files")


T = TypeVar("T")


async def in_worker(work: Callable[[], T]) -> T:
    """Run what blocks, and may take much memory, beside the event loop; two at a time."""
    return await asyncio.get_running_loop().run_in_executor(_workers, work)


async def take_uploads(
    store: Store,
    uploads: Iterable[object],
    *,
    by: str,
    now: datetime,
    limit: int = rules.DEFAULT_LIMIT,
    source: Source = "page",
) -> list[Taken]:
    """Keep the files of a form for person ``by``; they hang on nothing yet and only he sees them.

    Anything in ``uploads`` that is not a file with a name is what a browser sends for an empty field, and is passed over.
    ``limit``: bytes a file. Refusal (invalid), field ``files``, at the first one that is not welcome; then none of them is written down.
    """
    files = [upload for upload in uploads if isinstance(upload, UploadFile) and upload.filename]
    if len(files) > rules.MOST_FILES:
        raise Refusal("invalid", "files.too_many", field="files", most=rules.MOST_FILES)
    loop = asyncio.get_running_loop()
    taken = [await loop.run_in_executor(_workers, take, store, upload.file, upload.filename, limit) for upload in files]
    if taken:
        async with transaction(actor=by, now=now, source=source) as tx:
            for one in taken:
                await keep(tx, one, by=by)
    return taken


async def take_whole(store: Store, pieces: Pieces, sha: str, name: str, *, by: str, now: datetime) -> Taken:
    """Keep a file all of whose pieces are here. Refusal (invalid) if they are not what their name says, or not welcome."""

    def take() -> Taken:
        try:
            with pieces.whole(sha, by) as staged:
                return take_staged(store, staged, name)
        except FileNotFoundError:
            # Two sent the last piece at one moment, and the other one was first.
            raise Refusal("conflict", "files.piece_at_once") from None

    taken = await in_worker(take)
    async with transaction(actor=by, now=now, source="sync") as tx:
        await keep(tx, taken, by=by)
    return taken


def take(store: Store, source: bytes | Readable, name: str, limit: int) -> Taken:
    """Look at a file and put it into the store, with its thumbnail. Blocks. It has no row yet: ``commands.keep`` writes that."""
    with store.staged(source, limit) as staged:
        return take_staged(store, staged, name)


def take_staged(store: Store, staged: Staged, name: str) -> Taken:
    """As ``take``, for a content that is on disk already (``pieces.Pieces.whole``)."""
    shown = " ".join(name.split())[:120]
    media_type = sniff(staged.path, shown)
    if not rules.KINDS[media_type].picture:
        store.keep(staged)
        clean = rules.clean_name(name, media_type, say("files.unnamed"))
        return Taken(staged.sha256, staged.sha256, clean, staged.size, media_type, None, None, None)
    picture = pictures.tidy(staged.path, media_type, shown)
    kept = store.put(picture.content, len(picture.content))
    thumb = store.put(picture.thumb, len(picture.thumb))
    clean = rules.clean_name(name, picture.media_type, say("files.unnamed"))
    return Taken(kept.sha256, staged.sha256, clean, kept.size, picture.media_type, picture.width, picture.height, thumb.sha256)
