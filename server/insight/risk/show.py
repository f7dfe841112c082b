"""The context of Nguy cơ; ``static/js/show/risks.js`` says the same on a device."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from server.calendar.rules import WorkingDays
from server.insight.reasons import of_risk
from server.insight.risk.queries import PAGE, Asked, Risky
from server.people.directory import Directory
from server.tasks.show.cards import card
from server.tasks.show.lists import rooms
from server.tasks.show.marks import reasons_by
from server.tasks.show.values import moment, people_groups
from server.words import say

#: The tabs of the page: all, then the bands, the worst first.
TABS = ("", "high", "watch", "low")

reasons_by(of_risk)


def address(asked: Asked, **changes: Any) -> str:
    """The page with these filters; what is default is left out."""
    said = {**msgspec.structs.asdict(asked), **changes}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"/foresight/tasks{'?' + query if query else ''}"


def risks_context(
    found: Risky, asked: Asked, directory: Directory, today: date, now: datetime, days: WorkingDays, *, own: bool
) -> dict[str, Any]:
    """``tasks`` (cards), ``tabs`` (bands with their counts), ``filters`` and ``choices`` (none for who sees only his own), ``pages``,
    ``scored`` (when), ``foreign`` (the model does not know this office), ``empty``."""
    more = len(found.rows) > PAGE
    shown = found.rows[:PAGE]
    total = sum(found.counts.values())
    narrowed = bool(asked.band or asked.unit or asked.person)
    empty = "filtered" if narrowed else "own" if own else "none"
    return {
        "own": own,
        "tasks": [card(one, directory, today, days) for one in shown],
        "tabs": [
            {
                "href": address(asked, band=one, start=0),
                "label": say(f"insight.risk.band.{one or 'all'}"),
                "count": found.counts[one] if one else total,
                "current": asked.band == one,
            }
            for one in TABS
        ],
        "filters": {"band": asked.band, "unit": asked.unit, "person": asked.person},
        "choices": None
        if own
        else {
            "units": [{"value": one.id, "label": one.name} for one in rooms(directory)],
            "people": people_groups([one for one in directory.people.values() if one.active and one.position != "admin"], directory),
        },
        "pages": {
            "next": address(asked, start=asked.start + PAGE) if more else "",
            "first": address(asked, start=0) if asked.start else "",
            "label": say("insight.risk.shown_more" if more else "insight.risk.shown_all", count=asked.start + len(shown)),
        },
        "scored": say("insight.risk.scored", when=moment(found.at, now)) if found.at else "",
        "foreign": found.foreign,
        "empty": {"title": say(f"insight.risk.empty.{empty}_title"), "text": say(f"insight.risk.empty.{empty}_text")},
    }
