"""How long answers are made short on the way."""

import gzip
from typing import Final

#: Below this (bytes) a compressed answer costs more than it saves.
WORTH: Final = 1024
#: A replica is fetched over a phone's line: a few milliseconds more here save more there.
GZIP_LEVEL: Final = 6


def compressed(body: bytes, accepted: str) -> tuple[bytes, str]:
    """The body as it is sent and the name of its encoding, empty where it goes as it is. ``accepted``: the client's Accept-Encoding."""
    if len(body) > WORTH and "gzip" in accepted:
        return gzip.compress(body, GZIP_LEVEL, mtime=0), "gzip"
    return body, ""
