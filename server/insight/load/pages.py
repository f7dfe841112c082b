"""Cân tải: people by working days, moving a task, saying how much work one is."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from litestar import get, post
from litestar.response import Response

from server.calendar.current import working_days
from server.errors import Refusal
from server.insight.load.commands import SayEstimate
from server.insight.load.queries import loads_of, open_tasks, scope_of, tasks_named
from server.insight.load.show import Board, address, load_context, move_context, opened_context
from server.insight.load.since import settled
from server.insight.proposals.queries import waiting_for
from server.insight.proposals.read import facts_for
from server.insight.proposals.show import proposals_context
from server.storage.door import carry_out
from server.storage.ids import is_id
from server.tasks.commands.assign import Assign
from server.tasks.pages.forms import number_of
from server.tasks.pages.waiting import badges_of
from server.tasks.rules import allowed
from server.tasks.show.values import name_of
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, Undo, local_path, see_other
from server.web.viewer import Viewer
from server.words import say

PATH = "/foresight/load"
#: Proposals that stand beside the loads.
PROPOSALS = 6
NAMES = ("unit", "person", "move", "to", "start")


class Tried(msgspec.Struct, frozen=True):
    """A form of this page that was refused: which one, what had been typed, at which field, the sentence."""

    form: str
    values: dict[str, str]
    field: str
    message: str
    status: int


def tried(form: str, given: Form, refusal: Refusal) -> Tried:
    """What the page shows again."""
    return Tried(form, given.values, refusal.field or "", refusal.message, refusal.status)


def named_in(next_path: str) -> dict[str, str]:
    """The names in the address of a page of loads."""
    return dict(parse_qsl(urlsplit(next_path).query)) if urlsplit(next_path).path == PATH else {}


async def board_of(viewer: Viewer, unit: str) -> Board:
    """Loads as this person may see them. Raises Refusal as ``scope_of`` does."""
    scope = scope_of(viewer.directory, viewer.actor, viewer.today, unit)
    tasks = await open_tasks(viewer.actor, viewer.today, viewer.directory)
    ids = [one.id for one in scope.people]
    counted = await loads_of(ids)
    ordered = {one: counted[one] for one in ids if one in counted}
    return Board(
        scope=scope,
        loads=settled(ordered, tasks, viewer.today, working_days()),
        tasks=tasks,
        directory=viewer.directory,
        viewer=viewer.id,
        takers=frozenset(one.id for one in viewer.directory.may_assign(viewer.actor, viewer.today)),
        today=viewer.today,
        now=viewer.now,
        days=working_days(),
    )


async def show_load(request: AnyRequest, viewer: Viewer, given: Mapping[str, str], refused: Tried | None = None) -> Response[bytes]:
    """The page at this address; with a form that was refused, what had been typed and why."""
    unit = given.get("unit", "")
    board = await board_of(viewer, unit)
    start = int(given["start"]) if given.get("start", "").isascii() and given.get("start", "").isdigit() and len(given["start"]) < 6 else 0
    inside = {one.id for one in board.scope.people}
    opened = viewer.id if board.scope.kind == "own" else given.get("person", "") if given.get("person") in inside else ""
    context = load_context(board, opened, start)
    context |= {"opened": None, "move": None, "refused": None}
    if opened:
        load = board.loads.get(opened)
        tasks = await tasks_named([one.task for one in load.tasks] if load else [], viewer.actor, viewer.today, viewer.directory)
        facts = await facts_for(list(tasks), viewer.directory)
        may_move = frozenset(one for one, some in facts.items() if allowed("assign", viewer.actor, some, viewer.today, viewer.now))
        may_say = frozenset(tasks) if opened == viewer.id or opened in board.takers else frozenset()
        context["opened"] = opened_context(board, opened, tasks, may_move, may_say)
        moving = given.get("move", "")
        if any(one["id"] == moving and one["move_href"] for one in context["opened"]["tasks"]):
            mine = refused if refused and refused.form == "move" else None
            problem = (mine.field, mine.message) if mine else ("", "")
            values = mine.values if mine else None
            context["move"] = move_context(board, opened, tasks[moving], given.get("to", ""), values, problem) | {
                "mutation": new_mutation()
            }
    if refused and refused.form in ("estimate", "decline"):
        context["refused"] = {
            "form": refused.form,
            "task": refused.values.get("task", ""),
            "value": refused.values.get("hours", ""),
            "message": refused.message,
        }
    waiting = await waiting_for(viewer.id, viewer.directory, viewer.today, viewer.now)
    context["proposals"] = with_mutations(
        proposals_context(
            [one for one in waiting if one.giver in inside],
            viewer.directory,
            viewer.today,
            working_days(),
            PROPOSALS,
            refused.values | {"message": refused.message} if refused and refused.form == "decline" else None,
        )
    )
    context["here"] = address(board.scope.unit, opened if board.scope.kind != "own" else "", start=start)
    status = refused.status if refused else 200
    return page(request, viewer, "shared/foresight/load.html", context, nav="foresight", status=status, badges=await badges_of(viewer))


def with_mutations(context: dict[str, Any]) -> dict[str, Any]:
    """The context of proposals, with an identifier for each of its forms."""
    for entry in context["entries"]:
        entry |= {"accept": {"mutation": new_mutation()}, "decline": {"mutation": new_mutation()}}
    return context


@get(PATH)
async def load(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Who carries how much in the next ten working days."""
    return await show_load(request, viewer, {name: request.query_params.get(name, "") for name in NAMES})


@post(f"{PATH}/move")
async def move(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Another lead: the ordinary reassignment. ``undo`` marks the form that gives it back."""
    form = await read_form(request)
    back = local_path(form.raw("next"), PATH)
    task = form.text("task")
    if not is_id(task):
        raise Refusal("not_found", "tasks.not_found")
    try:
        asked = Assign(task=task, lead=form.text("lead"), reason=form.text("reason"))
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        given = named_in(back)
        if form.checked("undo") or not given.get("person", viewer.id):
            return see_other(back, Notice(refusal.message, "error"))
        return await show_load(request, viewer, {**given, "move": task}, tried("move", form, refusal))
    # The form says from whom: sent a second time, the task has another lead already.
    giver = form.text("giver")
    undo = None
    if giver in viewer.directory.people and giver != asked.lead and not form.checked("undo"):
        undo = undo_of(task, giver, say("insight.load.undo_reason"), back)
    done = say("insight.load.moved", number=made.get("number", ""), name=name_of(viewer.directory, asked.lead))
    return see_other(back, Notice(done, "success", undo))


def undo_of(task: str, lead: str, reason: str, back: str) -> Undo:
    """The button that gives a task back to whoever had it."""
    fields = {"task": task, "lead": lead, "reason": reason, "undo": "1", "next": back}
    return Undo(f"{PATH}/move", say("insight.load.undo"), [{"name": name, "value": value} for name, value in fields.items()])


@post(f"{PATH}/estimate")
async def estimate(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """How many hours the whole of a task takes; nothing takes an estimate back."""
    form = await read_form(request)
    back = local_path(form.raw("next"), PATH)
    try:
        hours = number_of(form, "hours")
        if hours is not None and not 0 < hours < 100_000:
            raise Refusal("invalid", "insight.load.hours_bad", field="hours")
        asked = SayEstimate(task=form.text("task"), minutes=None if hours is None else max(1, round(hours * 60)))
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await show_load(request, viewer, named_in(back), tried("estimate", form, refusal))
    return see_other(back, Notice(say("insight.load.said" if hours is not None else "insight.load.said_none")))


routes = [load, move, estimate]
