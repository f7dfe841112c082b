"""How long answers are made short on the way."""

import gzip
from typing import Final

import brotli

#: Below this (bytes) a compressed answer costs more than it saves.
WORTH: Final = 1024
#: Brotli looks back over a whole page, so that an identifier that came before costs next to nothing: two thirds of what gzip needs.
#: Browsers offer it over https; a first copy of a large office takes it some hundredths of a second.
BROTLI_QUALITY: Final = 5
#: A replica is fetched over a phone's line: a few milliseconds more here save more there.
GZIP_LEVEL: Final = 6


def compressed(body: bytes, accepted: str) -> tuple[bytes, str]:
    """The body as it is sent and the name of its encoding, empty where it goes as it is. ``accepted``: the client's Accept-Encoding."""
    if len(body) > WORTH:
        taken = _taken(accepted)
        if "br" in taken:
            return brotli.compress(body, quality=BROTLI_QUALITY), "br"
        if "gzip" in taken:
            return gzip.compress(body, GZIP_LEVEL, mtime=0), "gzip"
    return body, ""


def _taken(accepted: str) -> set[str]:
    """The encodings that a client takes: ``gzip, br;q=0.5, zstd;q=0`` are two."""
    found = set()
    for one in accepted.lower().split(","):
        name, _, weight = one.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(name.strip())
    return found
