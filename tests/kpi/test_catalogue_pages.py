"""The pages of the catalogue: read by everybody, changed by whoever keeps it, a file looked at before anything changes."""

import re
from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from server.kpi.queries.catalogue import of_state, products_of
from server.storage.engine import rows
from tests.kpi.test_catalogue_file import FIRST, HEAD, SECOND, book
from tests.office import CAST, Visit
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio

FORCE = {"document": "12/QĐ", "document_date": "2026-11-20", "since": "2026-11-23"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
async def keeper(visit: Visit) -> httpx.AsyncClient:
    """The director, who has opened the catalogue once."""
    browser = await visit("giamdoc")
    await browser.get("/kpi/catalogue")
    return browser


async def draft_id() -> str:
    found = await of_state("draft")
    assert found is not None
    return found.id


async def force(keeper: httpx.AsyncClient) -> None:
    answer = await keeper.post("/kpi/catalogue/draft/put-in-force", data={"catalogue": await draft_id(), **FORCE})
    assert answer.status_code == 303, answer.text


def file_of(data: bytes, name: str = "danh mục.xlsx") -> dict[str, Any]:
    return {"file": (name, data, XLSX)}


async def test_an_office_starts_with_the_handbooks_draft(visit: Visit) -> None:
    browser = await visit("cntt.cv1")
    page = (await browser.get("/kpi/catalogue")).text
    assert "Danh mục khởi đầu theo Sổ tay" in page and "Hậu cần phục vụ cuộc họp" in page and "8 ÷ 5 = 1,6" in page
    assert "Chưa có danh mục nào được áp dụng" in page
    assert "Sửa bản dự thảo" not in page and "Nhập từ Excel" not in page
    await browser.get("/kpi/catalogue")
    assert len(await rows("SELECT id FROM kpi_catalogue")) == 1


async def test_everybody_reads_it_and_only_its_keepers_get_its_forms(visit: Visit, keeper: httpx.AsyncClient) -> None:
    product = (await products_of(await draft_id()))[0].id
    for name in ("pgd1", "cntt.truong", "cntt.cv1"):
        browser = await visit(name)
        for path in ("", "/1", "/draft", "/compare", "/1/export", "?q=hop&group=1"):
            assert (await browser.get(f"/kpi/catalogue{path}")).status_code == 200, (name, path)
        for path in ("/import", "/outside", "/draft/new", f"/draft/rows/{product}"):
            assert (await browser.get(f"/kpi/catalogue{path}")).status_code == 403, (name, path)
        assert (await browser.post("/kpi/catalogue/import", files=file_of(book(HEAD, FIRST)))).status_code == 403
        assert (await browser.post("/kpi/catalogue/draft/drop", data={"catalogue": await draft_id()})).status_code == 403
    assert (await (await visit("hcth.truong")).get("/kpi/catalogue/import")).status_code == 200
    assert (await keeper.get("/kpi/catalogue/99")).status_code == 404


async def test_it_is_searched_without_marks_and_by_group(keeper: httpx.AsyncClient) -> None:
    page = (await keeper.get("/kpi/catalogue?q=du+toan")).text
    assert "Lập dự toán ngân sách" in page and "Phát hành văn bản" not in page
    page = (await keeper.get("/kpi/catalogue?group=5")).text
    assert "đề án cấp quốc gia" in page and "Lập dự toán ngân sách" not in page
    assert "Không có sản phẩm nào ở đây" in (await keeper.get("/kpi/catalogue?q=zzz")).text


async def test_a_row_is_added_changed_and_taken_out(keeper: httpx.AsyncClient) -> None:
    form = (await keeper.get("/kpi/catalogue/draft/new")).text
    named = re.search(r'name="id" value="([^"]+)"', form)
    assert named is not None
    fields = {"id": named[1], "name": "Bản tin", "duty": "Truyền thông", "complexity": "1", "points": "12,5"}
    bad = await keeper.post("/kpi/catalogue/draft/new", data={**fields, "points": "nhiều"})
    assert bad.status_code == 422 and "Bản tin" in bad.text and "không phải" in bad.text
    assert (await keeper.post("/kpi/catalogue/draft/new", data=fields)).status_code == 303
    page = (await keeper.get("/kpi/catalogue/draft")).text
    assert "Bản tin" in page and "SP18" in page and "12,5 ÷ 5 = 2,5" in page
    changed = await keeper.post(f"/kpi/catalogue/draft/rows/{named[1]}", data={**fields, "points": "20", "code": "TT1"})
    assert changed.status_code == 303
    assert "TT1" in (await keeper.get("/kpi/catalogue/draft")).text
    assert (await keeper.post(f"/kpi/catalogue/draft/rows/{named[1]}/remove")).status_code == 303
    assert "TT1" not in [one.code for one in await products_of(await draft_id())]


async def test_the_draft_comes_into_force_with_its_document(keeper: httpx.AsyncClient) -> None:
    data = {"catalogue": await draft_id(), **FORCE}
    missing = await keeper.post("/kpi/catalogue/draft/put-in-force", data={**data, "document": ""})
    assert missing.status_code == 422 and 'id="f-document-error"' in missing.text
    await force(keeper)
    page = (await keeper.get("/kpi/catalogue")).text
    assert "Đang áp dụng" in page and "12/QĐ ngày 20/11/2026" in page
    assert (await keeper.get("/kpi/catalogue/draft")).status_code == 303, "there is no draft any more"
    assert (await keeper.post("/kpi/catalogue/draft")).status_code == 303
    assert "Danh mục số 2" in (await keeper.get("/kpi/catalogue/draft")).text
    page = (await keeper.get("/kpi/catalogue/compare?from=1&to=2")).text
    assert "Hai bản giống nhau" in page


async def test_the_standard_product_is_chosen_and_every_coefficient_follows(keeper: httpx.AsyncClient) -> None:
    other = (await products_of(await draft_id()))[4].id
    given = {"catalogue": await draft_id(), "title": "Danh mục 2027", "standard": other}
    assert (await keeper.post("/kpi/catalogue/draft/describe", data=given)).status_code == 303
    page = (await keeper.get("/kpi/catalogue/draft")).text
    assert "Danh mục 2027" in page and "500 ÷ 40 = 12,5" in page


async def test_the_workbook_goes_out_and_comes_in_again(keeper: httpx.AsyncClient) -> None:
    await force(keeper)
    answer = await keeper.get("/kpi/catalogue/1/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="danh-muc-san-pham-so-1.xlsx"'
    workbook = load_workbook(BytesIO(answer.content))
    assert [cell.value for cell in workbook["Danh mục"][4]][:9] == HEAD
    review = await keeper.post("/kpi/catalogue/import", files=file_of(answer.content))
    assert review.status_code == 200 and "17" in review.text and "giữ nguyên" in review.text


async def test_a_file_is_reviewed_and_only_then_becomes_the_draft(keeper: httpx.AsyncClient) -> None:
    await force(keeper)
    review = await keeper.post("/kpi/catalogue/import", files=file_of(book([*HEAD, "Mã"], [*FIRST, "SP01"], [*SECOND, "SP77"])))
    assert review.status_code == 200
    assert "Mới" in review.text and "Bỏ" in review.text and "danh mục.xlsx" in review.text
    assert await of_state("draft") is None, "nothing until it is confirmed"
    hidden = dict(re.findall(r'<input type="hidden" name="(rows|standard|name|mutation)" value="([^"]*)"', review.text))
    sent = {name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in hidden.items()}
    assert (await keeper.post("/kpi/catalogue/import/confirm", data=sent)).status_code == 303
    assert [one.code for one in await products_of(await draft_id())] == ["SP01", "SP77"]
    assert (await keeper.post("/kpi/catalogue/import/confirm", data=sent)).status_code == 303, "twice is once"
    broken = await keeper.post("/kpi/catalogue/import/confirm", data={**sent, "rows": "[{", "mutation": ""})
    assert broken.status_code == 422


async def test_a_file_with_faults_changes_nothing_and_names_them(keeper: httpx.AsyncClient) -> None:
    before = await products_of(await draft_id())
    data = book([*HEAD, "Mã"], [*FIRST, "A"], [*SECOND, "A"], ["", "", "", "<b>x</b>", "Nhóm 9", "", "năm", "", "", "C"])
    answer = await keeper.post("/kpi/catalogue/import", files=file_of(data))
    assert answer.status_code == 422
    for said in ("Trang tính “Danh mục”, dòng 3: Mã “A”", "dòng 4: “năm” ở cột “Điểm chấm”", "dòng 4: Phân nhóm “9”"):
        assert said in answer.text, said
    assert await products_of(await draft_id()) == before
    for name, content in (("a.xlsx", b"PK\x03\x04"), ("a.docx", b"x"), ("a.xlsx", b"")):
        answer = await keeper.post("/kpi/catalogue/import", files=file_of(content, name))
        assert answer.status_code == 422 and name in answer.text
    assert (await keeper.post("/kpi/catalogue/import")).status_code == 422


async def test_a_whole_catalogue_of_two_thousand_rows_is_taken(keeper: httpx.AsyncClient) -> None:
    many = [[n, f"Nhiệm vụ số {n} của đơn vị", "", "Báo cáo", "Nhóm 1", "", 5, "", ""] for n in range(2, 2001)]
    review = await keeper.post("/kpi/catalogue/import", files=file_of(book(HEAD, FIRST, *many)))
    assert review.status_code == 200
    hidden = dict(re.findall(r'<input type="hidden" name="(rows|standard|name|mutation)" value="([^"]*)"', review.text))
    sent = {name: value.replace("&#34;", '"') for name, value in hidden.items()}
    assert (await keeper.post("/kpi/catalogue/import/confirm", data=sent)).status_code == 303
    assert len(await products_of(await draft_id())) == 2000


async def test_work_outside_is_taken_into_the_draft(keeper: httpx.AsyncClient) -> None:
    desk = Desk()
    for _ in range(2):
        await desk.task(title="Làm bản tin", product_text="Bản tin <nội bộ>")
    page = (await keeper.get("/kpi/catalogue/outside")).text
    assert "2 lần" in page and "Bản tin &lt;nội bộ&gt;" in page and "Phòng Ứng dụng CNTT" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    sent = {"key": key[1].replace("&lt;", "<").replace("&gt;", ">")}
    answer = await keeper.post("/kpi/catalogue/outside", data=sent)
    assert answer.status_code == 303 and "/draft/rows/" in answer.headers["location"]
    assert "Bản tin" in (await keeper.get(answer.headers["location"])).text
    assert "Đã có trong bản dự thảo" in (await keeper.get("/kpi/catalogue/outside")).text
    assert (await keeper.post("/kpi/catalogue/outside", data=sent)).status_code == 409


async def test_a_task_is_given_a_product_and_shows_its_coefficient(visit: Visit, keeper: httpx.AsyncClient) -> None:
    await force(keeper)
    found = await of_state("in_force")
    assert found is not None
    product = next(one for one in await products_of(found.id) if one.code == "SP04")
    head = await visit("cntt.truong")
    form = (await head.get("/tasks/new")).text
    assert '<optgroup label="Nhóm 1">' in form and "Hậu cần phục vụ cuộc họp (SP04, hệ số 1,6)" in form
    sent = {"title": "Chuẩn bị họp", "lead": CAST.officer, "no_due": "none", "product": product.id}
    made = await head.post("/tasks", data=sent)
    assert made.status_code == 303
    assert "Hậu cần phục vụ cuộc họp (hệ số 1,6)" in (await head.get(made.headers["location"])).text
    edit = (await head.get(f"{made.headers['location']}/edit")).text
    assert f'<option value="{product.id}" selected>' in edit
    wrong = await head.post("/tasks", data={**sent, "product": "không có"})
    assert wrong.status_code == 422 and 'id="f-product-error"' in wrong.text
