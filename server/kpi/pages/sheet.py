"""One sheet: whose it is, a closed version of it, what differs between two, and the forms of whoever scores and confirms."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.sheets import ConfirmSheet, ReturnSheet, ScoreSelf, criterion_of
from server.kpi.pages.frame import number, refused, require_id, require_scored, tabs_of
from server.kpi.queries.sheets import Sheet, my_periods, sheet, sheet_by_id, versions
from server.kpi.rules.general import MOST
from server.kpi.show import sheet as show
from server.kpi.show.compare import compared, version_line
from server.storage.door import carry_out
from server.web.forms import Form, new_mutation, read_form
from server.web.page import fragment, page
from server.web.replies import AnyRequest, Notice, is_htmx, local_path, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


async def sheet_page(
    request: AnyRequest,
    viewer: Viewer,
    found: Sheet,
    problem: Refusal | None = None,
    form: Form | None = None,
    failed: str = "",
) -> Response[bytes]:
    """The page of a sheet; ``problem`` is why the form ``failed`` (self, confirm, back or petition) was refused, with what it said."""
    mine = found.person == viewer.id
    heads = await my_periods(viewer.id, found.person, viewer.now)
    base = "/kpi?period=" if mine else f"/kpi/people/{found.person}/"
    others = await versions(viewer.id, found.person, found.period.id, viewer.now)
    every = request.query_params.get("lines") == "all"
    shown = show.sheet_context(found, viewer.id, viewer.directory, viewer.now, every_line=every)
    context = {
        "tabs": await tabs_of(viewer, "mine" if mine else "room"),
        "one": shown,
        "periods": show.switcher(heads, found.period.id, base),
        "chart": show.chart(heads, found.period.year, found.rules, base, viewer.today),
        "versions": [version_line(one, found, viewer.directory, viewer.now) for one in others] if len(others) > 1 else [],
        "petition": mine and found.frozen and found.period.current,
        "mutation": new_mutation(),
        "values": form.values if form else {},
        "failed": failed,
        "next": "",
        **refused(problem),
    }
    return page(request, viewer, "kpi/sheet.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/sheets/{name:str}")
async def by_id(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """A sheet by its own id, also a closed version that a newer one has replaced."""
    require_scored(viewer)
    return await sheet_page(request, viewer, await sheet_by_id(viewer.id, require_id(name), viewer.now))


@get("/kpi/people/{person:str}/{period:str}")
async def of_person(request: AnyRequest, viewer: SignedIn, person: FromPath[str], period: FromPath[str]) -> Response[bytes]:
    """A person's sheet of a period."""
    require_scored(viewer)
    return await sheet_page(request, viewer, await sheet(viewer.id, require_id(person), require_id(period), viewer.now))


@get("/kpi/sheets/{name:str}/compare/{other:str}")
async def compare(request: AnyRequest, viewer: SignedIn, name: FromPath[str], other: FromPath[str]) -> Response[bytes]:
    """What changed from one version of a sheet to another, and why."""
    require_scored(viewer)
    before = await sheet_by_id(viewer.id, require_id(name), viewer.now)
    after = await sheet_by_id(viewer.id, require_id(other), viewer.now)
    if before.person != after.person:
        raise Refusal("not_found", "kpi.page.not_found")
    if before.version > after.version:
        before, after = after, before
    context = {"tabs": await tabs_of(viewer, "mine"), **compared(before, after, viewer.directory, viewer.now)}
    return page(request, viewer, "kpi/compare.html", context, nav="kpi")


@post("/kpi/self/{period:str}")
async def score_self(request: AnyRequest, viewer: SignedIn, period: FromPath[str]) -> Response[bytes]:
    """One's own ten criteria."""
    require_scored(viewer)
    form = await read_form(request)
    try:
        given = ScoreSelf(
            period=require_id(period),
            points=criteria(form),
            strengths=form.text("strengths"),
            weaknesses=form.text("weaknesses"),
        )
        await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await sheet_page(request, viewer, await sheet(viewer.id, viewer.id, period, viewer.now), problem, form, "self")
    return see_other(f"/kpi?period={period}", Notice(say("kpi.page.notice.self")))


def criteria(form: Form) -> dict[str, float]:
    """The criteria that the form fills in. Raises Refusal ``invalid`` at a field that is no number."""
    found = {name: number(form, name) for name in MOST}
    return {name: value for name, value in found.items() if value is not None}


def confirmation(form: Form, person: str, found: Sheet) -> ConfirmSheet:
    """The command that a confirmation's form means: every point that stands in it. Raises Refusal at a field that was emptied."""
    emptied = [name for name in MOST if name in form.values and not form.text(name)]
    if emptied:
        names = "; ".join(criterion_of(name) for name in emptied)
        raise Refusal("invalid", "kpi.sheet.points_missing", field=emptied[0], names=names)
    return ConfirmSheet(
        period=found.period.id,
        person=person,
        points=criteria(form),
        reason=form.text("reason"),
        comment=form.text("comment"),
        organising=form.whole("organising"),
        uniting=form.whole("uniting"),
        leading_reason=form.text("leading_reason"),
        quality=number(form, "quality"),
        compliance=number(form, "compliance"),
        effect=number(form, "effect"),
        outside_rater=form.text("outside_rater"),
        document=form.text("document"),
        without_self=not found.self_points,
    )


@get("/kpi/people/{person:str}/{period:str}/confirm")
async def confirm_form(request: AnyRequest, viewer: SignedIn, person: FromPath[str], period: FromPath[str]) -> Response[bytes]:
    """The form of a confirmation: within the room's table, or the sheet's page where there is no script."""
    require_scored(viewer)
    found = await sheet(viewer.id, require_id(person), require_id(period), viewer.now)
    if not is_htmx(request):
        return see_other(f"/kpi/people/{person}/{period}#confirm-form")
    shown = show.sheet_context(found, viewer.id, viewer.directory, viewer.now)
    back = f"/kpi/room?period={period}"
    context: dict[str, Any] = {"one": shown, "mutation": new_mutation(), "values": {}, "next": back, **refused(None)}
    return fragment(request, viewer, "kpi/confirm_in_place.html", context)


@post("/kpi/people/{person:str}/{period:str}/confirm")
async def confirm(request: AnyRequest, viewer: SignedIn, person: FromPath[str], period: FromPath[str]) -> Response[bytes]:
    """Confirm somebody's points, as they are or changed with a reason."""
    require_scored(viewer)
    found = await sheet(viewer.id, require_id(person), require_id(period), viewer.now)
    form = await read_form(request)
    try:
        given = confirmation(form, person, found)
        await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await sheet_page(request, viewer, found, problem, form, "confirm")
    name = viewer.directory.people[person].name
    where = local_path(form.text("next"), f"/kpi/people/{person}/{period}")
    return see_other(where, Notice(say("kpi.page.notice.confirmed", name=name)))


@post("/kpi/people/{person:str}/{period:str}/return")
async def give_back(request: AnyRequest, viewer: SignedIn, person: FromPath[str], period: FromPath[str]) -> Response[bytes]:
    """Ask for a new self-score, with the reason."""
    require_scored(viewer)
    found = await sheet(viewer.id, require_id(person), require_id(period), viewer.now)
    form = await read_form(request)
    try:
        given = ReturnSheet(period=period, person=person, reason=form.text("back_reason"))
        await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        at = Refusal(problem.code, problem.key, field="back_reason" if problem.field == "reason" else problem.field, **problem.values)
        return await sheet_page(request, viewer, found, at, form, "back")
    return see_other(f"/kpi/people/{person}/{period}", Notice(say("kpi.page.notice.returned", name=viewer.directory.people[person].name)))


routes = [by_id, of_person, compare, score_self, confirm_form, confirm, give_back]
