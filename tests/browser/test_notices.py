"""Thông báo in the hand: told live, read with a tap, without a network too, and read on every device."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Office
from tests.browser.hand import PATIENCE, Hand, hand
from tests.browser.phone import until

DUE = (date.today() + timedelta(days=20)).isoformat()
BADGE = ".nav a[href='/notices'] .badge"


@pytest.fixture(scope="module")
def officer(office: Office, browser: Browser) -> Iterator[Hand]:
    with hand(office, browser, "cntt.cv1") as made:
        made.open("/notices")
        made.page.get_by_role("button", name="Đánh dấu đã đọc tất cả").click()
        expect(made.page.locator(BADGE)).to_have_count(0, timeout=PATIENCE)
        yield made


def bare(office: Office, phones: Callable[..., BrowserContext], username: str) -> Page:
    """A browser that asks the server for everything."""
    page = phones(service_workers="block").new_page()
    office.sign_in(page, username)
    return page


def give(page: Page, office: Office, title: str) -> None:
    page.goto(f"{office.base}/tasks/new")
    page.get_by_label("Tên nhiệm vụ").fill(title)
    page.get_by_label("Người chủ trì").select_option(label="Trần Bảo Kha – Chuyên viên")
    page.get_by_label("Ngày hết hạn").fill(DUE)
    page.get_by_role("button", name="Giao việc").click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))


def test_it_is_told_live_and_read_in_a_cellar_and_then_everywhere(
    office: Office, officer: Hand, phones: Callable[..., BrowserContext]
) -> None:
    head, desk = bare(office, phones, "cntt.truong"), bare(office, phones, "cntt.cv1")
    page = officer.open("/notices")
    for title in ("Kiểm kê máy in", "Kiểm kê máy quét", "Kiểm kê máy chiếu"):
        give(head, office, title)
    expect(page.locator(BADGE)).to_have_text("3", timeout=PATIENCE)
    expect(page.locator(".told.unread")).to_have_count(3)

    officer.network(False)
    page.get_by_role("button", name=re.compile("Kiểm kê máy in")).click()
    expect(page.locator("#detail h1")).to_have_text("Kiểm kê máy in")
    expect(page.locator(BADGE)).to_have_text("2")
    officer.open("/notices")
    expect(page.locator(".told.unread")).to_have_count(2)
    expect(page.locator("#net .net-waits"), "that something was read is nobody's to look after").to_be_hidden()

    officer.open("/tasks?whose=lead&sort=new")
    page.get_by_role("link", name="Kiểm kê máy quét").click()
    expect(page.locator("#detail h1")).to_have_text("Kiểm kê máy quét")
    until(page, "fetch('/notices').then(page => page.text()).then(text => text.match(/told unread/g)?.length === 1)")
    officer.network(True)

    for _ in range(40):
        desk.goto(f"{office.base}/notices?show=unread")
        if desk.locator(".told.unread").count() == 1:
            break
        desk.wait_for_timeout(500)
    expect(desk.locator(".told.unread")).to_contain_text("Kiểm kê máy chiếu")
    desk.get_by_role("button", name=re.compile("Kiểm kê máy chiếu")).click()
    expect(desk.locator("#detail h1")).to_have_text("Kiểm kê máy chiếu")
    for _ in range(40):
        officer.open("/notices")
        if page.locator(".told.unread").count() == 0:
            break
        page.wait_for_timeout(500)
    expect(page.locator(BADGE)).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "title"),
    [("/me/notices", "Đọc khi trang của máy chủ đang mở"), ("/tasks/new", "Đọc khi biểu mẫu đang viết")],
    ids=["a page of the server", "a form somebody writes in"],
)
def test_what_is_read_on_another_device_is_counted_no_more_on_the_page_that_is_open(
    office: Office, officer: Hand, phones: Callable[..., BrowserContext], path: str, title: str
) -> None:
    head, desk = bare(office, phones, "cntt.truong"), bare(office, phones, "cntt.cv1")
    desk.goto(f"{office.base}/notices")
    for button in desk.get_by_role("button", name="Đánh dấu đã đọc tất cả").all():
        button.click()
    page = officer.page
    page.goto(office.base + path)
    expect(page.locator(BADGE)).to_have_count(0, timeout=PATIENCE)
    if path == "/tasks/new":
        page.get_by_label("Tên nhiệm vụ").fill("Đang viết dở")
    give(head, office, title)
    expect(page.locator(BADGE)).to_have_text("1", timeout=PATIENCE)
    desk.goto(f"{office.base}/notices?show=unread")
    desk.get_by_role("button", name=re.compile(title)).click()
    expect(desk.locator("#detail h1")).to_have_text(title)
    expect(page.locator(BADGE)).to_have_count(0, timeout=PATIENCE)
    if path == "/tasks/new":
        expect(page.get_by_label("Tên nhiệm vụ")).to_have_value("Đang viết dở")
        page.get_by_label("Tên nhiệm vụ").fill("")


def test_without_scripts_it_opens_and_is_read_all_the_same(office: Office, phones: Callable[..., BrowserContext]) -> None:
    head = bare(office, phones, "cntt.truong")
    give(head, office, "Việc của trình duyệt không có JavaScript")
    page = phones(java_script_enabled=False, service_workers="block").new_page()
    office.sign_in(page, "cntt.cv1")
    page.goto(f"{office.base}/notices?show=unread")
    page.get_by_role("button", name=re.compile("không có JavaScript")).click()
    expect(page.locator("#detail h1")).to_have_text("Việc của trình duyệt không có JavaScript")
    page.goto(f"{office.base}/notices?show=unread")
    expect(page.get_by_role("button", name=re.compile("không có JavaScript"))).to_have_count(0)
