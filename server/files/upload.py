"""A file that a device sends in pieces: ``PUT /files/{sha256}`` with ``Content-Range``, as often as its line breaks."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from typing import Final

import msgspec

from server.errors import Refusal
from server.files.pieces import Pieces
from server.files.rules import MEGABYTE

_RANGE: Final = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
#: Bytes that are written, and safe, at a time.
AT_ONCE: Final = MEGABYTE


class Piece(msgspec.Struct, frozen=True):
    """Bytes ``first`` to ``last``, both included, of ``total``. Without ``Content-Range`` the body is the whole: nothing is known of it."""

    first: int = 0
    last: int | None = None
    total: int | None = None


def piece_of(content_range: str | None) -> Piece:
    """What a request says it carries. Raises Refusal (invalid) for what can't be read."""
    if content_range is None:
        return Piece()
    match = _RANGE.fullmatch(content_range.strip())
    if match is None:
        raise Refusal("invalid", "files.range_bad", field="files")
    first, last, total = (int(one) for one in match.groups())
    if not first <= last < total:
        raise Refusal("invalid", "files.range_bad", field="files")
    return Piece(first, last, total)


async def receive(pieces: Pieces, sha: str, body: AsyncIterator[bytes], piece: Piece, *, by: str, limit: int) -> int:
    """Add a piece while it arrives; how many bytes of the file are here now. What arrived before the line broke stays.

    Refusal (invalid) if the body is longer or shorter than it said.
    """
    at, waiting = piece.first, bytearray()

    async def write() -> None:
        nonlocal at
        if waiting:
            await asyncio.to_thread(pieces.add, sha, by, at, io.BytesIO(bytes(waiting)), limit)
            at += len(waiting)
            waiting.clear()

    end = None if piece.last is None else piece.last + 1
    try:
        async for chunk in body:
            waiting += chunk
            if end is not None and at + len(waiting) > end:
                waiting.clear()
                raise Refusal("invalid", "files.length_bad", field="files")
            if len(waiting) >= AT_ONCE:
                await write()
    finally:
        await write()
    if end is not None and at != end:
        raise Refusal("invalid", "files.length_bad", field="files")
    return await asyncio.to_thread(pieces.received, sha, by)
