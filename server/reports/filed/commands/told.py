"""Who is told of a filed report, and what."""

from datetime import date
from typing import Any

from server.ledger.grains import Period
from server.people.directory import Directory
from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS
from server.reports.filed.rules import may_file
from server.reports.words import period_label


def writers(known: Directory, unit: str, at: date) -> list[str]:
    """Who is told of a draft: a room's leaders; of the centre's, and of a room's without leaders, the director and his delegates."""
    if known.units[unit].kind == "room":
        leaders = [one.id for one in known.people.values() if one.active and one.unit == unit and one.position in ROOM_LEADERS]
        if leaders:
            return leaders
    path = known.path(unit)
    found = []
    for one in known.people.values():
        if one.active and known.centre_of(one.unit) in path:
            right = may_file(known.actor(one.id), path, at)
            if right and (one.position == "director" or right.on_behalf):
                found.append(one.id)
    return found


def readers(known: Directory, unit: str) -> list[str]:
    """Who is told of a fixed report: the leaders of the unit, of those below it, and of the centre."""
    centre = known.centre_of(unit)
    leaders = [one for one in known.people.values() if one.active and one.position in (*CENTRE_LEADERS, *ROOM_LEADERS)]
    return [
        one.id
        for one in leaders
        if unit in known.path(one.unit) or (one.position in CENTRE_LEADERS and known.centre_of(one.unit) == centre)
    ]


def told(known: Directory, unit: str, period: Period) -> dict[str, Any]:
    """What the message says."""
    return {"unit": known.units[unit].name, "when": period_label(period), "period": period.code}
