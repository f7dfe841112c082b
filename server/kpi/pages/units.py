"""Xếp loại đơn vị: every unit's rating of a year, and the form of whoever recognises it."""

from typing import cast, get_args

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.units import RaiseCap, RateUnit
from server.kpi.pages.frame import number, refused, require_id, require_scored, tabs_of
from server.kpi.pages.year import years_line
from server.kpi.papers import texts
from server.kpi.queries import units as read
from server.kpi.queries.year_book import check_year
from server.kpi.rules.ruleset import Band
from server.kpi.show import units as show
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


@get("/kpi/units")
async def this_year(viewer: SignedIn) -> Response[bytes]:
    """The year that runs."""
    return see_other(f"/kpi/units/{viewer.today.year}")


@get("/kpi/units/{year:int}")
async def listed(request: AnyRequest, viewer: SignedIn, year: FromPath[int]) -> Response[bytes]:
    """The ratings for everybody; points and reasons for whoever rates and the unit's own head."""
    require_scored(viewer)
    found = await read.unit_list(viewer.id, check_year(year), viewer.now)
    base = f"/kpi/units/{year}"
    years = [{**one, "href": str(one["href"]).replace("/kpi/years/", "/kpi/units/")} for one in await years_line(viewer, year, "")]
    context = {"tabs": await tabs_of(viewer, "year"), "years": years, "base": base, **show.list_context(found)}
    return page(request, viewer, "kpi/units.html", context, nav="kpi")


async def _unit_page(
    request: AnyRequest, viewer: Viewer, year: int, unit: str, problem: Refusal | None = None, form: Form | None = None, failed: str = ""
) -> Response[bytes]:
    """``failed``: rate or cap."""
    found = await read.unit_year(viewer.id, require_id(unit), check_year(year), viewer.now)
    if not found.sees:
        raise Refusal("not_found", "kpi.unit.unknown")
    context = {
        "tabs": await tabs_of(viewer, "year"),
        "year": year,
        "one": show.unit_line(found, viewer.directory, year),
        "values": form.values if form and failed == "rate" else show.form_values(found),
        "cap": form.values if form and failed == "cap" else (found.raised or {}),
        "bands": show.band_options(),
        "mutation": new_mutation(),
        "failed": failed,
        **refused(problem),
    }
    return page(request, viewer, "kpi/unit.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/units/{year:int}/{unit:str}")
async def of_unit(request: AnyRequest, viewer: SignedIn, year: FromPath[int], unit: FromPath[str]) -> Response[bytes]:
    """A unit's points, conditions and reasons."""
    require_scored(viewer)
    return await _unit_page(request, viewer, year, unit)


@post("/kpi/units/{year:int}/{unit:str}/{move:str}")
async def move(request: AnyRequest, viewer: SignedIn, year: FromPath[int], unit: FromPath[str], move: FromPath[str]) -> Response[bytes]:
    """Rate it, or raise its cap of people rated excellent."""
    require_scored(viewer)
    form = await read_form(request)
    name = viewer.directory.units[unit].name if unit in viewer.directory.units else ""
    try:
        if move == "rate":
            done = await carry_out(_rating(form, year, unit), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
            said = say("kpi.unit.done_rate", unit=name, band=texts.band(done["band"]))
        elif move == "cap":
            document = form.text("cap_document")
            asked = RaiseCap(id=form.mutation or new_id(), year=year, unit=unit, document=document, reason=form.text("cap_reason"))
            await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
            said = say("kpi.unit.done_raise", unit=name) if document else say("kpi.unit.done_lower", unit=name)
        else:
            raise Refusal("not_found", "kpi.page.no_such_page")
    except Refusal as problem:
        if problem.code in ("not_found", "not_allowed"):
            raise
        return await _unit_page(request, viewer, year, unit, problem, form, move)
    return see_other(f"/kpi/units/{year}/{unit}", Notice(said))


def _rating(form: Form, year: int, unit: str) -> RateUnit:
    given = {name: number(form, name) for name in ("general", "tasks", "done", "in_time", "beyond")}
    for name in ("general", "tasks"):
        if given[name] is None:
            raise Refusal("invalid", "kpi.unit.points_bad", field=name, most=30 if name == "general" else 70)
    band = form.text("band")
    return RateUnit(
        id=form.mutation or new_id(),
        year=year,
        unit=unit,
        general=given["general"] or 0,
        tasks=given["tasks"] or 0,
        reason=form.text("reason"),
        done=given["done"],
        in_time=given["in_time"],
        beyond=given["beyond"] or 0,
        mended=form.checked("mended"),
        misconduct=form.checked("misconduct"),
        force_majeure=form.checked("force_majeure"),
        band=cast("Band", band) if band in get_args(Band) else None,
        document=form.text("document"),
    )


routes = [this_year, listed, of_unit, move]
