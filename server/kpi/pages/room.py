"""A room's month, for whoever confirms it."""

from typing import Any

from litestar import get
from litestar.response import Response

from server.errors import Refusal
from server.kpi.pages.frame import require_id, require_scored, tabs_of
from server.kpi.queries.periods import PeriodFacts, period, periods
from server.kpi.queries.room import room, units_of
from server.kpi.rights import keeps
from server.kpi.show.room import room_context, unit_choices
from server.kpi.show.values import period_name
from server.web.forms import new_mutation
from server.web.page import page
from server.web.replies import AnyRequest
from server.web.viewer import SignedIn, Viewer


def running(found: list[PeriodFacts], viewer: Viewer) -> PeriodFacts | None:
    """The open period that has begun, the latest one; else the latest of all."""
    begun = [one for one in found if one.starts <= viewer.today]
    waiting = [one for one in begun if one.state == "open"]
    return next(iter(waiting or begun or found), None)


@get("/kpi/room")
async def show(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Everybody whom the reader scores, or may see, in a period; in one unit where it is asked for."""
    require_scored(viewer)
    known = await periods()
    asked = request.query_params.get("period")
    chosen = await period(require_id(asked)) if asked else running(known, viewer)
    units = await units_of(viewer.id, viewer.now)
    if not units:
        raise Refusal("not_found", "kpi.page.no_such_page")
    if chosen is None:
        context: dict[str, Any] = {"tabs": await tabs_of(viewer, "room"), "keeps": keeps(viewer.actor, viewer.today)}
        return page(request, viewer, "kpi/none.html", context, nav="kpi")
    unit = request.query_params.get("unit") or None
    if unit is not None and unit not in units:
        raise Refusal("not_found", "kpi.page.no_such_page")
    found = await room(viewer.id, chosen.id, viewer.now, unit)
    suffix = f"&unit={unit}" if unit else ""
    shown = [*known, *([chosen] if chosen.id not in {one.id for one in known} else [])]
    context = room_context(found, viewer.directory) | {
        "tabs": await tabs_of(viewer, "room"),
        "periods": [
            {
                "href": f"/kpi/room?period={one.id}{suffix}",
                "label": period_name(one.kind, one.year, one.number),
                "current": one.id == chosen.id,
            }
            for one in shown
        ],
        "units": unit_choices(units, chosen.id, unit, viewer.directory),
        "download": f"/kpi/room/{chosen.id}/{unit or units[0]}.xlsx",
        "here": f"/kpi/room?period={chosen.id}{suffix}",
        "mutation": new_mutation(),
    }
    return page(request, viewer, "kpi/room.html", context, nav="kpi")


routes = [show]
