"""A report is read while it is written, on the phone and without a network; a suggested score is taken by one tap, never by itself."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Office
from tests.browser.hand import Hand, hand

GOOD = "Đã rà soát xong 45/60 thủ tục, còn 15 thủ tục chờ Sở Tư pháp gửi mẫu đơn; dự kiến xong trước ngày 28/11."


@pytest.fixture(scope="module")
def phone(office: Office, browser: Browser) -> Iterator[Hand]:
    with hand(office, browser, "cntt.cv1") as made:
        yield made


def report(phone: Hand) -> Page:
    """A task of his, its report form open."""
    page = phone.open("/tasks?whose=lead&status=in_progress")
    page.locator("[data-row] a.open").first.click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))
    page.locator('a[href="#do-progress"]').first.click()
    return page


def test_hints_come_without_a_network_move_nothing_and_bar_nothing(phone: Hand) -> None:
    page = report(phone)
    phone.network(False)
    note, said = page.locator("#f-note-progress"), page.locator("#do-progress .check-said")
    button = page.locator("#do-progress button.main")
    page.evaluate("scrollTo(0, 0)")
    before = page.locator("#do-progress").bounding_box()
    note.fill("đang làm")
    expect(said).to_have_text("Quá ngắn: mới 2 từ · Còn chung chung")
    expect(said).to_have_role("status")
    page.evaluate("scrollTo(0, 0)")
    assert page.locator("#do-progress").bounding_box() == before, "the room for hints is kept from the beginning"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    note.fill(GOOD)
    expect(said).to_have_text("Rõ kết quả, có số liệu")
    button.click()
    expect(page.locator("#toasts")).to_contain_text("Đã lưu trên máy")
    # What waits in the outbox is an earlier report already.
    page = phone.open(page.url.removeprefix(phone.office.base))
    page.locator('a[href="#do-progress"]').first.click()
    page.locator("#f-note-progress").fill(GOOD.replace("45/60", "50/60"))
    expect(page.locator("#do-progress .check-said")).to_have_text(re.compile(r"^Giống 100% báo cáo ngày \d\d/\d\d của bạn$"))
    page.get_by_role("button", name="Ẩn gợi ý về báo cáo").click()
    page.locator("#f-note-progress").fill("ok")
    page.locator("#f-note-progress").blur()
    expect(page.locator("#do-progress .check-said")).to_be_empty()
    button = page.locator("#do-progress button.main")
    expect(button).to_be_enabled()
    phone.network(True)
    phone.sent()


def test_a_suggested_score_goes_into_the_field_by_one_tap_also_offline(office: Office, browser: Browser) -> None:
    with hand(office, browser, "cntt.truong") as leader:
        leader.network(False)
        page = leader.open("/reviews")
        card = page.locator("article.decision", has=page.locator(".advice")).first
        expect(card.locator(".advice")).to_contain_text("người nghiệm thu quyết định")
        total = card.locator(".advice .num").first.inner_text()
        field = card.locator('[name="score"]')
        expect(field).to_have_value("")
        card.locator("[data-takes]").click()
        expect(field).to_have_value(total)
        expect(field).to_be_focused()
        leader.network(True)
