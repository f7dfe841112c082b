"""Nguy cơ: open tasks by how likely they are to be late, and why."""

from litestar import get
from litestar.response import Response

from server.calendar.current import working_days
from server.errors import Refusal
from server.insight.risk.queries import asked_of, risky
from server.insight.risk.show import risks_context
from server.tasks.pages.waiting import badges_of
from server.web.nav import judges
from server.web.page import page
from server.web.replies import AnyRequest
from server.web.viewer import Viewer


@get("/foresight/tasks")
async def risks(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Everything that a leader sees, an officer's own; the administrator has no tasks."""
    if viewer.profile.position == "admin":
        raise Refusal("not_allowed", "people.rule.admin_no_tasks")
    asked = asked_of(request.query_params)
    own = not judges(viewer.actor, viewer.today)
    found = await risky(asked, viewer.actor, viewer.today, viewer.directory, own=own)
    context = risks_context(found, asked, viewer.directory, viewer.today, viewer.now, working_days(), own=own)
    return page(request, viewer, "shared/foresight/tasks.html", context, nav="foresight", badges=await badges_of(viewer))


routes = [risks]
