"""Whoever waits for a report's file on a phone gets it by itself, once, and may take it again."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect
from python_calamine import CalamineWorkbook

from tests.browser.conftest import Office


def test_the_workbook_comes_by_itself_when_it_is_ready(office: Office, phones: Callable[..., BrowserContext], tmp_path: Path) -> None:
    page = phones(color_scheme="dark").new_page()
    office.sign_in(page, "giamdoc")
    page.goto(f"{office.base}/reports/files")
    expect(page.get_by_text("Bạn chưa tạo tệp nào")).to_be_visible()
    page.goto(f"{office.base}/reports")
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="Tải Excel").click()
        page.wait_for_url(f"{office.base}/reports/files/*")
    path = tmp_path / "first.xlsx"
    waiting.value.save_as(path)
    assert "Danh sách nhiệm vụ" in CalamineWorkbook.from_path(path).sheet_names
    # The page is still there, and nothing begins a second time.
    again = page.get_by_role("link", name="Tải về")
    expect(again).to_be_visible()
    page.reload()
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)
    with page.expect_download() as second:
        again.click()
    assert second.value.suggested_filename == waiting.value.suggested_filename
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{office.base}/reports/files")
    expect(page.get_by_role("link", name="Tải về")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
