"""Which bytes a request wants: RFC 9110, sections 13 and 14, for one range."""

import re
from typing import Literal

import msgspec

#: No file has a place of more digits, and Python reads no number of thousands of them.
_ONE_RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.IGNORECASE)


class Part(msgspec.Struct, frozen=True):
    """Bytes ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


def wanted(header: str | None, size: int) -> Part | Literal["whole", "unsatisfiable"]:
    """What ``Range`` asks of a file of ``size`` bytes. What can't be read, or asks for several, gets the whole."""
    match = _ONE_RANGE.fullmatch(header.strip()) if header else None
    if match is None:
        return "whole"
    start, end = match.groups()
    if not start:
        if not end:
            return "whole"
        count = min(int(end), size)
        return Part(size - count, size - 1) if count else "unsatisfiable"
    first = int(start)
    if end and int(end) < first:
        return "whole"
    if first >= size:
        return "unsatisfiable"
    return Part(first, min(int(end), size - 1) if end else size - 1)


def matches(header: str | None, etag: str, *, weak: bool) -> bool:
    """Whether ``etag`` is among those of the header. ``weak``: ``W/`` counts as well (If-None-Match), else it does not (If-Range)."""
    if header is None:
        return False
    given = [tag.strip() for tag in header.split(",")]
    if weak:
        return "*" in given or etag in [tag.removeprefix("W/") for tag in given]
    return etag in given
