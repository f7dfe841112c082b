"""How an entry of the chain is hashed and how the chain is checked."""

import hashlib
from collections.abc import Iterable
from datetime import UTC
from typing import Any

import orjson

#: The hash before the first entry.
START = "0" * 64

COVERED = ("seq", "actor", "on_behalf", "source", "action", "kind", "subject", "before", "after", "previous")


def digest(entry: dict[str, Any]) -> str:
    """SHA-256 over everything that the entry says, its moment in UTC to the microsecond."""
    said = {name: entry[name] for name in COVERED}
    said["at"] = entry["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def first_break(entries: Iterable[dict[str, Any]], previous: str = START, seq: int = 0) -> int | None:
    """The number of the first entry that does not follow from the one before it, or None."""
    for entry in entries:
        seq += 1
        if entry["seq"] != seq or entry["previous"] != previous or entry["hash"] != digest(entry):
            return seq
        previous = entry["hash"]
    return None
