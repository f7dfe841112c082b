"""What an administrator keeps of units."""

from typing import Any, cast, get_args

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.people.commands import AddUnit, EditUnit
from server.people.commands.units import Kind
from server.people.pages.tree import administers
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.forms import new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


def _allow(viewer: Viewer) -> None:
    if not administers(viewer):
        raise Refusal("not_allowed", "people.rule.only_admin")


def _form_page(
    request: AnyRequest, viewer: Viewer, values: dict[str, Any], unit: str | None, mutation: str | None, problem: Refusal | None = None
) -> Response[bytes]:
    known = viewer.directory
    context = {
        "unit": known.units[unit] if unit else None,
        "values": values,
        "kinds": [{"value": kind, "label": say(f"people.kind.{kind}")} for kind in get_args(Kind)],
        "parents": [{"value": one.id, "label": one.name} for one in known.units.values() if one.active],
        "errors": {problem.field or "": problem.message} if problem else {},
        "mutation": mutation or new_mutation(),
    }
    return page(request, viewer, "people/unit.html", context, nav="people", status=problem.status if problem else 200)


@get("/people/units/new")
async def new(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The form for a new unit."""
    _allow(viewer)
    sort = max((one.sort for one in viewer.directory.units.values()), default=0) + 1
    return _form_page(request, viewer, {"kind": "room", "sort": str(sort)}, None, None)


@post("/people/units/new")
async def add(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Add a unit."""
    _allow(viewer)
    form = await read_form(request)
    kind = form.text("kind")
    try:
        asked = AddUnit(
            id=form.mutation or new_id(),
            name=form.text("name"),
            short=form.text("short"),
            parent=form.raw("parent"),
            kind=cast(Kind, kind) if kind in get_args(Kind) else "room",
            sort=form.whole("sort") or 0,
        )
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.field is None:
            raise
        return _form_page(request, viewer, form.values, None, form.mutation, problem)
    return see_other("/people", Notice(say("people.unit_saved", name=asked.name)))


@get("/people/units/{unit:str}/edit")
async def edit_form(request: AnyRequest, viewer: SignedIn, unit: FromPath[str]) -> Response[bytes]:
    """The form of one unit."""
    _allow(viewer)
    known = viewer.directory.units.get(unit)
    if known is None:
        raise Refusal("not_found", "people.unknown_unit")
    values = {"name": known.name, "short": known.short, "sort": str(known.sort), "active": "1" if known.active else ""}
    return _form_page(request, viewer, values, unit, None)


@post("/people/units/{unit:str}/edit")
async def edit(request: AnyRequest, viewer: SignedIn, unit: FromPath[str]) -> Response[bytes]:
    """Save what changed; closing an empty unit too."""
    _allow(viewer)
    form = await read_form(request)
    try:
        asked = EditUnit(
            unit=unit, name=form.text("name"), short=form.text("short"), sort=form.whole("sort") or 0, active=form.checked("active")
        )
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.field is None or unit not in viewer.directory.units:
            raise
        return _form_page(request, viewer, form.values, unit, form.mutation, problem)
    return see_other("/people", Notice(say("people.unit_saved", name=form.text("name"))))


routes = [new, add, edit_form, edit]
