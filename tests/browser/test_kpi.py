"""Scores in a real browser: ten criteria on a phone, a number opened in two taps, a room confirmed, nothing too wide in either theme."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Office

Scheme = Literal["light", "dark"]
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 780},
    "tablet": {"width": 820, "height": 1180},
    "desktop": {"width": 1440, "height": 900},
}


@pytest.fixture
def pages(browser: Browser) -> Iterator[list[Page]]:
    """The pages of a test, closed at its end."""
    opened: list[Page] = []
    yield opened
    for page in opened:
        page.context.close()


def visit(office: Office, browser: Browser, pages: list[Page], username: str, scheme: Scheme = "light", size: str = "phone") -> Page:
    context = browser.new_context(
        viewport=SIZES[size], color_scheme=scheme, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", service_workers="block"
    )
    page = context.new_page()
    pages.append(page)
    office.sign_in(page, username)
    return page


def open_month(office: Office, browser: Browser, pages: list[Page]) -> None:
    """The director opens this month, where the demo of the first of a month has not."""
    page = visit(office, browser, pages, "giamdoc", size="desktop")
    page.goto(f"{office.base}/kpi/periods")
    if page.get_by_text("Không có kỳ nào đang mở.").count():
        page.get_by_role("button", name="Mở kỳ").click()
        page.wait_for_load_state("networkidle")


def test_an_officer_scores_himself_with_the_thumb(office: Office, browser: Browser, pages: list[Page]) -> None:
    open_month(office, browser, pages)
    page = visit(office, browser, pages, "hcth.cv4")
    page.locator(".nav").get_by_role("link", name="Tôi").click()
    page.locator("#main").get_by_role("link", name="KPI").click()
    page.wait_for_url(f"{office.base}/kpi")
    form = page.locator("form[action^='/kpi/self/']")
    if not form.is_visible():
        page.locator("#do-self > summary").click()
    for most in form.get_by_role("button", name=re.compile("^Tối đa")).all():
        most.click()
    total = form.locator("output[data-sum]")
    expect(total).to_have_text("30")
    form.get_by_role("button", name=re.compile("^Bớt 0,25 điểm")).first.click()
    expect(total).to_have_text("29,75")
    form.get_by_role("button", name="Gửi điểm tự chấm").click()
    expect(page.get_by_text("Đã gửi điểm tự chấm.")).to_be_visible()
    expect(page.locator(".kpi-halves")).to_contain_text("29,75")


def test_a_number_opens_in_two_taps_into_what_made_it(office: Office, browser: Browser, pages: list[Page]) -> None:
    page = visit(office, browser, pages, "hcth.cv1")
    page.goto(f"{office.base}/kpi")
    line = page.locator("#lines details.kpi-open").first
    line.locator("summary").click()
    expect(line.locator(".timeline li").first).to_be_visible()
    line.get_by_role("link", name=re.compile("Mở việc")).click()
    page.wait_for_url(re.compile("/tasks/"))
    expect(page.get_by_role("heading", name="Diễn biến")).to_be_visible()


def test_what_would_change_the_score_is_one_tap_away(office: Office, browser: Browser, pages: list[Page]) -> None:
    page = visit(office, browser, pages, "hcth.cv1")
    page.goto(f"{office.base}/kpi")
    link = page.get_by_role("link", name="Điều gì làm thay đổi điểm")
    if link.count():
        link.click()
        expect(page.locator(".kpi-levers li").first).to_be_visible()
    else:
        expect(page.locator(".kpi-score")).to_contain_text(re.compile("Chưa đủ dữ liệu|Nghỉ"))


def test_the_head_confirms_in_the_rooms_table(office: Office, browser: Browser, pages: list[Page]) -> None:
    open_month(office, browser, pages)
    page = visit(office, browser, pages, "kstthc.truong", size="desktop")
    page.goto(f"{office.base}/kpi/room")
    row = page.locator(".kpi-room tbody tr").filter(has=page.locator("a[data-toggles]")).last
    name = row.locator("b").first.inner_text()
    row.locator("a[data-toggles]").click()
    place = page.locator(".kpi-in-place")
    expect(place).to_be_visible()
    for most in place.get_by_role("button", name=re.compile("^Tối đa")).all():
        most.click()
    place.get_by_label(re.compile("^Lý do, khi")).fill("Chấm tại cuộc họp phòng")
    place.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_text(f"Đã xác nhận điểm của {name}.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_no_page_is_wider_than_its_screen(office: Office, browser: Browser, pages: list[Page], size: str, scheme: Scheme) -> None:
    page = visit(office, browser, pages, "giamdoc", scheme, size)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in ("/kpi", "/kpi/room", "/kpi/periods", "/kpi/rules", "/kpi/rules/draft", "/kpi/marks", "/kpi/petitions"):
        page.goto(f"{office.base}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} at {size}: {wide} px"
    assert said == []


@pytest.mark.parametrize("width", [768, 820, 1024, 1280, 1439, 1440])
def test_nothing_of_a_rooms_month_is_cut_off(office: Office, browser: Browser, pages: list[Page], width: int) -> None:
    open_month(office, browser, pages)
    page = visit(office, browser, pages, "hcth.truong", size="tablet")
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(f"{office.base}/kpi/room")
    # Every cell and button ends where the table's own frame ends, or before; a frame that scrolls sideways hides what is missing.
    out = page.evaluate(
        "() => { const frame = document.querySelector('.scroll'); const end = frame.getBoundingClientRect().right + 0.5;"
        " return [frame.scrollWidth - frame.clientWidth, ...[...frame.querySelectorAll('td, .btn, .chip')]"
        ".filter((one) => one.getBoundingClientRect().right > end).map((one) => one.textContent)]; }"
    )
    assert out == [0]
