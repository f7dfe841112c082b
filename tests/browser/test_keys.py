"""The address of a calendar on a phone: shown and copied once, and left nowhere on the device."""

import urllib.request
from collections.abc import Callable
from urllib.error import HTTPError

import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Office

#: Everything that a browser keeps of a page, as one text.
KEPT = """async () => {
  const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) found.push(asked.url, await (await cache.match(asked)).text());
  }
  return found.join("\\n");
}"""


@pytest.mark.browser
def test_an_address_is_copied_once_and_left_nowhere_on_the_phone(office: Office, phones: Callable[..., BrowserContext]) -> None:
    page = phones(permissions=["clipboard-read", "clipboard-write"]).new_page()
    office.sign_in(page, "giamdoc")
    page.goto(f"{office.base}/me")
    page.get_by_role("link", name="Lịch trên điện thoại").click()
    page.get_by_role("button", name="Tạo địa chỉ lịch").click()
    secret = page.get_by_label("Địa chỉ", exact=True)
    address = secret.input_value()
    expect(secret).to_be_visible()
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in Axe().run(page, "#main").response["violations"]] == []
    page.get_by_role("button", name="Sao chép").click()
    expect(page.get_by_text("Đã sao chép.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    with urllib.request.urlopen(address) as answer:
        assert Calendar.from_ical(answer.read()).walk("VEVENT")
    page.get_by_role("link", name="Tôi").first.click()
    page.go_back()
    expect(page.get_by_text("Địa chỉ đang dùng")).to_be_visible()
    assert address not in page.content() and address not in page.evaluate(KEPT)
    page.get_by_text("Thu hồi", exact=True).click()
    page.get_by_role("button", name="Thu hồi địa chỉ").click()
    expect(page.get_by_text("Bạn chưa có địa chỉ lịch")).to_be_visible()
    with pytest.raises(HTTPError) as closed:
        urllib.request.urlopen(address)
    assert closed.value.code == 404
