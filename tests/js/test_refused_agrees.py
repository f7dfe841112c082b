"""A form that is refused comes back on the device as the server would show it: the sentence at its field, what was typed, the status."""

from typing import Any
from unittest.mock import patch

import httpx
import pytest

from server.storage.ids import LOCAL
from server.web import page as pages
from server.words import catalogue, say
from tests.js.agree import differences, plain
from tests.js.node import run
from tests.office import CAST, Clock, Visit
from tests.sync.device import Device
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio

Form = dict[str, Any]


async def refused(browser: httpx.AsyncClient, url: str, form: Form) -> dict[str, Any]:
    """What the server shows to whoever sent this."""
    caught: list[dict[str, Any]] = []
    render = pages.render

    def caught_render(template: str, context: Any) -> str:
        caught.append({"template": template, "context": plain(context)})
        return render(template, context)

    with patch.object(pages, "render", caught_render):
        answer = await browser.post(url, data=form)
    assert answer.status_code >= 400, f"{url} took {form}"
    assert len(caught) == 1, answer.text[:400]
    return {"status": answer.status_code, **caught[0]}


async def again(person: str, clock: Clock, asks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the device shows."""
    device = await Device(person, clock).pull()
    kept = [
        {"kind": kind, "id": one, "task": data.get("task") if kind != "task" else one, "data": data}
        for (kind, one), data in device.rows.items()
    ]
    given = {"words": catalogue(), "person": person, "now": clock().astimezone(LOCAL).isoformat(), "rows": kept, "asks": asks}
    found: list[dict[str, Any]] = run("again.mjs", given)
    return found


async def hold(browser: httpx.AsyncClient, person: str, clock: Clock, sent: list[tuple[str, Form, str, list[Any]]]) -> list[dict[str, Any]]:
    """Hold both against each other for every form: where it is sent, what is in it, and what the device shows it again with."""
    server = [await refused(browser, url, form) for url, form, _, _ in sent]
    asks = [{"url": url, "show": show, "args": args} for url, _, show, args in sent]
    here = await again(person, clock, asks)
    wrong = [
        f"{ask['url']}{path}: {said}" for ask, one, other in zip(asks, server, here, strict=True) for path, said in differences(one, other)
    ]
    assert not wrong, "\n".join(wrong[:20])
    return here


def problem(task: str, move: str, said: str, field: str, form: Form, status: int = 422) -> tuple[str, Form, str, list[Any]]:
    """A move that is refused, and the same refusal on the device."""
    told = {"move": move, "message": said, "field": field, "values": form}
    return f"/tasks/{task}/{move}", form, "showTask", [task, {"problem": told, "status": status}]


async def test_a_move_comes_back_in_its_form_or_at_the_top(visit: Visit, clock: Clock) -> None:
    desk = Desk()
    task, done = await desk.task(checklist=["Một"]), await desk.completed()
    clock.now = desk.now
    over = say("tasks.illegal.progress", status=say("tasks.status.completed"))
    sent = [
        problem(task, "progress", say("tasks.percent_bad"), "percent", {"percent": "", "note": "Đang làm"}),
        problem(task, "submit", say("tasks.number_bad", value="hai"), "quantity", {"note": "Xong", "quantity": "hai"}),
        problem(task, "extend", say("tasks.due_new_missing"), "due", {"due": "", "reason": "Chờ ý kiến"}),
        problem(task, "hand_back", say("tasks.reason_missing"), "reason", {"reason": ""}),
        problem(task, "comment", say("tasks.comment_empty"), "text", {"text": ""}),
        problem(task, "item", say("tasks.comment_empty"), "text", {"text": ""}),
        problem(done, "progress", over, "", {"percent": "5", "note": "Giữ lại"}, 409),
    ]
    found = await hold(await visit("cntt.cv1"), CAST.officer, clock, sent)
    assert [one["context"]["problem_shown"] for one in found] == [True] * 6 + [False], "at the top only what has no form"


async def test_a_leaders_decision_comes_back_too(visit: Visit, clock: Clock) -> None:
    desk = Desk()
    submitted, running, asked = await desk.submitted(), await desk.task(), await desk.proposal()
    clock.now = desk.now
    judged = {"person": CAST.officer, "verdict": "return", "note": ""}
    sent = [
        problem(submitted, "review", say("tasks.reason_missing"), "reason", judged),
        problem(submitted, "review", say("tasks.score_bad"), "score", {**judged, "verdict": "accept", "score": "101"}),
        problem(running, "status", say("tasks.reason_missing"), "reason", {"to": "paused", "reason": ""}),
        problem(running, "status", say("tasks.reason_missing"), "reason", {"to": "cancelled", "reason": ""}),
        problem(asked, "decide", say("tasks.reason_missing"), "reason", {"decision": "decline", "reason": ""}),
    ]
    found = await hold(await visit("cntt.truong"), CAST.head, clock, sent)
    assert all(one["context"]["problem_shown"] for one in found)


async def test_a_whole_task_comes_back_with_all_that_was_typed(visit: Visit, clock: Clock) -> None:
    desk = Desk()
    task = await desk.task(collaborators=[{"person": CAST.colleague, "share": 0.2}])
    clock.now = desk.now
    browser = await visit("cntt.truong")
    new = {"title": "Việc mới", "lead": "", "due": "2026-12-31", "priority": "urgent", "kind": "planned", "quantity": "2", "parent": task}
    named = {"lead": "", "collaborators": CAST.colleague, f"share-{CAST.colleague}": "25", "has_followers": "1", "reason": "Đi công tác"}
    base = {"title": "Cũ", "due": "2026-12-31"}
    edited = {"title": "", "due": "2026-12-31", **{f"base-{name}": value for name, value in base.items()}, "reason": "Theo chỉ đạo"}
    names = (
        "title", "description", "start", "due", "no_due", "priority", "kind", "unit", "field", "parent", "product", "product_text",
        "quantity", "source_number", "source_date", "source_issuer",
    )  # fmt: skip
    none: Form = {"collaborators": [], "followers": [], "shares": {}}
    missing = {"message": say("tasks.lead_missing"), "field": "lead", "status": 422}
    untitled = {"message": say("tasks.title_missing"), "field": "title", "status": 422}
    whom = {"collaborators": [CAST.colleague], "followers": [], "shares": {CAST.colleague: "25"}}
    sent: list[tuple[str, Form, str, list[Any]]] = [
        ("/tasks", new, "showNew", [{**new, **none}, missing, False]),
        (f"/tasks/{task}/edit", edited, "showEdit", [task, {**edited, **none}, {name: base.get(name, "") for name in names}, untitled]),
        (f"/tasks/{task}/assign", named, "showAssign", [task, {**named, **whom}, missing]),
    ]
    found = await hold(browser, CAST.head, clock, sent)
    assert [set(one["context"]["errors"]) for one in found] == [{"lead"}, {"title"}, {"lead"}]
