"""Reports in a real browser: read on a phone, gone into by keyboard, opened again in the cellar, and left to nobody else."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Office, serve
from tests.browser.hand import PATIENCE, Hand, hand

#: A name of 200 letters, without a place to break it.
LONG = "Phòng" + "Ứngdụng" * 27 + "CNTTxx"
KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("soviec-reports-"));
  const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  return kept.reduce((sum, one) => sum + one, 0);
}"""


@pytest.fixture(scope="module")
def office(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    data = tmp_path_factory.mktemp("reports")
    shutil.copy(demo_database, data / "soviec.sqlite3")
    assert len(LONG) == 200
    with sqlite3.connect(data / "soviec.sqlite3") as changed:
        changed.execute("UPDATE unit SET name = ? WHERE short = 'CNTT'", (LONG,))
    with serve(data) as running:
        yield running


def kept(page: Page, count: int) -> None:
    """So many pages are kept here."""
    for _ in range(100):
        if page.evaluate(KEPT) == count:
            return
        page.wait_for_timeout(100)
    assert page.evaluate(KEPT) == count


def faults(page: Page) -> list[object]:
    # The line that says that the office is invented belongs to no landmark, on every page of the demo.
    found = Axe().run(page, context={"exclude": [[".demo-mark"]]}).response
    assert len(found["passes"]) > 15, "axe did not look"
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]]


def read(head: Hand, address: str) -> Page:
    head.page.goto(head.office.base + address)
    return head.page


def test_a_report_is_read_on_a_phone_gone_into_and_opened_again_without_a_network(office: Office, browser: Browser) -> None:
    with hand(office, browser, "cntt.truong") as head:
        page = read(head, "/reports")
        expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert faults(page) == []
        page.emulate_media(color_scheme="light")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        # From the kind of period to the numbers of a table, and into one of them, without a finger on the glass.
        page.get_by_role("link", name="Quý").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"period=\d{4}-Q\d"))
        page.locator("#people summary", has_text="Xem bảng số liệu").focus()
        page.keyboard.press("Enter")
        cell = page.locator("#people tfoot a").first
        cell.focus()
        amount = cell.inner_text()
        page.keyboard.press("Enter")
        expect(page.locator("h1 .num")).to_have_text(amount)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360 and faults(page) == []
        kept(page, 3)

        head.network(False)
        page = read(head, "/reports")
        copy = page.locator("#kept")
        expect(copy).to_have_text(re.compile(r"Bản xem lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}, khi có mạng sẽ cập nhật\."))
        expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
        expect(page.locator("#summary td").first).to_be_visible()
        page = read(head, "/reports?period=2026")
        expect(page.get_by_role("heading", name="Báo cáo này chưa có trên máy")).to_be_visible()
        page.get_by_role("link", name=re.compile("Quý")).first.click()
        expect(page.locator("#kept")).to_contain_text("Bản xem lúc")

        head.network(True)
        expect(page.locator("#kept")).to_be_empty(timeout=PATIENCE)
        # Another person on the same device, without the first one having signed out: nothing that he looked at stays.
        head.context.clear_cookies()
        office.sign_in(page, "hcth.cv1")
        kept(page, 0)
        page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=PATIENCE)
        read(head, "/reports")
        kept(page, 1)
        page.goto(f"{office.base}/me")
        page.get_by_role("button", name="Đăng xuất").click()
        page.wait_for_url(re.compile("/sign-in"))
        kept(page, 0)
