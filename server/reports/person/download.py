"""A copy over HTTP: whole, or the rest of it after a cut; never loaded into memory."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse

from server.files import ranges, rules
from server.files.serve import Asked
from server.files.store import CHUNK

ZIP: Final = "application/zip"


def answer(path: Path, mark: str, name: str, asked: Asked) -> ASGIResponse:
    """200, 206, 304 or 416. ``mark`` names the content: what is under it never changes. FileNotFoundError if it is not there."""
    size = path.stat().st_size
    etag = f'"{mark}"'
    # Somebody's whole data stay in no browser's store and at no proxy.
    headers = {"ETag": etag, "Cache-Control": "private, no-store", "Accept-Ranges": "bytes", **rules.safety_headers(ZIP)}
    if ranges.matches(asked.if_none_match, etag, weak=True):
        return ASGIResponse(status_code=304, headers=headers, is_head_response=asked.head)
    part: ranges.Part | str = "whole"
    if not asked.head and (asked.if_range is None or ranges.matches(asked.if_range, etag, weak=False)):
        part = ranges.wanted(asked.range, size)
    if part == "unsatisfiable":
        return ASGIResponse(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers |= {"Content-Type": ZIP, "Content-Disposition": rules.disposition(name, ZIP)}
    first, length, status = 0, size, 200
    if isinstance(part, ranges.Part):
        first, length, status = part.first, part.length, 206
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    headers["Content-Length"] = str(length)
    return ASGIStreamingResponse(status_code=status, headers=headers, iterator=_pieces(path, first, length), is_head_response=asked.head)


async def _pieces(path: Path, start: int, length: int) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    try:
        file.seek(start)
        while length and (piece := await asyncio.to_thread(file.read, min(CHUNK, length))):
            length -= len(piece)
            yield piece
    finally:
        file.close()
