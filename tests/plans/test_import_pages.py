"""Nhập kế hoạch through its pages: given, reviewed, confirmed, and who may do so."""

import asyncio
import re

import pytest

from server.errors import Refusal
from server.plans import jobs, reader, working
from server.plans.reading_process import Job
from server.storage.engine import rows
from tests.office import TODAY, fixed_id
from tests.plans.helpers import DATA, workbook

pytestmark = pytest.mark.anyio

ANNEX = (DATA / "qd-717-phu-luc.docx").read_bytes()
PASTED = "\n".join(
    [
        "TT\tNhiệm vụ\tĐơn vị chủ trì\tThời hạn",
        "1\tRà soát quy trình nội bộ\tPhòng HCTH\t31/12/2026",
        "2\tTập huấn một cửa\tSở Nội vụ\tchưa rõ\n",
    ]
)


@pytest.fixture(autouse=True)
def _no_process_stays():
    yield
    reader.close()


async def give(client, data=ANNEX, name="qd-717-phu-luc.docx", **fields):
    """Send a file, and wait until it has been read: on a busy machine a page says meanwhile how far it is."""
    answer = await client.post("/plans", files={"file": (name, data)}, data=fields)
    for _ in range(300):
        if answer.status_code != 303 or "Bạn có thể rời trang này" not in (await client.get(answer.headers["location"])).text:
            break
        await asyncio.sleep(0.1)
    return answer


async def paste(client, text=PASTED):
    answer = await client.post("/plans", data={"pasted": text})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def shown_rows(page):
    return re.findall(r'id="row-(\d+)"', page)


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def tasks():
    return await rows("SELECT * FROM task ORDER BY ordinal")


async def test_the_head_gives_the_annex_reviews_18_rows_and_creates_18_tasks(visit, cast):
    client = await visit("hcth.truong")
    assert (await client.get("/plans")).status_code == 200
    answer = await give(client)
    assert answer.status_code == 303
    plan = answer.headers["location"]
    page = await client.get(plan)
    assert shown_rows(page.text) == [str(n) for n in range(1, 19)]
    assert "717/QĐ-UBND" in page.text and "2021-06-16" in page.text and "UBND tỉnh Bắc Ninh" in page.text
    assert "15 dòng có thời hạn đã qua" in page.text
    assert "Quý IV/2021" in page.text
    assert await tasks() == []

    form = {
        "row": [str(n) for n in range(1, 19)],
        "source_number": "717/QĐ-UBND",
        "source_date": "2021-06-16",
        "default_lead": cast.officer,
    }
    form |= {f"keep-{n}": "1" for n in range(1, 19)} | {"lead-3": cast.stranger, "past_to": "2026-12-31"}
    saved = await client.post(plan, data=form)
    assert saved.status_code == 303
    created = await client.post(f"{plan}/confirm", data=form | {"mutation": fixed_id("once")})
    assert created.status_code == 303, text_of(created.text)
    stored = await tasks()
    assert len(stored) == 18
    assert [one["lead"] for one in stored[:4]] == [cast.officer, cast.officer, cast.stranger, cast.officer]
    assert {str(one["due"]) for one in stored if one["due"]} == {"2026-12-31"}
    done = await client.get(plan)
    assert "18</b> nhiệm vụ" in done.text and "#26-018" in done.text
    again = await client.post(f"{plan}/confirm", data=form | {"mutation": fixed_id("twice")})
    assert again.status_code == 303 and len(await tasks()) == 18


async def test_the_same_file_again_shows_what_stands_already(visit, cast):
    client = await visit("hcth.truong")
    first = (await give(client)).headers["location"]
    all_rows = {"row": [str(n) for n in range(1, 19)]} | {f"keep-{n}": "1" for n in range(1, 19)}
    await client.post(f"{first}/confirm", data=all_rows | {"source_number": "", "default_lead": cast.officer})
    second = (await give(client, (DATA / "qd-717-phu-luc.tsv").read_bytes(), "a.tsv")).headers["location"]
    page = await client.get(second)
    assert page.text.count("Đã nhập thành nhiệm vụ") == 18
    assert "#26-001" in page.text and 'name="keep-' not in page.text
    refused = await client.post(f"{second}/confirm", data={"source_number": "", "default_lead": cast.officer})
    assert refused.status_code == 422 and "không có gì để tạo thêm" in refused.text
    assert len(await tasks()) == 18


async def test_a_refused_confirmation_names_every_row_and_keeps_what_was_entered(visit, cast):
    client = await visit("hcth.truong")
    plan = await paste(client)
    form = {
        "row": ["1", "2"],
        "keep-1": "1",
        "keep-2": "1",
        "title-1": "Tên mới",
        "lead-1": cast.stranger,
        "lead-2": "",
        "source_number": "9/KH",
    }
    refused = await client.post(f"{plan}/confirm", data=form)
    assert refused.status_code == 422
    assert "Dòng 2 (“Tập huấn một cửa”): Chưa có người phụ trách." in refused.text
    assert "Tên mới" in refused.text and 'aria-invalid="true"' in refused.text
    assert await tasks() == []
    assert "Tên mới" in (await client.get(plan)).text and "9/KH" in (await client.get(plan)).text


async def test_a_doubtful_cell_says_why_beside_the_original(visit):
    client = await visit("hcth.truong")
    plan = await paste(client)
    page = await client.get(f"{plan}?show=doubt")
    assert shown_rows(page.text) == ["2"]
    assert "không đọc được thời hạn “chưa rõ”" in page.text and "plan-field doubt" in page.text


async def test_a_row_like_an_open_task_is_left_out_until_it_is_ticked(visit, cast):
    client = await visit("hcth.truong")
    first = await paste(client)
    both = {"row": ["1", "2"], "keep-1": "1", "keep-2": "1", "source_number": "", "default_lead": cast.officer}
    assert (await client.post(f"{first}/confirm", data=both)).status_code == 303
    second = await paste(client, PASTED.replace("31/12/2026", "15/12/2026"))
    page = (await client.get(second)).text
    assert "Rất giống việc đang mở" in page and "#26-001" in page
    assert 'name="keep-1" value="1">' in page
    assert (
        await client.post(f"{second}/confirm", data={"row": ["1"], "keep-1": "1", "source_number": "", "default_lead": cast.officer})
    ).status_code == 303
    assert len(await tasks()) == 3


async def test_one_row_has_a_page_with_everything(visit, cast):
    client = await visit("hcth.truong")
    plan = await paste(client)
    opened = await client.post(plan, data={"row": ["1"], "keep-1": "1", "lead-1": cast.officer, "open": "1"})
    assert opened.headers["location"] == f"{plan}/rows/1"
    assert "Rà soát quy trình nội bộ" in (await client.get(f"{plan}/rows/1")).text
    form = {"row": "1", "keep-1": "1", "title-1": "Rà soát", "lead-1": cast.officer, "start-1": "01/12/2026", "due-1": "31/12/2026"}
    form |= {"cadence-1": "once", "has-collaborators-1": "1", "collaborators-1": [cast.colleague, cast.head], "note-1": "Ghi chú"}
    assert (await client.post(f"{plan}/rows/1", data=form)).status_code == 303
    await client.post(f"{plan}/confirm", data={"row": ["2"]})
    stored = (await tasks())[0]
    assert (stored["title"], str(stored["start"]), stored["description"]) == ("Rà soát", "2026-12-01", "Ghi chú")
    parts = await rows("SELECT person FROM assignment WHERE role = 'collaborator'")
    assert {one["person"] for one in parts} == {cast.colleague, cast.head}
    assert (await client.get(f"{plan}/rows/99")).status_code == 404


async def test_a_date_that_is_none_is_refused_with_its_row(visit):
    client = await visit("hcth.truong")
    plan = await paste(client)
    refused = await client.post(plan, data={"row": ["2"], "keep-2": "1", "due-2": "31/02/2027"})
    assert refused.status_code == 422 and "Dòng 2: “31/02/2027” không phải là ngày" in refused.text


BAD = {
    "picture.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "là ảnh"),
    "empty.docx": (b"", "rỗng"),
    "broken.docx": (b"PK\x03\x04" + b"\0" * 400, "hỏng"),
    "no-table.tsv": ("Chỉ có một dòng chữ".encode(), "Không tìm thấy bảng nào"),
    "no-rows.xlsx": (workbook(["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]), "không có dòng nhiệm vụ nào"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_file_is_one_sentence_and_leaves_nothing(visit, name):
    data, said = BAD[name]
    answer = await give(await visit("hcth.truong"), data, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert await rows("SELECT id FROM plan_import") == []
    assert working.of(name) is None


async def test_nothing_given_is_refused(visit):
    answer = await (await visit("hcth.truong")).post("/plans", data={"pasted": " "})
    assert answer.status_code == 422 and "Chưa có kế hoạch nào" in answer.text


@pytest.mark.parametrize("who", ["cntt.cv1", "cntt.pho1", "quantri"])
async def test_whoever_may_not_enter_plans_is_refused(visit, who):
    client = await visit(who)
    for answer in (await client.get("/plans"), await give(client), await client.get(f"/plans/{fixed_id('x')}")):
        assert answer.status_code == 403
    assert await rows("SELECT id FROM plan_import") == []


async def test_a_draft_is_hidden_from_other_heads_and_read_only_for_leaders(visit):
    plan = await paste(await visit("cntt.truong"))
    other = await visit("cntt.truong")
    assert (await other.get(plan)).status_code == 200
    leader = await visit("giamdoc")
    page = await leader.get(plan)
    assert page.status_code == 200 and "chỉ Đặng Hoài Sang sửa" in page.text and f'action="{plan}/drop"' not in page.text
    assert (await leader.post(f"{plan}/confirm", data={"row": "1"})).status_code == 403
    of_leader = await paste(leader)
    assert (await other.get(of_leader)).status_code == 404
    assert (await other.post(f"{of_leader}/confirm")).status_code == 404
    assert of_leader not in (await other.get("/plans")).text
    assert plan in (await leader.get("/plans")).text


async def test_a_form_without_its_token_is_refused(visit):
    client = await visit("hcth.truong")
    plan = await paste(client)
    del client.headers["X-CSRF-Token"]
    assert (await client.post(f"{plan}/confirm")).status_code == 403
    assert (await client.post("/plans", data={"pasted": PASTED})).status_code == 403


async def test_a_draft_can_be_thrown_away(visit):
    client = await visit("hcth.truong")
    plan = await paste(client)
    assert (await client.post(f"{plan}/drop")).headers["location"] == "/plans"
    assert (await client.get(plan)).status_code == 404


async def test_a_long_reading_goes_on_and_can_be_come_back_to(visit, monkeypatch):
    monkeypatch.setattr(jobs.take_in, "__defaults__", (0.0,))
    client = await visit("hcth.truong")
    plan = (await client.post("/plans", files={"file": ("qd-717-phu-luc.docx", ANNEX)})).headers["location"]
    waiting = await client.get(plan)
    assert "Đang đọc kế hoạch" in waiting.text and f'hx-get="{plan}/progress"' in waiting.text
    for _ in range(200):
        answer = await client.get(f"{plan}/progress")
        if answer.headers.get("hx-redirect") == plan:
            break
        await asyncio.sleep(0.05)
    assert len(shown_rows((await client.get(plan)).text)) == 18


async def test_a_long_reading_that_fails_keeps_its_sentence(visit, monkeypatch):
    monkeypatch.setattr(jobs.take_in, "__defaults__", (0.0,))
    client = await visit("hcth.truong")
    plan = (await give(client, b"x", "hong.docx")).headers["location"]
    for _ in range(200):
        if "Đang đọc" not in (page := (await client.get(plan)).text):
            break
        await asyncio.sleep(0.05)
    assert "Không tìm thấy bảng nào trong hong.docx" in page


async def test_a_reading_that_the_server_forgot_asks_for_the_file_again(visit, cast):
    client = await visit("hcth.truong")
    plan = await paste(client)
    from server.plans.tables import PlanImport

    await PlanImport.update({PlanImport.state: "reading"}).where(PlanImport.id == plan.rsplit("/", 1)[1])
    assert "hãy nạp lại tệp" in (await client.get(plan)).text
    assert "hãy nạp lại tệp" in (await client.get("/plans")).text


async def test_a_document_that_takes_too_long_is_ended(visit):
    job = Job(name="cham.docx", data=ANNEX, units=[], today=TODAY)
    with pytest.raises(Refusal) as refused:
        await reader.read(job, lambda done, total: None, patience=0.01)
    assert refused.value.key == "plans.took_too_long"


async def test_thousands_of_rows_are_paged_and_created_with_progress(visit, cast):
    lines = [[n, f"Nhiệm vụ số {n} của kế hoạch", "Phòng Ứng dụng CNTT", "31/12/2026"] for n in range(1, 5001)]
    client = await visit("hcth.truong")
    plan = (await give(client, workbook(["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], *lines), "dai.xlsx")).headers["location"]
    for _ in range(600):
        if 'id="progress"' not in (page := (await client.get(plan)).text):
            break
        await asyncio.sleep(0.1)
    assert shown_rows(page) == [str(n) for n in range(1, 51)]
    moved = await client.post(plan, data={"row": ["1"], "keep-1": "1", "title-1": "Tên khác", "go": "100"})
    assert moved.headers["location"] == f"{plan}?page=100"
    assert shown_rows((await client.get(moved.headers["location"])).text)[-1] == "5000"
    assert (await client.post(f"{plan}/confirm", data={"row": []})).status_code == 303
    seen = set()
    for _ in range(1200):
        page = (await client.get(plan)).text
        if 'id="progress"' not in page:
            break
        seen.update(re.findall(r"(\d+) / 5000", page))
        await asyncio.sleep(0.05)
    assert len(seen) > 2, "the page said nothing while the tasks were created"
    assert (await rows("SELECT count(*) AS many FROM task"))[0]["many"] == 5000
    assert (await tasks())[0]["title"] == "Tên khác"
