"""One plan: the progress while it is read, the grid in which it is reviewed, what became of it."""

from typing import Any

from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.plans import jobs, working
from server.plans.commands.confirm import ConfirmPlan, RowsRefused
from server.plans.commands.drafts import DropPlan
from server.plans.pages.entry import require_entry
from server.plans.pages.forms import edits_of
from server.plans.queries import PlanFacts, made_by, plan, sees_all
from server.plans.review import review
from server.plans.show_grid import PAGE, View, done_context, grid_context, moment, row_context, working_context
from server.storage.door import carry_out
from server.storage.ids import is_id
from server.tasks.show.values import people_groups
from server.web.forms import Form, new_mutation, read_form
from server.web.page import fragment, page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import Viewer
from server.words import say

#: Up to so many tasks a page waits until they are created.
AT_ONCE = 120
SHOWS = ("all", "doubt", "wrong")


async def stored(viewer: Viewer, name: str) -> PlanFacts:
    """The plan, as far as this person may see it. Raises Refusal ``not_found`` otherwise."""
    require_entry(viewer)
    found = await plan(name) if is_id(name) else None
    if found is None or (found.created_by != viewer.id and not sees_all(viewer.actor, viewer.today)):
        raise Refusal("not_found", "plans.not_found")
    return found


async def own(viewer: Viewer, name: str) -> PlanFacts:
    """The plan, if it is this person's own. Raises Refusal."""
    found = await stored(viewer, name)
    if found.created_by != viewer.id:
        raise Refusal("not_allowed", "plans.read_only")
    return found


def view_of(text: str, at: str, *, refused: bool = False) -> View:
    """Which part of the grid an address or a button means."""
    return View(show=text if text in SHOWS else "all", page=int(at) if at.isdecimal() and len(at) < 5 else 1, refused=refused)


def address(plan_id: str, view: View) -> str:
    """The address of a part of the grid."""
    asked = [f"show={view.show}"] if view.show != "all" else []
    asked += [f"page={view.page}"] if view.page > 1 else []
    return f"/plans/{plan_id}{'?' if asked else ''}{'&'.join(asked)}"


async def _grid(
    request: AnyRequest, viewer: Viewer, found: PlanFacts, view: View, problem: Exception | None = None, status: int = 200
) -> Response[bytes]:
    author = viewer.directory.actor(found.created_by)
    whole = await review(found, viewer.directory, author, viewer.today)
    if isinstance(problem, RowsRefused) and view.show == "all":
        first = problem.problems[0].row
        view = View(show="all", page=(first - 1) // PAGE + 1, refused=True)
    context = grid_context(whole, view, author, viewer.directory, viewer.today, problem=problem)
    reader = viewer.directory.people[found.created_by]
    context |= {"mutation": new_mutation(), "read_only": found.created_by != viewer.id, "author": reader.name}
    return page(request, viewer, "plans/grid.html", context, nav="plans", status=status)


@get("/plans/{name:str}")
async def show(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """Whatever the plan is now."""
    found = await stored(viewer, name)
    work = working.of(found.id)
    problem: Exception | None = None
    if work is not None and work.refusal is not None:
        problem = work.refusal if isinstance(work.refusal, Refusal) else Refusal("conflict", "web.unexpected")
        working.end(found.id)
        work = None
    if work is not None and found.state != "done":
        return page(request, viewer, "plans/working.html", {"plan": found, **working_context(work)}, nav="plans")
    if found.state == "done":
        context = done_context(found.name, found.task_count, found.confirmed_at, await made_by(found.id, PAGE), found.id)
        return page(request, viewer, "plans/done.html", context, nav="plans")
    if found.state in ("reading", "failed"):
        message = found.message or say("plans.lost_work")
        context = {"plan": found, "when": moment(found.created_at), "message": message, "mine": found.created_by == viewer.id}
        return page(request, viewer, "plans/failed.html", context, nav="plans")
    given = request.query_params
    view = view_of(given.get("show", ""), given.get("page", ""), refused=problem is not None)
    return await _grid(request, viewer, found, view, problem)


@get("/plans/{name:str}/progress")
async def progress(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """The bar alone, asked for each second; at the end the browser is sent to the plan."""
    found = await stored(viewer, name)
    work = working.of(found.id)
    over = work is None or work.refusal is not None or found.state == "done"
    context = working_context(work or working.Work("reading")) | {"plan": found}
    headers = {"HX-Redirect": f"/plans/{found.id}"} if over else None
    return fragment(request, viewer, "plans/progress.html", context, headers=headers)


async def _saved(viewer: Viewer, found: PlanFacts, form: Form) -> None:
    if working.of(found.id) is not None:
        raise Refusal("conflict", "plans.busy")
    whole = await review(found, viewer.directory, viewer.actor, viewer.today)
    await carry_out(edits_of(form, whole), actor=viewer.id, now=viewer.now, source="page")


@post("/plans/{name:str}")
async def save(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """Store this page of the grid, and go where the button says: another page, another filter, one row."""
    found = await own(viewer, name)
    form = await read_form(request)
    view = view_of(form.text("filter", form.text("show")), form.text("go", "1" if "filter" in form else form.text("at")))
    if found.state == "done":
        return see_other(f"/plans/{found.id}")
    try:
        await _saved(viewer, found, form)
    except Refusal as refusal:
        return await _grid(request, viewer, found, view, refusal, refusal.status)
    if form.text("open").isdecimal():
        return see_other(f"/plans/{found.id}/rows/{form.text('open')}")
    moved = "go" in form or "filter" in form
    return see_other(address(found.id, view), None if moved else Notice(say("plans.notice.saved")))


@post("/plans/{name:str}/confirm")
async def confirm(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """Create every task or none. A long plan goes on while its reader looks at the progress."""
    found = await own(viewer, name)
    form = await read_form(request)
    if found.state == "done" or working.of(found.id) is not None:
        return see_other(f"/plans/{found.id}")
    view = view_of(form.text("show"), form.text("at"), refused=True)
    try:
        await _saved(viewer, found, form)
        found = await own(viewer, name)
        whole = await review(found, viewer.directory, viewer.actor, viewer.today)
        todo = whole.todo
        if len(todo) > AT_ONCE and not any(one.problems for one in todo):
            jobs.create_later(found.id, len(todo), actor=viewer.id, now=viewer.now, mutation=form.mutation)
            return see_other(f"/plans/{found.id}")
        made = await carry_out(ConfirmPlan(id=found.id), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _grid(request, viewer, found, view, refusal, refusal.status)
    return see_other(f"/plans/{found.id}", Notice(say("plans.notice.created", count=made["count"])))


@post("/plans/{name:str}/drop")
async def drop(viewer: Viewer, name: str) -> Response[bytes]:
    """Throw a draft away; its document is where it came from."""
    found = await own(viewer, name)
    if working.of(found.id) is not None:
        raise Refusal("conflict", "plans.busy")
    await carry_out(DropPlan(id=found.id), actor=viewer.id, now=viewer.now, source="page")
    return see_other("/plans", Notice(say("plans.notice.dropped", name=found.name)))


async def _row_page(request: AnyRequest, viewer: Viewer, found: PlanFacts, number: int, refusal: Refusal | None = None) -> Response[bytes]:
    author = viewer.directory.actor(found.created_by)
    whole = await review(found, viewer.directory, author, viewer.today)
    one = next((one for one in whole.rows if one.row.row == number), None)
    if found.state != "draft" or one is None:
        raise Refusal("not_found", "plans.no_such_row", row=number)
    people = viewer.directory.may_assign(author, viewer.today)
    context: dict[str, Any] = {
        "plan": found,
        "row": row_context(one, whole, viewer.today, refused=True),
        "chosen": one.chosen.collaborators,
        "people": people_groups(people, viewer.directory),
        "cadences": [{"value": name, "label": say(f"plans.cadence.{name}")} for name in ("once", "recurring", "ongoing")],
        "problem": refusal.message if refusal else "",
        "read_only": found.created_by != viewer.id,
        "back": address(found.id, View(page=(number - 1) // PAGE + 1)) + f"#row-{number}",
    }
    return page(request, viewer, "plans/row.html", context, nav="plans", status=refusal.status if refusal else 200)


@get("/plans/{name:str}/rows/{number:int}")
async def row_form(request: AnyRequest, viewer: Viewer, name: str, number: int) -> Response[bytes]:
    """One row with everything that may be said of it."""
    return await _row_page(request, viewer, await stored(viewer, name), number)


@post("/plans/{name:str}/rows/{number:int}")
async def save_row(request: AnyRequest, viewer: Viewer, name: str, number: int) -> Response[bytes]:
    """Store it and go back to the grid."""
    found = await own(viewer, name)
    form = await read_form(request)
    if found.state == "done":
        return see_other(f"/plans/{found.id}")
    try:
        await _saved(viewer, found, form)
    except Refusal as refusal:
        return await _row_page(request, viewer, found, number, refusal)
    return see_other(f"{address(found.id, View(page=(number - 1) // PAGE + 1))}#row-{number}", Notice(say("plans.notice.saved")))


routes = [show, progress, save, confirm, drop, row_form, save_row]
