"""The page of a report and the lists behind its numbers, as people of the cast see them."""

from datetime import date

import httpx
import pytest
from lxml import html

from server.ledger.grains import Period
from server.people.queries import directory
from server.reports.build import report_of
from server.reports.page import behind, pages
from server.reports.page.asked import Asked
from server.reports.page.behind import Question, listed
from server.reports.words import number
from server.storage.engine import rows
from server.tasks.tables import Task
from tests.office import CAST, Clock, Visit
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
MARCH = Period.read("2026-03")
CENTRE = f"/reports?period=2026-03&unit={CAST.centre}"


def said(page: httpx.Response) -> str:
    return " ".join(html.fromstring(page.text).text_content().split())


def behind_of(page: httpx.Response) -> list[tuple[str, str]]:
    """Every list that the page leads to, with the number that leads there."""
    found = html.fromstring(page.text).xpath("//main//a[starts-with(@href, '/reports/tasks')]")
    return [(one.get("href"), one.text_content().strip()) for one in found]


def count_of(page: httpx.Response) -> str:
    return str(html.fromstring(page.text).xpath("//h1/span")[0].text_content())


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def march(desk: Desk, clock: Clock) -> dict[str, str]:
    """Carried over and done late; overdue in March and done in April; done in the other room; cancelled; handed over; in the bin by now."""
    desk.now = local(2026, 2, 20)
    carried = await desk.task(due=date(2026, 3, 6))
    desk.now = local(2026, 3, 2)
    overdue = await desk.task(due=date(2026, 3, 20), title="Tập huấn", priority="urgent")
    undated = await desk.task(by=CAST.director, lead=CAST.colleague, kind="ad_hoc", title="=HYPERLINK(1)")
    cancelled = await desk.task()
    binned = await desk.task(due=date(2026, 3, 27), title="Việc nhập nhầm")
    await desk.do(CAST.head, "task.status", task=cancelled, to="cancelled", reason="Không làm nữa")
    await desk.completed(by=CAST.delegate, lead=CAST.stranger, due=date(2026, 3, 12), title="Việc của phòng khác")
    desk.now = local(2026, 3, 10)
    await desk.do(CAST.officer, "task.submit", task=carried)
    await desk.do(CAST.head, "task.review", task=carried, verdict="accept")
    desk.now = local(2026, 4, 2)
    await desk.do(CAST.officer, "task.submit", task=overdue)
    await desk.do(CAST.head, "task.review", task=overdue, verdict="accept")
    await desk.do(CAST.head, "task.bin", task=binned)
    clock.now = desk.now
    return {"overdue": overdue, "undated": undated, "binned": binned}


async def test_every_number_is_the_reports_and_has_as_many_tasks_behind_it(visit: Visit, desk: Desk, clock: Clock) -> None:
    await march(desk, clock)
    browser = await visit("giamdoc")
    page = await browser.get(CENTRE)
    shown = html.fromstring(page.text)
    report = await report_of(CAST.centre, MARCH, clock.now)
    for section in (one for one in report.sections if one.table.rows):
        (table,) = shown.xpath(f"//section[@id='{section.key}']//table")
        cells = [[cell.text_content().strip() for cell in row.xpath("./td")] for row in table.xpath("./tbody/tr")]
        kinds = [one.kind for one in section.table.columns]
        told = [[number(value, kind) for value, kind in zip(row.values, kinds, strict=True)] for row in section.table.rows]
        assert [[cell or "–" for cell in row] for row in cells] == [[cell or "–" for cell in row] for row in told], section.key
        names = [row.xpath("string(./th/text())") or row.xpath("string(./th/a)") for row in table.xpath("./tbody/tr")]
        assert names == [row.label for row in section.table.rows]
    tiles = [one.text_content().strip() for one in shown.xpath("//p[contains(@class, 'report-number')]")]
    assert tiles == [number(one.value, one.kind) for one in report.headlines]
    assert "không tính 1 việc đã hủy)" in said(page) and "\N{NO-BREAK SPACE}%, không tính" in page.text
    links = dict(behind_of(page))
    assert len(links) > 40
    for href, amount in links.items():
        assert count_of(await browser.get(href)) == amount, href


async def test_a_list_shows_how_tasks_stood_then_and_how_they_stand_now(visit: Visit, desk: Desk, clock: Clock) -> None:
    tasks = await march(desk, clock)
    browser = await visit("cntt.truong")
    page = await browser.get(f"/reports/tasks?period=2026-03&unit={CAST.cntt}&of=open")
    found = html.fromstring(page.text).xpath("//article")
    told = [
        [one.xpath(f"normalize-space({path})") for path in ("(.//span[contains(@class, 'chip')])[1]", ".//a | .//p", ".//p//b")]
        for one in found
    ]
    assert told == [
        ["Quá hạn", "Tập huấn", "Hoàn thành"],
        ["Quá hạn", "Việc nhập nhầm", "Đã xóa"],
        ["Chưa bắt đầu", "=HYPERLINK(1)", ""],
    ]
    assert [one.xpath("string(.//a/@href)") for one in found] == [f"/tasks/{tasks['overdue']}", "", f"/tasks/{tasks['undated']}"]
    lead = await browser.get(f"/reports/tasks?period=2026-03&unit={CAST.cntt}&of=open&lead={CAST.colleague}")
    assert count_of(lead) == "1" and "Nông Thị Quế Anh" in said(lead)
    whole = said(await browser.get(f"/reports/tasks?period=2026-03&unit={CAST.cntt}&of=total"))
    assert "Trình: 10/03/2026 · Nghiệm thu: 10/03/2026" in whole and "Hủy: 02/03/2026" in whole
    carried = await browser.get(f"/reports/tasks?period=2026-03&unit={CAST.cntt}&of=carried")
    assert count_of(carried) == "1" and "Số liệu đến hết ngày 28/02/2026." in said(carried)


async def test_everybody_reads_every_report_and_only_his_own_tasks(visit: Visit, desk: Desk, clock: Clock) -> None:
    await march(desk, clock)
    for name, unit in (("giamdoc", "Trung tâm Phục vụ hành chính công"), ("cntt.cv2", "Phòng Ứng dụng CNTT"), ("quantri", "Trung tâm")):
        browser = await visit(name)
        page = await browser.get("/reports?period=2026-03")
        assert page.status_code == 200 and unit in html.fromstring(page.text).xpath("string(//h1)"), name
        assert ("Lập báo cáo" in said(page)) == (name == "giamdoc"), name
        assert (await browser.get(CENTRE)).text.count("report-number") > 5, name
    stranger = await (await visit("hcth.cv1")).get(f"/reports/tasks?period=2026-03&unit={CAST.centre}&of=done")
    assert count_of(stranger) == "2" and "Còn 1 việc khác bạn không có quyền xem." in said(stranger)
    assert "Việc của phòng khác" in said(stranger) and "Rà soát" not in said(stranger)
    admin = await (await visit("quantri")).get(f"/reports/tasks?period=2026-03&unit={CAST.centre}&of=done")
    assert "Số này có 2 việc, bạn không có quyền xem việc nào trong đó." in said(admin) and "<article" not in admin.text


WRONG = [
    ("/reports?period=abc", 422, "Không có kỳ báo cáo “abc”"),
    ("/reports?period=2026-13", 422, "Không có kỳ báo cáo “2026-13”"),
    ("/reports?period=2027-01", 422, "Tháng 1 năm 2027 chưa bắt đầu"),
    ("/reports?unit=nobody", 404, "Không tìm thấy đơn vị này"),
    ("/reports/tasks?of=kpi_mean", 422, "Không có danh sách việc cho số liệu “kpi_mean”"),
    ("/reports/tasks?period=x&of=open", 422, "Không có kỳ báo cáo “x”"),
]


async def test_what_there_is_not_is_said_with_a_way_back(visit: Visit) -> None:
    browser = await visit("cntt.cv1")
    for address, status, sentence in WRONG:
        page = await browser.get(address)
        assert page.status_code == status and sentence in said(page), address
        assert html.fromstring(page.text).xpath("//main//a[@href='/reports']"), address
    told = await browser.get("/reports?period=abc", headers={"Accept": "application/json"})
    assert told.status_code == 422 and told.json()["field"] == "period"


async def test_an_office_without_units_says_what_is_missing_and_leads_nowhere_in_a_circle(visit: Visit) -> None:
    browser = await visit("quantri")
    for table in ("person", "unit"):
        await rows(f"DELETE FROM {table} WHERE id <> '{CAST.admin}'")
    await rows("UPDATE person SET unit = NULL")
    await rows("UPDATE counter SET value = value + 1 WHERE name = 'directory'")
    page = await browser.get("/reports")
    assert page.status_code == 404 and "chưa có đơn vị nào" in said(page)
    assert not html.fromstring(page.text).xpath("//main//a[@href='/reports']")


async def test_a_unit_that_nothing_was_counted_in_says_so_and_lets_choose(visit: Visit) -> None:
    page = await (await visit("giamdoc")).get(f"/reports?period=2026-W47&unit={CAST.hcth}")
    shown = html.fromstring(page.text)
    assert page.status_code == 200 and "Chưa có số liệu" in said(page)
    assert [one.get("href").split("&")[0] for one in shown.xpath("//nav[@aria-label='Kỳ báo cáo']/a")] == [
        "/reports?period=2026-W47", "/reports?period=2026-11", "/reports?period=2026-Q4", "/reports?period=2026",
    ]  # fmt: skip
    assert shown.xpath("//a[@rel='next']") and not shown.xpath("//form[@action='/reports/files']")
    assert shown.xpath("//input[@id='report-link']/@value") == [f"http://soviec.test/reports?period=2026-W47&unit={CAST.hcth}"]
    running = html.fromstring((await (await visit("giamdoc")).get("/reports")).text)
    assert not running.xpath("//a[@rel='next']"), "nobody is led to a period that has not begun"
    assert [one.text.strip() for one in running.xpath("//select[@name='unit']/option")][:2] == [
        "Văn phòng UBND tỉnh",
        "Trung tâm Phục vụ hành chính công",
    ]


async def test_the_sum_of_all_is_one_list_over_several_pages(engine: object, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        await desk.task()
        await desk.completed()
    await desk.do(CAST.head, "task.status", task=await desk.task(), to="cancelled", reason="Không làm nữa")
    monkeypatch.setattr(behind, "PAGE", 2)
    known, seen = await directory(), []
    for start in (0, 2, 4):
        asked = Question(Asked(Period.of("m", desk.today), CAST.cntt), "total", {}, start)
        found = await listed(asked, known.actor(CAST.head), known, desk.today)
        assert (found.total, found.seen) == (5, 5)
        seen += [one.task for one in found.rows]
    assert sorted(seen) == sorted(one["id"] for one in await Task.select(Task.id))


async def test_the_page_of_a_very_large_unit_says_where_its_people_are_listed(
    visit: Visit, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await march(desk, clock)
    browser = await visit("giamdoc")
    assert "người làm việc ở đây" not in said(await browser.get(CENTRE))
    monkeypatch.setattr(pages, "MOST_PEOPLE", 2)
    page = await browser.get(CENTRE)
    assert "danh sách từng người có trong bản Excel" in said(page)
    assert not html.fromstring(page.text).xpath("//section[@id='people']//table")
