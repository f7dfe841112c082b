"""Dữ liệu của tôi on a phone: counted, made with progress, downloaded whole, beside a working service worker."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Office


def test_a_copy_is_made_and_downloaded_on_a_phone(office: Office, phones: Callable[..., BrowserContext], tmp_path: Path):
    page = phones().new_page()
    office.sign_in(page, "cntt.cv1")
    page.goto(f"{office.base}/me")
    page.get_by_role("link", name="Dữ liệu của tôi").click()
    expect(page.get_by_role("heading", name="Dữ liệu của tôi", level=1)).to_be_visible()
    expect(page.locator("#kinds")).not_to_contain_text("Đang đếm")
    page.locator("#kinds summary").nth(2).click()
    expect(page.get_by_text("Giữ bao lâu").nth(2)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Tạo bản sao của tôi").click()
    link = page.get_by_role("link", name="Tải về")
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as started:
        link.click()
    started.value.save_as(tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        assert archive.testzip() is None
        assert {"README.txt", "du-lieu.json", "du-lieu.xlsx"} <= set(archive.namelist())
