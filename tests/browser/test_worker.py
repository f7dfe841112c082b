"""The service worker in a real browser on a phone: who is answered, from where, and what outlives what."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Office
from tests.browser.phone import COLLEAGUE, OFFICER, comment, on_server, own_task, settle, source, until, waits
from tests.office import PASSWORD


@pytest.fixture
def page(office: Office, phones: Callable[..., BrowserContext]) -> Page:
    """An officer's phone that is ready to go into the cellar."""
    opened = phones().new_page()
    office.sign_in(opened, OFFICER)
    settle(opened)
    return opened


def test_a_browser_without_a_worker_is_served_by_the_server(office: Office, phones: Callable[..., BrowserContext]) -> None:
    page = phones(service_workers="block").new_page()
    office.sign_in(page, OFFICER)
    assert source(page, "/tasks") is None
    expect(page.locator("[data-row]").first).to_be_visible()


def test_the_device_answers_after_the_first_visit(page: Page) -> None:
    assert source(page, "/") == "device"
    assert source(page, "/tasks") == "device"
    assert source(page, "/me") is None, "what is not a person's own work is the server's"


def test_a_person_walks_through_the_app_without_a_network(page: Page) -> None:
    page.context.set_offline(True)
    page.locator(".nav a[href='/tasks']").click()
    expect(page.locator("[data-row]").first).to_be_visible()
    expect(page.locator("#net")).to_contain_text("Đang ngoại tuyến")
    page.locator("[data-row] a.open").first.click()
    expect(page.locator("h1").first).to_be_visible()
    page.reload()
    expect(page.locator("h1").first).to_be_visible()
    page.locator(".nav a[href='/me']").click()
    expect(page.get_by_role("heading", name="Trang này cần có mạng")).to_be_visible()
    page.go_back()
    expect(page.locator(".nav a[href='/tasks'][aria-current]")).to_be_visible()


def test_what_was_written_without_a_network_arrives_once(office: Office, page: Page, phones: Callable[..., BrowserContext]) -> None:
    task = own_task(page)
    page.context.set_offline(True)
    comment(page, "Viết dưới tầng hầm")
    waits(page, 1)
    page.reload()
    waits(page, 1)
    page.context.set_offline(False)
    expect(page.locator("#net")).to_be_hidden(timeout=30_000)
    assert on_server(office, phones, OFFICER, task).count("Viết dưới tầng hầm") == 1


def test_a_killed_worker_goes_on_where_it_was(office: Office, page: Page, phones: Callable[..., BrowserContext]) -> None:
    task = own_task(page)
    page.context.set_offline(True)
    comment(page, "Trước khi bị dừng")
    tools = page.context.new_cdp_session(page)
    tools.send("ServiceWorker.enable")
    tools.send("ServiceWorker.stopAllWorkers")
    assert source(page, task) == "device"
    waits(page, 1)
    page.context.set_offline(False)
    # One that starts only now has not been told by the test that there was no network.
    tools.send("ServiceWorker.stopAllWorkers")
    expect(page.locator("#net")).to_be_hidden(timeout=30_000)
    assert on_server(office, phones, OFFICER, task).count("Trước khi bị dừng") == 1


def test_a_session_that_ends_keeps_what_waits_until_the_same_person_is_back(
    office: Office, page: Page, phones: Callable[..., BrowserContext]
) -> None:
    task = own_task(page)
    page.context.set_offline(True)
    comment(page, "Phiên hết hạn giữa chừng")
    page.context.clear_cookies(name="soviec_session")
    page.context.set_offline(False)
    until(page, "document.cookie.indexOf('soviec_person') < 0")
    page.goto(office.base + "/tasks")
    expect(page).to_have_url(re.compile("/sign-in"))
    assert "Phiên hết hạn giữa chừng" not in on_server(office, phones, OFFICER, task)
    page.fill("[name=username]", OFFICER)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office.base}/tasks")
    settle(page)
    expect(page.locator("#net")).to_be_hidden(timeout=30_000)
    assert on_server(office, phones, OFFICER, task).count("Phiên hết hạn giữa chừng") == 1


def test_another_person_neither_sees_nor_sends_what_the_first_one_left(
    office: Office, page: Page, phones: Callable[..., BrowserContext]
) -> None:
    task = own_task(page)
    page.context.set_offline(True)
    comment(page, "Chỉ của người thứ nhất")
    page.context.clear_cookies(name="soviec_session")
    page.context.clear_cookies(name="soviec_person")
    page.context.set_offline(False)
    office.sign_in(page, COLLEAGUE)
    settle(page)
    page.goto(office.base + "/outbox")
    expect(page.locator("#main")).to_contain_text("Có 1 mục của người khác")
    expect(page.locator("#main")).not_to_contain_text("Chỉ của người thứ nhất")
    assert page.locator("#frame").get_attribute("data-me") == COLLEAGUE
    assert "Chỉ của người thứ nhất" not in on_server(office, phones, OFFICER, task)


def test_a_page_of_the_first_person_can_do_nothing_as_the_second(office: Office, page: Page, phones: Callable[..., BrowserContext]) -> None:
    task = own_task(page)
    form = page.locator("form[action$='/comment']")
    form.locator("textarea").fill("Của ai đây")
    answer = page.context.request.post(f"{office.base}/api/v1/session", data={"username": COLLEAGUE, "password": PASSWORD})
    assert answer.status == 201
    second = page.context.new_page()
    second.goto(office.base)
    # The first page leads and fetches for the second person with its next beat, some twenty seconds from here.
    second.evaluate("navigator.serviceWorker.controller.postMessage({ type: 'sync', why: 'beat' })")
    settle(second)
    assert second.locator("#frame").get_attribute("data-me") == COLLEAGUE
    page.context.set_offline(True)
    form.locator("button:not([type=button])").last.click()
    expect(page.locator("#toasts")).to_contain_text("cần có mạng")
    expect(form.locator("textarea")).to_have_value("Của ai đây")
    page.context.set_offline(False)
    form.locator("button:not([type=button])").last.click()
    expect(page.locator("#main")).to_contain_text("không còn khớp với phiên đăng nhập")
    second.goto(office.base + "/outbox")
    expect(second.locator("#main")).to_contain_text("Không có gì đang chờ gửi")
    assert "Của ai đây" not in on_server(office, phones, OFFICER, task)


def test_a_page_that_is_shown_takes_over_what_others_do_but_not_under_somebodys_hands(
    office: Office, page: Page, phones: Callable[..., BrowserContext]
) -> None:
    task = own_task(page)
    area = page.locator("form[action$='/comment'] textarea")
    area.fill("Đang viết dở")
    other = phones(service_workers="block").new_page()
    office.sign_in(other, OFFICER)
    other.goto(office.base + task)
    comment(other, "Từ máy khác")
    until(page, "fetch(location.href).then(answer => answer.text()).then(text => text.includes('Từ máy khác'))")
    page.wait_for_timeout(3000)
    expect(page.locator("#main")).not_to_contain_text("Từ máy khác")
    expect(area).to_have_value("Đang viết dở")
    area.fill("")
    area.blur()
    expect(page.locator("#main")).to_contain_text("Từ máy khác", timeout=15_000)
    comment(page, "Trả lời ngay tại đây")


def test_the_next_tab_goes_on_when_the_first_one_is_closed(office: Office, page: Page, phones: Callable[..., BrowserContext]) -> None:
    task = own_task(page)
    second = page.context.new_page()
    second.goto(office.base + task)
    page.context.set_offline(True)
    comment(second, "Từ thẻ thứ hai")
    waits(page, 1)
    page.close()
    second.context.set_offline(False)
    expect(second.locator("#net")).to_be_hidden(timeout=30_000)
    assert on_server(office, phones, OFFICER, task).count("Từ thẻ thứ hai") == 1


def test_a_file_that_waits_is_shown_and_what_was_looked_at_stays(office: Office, page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "anh.png"
    Image.new("RGB", (640, 480), "teal").save(picture)
    task = own_task(page)
    page.context.set_offline(True)
    form = page.locator("form[action$='/comment']")
    form.locator("input[type=file]").first.set_input_files(picture)
    comment(page, "Kèm một ảnh")
    file = page.locator("#main a[href^='/files/']").last.get_attribute("href")
    look = f"fetch('{file}').then(answer => answer.blob()).then(one => one.type.startsWith('image/') && one.size > 100, () => false)"
    assert page.evaluate(look)
    page.context.set_offline(False)
    expect(page.locator("#net")).to_be_hidden(timeout=30_000)
    page.goto(office.base + task)
    file = page.locator("#main a[href^='/files/']").last.get_attribute("href")
    look = f"fetch('{file}').then(answer => answer.blob()).then(one => one.type.startsWith('image/') && one.size > 100, () => false)"
    assert page.evaluate(look)
    page.context.set_offline(True)
    assert page.evaluate(look)


def sign_out(page: Page, office: Office) -> None:
    page.goto(office.base + "/me")
    page.locator("form[data-signs-out] button").click()


def databases(page: Page) -> Any:
    return page.evaluate("indexedDB.databases().then(all => all.map(one => one.name).filter(name => name !== 'soviec'))")


def test_signing_out_wipes_the_device(office: Office, page: Page) -> None:
    sign_out(page, office)
    expect(page).to_have_url(re.compile("/sign-in"))
    assert databases(page) == []
    page.context.set_offline(True)
    page.goto(office.base + "/tasks")
    expect(page.get_by_role("heading", name="Trang này cần có mạng")).to_be_visible()


@pytest.fixture
def stuck(office: Office, page: Page) -> Iterator[str]:
    """The address of a task on which the officer has said something that the server does not take."""
    task = own_task(page)
    page.context.route("**/sync/push", lambda route: route.abort())
    comment(page, "Chưa gửi được")
    waits(page, 1)
    sign_out(page, office)
    expect(page.get_by_role("heading", name="Còn 1 mục chưa đến máy chủ")).to_be_visible()
    yield task
    page.context.unroute_all()


def test_work_that_waits_can_be_sent_before_signing_out(
    office: Office, page: Page, stuck: str, phones: Callable[..., BrowserContext]
) -> None:
    page.locator("form:has([value=send]) button").click()
    expect(page.locator("#main")).to_contain_text("bạn chưa đăng xuất")
    page.context.unroute_all()
    page.locator("form:has([value=send]) button").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    assert databases(page) == []
    assert on_server(office, phones, OFFICER, stuck).count("Chưa gửi được") == 1


def test_work_that_waits_can_stay_on_the_device_until_its_author_is_back(
    office: Office, page: Page, stuck: str, phones: Callable[..., BrowserContext]
) -> None:
    page.locator("form:has([value=keep]) button").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.context.unroute_all()
    office.sign_in(page, OFFICER)
    settle(page)
    page.goto(office.base + "/outbox")
    expect(page.locator("#net")).to_be_hidden(timeout=30_000)
    assert "Chưa gửi được" in on_server(office, phones, OFFICER, stuck)


def test_work_that_waits_can_be_thrown_away(office: Office, page: Page, stuck: str, phones: Callable[..., BrowserContext]) -> None:
    page.locator("details:has([value=discard]) summary").click()
    page.locator("form:has([value=discard]) button").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    assert databases(page) == []
