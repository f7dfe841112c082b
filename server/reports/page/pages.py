"""/reports: a unit's report of a period, and /reports/tasks: the tasks behind one of its numbers."""

from typing import Any, Final

from litestar import get
from litestar.response import Response

from server.errors import Refusal
from server.reports.build import report_of
from server.reports.filed.rules import may_file
from server.reports.page.asked import PATH, TASKS, Asked, asked_of
from server.reports.page.behind import listed, question_of
from server.reports.page.behind_show import list_context, tasks_of
from server.reports.page.choose import choices
from server.reports.page.show import report_context
from server.reports.shape import Report
from server.tasks.pages.waiting import badges_of
from server.tasks.queries.scope import may_see
from server.web.forms import new_mutation
from server.web.office import base_of
from server.web.page import page
from server.web.replies import AnyRequest, came_from, wants_json
from server.web.viewer import SignedIn, Viewer
from server.words import say

FORMATS: Final = ("xlsx", "pdf")
NAV: Final = "reports"
#: People whom a page lists one by one.
MOST_PEOPLE: Final = 300


@get(PATH)
async def report(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The report: everybody who is signed in reads every unit's (R17)."""
    try:
        asked = asked_of(request.query_params, viewer.actor, viewer.directory, viewer.now)
        made = await report_of(asked.unit, asked.period, viewer.now, most_people=MOST_PEOPLE)
    except Refusal as problem:
        return await _wrong(request, viewer, problem)
    context: dict[str, Any] = {
        **report_context(made, asked, await may_see(viewer.id, _planned(made))),
        "choices": choices(asked, viewer.directory, viewer.today),
        "files": [{"format": one, "label": say(f"report_page.file.{one}"), "mutation": new_mutation()} for one in FORMATS],
        "link": base_of(request) + asked.address(),
        "filed": _filed(asked, viewer),
    }
    return page(request, viewer, "reports/report.html", context, nav=NAV, badges=await badges_of(viewer))


@get(TASKS)
async def tasks(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The tasks behind a number, as they stood: those that the reader may see, and how many there are besides."""
    try:
        asked = asked_of(request.query_params, viewer.actor, viewer.directory, viewer.now)
        question = question_of(request.query_params, asked)
    except Refusal as problem:
        return await _wrong(request, viewer, problem)
    found = await listed(question, viewer.actor, viewer.directory, viewer.today)
    context = list_context(question, found, await tasks_of(found), viewer.directory, viewer.today)
    return page(request, viewer, "reports/tasks.html", context, nav=NAV, badges=await badges_of(viewer))


async def _wrong(request: AnyRequest, viewer: Viewer, problem: Refusal) -> Response[bytes]:
    """What is wrong with an address, and a way back; programs are told as everywhere."""
    if wants_json(request):
        raise problem
    context = {"message": problem.message, "way": PATH if viewer.directory.units else None, "back": came_from(request, "") or None}
    return page(request, viewer, "reports/wrong.html", context, nav=NAV, status=problem.status, badges=await badges_of(viewer))


def _planned(made: Report) -> list[str]:
    """The tasks that stand in the report by name."""
    plans = made.section("plans")
    return [one.key for one in plans.table.rows if one.level] if plans else []


def _filed(asked: Asked, viewer: Viewer) -> dict[str, str]:
    """Where reports are drafted and fixed; whoever may not do that for the unit reads the fixed ones there."""
    may = may_file(viewer.actor, viewer.directory.path(asked.unit), viewer.today)
    return {"href": asked.address(path="/reports/filed"), "label": say("report_page.file_it" if may else "report_page.filed")}


routes = [report, tasks]
