"""Cân tải, Dự báo, leave and proposals as pages of the server: who may open what, and what their forms do without a script."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from server.insight.load.jobs import Counter
from server.insight.proposals.jobs import Proposer
from server.storage.engine import row, rows
from server.storage.ids import new_id
from tests.office import TODAY, Cast, Clock, Visit
from tests.tasks.desk import Desk, stored

pytestmark = pytest.mark.anyio
FRIDAY = (TODAY + timedelta(days=4)).isoformat()


def said(page: httpx.Response) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<(script|style|title).*?</\1>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


async def overloaded(desk: Desk, clock: Clock, cast: Cast) -> list[str]:
    """Too much for the officer by Friday; loads are counted, one move is proposed."""
    tasks = []
    for minutes in (700, 600, 400):
        task = await desk.task(cast.head, cast.officer, due=FRIDAY)
        await desk.do(cast.officer, "insight.estimate", task=task, minutes=minutes)
        tasks.append(task)
    clock.now = desk.now
    await Counter(clock).tick()
    await Proposer(clock).tick()
    return tasks


async def test_the_head_sees_his_room_in_order_of_rank_and_nobody_else(visit: Visit, desk: Desk, clock: Clock, cast: Cast) -> None:
    await overloaded(desk, clock, cast)
    head = await visit("cntt.truong")
    page = await head.get("/foresight/load")
    names = re.findall(r"<b>([^<]+)</b><svg", page.text)
    assert names == ["Đặng Hoài Sang", "Ông Thị Thùy Mây", "Trần Bảo Kha", "Nông Thị Quế Anh"]
    assert "1,36" in said(page) and "quá tải nặng" in said(page) and "136" in said(page)
    assert (await head.get(f"/foresight/load?unit={cast.hcth}")).status_code == 403
    other = await head.get(f"/foresight/load?person={cast.stranger}")
    assert "Nguyễn Thị Thu Uyển" not in other.text


async def test_a_leader_of_the_centre_chooses_a_room_or_sees_all(visit: Visit, desk: Desk, clock: Clock, cast: Cast) -> None:
    await overloaded(desk, clock, cast)
    for name in ("giamdoc", "hcth.truong"):
        leader = await visit(name)
        everybody = await leader.get("/foresight/load")
        assert "Toàn trung tâm" in said(everybody) and "Nguyễn Thị Thu Uyển" in everybody.text and "Trần Bảo Kha" in everybody.text
        room = await leader.get(f"/foresight/load?unit={cast.hcth}")
        assert "Nguyễn Thị Thu Uyển" in room.text and "Trần Bảo Kha" not in room.text
        assert (await leader.get(f"/foresight/load?unit={new_id()}")).status_code == 404


async def test_an_officer_sees_his_own_load_and_risks_and_nothing_of_others(visit: Visit, desk: Desk, clock: Clock, cast: Cast) -> None:
    (task, *_) = await overloaded(desk, clock, cast)
    officer = await visit("cntt.cv1")
    own = await officer.get("/foresight/load")
    assert "Tải của tôi" in said(own) and "Nông Thị Quế Anh" not in own.text and f'id="t-{task}"' in own.text
    assert "/foresight/load/move" not in own.text and "Đề xuất phân công lại" not in own.text
    assert (await officer.get(f"/foresight/load?unit={cast.cntt}")).status_code == 403
    morning = await officer.get("/foresight")
    assert "Tải của tôi" in said(morning) and "Ai đang quá tải" not in morning.text and "Đề xuất phân công lại" not in morning.text
    colleague = await visit("cntt.cv2")
    assert "Trần Bảo Kha" not in (await colleague.get("/foresight")).text + (await colleague.get("/foresight/load")).text


async def test_the_administrator_has_no_loads(visit: Visit) -> None:
    browser = await visit("quantri")
    for path in ("/foresight", "/foresight/load", "/foresight/leave"):
        assert (await browser.get(path)).status_code == 403
    assert "/foresight" not in (await browser.get("/people")).text


async def test_a_task_is_moved_by_a_plain_form_and_given_back_by_its_undo(visit: Visit, desk: Desk, clock: Clock, cast: Cast) -> None:
    (task, *_) = await overloaded(desk, clock, cast)
    head = await visit("cntt.truong")
    form = await head.get(f"/foresight/load?person={cast.officer}&move={task}&to={cast.colleague}")
    assert "Chuyển #" in said(form) and f'value="{cast.colleague}" selected' in form.text and "1,36" in said(form)
    assert f'value="{cast.stranger}"' not in form.text, "somebody of another room is offered"
    back = f"/foresight/load?person={cast.officer}"
    given = {"task": task, "lead": cast.colleague, "giver": cast.officer, "reason": "  ", "next": back, "mutation": new_id()}
    refused = await head.post("/foresight/load/move", data=given)
    assert (
        refused.status_code == 422 and 'id="f-reason-move-error"' in refused.text and f'value="{cast.colleague}" selected' in refused.text
    )
    assert (await stored(task))["lead"] == cast.officer
    given["reason"] = "Đồng chí Kha đang quá tải"
    for _ in range(2):
        answer = await head.post("/foresight/load/move", data=given)
        assert answer.status_code == 303 and answer.headers["location"] == back
    assert (await stored(task))["lead"] == cast.colleague
    entries = await rows("SELECT after FROM audit_entry WHERE action = 'assign' AND subject = $1", task)
    assert len(entries) == 1, "a double click moved it twice"
    page = await head.get(back)
    assert f'id="t-{task}"' not in page.text
    undo = dict(re.findall(r'name="(task|lead|reason|undo|next)" value="([^"]*)"', page.text.split("data-toast", 1)[1]))
    assert (await head.post("/foresight/load/move", data={name: unescape(value) for name, value in undo.items()})).status_code == 303
    assert (await stored(task))["lead"] == cast.officer


async def test_nobody_moves_a_task_by_this_form_who_may_not_assign(visit: Visit, desk: Desk, clock: Clock, cast: Cast) -> None:
    (task, *_) = await overloaded(desk, clock, cast)
    for name in ("cntt.cv2", "hcth.cv1", "cntt.pho1"):
        browser = await visit(name)
        answer = await browser.post("/foresight/load/move", data={"task": task, "lead": cast.colleague, "reason": "Thử"})
        assert answer.status_code in (403, 404, 303), answer.status_code
    head = await visit("cntt.truong")
    await head.post("/foresight/load/move", data={"task": task, "lead": cast.stranger, "reason": "Sang phòng khác"})
    assert (await stored(task))["lead"] == cast.officer


async def test_a_proposal_is_accepted_with_one_tap_and_a_second_one_is_told_so(visit: Visit, desk: Desk, clock: Clock, cast: Cast) -> None:
    await overloaded(desk, clock, cast)
    (proposed,) = await rows("SELECT * FROM proposal WHERE state = 'waiting'")
    head = await visit("cntt.truong")
    page = await head.get("/foresight")
    assert "Đồng ý" in said(page) and "Vì sao" in said(page) and "1,36" in said(page)
    given = {"proposal": proposed["id"], "next": "/foresight", "mutation": new_id()}
    officer = await visit("cntt.cv1")
    await officer.post("/foresight/accept", data=given | {"mutation": new_id()})
    assert "Không tìm thấy đề xuất" in said(await officer.get("/foresight"))
    assert (await stored(proposed["task"]))["lead"] == cast.officer
    assert (await head.post("/foresight/accept", data=given)).headers["location"] == "/foresight"
    assert (await stored(proposed["task"]))["lead"] == cast.colleague
    assert "Hoàn tác" in said(await head.get("/foresight"))
    director = await visit("giamdoc")
    await director.post("/foresight/accept", data={"proposal": proposed["id"], "next": "/foresight"})
    assert "đã có người quyết định" in said(await director.get("/foresight"))


async def test_a_refusal_of_a_proposal_wants_a_reason_beside_what_was_typed(visit: Visit, desk: Desk, clock: Clock, cast: Cast) -> None:
    await overloaded(desk, clock, cast)
    (proposed,) = await rows("SELECT * FROM proposal WHERE state = 'waiting'")
    head = await visit("cntt.truong")
    for back in ("/foresight", f"/foresight/load?person={cast.officer}"):
        refused = await head.post("/foresight/decline", data={"proposal": proposed["id"], "reason": " ", "next": back})
        assert refused.status_code == 422 and f'id="f-reason-{proposed["id"]}-error"' in refused.text
    await head.post("/foresight/decline", data={"proposal": proposed["id"], "reason": "Để anh Kha làm", "next": "/foresight"})
    found = await row("SELECT state, answer FROM proposal WHERE id = $1", proposed["id"])
    assert found == {"state": "declined", "answer": "Để anh Kha làm"}


async def test_an_estimate_is_corrected_in_hours_and_a_bad_one_is_said_beside_it(
    visit: Visit, desk: Desk, clock: Clock, cast: Cast
) -> None:
    (task, *_) = await overloaded(desk, clock, cast)
    officer = await visit("cntt.cv1")
    bad = await officer.post("/foresight/load/estimate", data={"task": task, "hours": "nhiều", "next": "/foresight/load"})
    assert bad.status_code == 422 and 'value="nhiều"' in bad.text and f'id="f-hours-{task}-error"' in bad.text
    await officer.post("/foresight/load/estimate", data={"task": task, "hours": "7,5", "next": "/foresight/load"})
    assert await row("SELECT minutes FROM estimate WHERE id = $1", task) == {"minutes": 450}
    await officer.post("/foresight/load/estimate", data={"task": task, "hours": "", "next": "/foresight/load"})
    assert await row("SELECT minutes FROM estimate WHERE id = $1", task) is None


async def test_leave_and_duties_are_entered_for_those_to_whom_one_may_assign(visit: Visit, desk: Desk, clock: Clock, cast: Cast) -> None:
    head, officer = await visit("cntt.truong"), await visit("cntt.cv1")
    since = (TODAY + timedelta(days=1)).isoformat()
    bad = await head.post("/foresight/leave", data={"person": cast.officer, "since": FRIDAY, "until": since, "note": "về quê"})
    assert bad.status_code == 422 and 'id="f-until-leave-error"' in bad.text and 'value="về quê"' in bad.text
    assert (await head.post("/foresight/leave", data={"person": cast.officer, "since": since, "kind": "sick"})).status_code == 303
    page = await officer.get("/foresight/leave")
    assert "Nghỉ ốm" in said(page) and "24/11/2026" in said(page)
    # A colleague of the room learns that he is away, not why.
    colleague = await (await visit("cntt.cv2")).get("/foresight/leave")
    assert "Trần Bảo Kha" in colleague.text and "ốm" not in said(colleague).replace("Nghỉ ốm Đi công tác", "")
    (leave,) = await rows("SELECT id FROM leave")
    assert (await officer.post("/foresight/leave/end", data={"leave": leave["id"]})).status_code == 303
    assert (await officer.post("/foresight/leave", data={"person": cast.colleague, "since": since})).status_code == 403
    assert (await head.post("/foresight/duty", data={"person": cast.officer, "title": "Trực quầy", "hours": "0"})).status_code == 422
    assert (await head.post("/foresight/duty", data={"person": cast.officer, "title": "Trực quầy", "hours": "2,5"})).status_code == 303
    assert "2,5 giờ mỗi tuần" in said(await officer.get("/foresight/leave"))
    (duty,) = await rows("SELECT id, minutes FROM duty")
    assert duty["minutes"] == 150
    assert (await officer.post("/foresight/duty/end", data={"duty": duty["id"]})).status_code == 303
    assert "Trực quầy" not in (await officer.get("/foresight/leave")).text
