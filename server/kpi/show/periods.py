"""The periods: what is open, how far it is, and what keeps it from closing."""

from datetime import date, datetime
from typing import Any

from server.kpi.queries.periods import PeriodFacts
from server.kpi.queries.room import Room, Row
from server.kpi.show import values
from server.people.directory import Directory
from server.tasks.show.values import moment, name_of
from server.words import say


def period_line(one: PeriodFacts, now: datetime) -> dict[str, Any]:
    """A period in the list."""
    return values.period(one) | {
        "state": say(f"kpi.page.period_state.{one.state}"),
        "opened": moment(one.opened_at, now),
        "closed": moment(one.closed_at, now),
        "reason": one.reason,
        "room": f"/kpi/room?period={one.id}",
    }


def progress(one: PeriodFacts, room: Room, directory: Directory, today: date) -> dict[str, Any]:
    """How far an open period is: bars, and by name what is still owed before it can close."""
    rows = [row for row in room.rows if not row.away]
    total = len(rows)
    scored = sum(row.state != "open" for row in rows)
    confirmed = sum(row.state in ("confirmed", "closed") for row in rows)
    owed = {
        "self": [row for row in rows if row.state == "open"],
        "confirm": [row for row in rows if row.state == "self_scored"],
    }
    without = [row for row in rows if row.total is None or row.state in ("open", "self_scored")]
    return {
        "people": total,
        "scored": scored,
        "confirmed": confirmed,
        "scored_percent": 100 * scored // total if total else 0,
        "confirmed_percent": 100 * confirmed // total if total else 0,
        "away": len(room.rows) - total,
        "owed": {name: [_named(row, one, directory) for row in some] for name, some in owed.items()},
        "no_total": [_named(row, one, directory) for row in rows if row.state == "confirmed" and row.total is None],
        "without": [_named(row, one, directory) for row in without],
        "early": today <= one.ends,
        "ready": confirmed == total and all(row.total is not None for row in rows),
    }


def _named(row: Row, one: PeriodFacts, directory: Directory) -> dict[str, str]:
    unit = directory.units.get(row.unit or "")
    return {
        "id": row.person,
        "name": name_of(directory, row.person),
        "unit": unit.short if unit else "",
        "href": f"/kpi/people/{row.person}/{one.id}",
        "missing": ", ".join(say(f"kpi.page.short.{name}") for name in row.missing),
    }


def next_months(known: list[PeriodFacts], today: date) -> list[dict[str, str]]:
    """What may be opened: the months of this year up to the next one that nobody has opened."""
    have = {(one.year, one.number) for one in known if one.kind == "month"}
    wanted = [(today.year, number) for number in range(1, min(today.month + 1, 12) + 1)]
    if today.month == 12:
        wanted.append((today.year + 1, 1))
    return [
        {"value": f"{year}-{number}", "label": values.period_name("month", year, number)}
        for year, number in reversed(wanted)
        if (year, number) not in have
    ]


def next_quarters(known: list[PeriodFacts], today: date) -> list[dict[str, str]]:
    """The same where the rule set counts by quarters."""
    have = {(one.year, one.number) for one in known if one.kind == "quarter"}
    return [
        {"value": f"{today.year}-{number}", "label": values.period_name("quarter", today.year, number)}
        for number in range((today.month + 2) // 3, 0, -1)
        if (today.year, number) not in have
    ]
