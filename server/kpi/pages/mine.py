"""KPI: one's own sheet of the current period, and one's months."""

from litestar import get
from litestar.response import Response

from server.kpi.pages.frame import require_id, require_scored, tabs_of
from server.kpi.pages.sheet import sheet_page
from server.kpi.queries.sheets import SheetHead, my_periods, sheet
from server.kpi.rights import keeps
from server.web.page import page
from server.web.replies import AnyRequest
from server.web.viewer import SignedIn, Viewer


@get("/kpi")
async def mine(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The sheet of the period that is asked for, else of the one that runs."""
    require_scored(viewer)
    asked = request.query_params.get("period")
    if asked:
        return await sheet_page(request, viewer, await sheet(viewer.id, viewer.id, require_id(asked), viewer.now))
    heads = await my_periods(viewer.id, viewer.id, viewer.now)
    if not heads:
        context = {"tabs": await tabs_of(viewer, "mine"), "keeps": keeps(viewer.actor, viewer.today)}
        return page(request, viewer, "kpi/none.html", context, nav="kpi")
    return await sheet_page(request, viewer, await sheet(viewer.id, viewer.id, running(heads, viewer).period.id, viewer.now))


def running(heads: list[SheetHead], viewer: Viewer) -> SheetHead:
    """The open period that has begun, the latest one; else the latest of all."""
    begun = [one for one in heads if one.period.starts <= viewer.today]
    waiting = [one for one in begun if one.period.state == "open"]
    return (waiting or begun or heads)[0]


routes = [mine]
