"""The service worker in a real browser on a phone: who is answered, from where, and what outlives what."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser.conftest import ROOT, Office, serve
from tests.office import PASSWORD

PHONE: Any = {"viewport": {"width": 360, "height": 740}, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
OFFICER, COLLEAGUE = "cntt.cv1", "hcth.cv1"
FROM_DEVICE = "fetch('/tasks').then(answer => answer.headers.get('Soviec-From') === 'device')"
ANSWERED = "fetch('/tasks').then(answer => ['Soviec-From', 'Soviec-Version'].map(name => answer.headers.get(name)))"
#: What a release is: enough to run the server from another folder.
PARTS = ("server", "sync", "static", "templates")

Sending = list[str]


@pytest.fixture
def phones(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Devices that know nothing yet."""
    made: list[BrowserContext] = []

    def phone(**more: Any) -> BrowserContext:
        made.append(browser.new_context(**PHONE, **more))
        return made[-1]

    yield phone
    for context in made:
        context.close()


def until(page: Page, expression: str, seconds: int = 60) -> None:
    """Wait for something to become true in the page; the policy of the pages forbids Playwright's own way."""
    for _ in range(seconds * 5):
        try:
            if page.evaluate(expression):
                return
        except Error as problem:
            if "context was destroyed" not in problem.message:
                raise
        page.wait_for_timeout(200)
    raise AssertionError(f"never became true: {expression}")


def settle(page: Page) -> None:
    """Wait until the device answers by itself: the worker runs, and the first copy is whole."""
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, FROM_DEVICE)


@pytest.fixture
def page(office: Office, phones: Callable[..., BrowserContext]) -> Page:
    """An officer's phone that is ready to go into the cellar."""
    opened = phones().new_page()
    office.sign_in(opened, OFFICER)
    settle(opened)
    return opened


def own_task(page: Page) -> str:
    """The address of a task that the officer may talk about."""
    page.goto(urlsplit(page.url)._replace(path="/tasks", query="whose=lead").geturl())
    page.locator("[data-row] a.open").first.click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))
    return urlsplit(page.url).path


def comment(page: Page, text: str) -> None:
    """Say something on the task that is shown, and read that it was taken."""
    form = page.locator("form[action$='/comment']")
    form.locator("textarea").fill(text)
    form.locator("button.main, button:not([type=button])").last.click()
    expect(page.locator("#main")).to_contain_text(text)


def on_server(office: Office, phones: Callable[..., BrowserContext], username: str, path: str) -> str:
    """The same page as the server itself shows it: on a device without a worker."""
    other = phones(service_workers="block").new_page()
    office.sign_in(other, username)
    other.goto(office.base + path)
    return other.content()


def source(page: Page, path: str) -> str | None:
    """Who answers a whole load of an address: ``device`` or nobody of that name."""
    answer = page.goto(urlsplit(page.url)._replace(path=path, query="").geturl())
    assert answer is not None
    return answer.headers.get("soviec-from")


def waits(page: Page, count: int) -> None:
    expect(page.locator("#net .net-waits")).to_have_text(f"{count} mục chờ gửi")


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


OFFER = """() => {
  const offer = new Event('beforeinstallprompt', { cancelable: true });
  offer.prompt = async () => undefined;
  return !dispatchEvent(offer);
}"""


def test_the_way_to_the_home_screen_is_said_once(office: Office, phones: Callable[..., BrowserContext]) -> None:
    page = phones(service_workers="block").new_page()
    page.goto(office.base + "/sign-in")
    page.evaluate(OFFER)
    expect(page.locator("#install")).to_have_count(0)
    office.sign_in(page, OFFICER)
    assert page.evaluate(OFFER), "the browser's own bar is held back"
    expect(page.locator("#install")).to_contain_text("màn hình chính")
    page.locator("#install [aria-label='Đóng thông báo']").click()
    page.reload()
    page.evaluate(OFFER)
    expect(page.locator("#install")).to_have_count(0)


def test_an_iphone_is_told_its_own_way(office: Office, phones: Callable[..., BrowserContext]) -> None:
    safari = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.5 Mobile/15E148 Safari/604.1"
    )
    page = phones(service_workers="block", user_agent=safari).new_page()
    office.sign_in(page, OFFICER)
    expect(page.locator("#install")).to_contain_text("Chia sẻ → Thêm vào Màn hình chính")


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


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """A copy of the product in which a template, a script and a sentence are others."""
    root = tmp_path / "next"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    with (root / "static/css/soviec.css").open("a", encoding="utf-8") as style:
        style.write("\n.next-release { color: inherit; }\n")
    layout = root / "templates/shared/layout.html"
    layout.write_text(layout.read_text(encoding="utf-8").replace('id="frame"', 'id="frame" data-next-release'), encoding="utf-8")
    return root


def version_of(page: Page) -> str:
    return page.locator("#frame").get_attribute("data-version") or ""


def test_a_new_release_takes_over_with_a_full_outbox(
    demo_database: Path, tmp_path: Path, next_release: Path, phones: Callable[..., BrowserContext]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(demo_database, data / "soviec.sqlite3")
    page = phones().new_page()
    with serve(data) as old:
        old.sign_in(page, OFFICER)
        settle(page)
        first = version_of(page)
        task = own_task(page)
        refused = page.context.new_page()
        refused.goto(f"{old.base}/tasks/new")
        refused.fill("[name=title]", "Gõ ở bản cũ")
        page.context.set_offline(True)
        comment(page, "Viết ở bản cũ")
    with serve(data, int(urlsplit(old.base).port or 0), next_release) as new:
        page.context.set_offline(False)
        page.evaluate("navigator.serviceWorker.getRegistration().then(one => one.update())")
        until(page, f"{ANSWERED}.then(said => said[0] === 'device' && said[1] !== '{first}')")
        page.locator(".nav a[href='/tasks']").click()
        expect(page.locator("#frame[data-next-release]")).to_be_attached()
        second = version_of(page)
        assert second != first
        loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name).filter(name => name.includes('/static/v-'))")
        assert loaded
        assert all(f"/v-{second}/" in name for name in loaded), "nothing of the older release"
        refused.locator("form[action='/tasks'] button.main").last.click()
        expect(refused.locator("#frame[data-next-release] [name=title]")).to_have_value("Gõ ở bản cũ")
        expect(refused.locator("[aria-invalid=true], .notice.error").first).to_be_visible()
        assert refused.evaluate("document.querySelector('script[type=module]').src").find(second) > 0
        expect(page.locator("#net")).to_be_hidden(timeout=30_000)
        assert on_server(new, phones, OFFICER, task).count("Viết ở bản cũ") == 1
        refused.goto(new.base)
        page.reload()
        until(page, "caches.keys().then(all => all.filter(one => one.startsWith('soviec-release-')).length === 1)")
