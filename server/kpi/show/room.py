"""A room's month: a row a person."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from server.kpi.queries.periods import PeriodFacts
from server.kpi.queries.room import Room, Row
from server.kpi.rules.ruleset import BANDS
from server.kpi.show import values
from server.people.directory import Directory
from server.tasks.show.values import person_in
from server.words import say

STATES = ("open", "self_scored", "confirmed", "closed")


def room_context(room: Room, directory: Directory) -> dict[str, Any]:
    """The rows by rank, and how many are how far."""
    ranked = {person: place for place, person in enumerate(directory.people)}
    rows = sorted(room.rows, key=lambda one: ranked.get(one.person, len(ranked)))
    rated = Counter(one.band for one in rows if not one.away and not values.unrated(one.state))
    return {
        "period": values.period(room.period),
        "rows": [row_of(one, room.period, directory) for one in rows],
        "counts": [
            {"label": values.state(name)["label"], "count": room.counts[name], "kind": values.STATES[name][0]}
            for name in STATES
            if room.counts.get(name)
        ],
        "bands": [{"label": say(f"kpi.page.band.{name}"), "count": rated[name]} for name in BANDS if rated[name]],
        "people": len(rows),
    }


def row_of(row: Row, period: PeriodFacts, directory: Directory) -> dict[str, Any]:
    """One person's line."""
    unit = directory.units.get(row.unit or "")
    address = f"/kpi/people/{row.person}/{period.id}"
    return {
        "person": person_in(directory, row.person),
        "unit": unit.short if unit else "",
        "href": address,
        "place": f"confirm-{row.person}",
        "a": values.percent(row.a),
        "b": values.percent(row.b),
        "c": values.percent(row.c),
        "general": values.points(row.general, 2),
        "total": values.points(row.total),
        "band": None if values.unrated(row.state) else values.band(row.band),
        "state": values.state(row.state),
        "away": say(f"kpi.page.away.{row.away}") if row.away else "",
        "missing": "" if row.away else missing(row.missing),
        "lines": row.lines,
        "waiting": row.waiting,
        "outside": row.outside,
        "late": row.late,
        "confirmed": row.state == "confirmed",
        "may_confirm": row.may_confirm and period.state == "open" and not row.away,
        # What the person said of himself may stand as it is: one press, nothing typed. A leader wants đ and e besides.
        "as_is": row.may_confirm and period.state == "open" and row.state == "self_scored" and row.duty == "officer",
    }


def missing(names: Iterable[str]) -> str:
    """What is not there yet, in a few words."""
    return ", ".join(say(f"kpi.page.short.{name}") for name in names)


def unit_choices(units: Iterable[str], period: str, chosen: str | None, directory: Directory) -> list[dict[str, Any]]:
    """The units to look at."""
    found: list[dict[str, Any]] = [{"href": f"/kpi/room?period={period}", "label": say("kpi.page.all_units"), "current": chosen is None}]
    for one in units:
        unit = directory.units.get(one)
        if unit is not None:
            found.append({"href": f"/kpi/room?period={period}&unit={one}", "label": unit.short, "current": one == chosen})
    return found if len(found) > 2 else []
