"""A kept file over HTTP: whole, in part, or "you have it already"; never loaded into memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
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
    return answer_path(store.path(sha), size, sha, media_type, name, asked, CACHE)


def answer_path(
    path: Path,
    size: int,
    mark: str,
    media_type: str,
    name: str,
    asked: Asked,
    cache: str = "private, no-cache",
    changed: datetime | None = None,
    saved: bool = False,
) -> ASGIResponse:
    """The same for a file that lies elsewhere: ``mark`` is another one for any other content. ``changed``: since when it is so.

    ``saved``: it goes to the downloads, so that the page that led to it stays.
    """
    etag = f'"{mark}"'
    headers = {"ETag": etag, "Cache-Control": cache, "Accept-Ranges": "bytes", **rules.safety_headers(media_type)}
    modified = format_datetime(changed.astimezone(UTC), usegmt=True) if changed is not None else None
    if modified is not None:
        headers["Last-Modified"] = modified
    if ranges.matches(asked.if_none_match, etag, weak=True):
        return ASGIResponse(status_code=304, headers=headers, is_head_response=asked.head)
    headers |= {"Content-Type": media_type, "Content-Disposition": rules.disposition(name, media_type, saved=saved)}
    part: ranges.Part | str = "whole"
    # Range is defined for GET alone; If-Range with anything but this content means "then the whole".
    same = asked.if_range is None or asked.if_range == modified or ranges.matches(asked.if_range, etag, weak=False)
    if not asked.head and same:
        part = ranges.wanted(asked.range, size)
    if part == "unsatisfiable":
        headers = {name: value for name, value in headers.items() if name not in ("Content-Type", "Content-Disposition", "Cache-Control")}
        return ASGIResponse(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}", "Cache-Control": "no-store"})
    if isinstance(part, ranges.Part):
        headers |= {"Content-Range": f"bytes {part.first}-{part.last}/{size}", "Content-Length": str(part.length)}
        return ASGIStreamingResponse(status_code=206, headers=headers, iterator=_pieces(path, part.first, part.length))
    headers["Content-Length"] = str(size)
    return ASGIStreamingResponse(status_code=200, headers=headers, iterator=_pieces(path, 0, size), is_head_response=asked.head)


async def _pieces(path: Path, start: int, length: int) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    try:
        file.seek(start)
        while length and (piece := await asyncio.to_thread(file.read, min(CHUNK, length))):
            length -= len(piece)
            yield piece
    finally:
        file.close()
