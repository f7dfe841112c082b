"""One change of many tasks: a page that asks for it, and what its button does."""

from collections.abc import Callable

from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.storage.door import Command, carry_out
from server.storage.ids import is_id
from server.tasks.commands.assign import Assign
from server.tasks.commands.edit import Edit
from server.tasks.pages.waiting import badges_of
from server.tasks.queries.lists import among
from server.tasks.show.bulk import bulk_context
from server.web.forms import Form, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, local_path, see_other
from server.web.viewer import Viewer
from server.words import say

BULK_LIMIT = 200


def _chosen(given: list[str]) -> list[str]:
    return list(dict.fromkeys(task for task in given if is_id(task)))[:BULK_LIMIT]


async def _ask(
    request: AnyRequest, viewer: Viewer, form: Form, refusal: Refusal | None = None, *, kept: dict[str, str] | None = None
) -> Response[bytes]:
    """The page, with what had been entered and why it was refused; back to the list where no task of it may be seen."""
    back = local_path(form.raw("next"), "/tasks")
    chosen = _chosen(form.many("task"))
    found = await among(chosen, viewer.actor, viewer.today, viewer.directory) if chosen else []
    if not found:
        return see_other(back, Notice(say("tasks.done.bulk_none"), "warning"))
    errors = {refusal.field or "reason": refusal.message} if refusal else {}
    what = "assign" if form.text("what") == "assign" else "due"
    context = bulk_context(what, found, viewer.actor, viewer.directory, viewer.today, back, kept or {}, errors)
    status = refusal.status if refusal else 200
    return page(request, viewer, "shared/tasks/bulk_page.html", context, status=status, badges=await badges_of(viewer))


@get("/tasks/bulk")
async def bulk_form(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """What is to change of the tasks that the address names."""
    return await _ask(request, viewer, Form(list(request.query_params.multi_items())))


@post("/tasks/bulk")
async def bulk(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """One change of many tasks; each is a command of its own, and what one refuses does not stop the others."""
    form = await read_form(request)
    tasks = _chosen(form.many("task"))
    try:
        make = _command(form)
    except Refusal as refusal:
        return await _ask(request, viewer, form, refusal, kept=form.values)
    if not tasks:
        return await _ask(request, viewer, form)
    done = 0
    refused: dict[str, None] = {}
    for task in tasks:
        try:
            await carry_out(make(task), actor=viewer.id, now=viewer.now, source="page")
            done += 1
        except Refusal as refusal:
            refused[refusal.message] = None
    back = local_path(form.raw("next"), "/tasks")
    if not refused:
        return see_other(back, Notice(say("tasks.done.bulk", done=done)))
    why = " ".join(refused)[:600]
    return see_other(back, Notice(say("tasks.done.bulk_some", done=done, failed=len(tasks) - done, why=why), "warning"))


def _command(form: Form) -> Callable[[str], Command]:
    """The command for each task. Raises Refusal at the field that is missing or can't be read."""
    lead, due, reason = form.text("lead"), None, form.text("reason")
    if form.text("what") == "assign":
        if not lead:
            raise Refusal("invalid", "tasks.lead_missing", field="lead")
    else:
        due = form.day("due")
        if due is None:
            raise Refusal("invalid", "tasks.due_new_missing", field="due")
    if not reason:
        raise Refusal("invalid", "tasks.reason_missing", field="reason")
    if due is None:
        return lambda task: Assign(task=task, lead=lead, reason=reason)
    fields = {"due": due.isoformat()}
    return lambda task: Edit(task=task, fields=fields, reason=reason)


routes = [bulk_form, bulk]
