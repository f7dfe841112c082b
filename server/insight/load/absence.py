"""Leave and standing duties, read for pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.storage.engine import places, rows


async def leaves_of(people: Sequence[str], since: date) -> list[dict[str, Any]]:
    """What these people have entered that is not over on this day, the next one first."""
    if not people:
        return []
    return await rows(
        f"SELECT * FROM leave WHERE ended_at IS NULL AND until >= $1 AND person IN ({places(len(people), 2)}) ORDER BY since, id",
        since,
        *people,
    )


async def duties_of(people: Sequence[str], since: date) -> list[dict[str, Any]]:
    """Their standing duties that are not over on this day."""
    if not people:
        return []
    return await rows(
        f"SELECT * FROM duty WHERE (until IS NULL OR until >= $1) AND person IN ({places(len(people), 2)}) ORDER BY since, id",
        since,
        *people,
    )


async def away(people: Sequence[str], since: date, until: date) -> list[dict[str, Any]]:
    """Who of them is away between two days, and when: leave entered here and absences of the KPI, without what kind of leave it is."""
    if not people:
        return []
    among = f"person IN ({places(len(people), 3)})"
    found = await rows(
        f"SELECT person, since, until, part FROM leave WHERE ended_at IS NULL AND until >= $1 AND since <= $2 AND {among}",
        since,
        until,
        *people,
    )
    found += await rows(
        "SELECT person, since, until, 'whole' AS part FROM kpi_away WHERE withdrawn_at IS NULL AND (until IS NULL OR until >= $1) "
        f"AND since <= $2 AND {among}",
        since,
        until,
        *people,
    )
    return sorted(found, key=lambda one: (one["since"], one["person"]))
