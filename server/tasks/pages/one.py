"""A task's page."""

from typing import Any

from litestar import get
from litestar.response import Response

from server.calendar.current import working_days
from server.errors import Refusal
from server.files.queries import of_task
from server.storage.door import carry_out
from server.tasks.commands.look import Refused
from server.tasks.pages.beside import suggestions
from server.tasks.pages.lists import filters_of
from server.tasks.pages.waiting import badges_of
from server.tasks.queries.one import Whole, id_of, timeline, whole
from server.tasks.show.lists import query_of
from server.tasks.show.one import MOVES, files_by_origin, task_context
from server.tasks.show.standing import shows_form
from server.tasks.show.timeline import SILENT, entries
from server.web.forms import new_mutation
from server.web.page import fragment, is_stale, page
from server.web.replies import NOTICE_COOKIE, AnyRequest, is_htmx, waiting_notice
from server.web.viewer import Viewer

HISTORY = 30


async def seen(viewer: Viewer, name: str) -> Whole:
    """The task of that id or number. Raises Refusal ``not_found`` otherwise; a look at somebody else's task is written down."""
    task_id = await id_of(name)
    found = await whole(task_id, viewer.actor, viewer.today, viewer.directory) if task_id else None
    if found is not None:
        return found
    if task_id:
        await carry_out(Refused(task=task_id), actor=viewer.id, now=viewer.now, source="page")
    raise Refusal("not_found", "tasks.not_found")


async def context_of(request: AnyRequest, viewer: Viewer, found: Whole, problem: dict[str, Any] | None = None) -> dict[str, Any]:
    """Everything that the page shows; ``problem`` is what a form of it was refused for, with what had been entered."""
    history = await timeline(found.task["id"], limit=HISTORY + 1, without=SILENT)
    files = await of_task(found.task["id"])
    query = query_of(filters_of(request), start=0)
    context = task_context(
        found,
        history[:HISTORY],
        files,
        viewer.actor,
        viewer.directory,
        viewer.today,
        viewer.now,
        working_days(),
        query=query,
        more_history=len(history) > HISTORY,
    )
    limit = request.app.state["files"].limit
    refused = problem or {"move": "", "message": "", "field": "", "values": {}}
    return context | {
        "shows": "detail",
        "suggestions": (await suggestions(viewer, [found.task["id"]])).get(found.task["id"], []),
        "mutation": {move: new_mutation() for move in (*MOVES, "item", "status")},
        "problem": refused,
        "problem_shown": shows_form(refused["move"], refused["values"], context),
        "max_bytes": limit,
        "max_label": f"{limit // 1024 // 1024} MB",
        # Nothing waits to be sent on the server itself: a page of the device says how much does.
        "waits": 0,
        "refused_entries": [],
    }


async def show(
    request: AnyRequest, viewer: Viewer, found: Whole, problem: dict[str, Any] | None = None, status: int = 200
) -> Response[bytes]:
    """The page, or its detail pane alone where only that was asked for."""
    context = await context_of(request, viewer, found, problem)
    refused_by_another_release = problem is not None and is_stale(request)
    if request.headers.get("hx-request") == "true" and request.headers.get("hx-target") == "detail" and not refused_by_another_release:
        # Links of the list and the forms of the page itself; the latter are boosted and follow their redirect to here.
        left = waiting_notice(request)
        answer = fragment(request, viewer, "shared/tasks/detail.html", context | {"notice": left}, status=status)
        if left is not None:
            answer.delete_cookie(NOTICE_COOKIE)
        return answer
    return page(request, viewer, "shared/tasks/task.html", context, nav="tasks", status=status, badges=await badges_of(viewer))


@get("/tasks/{name:str}")
async def task(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """One task, by its identifier or its number."""
    return await show(request, viewer, await seen(viewer, name))


@get("/tasks/{name:str}/history")
async def history(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """The next part of the timeline."""
    found = await seen(viewer, name)
    try:
        before = int(request.query_params.get("before", ""))
    except ValueError:
        raise Refusal("invalid", "web.bad_number", value=request.query_params.get("before", "")) from None
    older = await timeline(found.task["id"], before, HISTORY + 1, SILENT)
    files = files_by_origin(await of_task(found.task["id"]))
    context = {
        "history": entries(older[:HISTORY], viewer.directory, viewer.actor, viewer.today, viewer.now, files),
        "history_more": f"/tasks/{found.task['id']}/history?before={older[HISTORY - 1]['seq']}" if len(older) > HISTORY else "",
    }
    if is_htmx(request):
        return fragment(request, viewer, "shared/tasks/history.html", context)
    return page(request, viewer, "shared/tasks/history_page.html", {**context, "back": f"/tasks/{found.task['id']}"}, nav="tasks")


routes = [task, history]
