"""What the buttons of a task's page do: one address for each move."""

from collections.abc import Callable
from typing import Any, Literal

from litestar import post
from litestar.response import Response

from server.errors import Refusal
from server.files.intake import take_uploads
from server.storage.door import Command, carry_out
from server.storage.ids import new_id
from server.tasks.commands.carry import Extend, HandBack, Progress, Submit
from server.tasks.commands.decide import Decide, DoReview, TakeBack
from server.tasks.commands.edit import Bin, Restore, SetStatus
from server.tasks.commands.talk import AddItem, Follow, RemoveItem, SayComment, SetItem
from server.tasks.pages.forms import number_of
from server.tasks.pages.one import seen, show
from server.web.forms import Form, read_form
from server.web.replies import AnyRequest, Notice, Undo, local_path, see_other
from server.web.viewer import Viewer
from server.words import say

Maker = Callable[[Form, str, list[str]], tuple[Command, str, dict[str, Any]]]


def _id(form: Form) -> str:
    """A new thing's identifier: the form's own, so that a second sending names the same thing."""
    return form.mutation or new_id()


def _progress(form: Form, task: str, files: list[str]) -> tuple[Command, str, dict[str, Any]]:
    percent = form.whole("percent")
    if percent is None:
        raise Refusal("invalid", "tasks.percent_bad", field="percent")
    asked = Progress(id=_id(form), task=task, percent=percent, note=form.text("note"), quantity=number_of(form, "quantity"), files=files)
    return asked, "progress", {"percent": percent}


def _submit(form: Form, task: str, files: list[str]) -> tuple[Command, str, dict[str, Any]]:
    asked = Submit(id=_id(form), task=task, note=form.text("note"), quantity=number_of(form, "quantity"), files=files)
    return asked, "submit", {}


def _hand_back(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    return HandBack(task=task, reason=form.text("reason")), "hand_back", {}


def _extend(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    due = form.day("due")
    if due is None:
        raise Refusal("invalid", "tasks.due_new_missing", field="due")
    return Extend(task=task, due=due, reason=form.text("reason")), "extend", {}


def _decide(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    decision: Literal["approve", "decline"] = "approve" if form.text("decision") == "approve" else "decline"
    changes: dict[str, Any] = {}
    if form.raw("lead"):
        changes["lead"] = form.text("lead")
    due = form.day("due")
    if due is not None:
        changes["due"] = due.isoformat()
    return Decide(task=task, decision=decision, reason=form.text("reason"), changes=changes), decision, {}


def _review(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    verdict: Literal["accept", "return"] = "accept" if form.text("verdict") == "accept" else "return"
    asked = DoReview(
        id=_id(form),
        task=task,
        person=form.raw("person"),
        verdict=verdict,
        quantity=number_of(form, "quantity"),
        major_error=form.checked("major_error"),
        objective_cause=form.checked("objective_cause"),
        score=number_of(form, "score"),
        note=form.text("note"),
    )
    return asked, verdict, {}


def _review_undo(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    return TakeBack(task=task, person=form.raw("person")), "review_undo", {}


def _status(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    done = {"paused": "pause", "cancelled": "cancel", "not_started": "reopen"}.get(form.text("to"), "resume")
    return SetStatus(task=task, to=form.text("to"), reason=form.text("reason")), done, {}


def _comment(form: Form, task: str, files: list[str]) -> tuple[Command, str, dict[str, Any]]:
    return SayComment(id=_id(form), task=task, text=form.text("text"), mentions=form.many("mentions"), files=files), "comment", {}


def _check(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    return SetItem(task=task, item=form.text("item"), done=form.checked("done")), "", {}


def _item(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    if form.raw("remove"):
        return RemoveItem(task=task, item=form.text("remove")), "", {}
    return AddItem(id=_id(form), task=task, text=form.text("text")), "item_add", {}


def _follow(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    on = form.checked("on")
    return Follow(task=task, on=on), "follow" if on else "unfollow", {}


def _bin(form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    return Bin(task=task, reason=form.text("reason")), "bin", {}


def _restore(_form: Form, task: str, _: list[str]) -> tuple[Command, str, dict[str, Any]]:
    return Restore(task=task), "restore", {}


MAKERS: dict[str, Maker] = {
    "progress": _progress,
    "submit": _submit,
    "hand_back": _hand_back,
    "extend": _extend,
    "decide": _decide,
    "review": _review,
    "review_undo": _review_undo,
    "status": _status,
    "comment": _comment,
    "check": _check,
    "item": _item,
    "follow": _follow,
    "bin": _bin,
    "restore": _restore,
}


def _undo(move: str, task: str, form: Form) -> Undo | None:
    """The button that takes it back, where a tap too much is easy."""
    again = {"accept": "review_undo", "bin": "restore"}.get(move)
    if again is None:
        return None
    fields = [{"name": "person", "value": form.text("person")}] if form.raw("person") else []
    return Undo(f"/tasks/{task}/{again}", say("tasks.done.undo"), [*fields, {"name": "next", "value": form.text("next")}])


@post("/tasks/{name:str}/{move:str}")
async def act(request: AnyRequest, viewer: Viewer, name: str, move: str) -> Response[bytes]:
    """Carry out a move; a refusal shows the page again with the sentence beside what had been entered."""
    maker = MAKERS.get(move)
    if maker is None:
        raise Refusal("not_found", "tasks.not_found")
    form = await read_form(request)
    found = await seen(viewer, name)
    task = str(found.task["id"])
    try:
        files = await _files(request, viewer, form)
        asked, done, values = maker(form, task, files)
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        problem = {"move": move, "message": refusal.message, "field": refusal.field or "", "values": form.values}
        return await show(request, viewer, await seen(viewer, name), problem, refusal.status)
    back = local_path(form.raw("next"), f"/tasks/{task}")
    if back == "/tasks" or move == "bin":
        back = local_path(form.raw("next"), "/tasks")
    if not done:
        return see_other(back)
    return see_other(back, Notice(say(f"tasks.done.{done}", number=made.get("number", ""), **values), "success", _undo(done, task, form)))


async def _files(request: AnyRequest, viewer: Viewer, form: Form) -> list[str]:
    sent = form.files("files")
    if not sent:
        return []
    files = request.app.state["files"]
    taken = await take_uploads(files.store, sent, by=viewer.id, now=viewer.now, limit=files.limit)
    return [one.sha256 for one in taken]


routes = [act]
