"""Xếp loại năm: the own year, a person's, the list, and what everybody may know."""

from typing import Any, cast, get_args

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.petitions import AnswerPetition, FilePetition
from server.kpi.commands.years import ComputeYear, CorrectYear, DecideYear, PublishYears, SelfRateYear
from server.kpi.pages.frame import refused, require_id, require_scored, tabs_of
from server.kpi.queries import years as read
from server.kpi.queries.year_book import check_year
from server.kpi.rules.ruleset import Band
from server.kpi.show import year as show
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

NOT_RATED = "none"


@get("/kpi/year")
async def own(viewer: SignedIn) -> Response[bytes]:
    """One's own year that runs; the administrator's is what is published."""
    where = "published" if viewer.profile.position == "admin" else viewer.id
    return see_other(f"/kpi/years/{viewer.today.year}/{where}")


async def _tabs(viewer: Viewer) -> list[dict[str, Any]]:
    return await tabs_of(viewer, "year") if viewer.profile.position != "admin" else []


async def years_line(viewer: Viewer, year: int, rest: str) -> list[dict[str, Any]]:
    """The years that there are, to go from one to another."""
    known = sorted({*await read.years_known(), year, viewer.today.year}, reverse=True)
    return [{"href": f"/kpi/years/{one}{rest}", "label": str(one), "current": one == year} for one in known]


async def _list_page(
    request: AnyRequest, viewer: Viewer, year: int, problem: Refusal | None = None, form: Form | None = None
) -> Response[bytes]:
    asked = request.query_params
    chosen = {name: asked.get(name, "") for name in ("unit", "state", "band")}
    found = await read.year_list(
        viewer.id, year, viewer.now, unit=chosen["unit"] or None, state=chosen["state"] or None, band=chosen["band"] or None
    )
    context = {
        "tabs": await _tabs(viewer),
        "years": await years_line(viewer, year, ""),
        "list": show.list_context(found, chosen, viewer.id),
        "chosen": chosen,
        "mutation": new_mutation(),
        **refused(problem),
    }
    return page(request, viewer, "kpi/year_list.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/years/{year:int}")
async def listed(request: AnyRequest, viewer: SignedIn, year: FromPath[int]) -> Response[bytes]:
    """Everybody whose year the viewer may see."""
    require_scored(viewer)
    return await _list_page(request, viewer, check_year(year))


@post("/kpi/years/{year:int}")
async def many(request: AnyRequest, viewer: SignedIn, year: FromPath[int]) -> Response[bytes]:
    """Roll everybody's months up, or publish what was decided."""
    require_scored(viewer)
    form = await read_form(request)
    publishing = form.text("do") == "publish"
    asked = PublishYears(year=check_year(year)) if publishing else ComputeYear(year=check_year(year))
    try:
        done = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.code in ("not_found", "not_allowed"):
            raise
        return await _list_page(request, viewer, year, problem, form)
    if publishing:
        said = say("kpi.year.done_publish", count=done["published"]) if done["published"] else say("kpi.year.nothing_to_publish")
    elif done["missing"]:
        said = say("kpi.year.done_compute_missing", year=year, count=len(done["missing"]))
    else:
        said = say("kpi.year.done_compute", year=year)
    return see_other(f"/kpi/years/{year}", Notice(said))


@get("/kpi/years/{year:int}/published")
async def published(request: AnyRequest, viewer: SignedIn, year: FromPath[int]) -> Response[bytes]:
    """Ratings that were published, for everybody; never a point."""
    rows = await read.published(viewer.id, check_year(year))
    context = {
        "tabs": await _tabs(viewer),
        "years": await years_line(viewer, year, "/published"),
        **show.published_context(rows, year, viewer.directory, request.query_params.get("unit", "")),
    }
    return page(request, viewer, "kpi/year_published.html", context, nav="kpi")


async def _person_page(
    request: AnyRequest, viewer: Viewer, year: int, person: str, problem: Refusal | None = None, form: Form | None = None, failed: str = ""
) -> Response[bytes]:
    """``failed``: which form was refused: self, decide, correct, petition or answer."""
    found = await read.person_year(viewer.id, year, person, viewer.now)
    others = await read.versions(viewer.id, year, person, viewer.now)
    context = {
        "tabs": await _tabs(viewer),
        "years": await years_line(viewer, year, f"/{person}"),
        "one": show.person_context(found, viewer.id, viewer.directory, viewer.today, others),
        "mutation": new_mutation(),
        "new_id": new_id(),
        "values": form.values if form else {},
        "failed": failed,
        **refused(problem),
    }
    return page(request, viewer, "kpi/year.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/years/{year:int}/{person:str}")
async def of_person(request: AnyRequest, viewer: SignedIn, year: FromPath[int], person: FromPath[str]) -> Response[bytes]:
    """A person's year: his twelve months, what they make, and what was decided."""
    require_scored(viewer)
    return await _person_page(request, viewer, check_year(year), require_id(person))


@post("/kpi/years/{year:int}/{person:str}/{move:str}")
async def move(request: AnyRequest, viewer: SignedIn, year: FromPath[int], person: FromPath[str], move: FromPath[str]) -> Response[bytes]:
    """Rate oneself, decide, replace a decision, ask for another look, answer."""
    require_scored(viewer)
    found = await read.person_year(viewer.id, check_year(year), require_id(person), viewer.now)
    form = await read_form(request)
    try:
        said = await _done(viewer, found, form, move)
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await _person_page(request, viewer, year, person, problem, form, move)
    return see_other(f"/kpi/years/{year}/{person}", Notice(said))


async def _done(viewer: Viewer, found: read.PersonYear, form: Form, move: str) -> str:
    year, person = found.year, found.person

    async def do(asked: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
        return answer

    if move == "self":
        if viewer.id != person:
            raise Refusal("not_allowed", "kpi.year.decide_not_yours")
        band = _band(form)
        if band is None:
            raise Refusal("invalid", "kpi.year.band_wanted", field="band")
        await do(SelfRateYear(year=year, band=band, note=form.text("note")))
        return say("kpi.year.done_self")
    if move in ("decide", "correct"):
        without = [int(one) for one in form.many("without") if one.isdecimal() and len(one) < 3]
        common: dict[str, Any] = {name: form.text(name) for name in ("reason", "proposal", "document")}
        common |= {"year": year, "person": person, "band": _band(form), "without": without}
        if move == "correct":
            await do(CorrectYear(id=form.mutation or new_id(), **common))
            return say("kpi.year.done_correct")
        await do(DecideYear(without_self=form.checked("without_self"), **common))
        return say("kpi.year.done_decide")
    if move == "petition" and found.id is not None:
        answer = await do(FilePetition(id=form.mutation or new_id(), about="year", subject=found.id, text=form.text("text")))
        return say("kpi.year.done_petition", due="/".join(reversed(answer["due"].split("-"))))
    if move == "answer" and found.petition is not None:
        outcome = "upheld" if form.text("outcome") == "upheld" else "rejected"
        await do(AnswerPetition(petition=found.petition["id"], outcome=cast("Any", outcome), answer=form.text("answer")))
        return say("kpi.year.done_answer")
    raise Refusal("not_found", "kpi.page.no_such_page")


def _band(form: Form) -> Band | None:
    """The band that was chosen; None for "not rated". Raises Refusal where nothing, or something else, was."""
    text = form.text("band")
    if text == NOT_RATED:
        return None
    if text not in get_args(Band):
        raise Refusal("invalid", "kpi.year.band_wanted", field="band")
    return cast("Band", text)


routes = [own, listed, many, published, of_person, move]
