"""What can be chosen above a report: the kind of period, the one before and after, a recent one, a unit of the tree."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from server.ledger.grains import GRAINS, Period
from server.people.directory import Directory, UnitFacts
from server.reports.page.asked import Asked
from server.reports.words import period_label, short_label
from server.words import say

#: How many recent ones are listed.
RECENT: Final = {"w": 13, "m": 13, "q": 8, "y": 5}
#: What stands before the name of a unit for each unit above it: a list of choices keeps no other indent.
INDENT: Final = "\N{EM SPACE}"


def choices(asked: Asked, directory: Directory, today: date) -> dict[str, Any]:
    """Everything above the report. What has not begun is not offered."""
    period = asked.period
    seen = min(period.last, today)
    return {
        "grains": [
            {
                "href": asked.address(period=Period.of(grain, seen)),
                "label": say(f"report_page.grain.{grain}"),
                "current": grain == period.grain,
            }
            for grain in GRAINS
        ],
        "earlier": {"href": asked.address(period=period.before), "label": short_label(period.before)},
        "later": {"href": asked.address(period=period.after), "label": short_label(period.after)} if period.after.start <= today else None,
        "periods": [{"value": one.code, "label": period_label(one)} for one in recent(period, today)],
        "units": [
            {"value": unit.id, "label": INDENT * depth + unit.name}
            for depth, unit in tree(directory)
            if unit.active or unit.id == asked.unit
        ],
        "value": {"period": period.code, "unit": asked.unit},
    }


def recent(period: Period, today: date) -> list[Period]:
    """The last ones of this kind, the newest first, with the one that is shown."""
    found = [Period.of(period.grain, today)]
    while len(found) < RECENT[period.grain]:
        found.append(found[-1].before)
    return found if period in found else [*found, period]


def tree(directory: Directory) -> Iterator[tuple[int, UnitFacts]]:
    """Every unit below its own parent, with how deep it stands."""
    below: dict[str | None, list[UnitFacts]] = {}
    for unit in sorted(directory.units.values(), key=lambda one: (one.sort, one.name)):
        below.setdefault(unit.parent if unit.parent in directory.units else None, []).append(unit)

    def walk(parent: str | None, depth: int) -> Iterator[tuple[int, UnitFacts]]:
        for unit in below.get(parent, []):
            yield depth, unit
            yield from walk(unit.id, depth + 1)

    return walk(None, 0)
