"""Which leader follows which room or group of fields."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.people import lending, show
from server.people.commands import EndOversight, SetOversight
from server.people.rules import CENTRE_LEADERS
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

#: How one field of the form names either a room or a group.
ROOM, GROUP = "u:", "g:"


def _form_page(request: AnyRequest, viewer: Viewer, form: Form, problem: Refusal | None = None) -> Response[bytes]:
    known = viewer.directory
    rooms = [{"value": ROOM + unit.id, "label": unit.name} for unit in known.units.values() if unit.active and unit.kind == "room"]
    groups = [{"value": GROUP + name, "label": name} for name in dict.fromkeys(one.field_group for one in known.fields.values())]
    leaders = [one for one in known.people.values() if one.active and one.position in CENTRE_LEADERS]
    context = {
        "leaders": show.groups_of_people(known, leaders),
        "things": rooms + groups,
        "values": form.values,
        "today": viewer.today.isoformat(),
        "errors": {problem.field or "": problem.message} if problem else {},
        "mutation": form.mutation or new_mutation(),
    }
    return page(request, viewer, "people/oversight.html", context, nav="people", status=problem.status if problem else 200)


@get("/people/oversight/new")
async def new(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The form, for the director and administrators."""
    allowed = lending.sets_oversight(viewer.actor, viewer.actor.centre, viewer.today)
    if not allowed:
        raise Refusal("not_allowed", allowed.rule)
    return _form_page(request, viewer, Form([]))


@post("/people/oversight/new")
async def set_oversight(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Set it, or show what is missing with everything that was typed."""
    form = await read_form(request)
    try:
        since = form.day("since")
        if since is None:
            raise Refusal("invalid", "people.since_missing", field="since")
        over = form.text("over")
        asked = SetOversight(
            id=form.mutation or new_id(),
            person=form.text("person"),
            unit=over.removeprefix(ROOM) if over.startswith(ROOM) else None,
            field_group=over.removeprefix(GROUP) if over.startswith(GROUP) else None,
            since=since,
            until=form.day("until"),
        )
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.code not in ("invalid", "conflict") or problem.field is None:
            raise
        return _form_page(request, viewer, form, problem)
    return see_other("/people#oversight", Notice(say("people.oversight_set", name=viewer.directory.people[asked.person].name)))


@post("/people/oversight/{oversight:str}/end")
async def end(viewer: SignedIn, oversight: FromPath[str]) -> Response[bytes]:
    """End it today."""
    await carry_out(EndOversight(oversight=oversight), actor=viewer.id, now=viewer.now, source="page")
    return see_other("/people#oversight", Notice(say("people.oversight_stopped")))


routes = [new, set_oversight, end]
