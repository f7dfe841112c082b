"""Filed reports as their people see them: who reads what, that no typed word is lost, and that a fixed one is a paper."""

import asyncio
import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from server.people.commands import EditPerson, EditUnit
from server.reports.filed import papers
from server.reports.filed.commands import WriteReport
from server.reports.filed.papers import Keeper, store_of
from server.reports.shape import Part, Writing
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import rows
from tests.office import CAST, NOW, Clock, Visit
from tests.reports.filing import TEXT, Printed, draft, fixed, found

pytestmark = pytest.mark.anyio
OTHER = Writing([Part("results", "Kết quả", ["Người khác viết."]), Part("new", "Mục mới", ["Thêm."])])


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Printed:
    made = Printed()
    monkeypatch.setattr(papers, "pdf_of", made)
    return made


def form(version: int = 1, *texts: str, **more: str) -> dict[str, str]:
    """What the page sends: the parts of TEXT with other texts."""
    fields = {"version": str(version), **more}
    for place, part in enumerate(TEXT.parts):
        text = texts[place] if place < len(texts) else "\n\n".join(part.paragraphs)
        fields |= {f"key.{place}": part.key, f"title.{place}": part.title, f"text.{place}": text}
    return fields


def typed(page: httpx.Response) -> list[str]:
    """The texts of the form."""
    return [unescape(one) for one in re.findall(r"<textarea[^>]*name=\"text[^>]*>\n?(.*?)</textarea>", page.text, re.DOTALL)]


async def test_drafts_are_for_those_who_write_them_and_fixed_ones_for_everybody(visit: Visit) -> None:
    report = await draft()
    path = f"/reports/filed/{report}"
    people = {name: await visit(name) for name in ("giamdoc", "hcth.truong", "cntt.truong", "cntt.cv1", "hcth.cv1", "quantri")}
    statuses = {name: (await one.get(path)).status_code for name, one in people.items()}
    assert statuses == {"giamdoc": 200, "hcth.truong": 200, "cntt.truong": 200, "cntt.cv1": 404, "hcth.cv1": 404, "quantri": 404}
    for name in ("cntt.cv1", "quantri"):
        for act in ("write", "fix", "renew", "drop"):
            assert (await people[name].post(f"{path}/{act}", data=form(sure="1"))).status_code in (403, 404)
        assert (await people[name].get(f"{path}/bao-cao.xlsx")).status_code == 404
        listed = (await people[name].get("/reports/filed")).text
        assert path not in listed and "Lập báo cáo mới" not in listed and "Chưa có báo cáo nào" in listed
    assert (await found(report)).line.version == 1
    await fixed(report)
    for name, one in people.items():
        page = await one.get(path)
        assert page.status_code == 200 and "Số 01/BC-CNTT" in page.text and "Đã xong 3 việc." in page.text, name
        assert path in (await one.get("/reports/filed?state=fixed&grain=m")).text
        # The paper leads into no list of tasks that its reader may not see.
        assert "/reports/tasks" not in page.text and "<textarea" not in page.text
    for address in ("/reports/filed?unit=%00&grain=x&state=%00&page=99999999&period=2026-13", "/reports/filed?period=2026-10&page=x"):
        assert (await people["cntt.cv1"].get(address)).status_code == 200
    for wrong in ("%00", "x", "../1"):
        assert (await people["giamdoc"].get(f"/reports/filed/{wrong}")).status_code == 404


async def test_two_presses_make_one_draft_and_one_fixed_report(visit: Visit) -> None:
    head, director = await visit("cntt.truong"), await visit("giamdoc")
    asked = {"period": "2026-10", "unit": CAST.cntt, "mutation": "8d7ad2a1-6b5c-4f0e-9c52-0a4f3f8e2b11"}
    answers = [await head.post("/reports/filed", data=asked) for _ in range(2)] + [await director.post("/reports/filed", data=asked)]
    (address,) = {one.headers["location"] for one in answers}
    for given, said in (
        ({"period": "2027-10"}, "chưa"),
        ({"period": "x"}, "kỳ"),
        ({"unit": "x"}, "đơn vị"),
        ({"unit": CAST.hcth}, "quyền"),
    ):
        answer = await head.post("/reports/filed", data={**asked, **given})
        assert answer.status_code in (400, 403, 404, 422) and said in answer.text and "notice error" in answer.text
    page = await head.get(address)
    assert "Trong tháng 10 năm 2026, Phòng Ứng dụng CNTT chưa ghi nhận nhiệm vụ nào." in typed(page)[0]
    sent = {"version": "1", "sure": "1", "key.0": "a", "title.0": "Một", "text.0": "Hai\n\n- ba\n- bốn"}
    for _ in range(2):
        answer = await head.post(f"{address}/fix", data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, address)
    answer = await director.post(f"{address}/fix", data=sent)
    assert answer.status_code == 409 and "đã được Đặng Hoài Sang chốt lúc 08:15 23/11/2026, số 01/BC-CNTT" in answer.text
    shown = (await director.get(address)).text
    assert "<p>Hai</p><ul" in shown and "<li>ba</li><li>bốn</li>" in shown
    again = await head.post("/reports/filed", data=asked)
    assert again.headers["location"] != address, "one in its place"


async def test_no_typed_word_is_lost_when_somebody_else_was_first(visit: Visit) -> None:
    director, head = await visit("giamdoc"), await visit("cntt.truong")
    report = await draft()
    path = f"/reports/filed/{report}"
    await carry_out(WriteReport(id=report, version=1, writing=OTHER), actor=CAST.head, now=NOW, source="page")
    mine = "Của tôi <b>{x}\n\n- dài " + "chữ " * 4000
    for act in ("write", "fix", "renew"):
        answer = await director.post(f"{path}/{act}", data=form(1, mine, sure="1"))
        assert answer.status_code == 409 and "Đặng Hoài Sang đã sửa báo cáo này lúc" in answer.text
        assert typed(answer)[0] == mine.strip()
        # Beside it stands what is stored, and what the other added is not dropped by saving.
        assert "Người khác viết." in answer.text and "Thêm." in typed(answer)[2]
        assert 'name="version" value="2"' in answer.text
    # Wrong for another reason: the other's version is still not his.
    answer = await director.post(f"{path}/write", data={**form(1, mine), "title.0": ""})
    assert answer.status_code == 422 and typed(answer)[0] == mine.strip() and 'name="version" value="1"' in answer.text
    assert (await director.post(f"{path}/fix", data=form(2, mine))).status_code == 422, "not without having read it"
    assert (await director.post(f"{path}/write", data=form(2, mine))).status_code == 303
    assert (await found(report)).writing.parts[0].paragraphs[0] == "Của tôi <b>{x}"
    # Fixed by another while he writes: it is there to be copied.
    await fixed(report, CAST.head, 3)
    answer = await director.post(f"{path}/write", data=form(3, "Câu cuối cùng"))
    assert answer.status_code == 409 and "chưa được lưu" in answer.text and "Câu cuối cùng" in answer.text
    # Thrown away, or no longer his.
    gone = await draft(code="2026-09")
    assert (await head.post(f"/reports/filed/{gone}/drop", data={"version": "1"})).status_code == 303
    answer = await director.post(f"/reports/filed/{gone}/fix", data=form(1, "Câu khác", sure="1"))
    assert answer.status_code == 404 and "đã bị xóa" in answer.text and "Câu khác" in answer.text
    left = await draft(code="2026-08")
    await carry_out(EditPerson(person=CAST.head, position="officer"), actor=CAST.admin, now=NOW, source="page")
    answer = await head.post(f"/reports/filed/{left}/write", data=form(1, "Câu của người vừa thôi chức"))
    assert answer.status_code == 404 and "Câu của người vừa thôi chức" in answer.text


async def test_what_stands_in_the_form_is_fixed_and_renewed_with_it(visit: Visit) -> None:
    director = await visit("giamdoc")
    report = await draft(running=True)
    page = (await director.get(f"/reports/filed/{report}")).text
    assert "nay kỳ báo cáo đã kết thúc" in page and "Lưu và chốt" not in page
    answer = await director.post(f"/reports/filed/{report}/fix", data=form(1, "Chưa lưu", sure="1"))
    assert answer.status_code == 409 and typed(answer)[0] == "Chưa lưu" and "Cập nhật số liệu" in answer.text
    assert (await director.post(f"/reports/filed/{report}/renew", data=form(1, "Chưa lưu"))).status_code == 303
    one = await found(report)
    assert not one.report.running and one.writing.parts[0].paragraphs == ["Chưa lưu"]
    # With the box ticked the text is drafted anew.
    await director.post(f"/reports/filed/{report}/renew", data=form(2, "Chưa lưu", text="1"))
    assert "chưa ghi nhận nhiệm vụ nào" in (await found(report)).writing.parts[0].paragraphs[0]
    assert (await director.post(f"/reports/filed/{report}/fix", data=form(3, "Gõ rồi chốt luôn", sure="1"))).status_code == 303
    assert (await found(report)).writing.parts[0].paragraphs == ["Gõ rồi chốt luôn"]
    empty = await draft(code="2026-09")
    sent = {"version": "1", "sure": "1", "key.0": "a", "title.0": "", "text.0": "", "key.1": "b", "title.1": "Kiến nghị", "text.1": " "}
    assert (await director.post(f"/reports/filed/{empty}/fix", data=sent)).status_code == 303
    assert (await found(empty)).writing == Writing([Part("b", "Kiến nghị", [])])
    assert "Không có nội dung." in (await director.get(f"/reports/filed/{empty}")).text


async def test_the_papers_of_a_fixed_report_never_change(visit: Visit, settings: Settings, clock: Clock, printed: Printed) -> None:
    director, officer = await visit("giamdoc"), await visit("cntt.cv1")
    report = await draft()
    path = f"/reports/filed/{report}"
    drafts = [(await director.get(f"{path}/bao-cao.pdf")).content for _ in range(2)]
    assert drafts[0] != drafts[1] and b'"draft":true' in drafts[0]
    await fixed(report, CAST.delegate)
    # Renamed before the first paper is made: it is as of the fixing.
    await carry_out(EditUnit(unit=CAST.cntt, name="Phòng Chuyển đổi số"), actor=CAST.admin, now=NOW, source="page")
    await carry_out(EditPerson(person=CAST.delegate, name="Tên khác"), actor=CAST.admin, now=NOW, source="page")
    many = await asyncio.gather(*(one.get(f"{path}/bao-cao.pdf") for one in (director, officer) for _ in range(3)))
    assert len({one.content for one in many}) == 1
    paper = many[0]
    assert "Phòng Ứng dụng CNTT".encode() in paper.content and "Phùng Thế Vịnh".encode() in paper.content
    assert paper.headers["content-disposition"] == 'attachment; filename="bao-cao-cntt-2026-10-so-1.pdf"'
    sheet = (await officer.get(f"{path}/bao-cao.xlsx")).content
    page = (await officer.get(path)).text
    assert "Phòng Ứng dụng CNTT" in page and "Phùng Thế Vịnh, 08:15 23/11/2026" in page
    count = printed.count
    clock.later(days=400)
    # A worker finds nothing to do, and a server that was started anew gives out the same bytes.
    assert await Keeper(settings, clock).tick() == 0
    one = await found(report)
    store = store_of(settings.data)
    assert await papers.kept(one, "pdf", store, "", clock()) == paper.content
    assert await papers.kept(one, "xlsx", store, "", clock()) == sheet
    assert printed.count == count
    body = page[page.index("<article") : page.index("</article>")]
    later = (await (await visit("cntt.cv1")).get(path)).text
    assert body in later and "không còn nguyên vẹn" not in later
    # Lost, or not what it was: it is said, and what can be fetched says so too.
    store.path(one.line.pdf).write_bytes(b"another")
    store.path(one.line.xlsx).unlink()
    reader = await visit("cntt.cv1")
    assert "Tệp PDF, Excel của bản đã chốt không còn nguyên vẹn" in (await reader.get(path)).text
    again = await reader.get(f"{path}/bao-cao.pdf")
    assert again.content != paper.content and "so-1-lap-lai.pdf" in again.headers["content-disposition"]
    assert (await found(report)).line == one.line, "the record still names the one that was handed out"
    store.path(one.line.pdf).write_bytes(paper.content)
    assert (await reader.get(f"{path}/bao-cao.pdf")).content == paper.content


async def test_a_worker_makes_the_papers_and_leaves_one_that_fails_for_a_while(
    app: Litestar, settings: Settings, clock: Clock, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = await draft(code="2026-08"), await draft(code="2026-09")
    await fixed(broken)
    await fixed(fine)
    real = papers.made

    async def make(one: Any, what: Any, place: str) -> bytes:
        if one.line.id == broken:
            raise OSError("no room")
        return await real(one, what, place)

    monkeypatch.setattr(papers, "made", make)
    keeper = Keeper(settings, clock)
    assert [await keeper.tick() for _ in range(2)] == [2, 0]
    line = (await found(fine)).line
    assert line.pdf and line.xlsx and not (await found(broken)).line.pdf
    assert not list(Path(settings.data / "reports" / ".incoming").iterdir())
    monkeypatch.setattr(papers, "made", real)
    assert await keeper.tick() == 0
    clock.later(minutes=11)
    assert await keeper.tick() == 2 and (await found(broken)).line.xlsx


async def test_one_that_was_changed_in_the_database_is_marked(visit: Visit) -> None:
    report = await draft()
    await fixed(report)
    reader = await visit("cntt.cv1")
    assert "không khớp mã niêm phong" not in (await reader.get(f"/reports/filed/{report}")).text
    await rows("UPDATE filed_report SET number = 7 WHERE id = $1", report)
    assert "không khớp mã niêm phong" in (await reader.get(f"/reports/filed/{report}")).text


async def test_the_list_says_what_took_the_place_of_what(visit: Visit) -> None:
    first = await draft()
    await fixed(first)
    director = await visit("giamdoc")
    page = (await director.get(f"/reports/filed/{first}")).text
    assert "Lập báo cáo thay thế" in page
    answer = await director.post("/reports/filed", data={"unit": CAST.cntt, "period": "2026-10"})
    second = answer.headers["location"]
    await director.post(f"{second}/fix", data=form(1, sure="1"))
    page = (await director.get(f"/reports/filed/{first}")).text
    assert "đã được thay thế bởi báo cáo số 02/BC-CNTT" in page and second in page and "Lập báo cáo thay thế" not in page
    listed = (await director.get("/reports/filed?period=2026-10")).text
    assert listed.count("Đã được thay thế</span>") == 1 and listed.count("Đã chốt</span>") == 1
