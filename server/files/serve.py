"""A kept file over HTTP: whole, in part, or "you have it already"; never loaded into memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

import msgspec
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse

from server.errors import Refusal
from server.files import ranges, rules
from server.files.store import CHUNK, Store

#: The address is the content, so it never changes; ``private``, because the next person at a proxy is another person.
CACHE: Final = "private, max-age=31536000, immutable"


class Asked(msgspec.Struct, frozen=True):
    """What a request says about how it wants a file."""

    head: bool = False
    range: str | None = None
    if_none_match: str | None = None
    if_range: str | None = None

    @classmethod
    def of(cls, method: str, headers: Mapping[str, str]) -> "Asked":
        """From a request."""
        return cls(method == "HEAD", headers.get("range"), headers.get("if-none-match"), headers.get("if-range"))


def answer(store: Store, sha: str, media_type: str, name: str, asked: Asked) -> ASGIResponse:
    """The answer: 200, 206, 304 or 416. Refusal (gone) if the content is lost. Whether the reader may have it was asked before."""
    try:
        size = store.size(sha)
    except FileNotFoundError:
        raise Refusal("gone", "files.content_gone") from None
    etag = f'"{sha}"'
    headers = {"ETag": etag, "Cache-Control": CACHE, "Accept-Ranges": "bytes", **rules.safety_headers(media_type)}
    if ranges.matches(asked.if_none_match, etag, weak=True):
        return ASGIResponse(status_code=304, headers=headers, is_head_response=asked.head)
    headers |= {"Content-Type": media_type, "Content-Disposition": rules.disposition(name, media_type)}
    part: ranges.Part | str = "whole"
    # Range is defined for GET alone; If-Range with anything but this content means "then the whole".
    if not asked.head and (asked.if_range is None or ranges.matches(asked.if_range, etag, weak=False)):
        part = ranges.wanted(asked.range, size)
    if part == "unsatisfiable":
        headers = {name: value for name, value in headers.items() if name not in ("Content-Type", "Content-Disposition", "Cache-Control")}
        return ASGIResponse(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}", "Cache-Control": "no-store"})
    if isinstance(part, ranges.Part):
        headers |= {"Content-Range": f"bytes {part.first}-{part.last}/{size}", "Content-Length": str(part.length)}
        return ASGIStreamingResponse(status_code=206, headers=headers, iterator=_pieces(store, sha, part.first, part.length))
    headers["Content-Length"] = str(size)
    return ASGIStreamingResponse(status_code=200, headers=headers, iterator=_pieces(store, sha, 0, size), is_head_response=asked.head)


async def _pieces(store: Store, sha: str, start: int, length: int) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(store.open, sha)
    try:
        file.seek(start)
        while length and (piece := await asyncio.to_thread(file.read, min(CHUNK, length))):
            length -= len(piece)
            yield piece
    finally:
        file.close()
