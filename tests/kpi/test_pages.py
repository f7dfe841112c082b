"""The pages of a month: scored, confirmed, closed, compared, petitioned; and what nobody else may open."""

import re
from html import unescape

import httpx
import pytest

from server.kpi.rules.general import MOST
from server.storage.engine import row, rows
from server.storage.ids import new_id
from tests.kpi.desk import FULL, ScoreDesk, handbook_month
from tests.office import CAST, NOW, Clock, Visit
from tests.tasks.desk import local

pytestmark = pytest.mark.anyio

LATER = local(2026, 12, 1)


def text_of(page: httpx.Response) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<(script|style|title).*?</\1>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def criteria(**changed: float) -> dict[str, str]:
    return {name: str(changed.get(name, most / 1000)) for name, most in MOST.items()}


async def november(desk: ScoreDesk, clock: Clock) -> str:
    """The handbook's month of the officer, November open, the clock of the pages at the desk's."""
    await handbook_month(desk)
    period = await desk.month()
    clock.now = max(desk.now, NOW)
    return period


async def test_an_officer_sees_his_sheet_from_the_record_and_scores_himself(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    browser = await visit("cntt.cv1")
    page = await browser.get("/kpi")
    said = text_of(page)
    assert page.status_code == 200
    assert "Chưa đủ dữ liệu" in said and "Chưa có điểm tiêu chí chung." in said and "Chờ bạn tự chấm" in said
    assert "15,06 : 16,8 = 89,6 %" in said and "11,555 : 16,8 = 68,8 %" in said and "7,01 : 16,8 = 41,7 %" in said
    assert "46,70" in said
    answer = await browser.post(f"/kpi/self/{period}", data=criteria() | {"strengths": "Đúng hạn", "weaknesses": "Còn lỗi"})
    assert answer.status_code == 303 and answer.headers["location"] == f"/kpi?period={period}"
    said = text_of(await browser.get("/kpi"))
    assert "76,7" in said and "Hoàn thành tốt" not in said and "Tạm tính" in said and "Chờ Đặng Hoài Sang xác nhận." in said


async def test_a_number_opens_into_the_reports_reviews_and_dates_that_made_it(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    await november(desk, clock)
    page = (await (await visit("cntt.cv1")).get("/kpi")).text
    lines = re.findall(r'<details class="kpi-open card flush" id="line-.*?</details>', page, re.DOTALL)
    assert len(lines) == 3
    late = next(one for one in lines if "14/11/2026" in one)
    said = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", late)))
    assert "L = 4" in said and "Được nghiệm thu" in said and "Trình nghiệm thu" in said and "Đặng Hoài Sang" in said
    assert "k × g = 1 × 5 = 5" in said and "k × h = 1 × 4 = 4" in said and "4 trừ 100 % (4 lần × 25 %) còn 0" in said
    task = re.search(r'href="(/tasks/[^"]+)"', late)
    assert task is not None
    opened = await (await visit("cntt.cv1")).get(task[1])
    assert opened.status_code == 200 and "Diễn biến" in opened.text


@pytest.mark.parametrize(("name", "value", "why"), [("character", "5.5", "5"), ("discipline", "năm", "không phải là số")])
async def test_a_wrong_point_is_said_at_its_criterion_and_nothing_is_stored(
    visit: Visit, desk: ScoreDesk, clock: Clock, name: str, value: str, why: str
) -> None:
    period = await november(desk, clock)
    browser = await visit("cntt.cv1")
    answer = await browser.post(f"/kpi/self/{period}", data=criteria() | {name: value, "strengths": "Giữ lại"})
    assert answer.status_code == 422
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.text)
    assert field is not None and 'aria-invalid="true"' in field[0] and f'value="{value}"' in field[0]
    assert why in text_of(answer) and "Giữ lại" in answer.text
    found = await row("SELECT state FROM kpi_sheet WHERE person = $1", CAST.officer)
    assert found is not None and found["state"] == "open"


async def test_the_head_sees_the_room_by_rank_and_confirms_in_one_press(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    await desk.do(CAST.officer, "kpi.sheet.self", period=period, points=FULL)
    clock.now = desk.now
    head = await visit("cntt.truong")
    page = await head.get("/kpi/room")
    said = text_of(page)
    names = [said.index(name) for name in ("Ông Thị Thùy Mây", "Trần Bảo Kha", "Nông Thị Quế Anh")]
    assert names == sorted(names) and "Nguyễn Thị Thu Uyển" not in said
    assert "89,6 %" in said and "76,7" in said and "Chờ xác nhận" in said and "Thiếu tự chấm" in said.replace("điểm chung, ", "")
    assert page.text.count("data-toggles") == 3
    answer = await head.post(f"/kpi/people/{CAST.officer}/{period}/confirm", data={"next": f"/kpi/room?period={period}"})
    assert answer.status_code == 303 and answer.headers["location"] == f"/kpi/room?period={period}"
    stored = await row("SELECT * FROM kpi_sheet WHERE person = $1", CAST.officer)
    assert stored is not None and stored["state"] == "confirmed"
    assert "Đã xác nhận" in text_of(await head.get("/kpi/room"))


async def test_a_changed_point_wants_a_reason(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    await desk.do(CAST.officer, "kpi.sheet.self", period=period, points=FULL)
    clock.now = desk.now
    head = await visit("cntt.truong")
    where = f"/kpi/people/{CAST.officer}/{period}"
    in_place = await head.get(f"{where}/confirm", headers={"HX-Request": "true"})
    assert in_place.status_code == 200 and "data-in-place" in in_place.text and "<html" not in in_place.text
    assert (await head.get(f"{where}/confirm")).headers["location"] == f"{where}#confirm-form"
    refused = await head.post(f"{where}/confirm", data=criteria(character=4))
    assert refused.status_code == 422 and re.search(r'<textarea[^>]*name="reason"[^>]*aria-invalid="true"', refused.text)
    assert 'value="4"' in refused.text
    answer = await head.post(f"{where}/confirm", data=criteria(character=4) | {"reason": "Đi muộn hai lần"})
    assert answer.status_code == 303
    said = text_of(await (await visit("cntt.cv1")).get("/kpi"))
    assert "75,7" in said and "Hoàn thành tốt" in said and "Đi muộn hai lần" in said and "Tạm tính" not in said
    back = await head.post(f"{where}/return", data={"back_reason": ""})
    assert back.status_code == 422 and 'name="back_reason"' in back.text
    assert (await head.post(f"{where}/return", data={"back_reason": "Chấm lại mục đầu"})).status_code == 303


async def test_the_director_marks_a_leader(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    await desk.do(CAST.head, "kpi.sheet.self", period=period, points=FULL)
    clock.now = desk.now
    director = await visit("giamdoc")
    where = f"/kpi/people/{CAST.head}/{period}"
    page = await director.get(where)
    assert 'name="organising"' in page.text and "Việc của những người được lãnh đạo" in page.text
    answer = await director.post(f"{where}/confirm", data={"organising": "50", "uniting": "100", "leading_reason": "Chậm chương trình"})
    assert answer.status_code == 303, text_of(answer)
    stored = await row("SELECT organising, uniting FROM kpi_sheet WHERE person = $1", CAST.head)
    assert stored is not None and (stored["organising"], stored["uniting"]) == (50, 100)


async def closed(desk: ScoreDesk, clock: Clock, browser: httpx.AsyncClient, period: str) -> None:
    """Close it: the officer has his points, the others are named as without data."""
    await desk.score(period)
    clock.now = LATER
    desk.now = LATER
    others = [
        one["person"] for one in await rows("SELECT person FROM kpi_sheet WHERE period = $1", period) if one["person"] != CAST.officer
    ]
    answer = await browser.post(f"/kpi/periods/{period}/close", data={"without_data": others})
    assert answer.status_code == 303, text_of(answer)


async def test_a_period_does_not_close_before_everybody_is_named(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    director = await visit("giamdoc")
    page = text_of(await director.get("/kpi/periods"))
    assert "Tháng 11/2026" in page and "0/8" in page and "8 người chưa tự chấm" in page
    refused = await director.post(f"/kpi/periods/{period}/close", data={"early": "1", "without_data": [CAST.deputy]})
    assert refused.status_code == 409 and "Trần Bảo Kha" in text_of(refused)
    assert f'value="{CAST.deputy}" checked' in refused.text
    reminded = await director.post(f"/kpi/periods/{period}/remind")
    assert reminded.status_code == 303
    told = {one["person"] for one in await rows("SELECT person FROM outbox WHERE kind = 'kpi.remind.self'")}
    assert CAST.officer in told and CAST.admin not in told
    assert "đã được nhắc hôm nay" in text_of(await director.post(f"/kpi/periods/{period}/remind"))
    await closed(desk, clock, director, period)
    assert "Đã chốt" in text_of(await director.get("/kpi/periods"))


async def test_two_versions_are_compared_and_the_old_one_stays(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    director = await visit("giamdoc")
    await closed(desk, clock, director, period)
    officer = await visit("cntt.cv1")
    first = await row("SELECT id FROM kpi_sheet WHERE person = $1", CAST.officer)
    assert first is not None
    refused = await director.post(f"/kpi/periods/{period}/reopen", data={"reason": ""})
    assert refused.status_code == 422
    answer = await director.post(f"/kpi/periods/{period}/reopen", data={"reason": "Chấm lại điểm chung"})
    assert answer.status_code == 303
    new = await row("SELECT id FROM kpi_period WHERE version = 2")
    assert new is not None
    desk.now = clock.now
    await desk.do(
        CAST.head, "kpi.sheet.confirm", period=new["id"], person=CAST.officer, points={"character": 4}, reason="Theo biên bản họp"
    )
    clock.now = desk.now
    second = await row("SELECT id FROM kpi_sheet WHERE person = $1 AND version = 2", CAST.officer)
    assert second is not None
    old = text_of(await officer.get(f"/kpi/sheets/{first['id']}"))
    assert "76,7" in old and "bản cũ" in old and "So với bản đang xem" in old
    compared = text_of(await officer.get(f"/kpi/sheets/{first['id']}/compare/{second['id']}"))
    assert "Chấm lại điểm chung" in compared and "5 → 4" in compared and "76,7 → 75,7" in compared


async def test_a_petition_counts_its_working_days_and_is_answered(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    director = await visit("giamdoc")
    await closed(desk, clock, director, period)
    sheet = await row("SELECT id FROM kpi_sheet WHERE person = $1", CAST.officer)
    assert sheet is not None
    officer, head = await visit("cntt.cv1"), await visit("cntt.truong")
    where = f"/kpi/sheets/{sheet['id']}/petition"
    assert "do-petition" in (await officer.get("/kpi")).text
    empty = await officer.post(where, data={"text": ""})
    assert empty.status_code == 422 and re.search(r'name="text"[^>]*aria-invalid="true"', empty.text)
    assert (await officer.post(where, data={"text": "Việc số 3 xong đúng hạn"})).status_code == 303
    assert "Còn 7 ngày làm việc" in text_of(await officer.get("/kpi/petitions"))
    stranger = await visit("cntt.cv2")
    assert "Việc số 3" not in text_of(await stranger.get("/kpi/petitions"))
    petition = await row("SELECT id FROM kpi_petition")
    assert petition is not None
    answer = f"/kpi/petitions/{petition['id']}/answer"
    assert (await stranger.post(answer, data={"outcome": "upheld", "answer": "Đồng ý"})).status_code == 404
    refused = await head.post(answer, data={"outcome": "", "answer": "Đã xem lại"})
    assert refused.status_code == 422 and "Đã xem lại" in refused.text
    assert (await head.post(answer, data={"outcome": "rejected", "answer": "Đã xem lại, giữ nguyên"})).status_code == 303
    assert "Không chấp nhận" in text_of(await officer.get("/kpi/petitions"))


async def test_rules_stand_beside_their_legal_basis_and_a_draft_names_its_problems(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    await november(desk, clock)
    officer = text_of(await (await visit("cntt.cv1")).get("/kpi/rules"))
    assert "Trừ mỗi lần chậm hoặc lỗi (%) 25 Điểm b và c khoản 2 Điều 14" in officer and "Soạn bản mới" not in officer
    assert (await (await visit("cntt.cv1")).get("/kpi/rules/draft")).status_code == 403
    director = await visit("giamdoc")
    form = await director.get("/kpi/rules/draft")
    action = re.search(r'action="(/kpi/rules/[^"]+/draft)"', form.text)
    assert action is not None
    given = {
        name: unescape(value)
        for name, value in re.findall(r'<input class="input" id="[^"]*" name="([^"]+)" type="text" value="([^"]*)"', form.text)
    }
    given |= {"basis": "Quyết định số 12", "name": "Bản thử", "period": "month", "late_by": "working_day", "cap_reading": "good_only"}
    given |= {"cap_ratios": "0", "carries_unfinished": "1", "tasks_most": "80"}
    refused = await director.post(action[1], data=given)
    assert refused.status_code == 422 and re.search(r'name="tasks_most"[^>]*aria-invalid="true"', refused.text)
    assert 'value="80"' in refused.text and "Bản thử" in refused.text
    stored = await director.post(action[1], data=given | {"tasks_most": "70"})
    assert stored.status_code == 303, text_of(stored)
    page = await director.get(stored.headers["location"])
    assert "đang là Mỗi ngày theo lịch" in text_of(page)
    forced = await director.post(action[1].replace("/draft", "/force"), data={"since": "2026-12-01"})
    assert forced.status_code == 303
    assert "Mỗi ngày làm việc" in text_of(await director.get("/kpi/rules"))


async def test_an_objective_cause_takes_the_lateness_out(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    head = await visit("cntt.truong")
    page = (await head.get(f"/kpi/people/{CAST.officer}/{period}")).text
    links = re.findall(r'href="(/kpi/excuses/[^"]+)"', page)
    late = next(one for one in re.findall(r'id="line-.*?</details>', page, re.DOTALL) if "14/11/2026" in one)
    link = unescape(next(one for one in links if one in late))
    form = await head.get(link)
    assert form.status_code == 200 and "L = 4" in text_of(form)
    refused = await head.post(link, data={"what": "late", "reason": ""})
    assert refused.status_code == 422 and re.search(r'name="reason"[^>]*aria-invalid="true"', refused.text)
    assert (await head.post(link, data={"what": "late", "reason": "Bão số 12", "document": "Công điện 15"})).status_code == 303
    said = text_of(await head.get(f"/kpi/people/{CAST.officer}/{period}"))
    assert "L = 4, không tính" in said and "Bão số 12" in said and "11,01 : 16,8 = 65,5 %" in said
    officer = await visit("cntt.cv1")
    assert (await officer.get(link)).status_code == 404 and (
        await officer.post(link, data={"what": "late", "reason": "x"})
    ).status_code == 404


async def test_a_task_of_several_months_is_split(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    head = await visit("cntt.truong")
    page = (await head.get(f"/kpi/people/{CAST.officer}/{period}")).text
    first = next(one for one in re.findall(r'id="line-.*?</details>', page, re.DOTALL) if "14/11/2026" in one)
    found = re.search(r'href="(/kpi/splits/[^"]+)"', first)
    assert found is not None
    link = unescape(found[1])
    refused = await head.post(link, data={"part-2026-11": "2", "part-2026-12": "2"})
    assert refused.status_code == 422 and 'value="2"' in refused.text
    assert (await head.post(link, data={"part-2026-11": "2", "part-2026-12": "3"})).status_code == 303
    assert "phần Tháng 11/2026" in text_of(await head.get(f"/kpi/people/{CAST.officer}/{period}"))
    assert (await head.post(link, data={"whole": "1"})).status_code == 303
    assert await rows("SELECT id FROM kpi_split") == []


async def test_absences_duties_and_decisions_are_entered_by_who_may(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    await november(desk, clock)
    head, director, officer = await visit("cntt.truong"), await visit("giamdoc"), await visit("cntt.cv1")
    assert (await officer.get("/kpi/marks")).status_code == 404
    page = (await head.get("/kpi/marks")).text
    assert "Ghi nhận người nghỉ" in page and "Đặt cách chấm" not in page and "Ghi nhận quyết định" not in page
    refused = await head.post("/kpi/marks/away", data={"person": CAST.colleague, "kind": "sick", "since": ""})
    assert refused.status_code == 422 and "Hãy nhập ngày." in text_of(refused)
    away = {"person": CAST.colleague, "kind": "sick", "since": "2026-11-01", "until": "2026-11-30", "document": "Giấy nghỉ 12"}
    assert (await head.post("/kpi/marks/away", data=away)).status_code == 303
    said = text_of(await head.get("/kpi/room"))
    assert "Nghỉ ốm đau, thai sản" in said
    mark = await row("SELECT id FROM kpi_away")
    assert mark is not None
    assert (await officer.post(f"/kpi/marks/away/{mark['id']}/withdraw", data={"reason": "Nhầm"})).status_code in (403, 404)
    assert (await head.post(f"/kpi/marks/away/{mark['id']}/withdraw", data={"reason": "Nhầm người"})).status_code == 303
    duty = {"person": CAST.colleague, "duty": "support", "since": "2026-11-01", "group_name": "Phục vụ"}
    assert (await head.post("/kpi/marks/duty", data=duty)).status_code == 403
    assert (await director.post("/kpi/marks/duty", data=duty)).status_code == 303
    decision = {"person": CAST.colleague, "case_of": "discipline", "year": "2026", "document": "15/QĐ-KL"}
    assert (await head.post("/kpi/marks/decision", data=decision)).status_code == 403
    assert (await director.post("/kpi/marks/decision", data=decision)).status_code == 303
    said = text_of(await director.get("/kpi/marks"))
    assert "15/QĐ-KL" in said and "Nhóm: Phục vụ" in said


#: Who may open the officer's sheet; everybody else gets what an address without a page gets.
SEES = {"cntt.cv1": 200, "cntt.truong": 200, "giamdoc": 200}


@pytest.mark.parametrize(
    "username", ["giamdoc", "pgd1", "hcth.truong", "hcth.cv1", "cntt.truong", "cntt.pho1", "cntt.cv1", "cntt.cv2", "quantri"]
)
async def test_only_the_person_and_who_scores_him_open_a_sheet(visit: Visit, desk: ScoreDesk, clock: Clock, username: str) -> None:
    period = await november(desk, clock)
    await desk.score(period)
    clock.now = desk.now
    sheet = await row("SELECT id FROM kpi_sheet WHERE person = $1", CAST.officer)
    assert sheet is not None
    browser = await visit(username)
    expected = SEES.get(username, 404)
    found = [
        await browser.get(path)
        for path in (
            f"/kpi/sheets/{sheet['id']}",
            f"/kpi/people/{CAST.officer}/{period}",
            f"/kpi/sheets/{sheet['id']}/mau-01.xlsx",
            f"/kpi/sheets/{sheet['id']}/compare/{sheet['id']}",
        )
    ]
    assert [one.status_code for one in found] == [expected] * 4
    if expected == 404:
        never = await browser.get(f"/kpi/sheets/{new_id()}")
        assert never.status_code == 404 and text_of(never) == text_of(found[0])
        assert "76,7" not in "".join(one.text for one in found)
        room = await browser.get("/kpi/room")
        assert "Trần Bảo Kha" not in text_of(room)
        answer = await browser.post(f"/kpi/people/{CAST.officer}/{period}/confirm", data=criteria(character=1) | {"reason": "Thử"})
        assert answer.status_code == 404
        paper = await browser.get(f"/kpi/room/{period}/{CAST.cntt}.xlsx")
        assert paper.status_code == 404


async def test_nobody_confirms_his_own_sheet(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    head = await visit("cntt.truong")
    answer = await head.post(f"/kpi/people/{CAST.head}/{period}/confirm", data=criteria())
    assert answer.status_code == 403
    assert "confirm-form" not in (await head.get("/kpi")).text


async def test_downloads_are_files(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    await desk.score(period)
    clock.now = desk.now
    head = await visit("cntt.truong")
    sheet = await row("SELECT id FROM kpi_sheet WHERE person = $1", CAST.officer)
    assert sheet is not None
    for path in (f"/kpi/sheets/{sheet['id']}/mau-01.xlsx", f"/kpi/room/{period}/{CAST.cntt}.xlsx"):
        answer = await head.get(path)
        assert answer.status_code == 200 and answer.content[:2] == b"PK", path
        assert answer.headers["content-disposition"].startswith("attachment")


async def test_an_office_without_periods_says_so(visit: Visit) -> None:
    officer, director = await visit("cntt.cv1"), await visit("giamdoc")
    assert "Chưa mở kỳ đánh giá nào" in text_of(await officer.get("/kpi"))
    assert (await officer.get("/kpi/periods")).status_code == 403
    assert 'href="/kpi/periods"' in (await director.get("/kpi")).text
    for path in ("/kpi/room", "/kpi/periods", "/kpi/rules", "/kpi/marks", "/kpi/petitions"):
        assert (await director.get(path)).status_code == 200, path
    opened = await director.post("/kpi/periods", data={"when": "2026-11"})
    assert opened.status_code == 303
    assert (await director.post("/kpi/periods", data={"when": ""})).status_code == 422
    assert (await (await visit("quantri")).get("/kpi")).status_code == 404
