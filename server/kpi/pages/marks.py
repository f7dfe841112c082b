"""Ghi nhận: what is entered beside the record of work: absences, duties and raters, decisions."""

from typing import Any, Literal, cast

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.persons import SetAway, SetDecision, SetDuty, WithdrawAway, WithdrawDecision
from server.kpi.pages.frame import refused, require_id, require_scored, tabs_of
from server.kpi.queries.marks import Mark, marks
from server.storage.door import Command, carry_out
from server.storage.ids import new_id
from server.tasks.show.values import day, name_of, people_groups, person_in
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

AWAY = ("sick", "unpaid", "not_in_service")
DUTIES = ("officer", "leader", "support")
CASES = ("decline", "discipline", "corruption")


def _options(kind: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"value": name, "label": say(f"kpi.page.{kind}.{name}")} for name in names]


def _line(one: Mark, viewer: Viewer) -> dict[str, Any]:
    stored = one.values
    shown: dict[str, Any] = {"id": one.id, "person": person_in(viewer.directory, one.person), "may": one.may}
    if "kind" in stored:
        shown["what"] = say(f"kpi.page.away.{stored['kind']}")
    elif "duty" in stored:
        shown |= {"what": say(f"kpi.page.duty.{stored['duty']}"), "group": stored["group_name"],
                  "rater": name_of(viewer.directory, stored["rater"])}  # fmt: skip
    else:
        shown |= {"what": say(f"kpi.page.case.{stored['case_of']}"), "year": stored["year"], "note": stored["note"],
                  "day": day(stored["document_date"])}  # fmt: skip
    return shown | {"document": stored.get("document", ""), "since": day(stored.get("since")), "until": day(stored.get("until"))}


async def _page(
    request: AnyRequest, viewer: Viewer, problem: Refusal | None = None, form: Form | None = None, failed: str = ""
) -> Response[bytes]:
    found = await marks(viewer.id, viewer.now)
    if not found.people:
        raise Refusal("not_found", "kpi.page.no_such_page")
    people = people_groups([viewer.directory.people[one] for one in found.people], viewer.directory)
    context = {
        "tabs": await tabs_of(viewer, "marks"),
        "away": [_line(one, viewer) for one in found.away],
        "duties": [_line(one, viewer) for one in found.duties],
        "decisions": [_line(one, viewer) for one in found.decisions],
        "keeps": found.keeps,
        "decides": found.decides,
        "people": people,
        "raters": people_groups(
            [one for one in viewer.directory.people.values() if one.active and one.position != "admin"], viewer.directory
        ),
        "kinds": _options("away", AWAY),
        "duty_kinds": _options("duty", DUTIES),
        "cases": _options("case", CASES),
        "today": viewer.today.isoformat(),
        "year": viewer.today.year,
        "mutation": new_mutation(),
        "values": form.values if form else {},
        "failed": failed,
        **refused(problem),
    }
    return page(request, viewer, "kpi/marks.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/marks")
async def show(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """What stands, and the forms for more."""
    require_scored(viewer)
    return await _page(request, viewer)


def _command(kind: str, form: Form) -> Command:
    mark_id = form.mutation or new_id()
    person = form.text("person")
    since = form.day("since")
    if kind in ("away", "duty") and since is None:
        raise Refusal("invalid", "kpi.page.day_missing", field="since")
    if kind == "away" and since is not None:
        what = cast(Literal["sick", "unpaid", "not_in_service"], _one_of(form, "kind", AWAY))
        return SetAway(id=mark_id, person=person, since=since, until=form.day("until"), kind=what, document=form.text("document"))
    if kind == "duty" and since is not None:
        duty = cast(Literal["officer", "leader", "support"], _one_of(form, "duty", DUTIES))
        group = form.text("group_name")
        return SetDuty(
            id=mark_id, person=person, duty=duty, group_name=group, rater=form.raw("rater"), since=since, until=form.day("until")
        )
    case = cast(Literal["decline", "discipline", "corruption"], _one_of(form, "case_of", CASES))
    document = form.text("document")
    return SetDecision(
        id=mark_id, person=person, year=form.whole("year") or 0, case_of=case, document=document,
        document_date=form.day("document_date"), note=form.text("note"),
    )  # fmt: skip


def _one_of(form: Form, name: str, known: tuple[str, ...]) -> str:
    if form.text(name) not in known:
        raise Refusal("invalid", "kpi.page.choose", field=name)
    return form.text(name)


@post("/kpi/marks/{kind:str}")
async def enter(request: AnyRequest, viewer: SignedIn, kind: FromPath[str]) -> Response[bytes]:
    """Enter an absence, a duty or a decision."""
    require_scored(viewer)
    if kind not in ("away", "duty", "decision"):
        raise Refusal("not_found", "kpi.page.no_such_page")
    form = await read_form(request)
    try:
        await carry_out(_command(kind, form), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        return await _page(request, viewer, problem, form, kind)
    return see_other("/kpi/marks", Notice(say("kpi.page.notice.marked", name=name_of(viewer.directory, form.text("person")))))


@post("/kpi/marks/{kind:str}/{name:str}/withdraw")
async def withdraw(request: AnyRequest, viewer: SignedIn, kind: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """Withdraw what was entered wrongly."""
    require_scored(viewer)
    form = await read_form(request)
    mark, reason = require_id(name), form.text("reason")
    if kind not in ("away", "decision"):
        raise Refusal("not_found", "kpi.page.no_such_page")
    given = WithdrawAway(away=mark, reason=reason) if kind == "away" else WithdrawDecision(decision=mark, reason=reason)
    await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    return see_other("/kpi/marks", Notice(say("kpi.page.notice.withdrawn")))


routes = [show, enter, withdraw]
