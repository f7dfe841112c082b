"""Hôm nay, Việc, Chờ duyệt, Thùng rác."""

from datetime import timedelta
from typing import Any

import msgspec
from litestar import get
from litestar.response import Response

from server.calendar.current import working_days
from server.files.queries import of_reports_among
from server.tasks import rules
from server.tasks.pages.beside import suggestions
from server.tasks.pages.waiting import badges_of, waiting_for
from server.tasks.queries import lists
from server.tasks.queries.lists import DEFAULTS, Filters
from server.tasks.show.lists import bin_context, filter_context, list_context, today_context
from server.tasks.show.one import file_context
from server.tasks.show.reviews import reviews_context, shown_of
from server.web.forms import new_mutation
from server.web.nav import judges
from server.web.page import fragment, page
from server.web.replies import AnyRequest, is_htmx, see_other
from server.web.viewer import Viewer


def filters_of(request: AnyRequest) -> Filters:
    """The filters that the address names; what can't be read is left at its default, so that an old link still opens."""
    given = {name: value for name, value in request.query_params.items() if name in DEFAULTS and value and "\x00" not in value}
    found = Filters()
    for name, value in given.items():
        try:
            found = msgspec.structs.replace(found, **{name: getattr(msgspec.convert({name: value}, Filters, strict=False), name)})
        except msgspec.ValidationError:
            continue
    found.q = found.q[:200].strip()
    found.start = max(0, min(found.start, 100_000))
    return found


@get("/")
async def today(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """What presses, and nothing else."""
    if viewer.profile.position == "admin":
        return see_other("/people")
    mine = await lists.mine_now(viewer.id)
    waiting = await waiting_for(viewer)
    assigns = judges(viewer.actor, viewer.today)
    context = today_context(mine, waiting, viewer.profile, viewer.directory, viewer.today, working_days(), assigns=assigns)
    return page(request, viewer, "shared/tasks/today.html", context, nav="today", badges={"reviews": context["decisions"]})


async def list_of(viewer: Viewer, filters: Filters, current: str = "") -> dict[str, Any]:
    """The context of the list pane."""
    found = await lists.listed(filters, viewer.actor, viewer.today, viewer.directory)
    return list_context(found, filters, viewer.actor, viewer.directory, viewer.today, working_days(), current)


@get("/tasks")
async def tasks(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """The list, with its filters in the address."""
    context = await list_of(viewer, filters_of(request))
    context |= {"shows": "list", "assigns": bool(viewer.directory.may_assign(viewer.actor, viewer.today))}
    return page(request, viewer, "shared/tasks/list.html", context, nav="tasks", badges=await badges_of(viewer))


@get("/tasks/filter")
async def filter_form(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """The form of all filters: a page, or the form alone where it opens above the list."""
    context = filter_context(filters_of(request), viewer.directory)
    if is_htmx(request) and request.headers.get("hx-target") == "narrow":
        return fragment(request, viewer, "shared/tasks/narrow.html", context | {"in_place": True})
    return page(request, viewer, "shared/tasks/filter.html", context | {"in_place": False}, badges=await badges_of(viewer))


@get("/tasks/pane")
async def pane(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """The list alone, for the left pane of a task's page on a wide screen."""
    context = await list_of(viewer, filters_of(request), request.query_params.get("current", ""))
    return fragment(request, viewer, "shared/tasks/pane.html", context)


@get("/tasks/bin")
async def bin_page(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """What was put away, for 30 days."""
    since = viewer.today - timedelta(days=rules.BIN_DAYS)
    found = await lists.in_bin(viewer.actor, viewer.today, viewer.directory, since)
    context = bin_context(found, viewer.directory, viewer.today, viewer.now, working_days())
    return page(request, viewer, "shared/tasks/bin.html", context, nav="tasks")


@get("/tasks/alike")
async def alike(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """A warning when a new title looks like an open task's."""
    title = request.query_params.get("title", "")[:1000]
    found = await lists.alike(title, viewer.actor, viewer.today, viewer.directory)
    shown = [{"number": rules.number(one["ordinal"]), "title": one["title"], "href": f"/tasks/{one['id']}"} for one in found]
    return fragment(request, viewer, "shared/tasks/alike.html", {"alike": shown})


@get("/reviews")
async def reviews(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Results, proposals, extensions and hand-backs that wait for this person."""
    waiting = await waiting_for(viewer)
    kind = request.query_params.get("kind", "")
    start = request.query_params.get("start", "")
    first = min(int(start), 1000) if start.isascii() and start.isdigit() and len(start) < 5 else 0
    shown = shown_of(waiting, kind, first)
    parts = await lists.parts_of([one["id"] for some in shown.values() for one in some])
    submitted = [one["id"] for one in shown.get("results", [])]
    submissions = await lists.last_reports(submitted)
    hung = await of_reports_among([one["id"] for one in submissions.values()])
    files = {report: [file_context(one) for one in some] for report, some in hung.items()}
    suggested = await suggestions(viewer, submitted)
    context = reviews_context(waiting, parts, submissions, files, viewer.directory, viewer.today, viewer.now, working_days(), kind, first)
    for group in context["groups"]:
        for entry in group["entries"]:
            entry["mutation"] = new_mutation()
            if group["key"] == "results":
                # Chờ duyệt judges the lead's part; the others' have their forms on the task's page.
                entry["suggestion"] = next((one for one in suggested.get(entry["id"], []) if one["id"] == entry["lead_id"]), None)
    return page(request, viewer, "shared/tasks/reviews.html", context, nav="reviews", badges=await badges_of(viewer))


routes = [today, tasks, filter_form, pane, bin_page, alike, reviews]
