"""Identifiers and the clock: the two things that rules get as arguments."""

import os
import time
import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

#: The clock of the office; days are days of this place.
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def new_id() -> str:
    """A UUID of version 7 (RFC 9562): milliseconds first, so that identifiers sort by the time of their making."""
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def is_id(text: object) -> bool:
    """Whether ``text`` is an identifier in the one spelling that is stored: lower case, with hyphens."""
    if not isinstance(text, str) or len(text) != 36:
        return False
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
