"""Kiến nghị: filed from a closed sheet, answered within the days of the rule set."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.calendar.current import working_days
from server.errors import Refusal
from server.kpi.commands.petitions import AnswerPetition, FilePetition
from server.kpi.pages.frame import refused, require_id, require_scored, tabs_of
from server.kpi.pages.sheet import sheet_page
from server.kpi.queries.marks import Petition, petitions
from server.kpi.queries.sheets import sheet_by_id
from server.kpi.show import values
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.tasks.show.values import day, moment, name_of, person_in
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


def _line(one: Petition, viewer: Viewer) -> dict[str, Any]:
    late = one.due < viewer.today
    if one.number is not None and one.year is not None:
        about = say("kpi.page.petition.sheet", period=values.period_name(one.kind or "month", one.year, one.number).lower())
    else:
        about = say("kpi.page.petition.year")
    return {
        "id": one.id,
        "person": person_in(viewer.directory, one.person),
        "mine": one.person == viewer.id,
        "about": about,
        "href": f"/kpi/sheets/{one.subject}" if one.about == "sheet" else "",
        "sheet": one.about == "sheet",
        "text": one.text,
        "received": day(one.received),
        "due": day(one.due),
        "left": values.left(one.due, viewer.today, working_days()) if one.state == "open" else "",
        "kind": "late" if one.state == "open" and late else "soon",
        "state": say(f"kpi.page.petition.{one.state}"),
        "open": one.state == "open",
        "outcome": say(f"kpi.page.petition.{one.outcome}") if one.outcome else "",
        "answer": one.answer,
        "by": name_of(viewer.directory, one.answered_by),
        "at": moment(one.answered_at, viewer.now),
        "may": one.may,
    }


async def _page(
    request: AnyRequest, viewer: Viewer, problem: Refusal | None = None, form: Form | None = None, failed: str = ""
) -> Response[bytes]:
    found = [_line(one, viewer) for one in await petitions(viewer.id, viewer.now)]
    context = {
        "tabs": await tabs_of(viewer, "petitions"),
        "petitions": found,
        "mutation": new_mutation(),
        "values": form.values if form else {},
        "failed": failed,
        **refused(problem),
    }
    return page(request, viewer, "kpi/petitions.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/petitions")
async def show(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """One's own petitions, and those that one answers."""
    require_scored(viewer)
    return await _page(request, viewer)


@post("/kpi/sheets/{name:str}/petition")
async def file(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Not agree with one's own closed sheet."""
    require_scored(viewer)
    found = await sheet_by_id(viewer.id, require_id(name), viewer.now)
    form = await read_form(request)
    try:
        given = FilePetition(id=form.mutation or new_id(), about="sheet", subject=name, text=form.text("text"))
        made = await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await sheet_page(request, viewer, found, problem, form, "petition")
    text = made["due"]
    return see_other("/kpi/petitions", Notice(say("kpi.page.notice.petition", day=f"{text[8:10]}/{text[5:7]}/{text[:4]}")))


@post("/kpi/petitions/{name:str}/answer")
async def answer(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Answer one; where it was right, the period may open again for this person."""
    require_scored(viewer)
    form = await read_form(request)
    try:
        outcome = form.text("outcome")
        if outcome not in ("upheld", "rejected"):
            raise Refusal("invalid", "kpi.page.choose_outcome", field="outcome")
        given = AnswerPetition(
            petition=require_id(name),
            outcome="upheld" if outcome == "upheld" else "rejected",
            answer=form.text("answer"),
            reopen=(form.mutation or new_id()) if form.checked("reopen") else None,
        )
        await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await _page(request, viewer, problem, form, name)
    return see_other("/kpi/petitions", Notice(say("kpi.page.notice.answered")))


routes = [show, file, answer]
