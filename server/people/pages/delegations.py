"""Lending powers and taking them back."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.people import lending, show
from server.people.commands import EndDelegation, GrantDelegation
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


def _form_page(request: AnyRequest, viewer: Viewer, form: Form, problem: Refusal | None = None) -> Response[bytes]:
    known, actor = viewer.directory, viewer.actor
    units = [unit for unit in known.units.values() if unit.active]
    mine = [
        unit
        for unit in units
        if any(lending.lends(actor, known.actor(one.id), known.path(unit.id)) for one in known.people.values() if one.active)
    ]
    receivers = [
        one for one in known.people.values() if any(lending.lends(actor, known.actor(one.id), known.path(unit.id)) for unit in mine)
    ]
    context = {
        "units": [{"value": unit.id, "label": unit.name} for unit in mine],
        "receivers": show.groups_of_people(known, receivers),
        "powers": [{"value": power, "label": say(f"people.power.{power}")} for power in lending.POWERS],
        "chosen": form.many("powers"),
        "values": form.values,
        "today": viewer.today.isoformat(),
        "errors": {problem.field or "": problem.message} if problem else {},
        "mutation": form.mutation or new_mutation(),
    }
    return page(request, viewer, "people/delegation.html", context, nav="people", status=problem.status if problem else 200)


@get("/people/delegations/new")
async def new(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The form, for those who have powers to lend."""
    if not lending.lends_anything(viewer.actor):
        raise Refusal("not_allowed", "people.delegation_not_yours")
    return _form_page(request, viewer, Form([]))


@post("/people/delegations/new")
async def grant(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Lend, or show what is missing with everything that was typed."""
    form = await read_form(request)
    try:
        since = form.day("since")
        if since is None:
            raise Refusal("invalid", "people.since_missing", field="since")
        asked = GrantDelegation(
            id=form.mutation or new_id(),
            receiver=form.text("receiver"),
            powers=form.many("powers"),
            unit=form.text("unit"),
            since=since,
            until=form.day("until"),
            document=form.text("document"),
        )
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.code != "invalid":
            raise
        return _form_page(request, viewer, form, problem)
    return see_other("/people#delegations", Notice(say("people.delegation_granted", name=viewer.directory.people[asked.receiver].name)))


@post("/people/delegations/{delegation:str}/end")
async def end(viewer: SignedIn, delegation: FromPath[str]) -> Response[bytes]:
    """Take powers back."""
    await carry_out(EndDelegation(delegation=delegation), actor=viewer.id, now=viewer.now, source="page")
    return see_other("/people#delegations", Notice(say("people.delegation_taken_back")))


routes = [new, grant, end]
