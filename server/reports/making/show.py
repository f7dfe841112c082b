"""Files on their way, as templates show them."""

from datetime import datetime
from typing import Any, Final

from server.ledger.grains import Period
from server.people.directory import Directory
from server.reports.making.queries import File
from server.reports.making.rules import UNDER_WAY, State
from server.reports.words import period_label
from server.tasks.show.values import file_size, moment
from server.words import say

PATH: Final = "/reports/files"
CHIPS: Final[dict[State, tuple[str, str]]] = {
    "waiting": ("wait", "clock"),
    "making": ("doing", "play"),
    "ready": ("done", "check"),
    "failed": ("late", "alert"),
    "gone": ("wait", "trash"),
}


def line(one: File, known: Directory, now: datetime) -> dict[str, Any]:
    """One file: what it is, how far it is, how it is taken away or made again."""
    kind, icon = CHIPS[one.state]
    unit = known.units.get(one.unit)
    ready = one.state == "ready" and (one.gone_at is None or one.gone_at > now)
    state: State = "gone" if one.state == "ready" and not ready else one.state
    if state == "gone":
        kind, icon = CHIPS["gone"]
    return {
        "id": one.id,
        "page": f"{PATH}/{one.id}",
        "what": say(f"making.what.{one.what}"),
        "format": one.what,
        "icon": "document" if one.what == "pdf" else "table",
        "period": one.period,
        "period_label": period_label(Period.read(one.period)),
        "unit": one.unit,
        "unit_label": unit.name if unit else "",
        "filed": one.filed or "",
        "chip": {"kind": kind, "icon": icon, "label": say(f"making.state.{state}")},
        "state": state,
        "under_way": state in UNDER_WAY,
        "done": one.done,
        "of": one.of,
        "percent": one.done * 100 // one.of if one.of else 0,
        "said": one.said,
        "name": one.name,
        "size": file_size(one.size) if ready else "",
        "href": f"{PATH}/{one.id}/{one.name}" if ready else "",
        "asked": moment(one.asked_at, now),
        "until": moment(one.gone_at, now) if ready else "",
        # Once, by itself, for whoever waited for it.
        "start": ready and one.fetched_at is None,
    }
