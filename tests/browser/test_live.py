"""Pages that are shown and what happens meanwhile: they follow, whatever somebody has tapped on before."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Office
from tests.browser.hand import PATIENCE, Hand, hand


@pytest.fixture
def officer(office: Office, browser: Browser) -> Iterator[Hand]:
    with hand(office, browser, "cntt.cv1") as made:
        yield made


def open_own(officer: Hand) -> Page:
    """A task that the officer leads, on the screen."""
    page = officer.open("/tasks?whose=lead&status=open&sort=new")
    page.locator("[data-row] a.open").first.click()
    expect(page.locator("#do-progress")).to_be_attached()
    return page


def test_a_report_that_was_sent_waits_no_longer_on_the_page_it_was_made_on(officer: Hand) -> None:
    page = open_own(officer)
    officer.network(False)
    form = officer.panel("Báo cáo tiến độ", "progress")
    form.locator("textarea").fill("Đã làm ở nơi không có mạng.")
    form.get_by_role("button", name="Gửi báo cáo").click()
    detail = page.locator("#detail")
    expect(detail.get_by_text("Chờ gửi").first).to_be_visible()
    # A tap beside everything gives the focus to the whole pane.
    detail.locator("h1").click()
    assert page.evaluate("document.activeElement.id") == "detail"
    officer.network(True)
    officer.sent()
    expect(detail.get_by_text("Chờ gửi")).to_have_count(0, timeout=PATIENCE)
    expect(detail).to_contain_text("Đã làm ở nơi không có mạng.")


def test_back_and_forward_show_the_pages_again_without_an_error(officer: Hand) -> None:
    """``hand`` fails where a page's script did."""
    page = officer.open("/tasks?whose=lead&status=open")
    title = page.locator("[data-row] a.open").first.inner_text()
    page.locator("[data-row] a.open").first.click()
    expect(page.locator("#do-progress")).to_be_attached()
    page.go_back()
    expect(page.locator("[data-row] a.open").first).to_have_text(title)
    page.go_forward()
    expect(page.locator("#do-progress")).to_be_attached()
