"""What an administrator keeps of people."""

from typing import Any, cast, get_args

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.people import rules
from server.people.commands import AddPerson, DisablePerson, EditPerson, EnablePerson
from server.people.pages.tree import administers
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


def _allow(viewer: Viewer) -> None:
    if not administers(viewer):
        raise Refusal("not_allowed", "people.rule.only_admin")


def _form_page(
    request: AnyRequest, viewer: Viewer, values: dict[str, Any], person: str | None, mutation: str | None, problem: Refusal | None = None
) -> Response[bytes]:
    known = viewer.directory
    context = {
        "person": known.people[person] if person else None,
        "values": values,
        "positions": [{"value": one, "label": say(f"people.position.{one}")} for one in get_args(rules.Position)],
        "units": [{"value": unit.id, "label": unit.name} for unit in known.units.values() if unit.active],
        "errors": {problem.field or "": problem.message} if problem else {},
        "mutation": mutation or new_mutation(),
        "is_me": person == viewer.id,
    }
    return page(request, viewer, "people/person.html", context, nav="people", status=problem.status if problem else 200)


def _position(form: Form) -> rules.Position:
    given = form.text("position")
    if given not in get_args(rules.Position):
        raise Refusal("invalid", "people.bad_position", field="position")
    return cast(rules.Position, given)


@get("/people/new")
async def new(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The form for somebody new."""
    _allow(viewer)
    rank = max((one.rank for one in viewer.directory.people.values()), default=0) + 1
    return _form_page(request, viewer, {"rank": str(rank), "unit": request.query_params.get("unit", "")}, None, None)


@post("/people/new")
async def add(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Add, and go on to the password."""
    _allow(viewer)
    form = await read_form(request)
    try:
        asked = AddPerson(
            id=form.mutation or new_id(),
            username=form.text("username").lower(),
            name=form.text("name"),
            position=_position(form),
            unit=form.raw("unit"),
            rank=form.whole("rank") or 0,
        )
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.field is None:
            raise
        return _form_page(request, viewer, form.values, None, form.mutation, problem)
    return see_other(f"/people/{asked.id}/edit", Notice(say("people.person_added", name=asked.name)))


@get("/people/{person:str}/edit")
async def edit_form(request: AnyRequest, viewer: SignedIn, person: FromPath[str]) -> Response[bytes]:
    """The form of one person, his state and his password."""
    _allow(viewer)
    profile = viewer.directory.people.get(person)
    if profile is None:
        raise Refusal("not_found", "people.unknown_person")
    values = {"name": profile.name, "position": profile.position, "unit": profile.unit or "", "rank": str(profile.rank)}
    return _form_page(request, viewer, values, person, None)


@post("/people/{person:str}/edit")
async def edit(request: AnyRequest, viewer: SignedIn, person: FromPath[str]) -> Response[bytes]:
    """Save what changed."""
    _allow(viewer)
    form = await read_form(request)
    try:
        asked = EditPerson(
            person=person, name=form.text("name"), position=_position(form), unit=form.raw("unit"), rank=form.whole("rank") or 0
        )
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.field is None or person not in viewer.directory.people:
            raise
        return _form_page(request, viewer, form.values, person, form.mutation, problem)
    return see_other("/people", Notice(say("people.person_saved", name=form.text("name"))))


@post("/people/{person:str}/disable")
async def disable(viewer: SignedIn, person: FromPath[str]) -> Response[bytes]:
    """Somebody left."""
    await carry_out(DisablePerson(person=person), actor=viewer.id, now=viewer.now, source="page")
    return see_other(f"/people/{person}/edit", Notice(say("people.person_disabled", name=viewer.directory.people[person].name)))


@post("/people/{person:str}/enable")
async def enable(viewer: SignedIn, person: FromPath[str]) -> Response[bytes]:
    """Somebody came back."""
    await carry_out(EnablePerson(person=person), actor=viewer.id, now=viewer.now, source="page")
    return see_other(f"/people/{person}/edit", Notice(say("people.person_enabled", name=viewer.directory.people[person].name)))


routes = [new, add, edit_form, edit, disable, enable]
