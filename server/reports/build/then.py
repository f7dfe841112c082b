"""The organisation as it was when a period ended, so that a report of the past says in years who worked where that day.

The tables know how people and units are now; the audit chain knows what happened to them since. Whatever did is taken back here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
import orjson

from server.people.directory import Directory
from server.storage.engine import rows

KINDS: Final = ("person", "unit")


async def directory_at(end: datetime, now: Directory) -> Directory:
    """``now`` without what happened to people and units at ``end`` or later; ``now`` itself where nothing did, or no book was kept then.

    Who oversees what has days of its own, and stays.
    """
    found = await rows(
        "SELECT kind, subject, before FROM audit_entry WHERE kind IN ($1, $2) AND at >= $3 "
        "AND (SELECT at FROM audit_entry ORDER BY seq LIMIT 1) < $3 ORDER BY seq DESC",
        *KINDS,
        end,
    )
    return taken_back(now, found) if found else now


def taken_back(now: Directory, entries: Iterable[Mapping[str, Any]]) -> Directory:
    """The directory before these entries of the chain, the latest of which comes first.

    Whoever came since is in no unit, and a unit founded since is closed: neither has a line, unless something was counted there.
    """
    people, units = dict(now.people), dict(now.units)
    for one in entries:
        before = orjson.loads(one["before"])
        if one["kind"] == "person" and one["subject"] in people:
            facts = before or {"unit": None}
            people[one["subject"]] = msgspec.structs.replace(people[one["subject"]], **facts)
        elif one["kind"] == "unit" and one["subject"] in units:
            facts = before or {"active": False}
            units[one["subject"]] = msgspec.structs.replace(units[one["subject"]], **facts)
    return Directory(now.version, units.values(), people.values(), now.fields.values(), now.oversight, now.delegations)
