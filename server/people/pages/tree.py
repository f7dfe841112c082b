"""Cơ quan: units, people in order of rank, who follows what, who acts for whom."""

from litestar import get
from litestar.response import Response

from server.people import lending, show
from server.people.rules import may
from server.web.page import page
from server.web.replies import AnyRequest
from server.web.viewer import SignedIn, Viewer


def administers(viewer: Viewer) -> bool:
    """Whether the viewer keeps units and people."""
    return bool(may(viewer.actor, "administer", None, viewer.today))


@get("/people")
async def people(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The whole office on one page; what has ended is folded away."""
    known, today = viewer.directory, viewer.today
    delegations = [show.delegation_line(known, one, today, viewer.actor) for one in known.delegations]
    oversight = [show.oversight_line(known, one, today, viewer.actor) for one in known.oversight]
    context = {
        "units": show.tree(known, today, administers(viewer)),
        "count": sum(one.active and one.position != "admin" for one in known.people.values()),
        "delegations": [line for line in delegations if not line["over"]],
        "old_delegations": [line for line in delegations if line["over"]],
        "oversight": [line for line in oversight if not line["over"]],
        "old_oversight": [line for line in oversight if line["over"]],
        "may_lend": lending.lends_anything(viewer.actor),
        "may_oversee": bool(lending.sets_oversight(viewer.actor, viewer.actor.centre, today)),
        "administers": administers(viewer),
    }
    return page(request, viewer, "people/tree.html", context, nav="people")


routes = [people]
