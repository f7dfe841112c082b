"""Messages on a device: asked for on a tap alone, shown while the app is closed, opened by a tap, read everywhere."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from server.notify.commands.channels import TurnChannel
from server.storage import engine as engines
from server.storage.door import carry_out
from server.web.page import environment
from tests.browser.conftest import PHONE, Office, serve
from tests.browser.phone import COLLEAGUE, OFFICER, own_task, settle
from tests.browser.pushed import CHANGED, ENDPOINT, HOLDS, Data, Phone, eventually, letter
from tests.notify.webpush.service import Browser as Subscribed
from tests.office import NOW, PASSWORD

#: A browser that can be asked, and a push service behind it, which a test has no way to reach.
BROWSER = """
window.asked = 0;
let granted = sessionStorage.getItem("granted") ?? "default";
Object.defineProperty(Notification, "permission", { get: () => granted });
Notification.requestPermission = async () => {
  window.asked += 1;
  granted = window.answers ?? "granted";
  sessionStorage.setItem("granted", granted);
  return granted;
};
const made = (endpoint) => ({
  endpoint,
  options: {},
  toJSON: () => ({ endpoint, keys: { p256dh: "%(p256dh)s", auth: "%(auth)s" } }),
  unsubscribe: async () => { sessionStorage.removeItem("endpoint"); return true; },
});
PushManager.prototype.getSubscription = async () => {
  const endpoint = sessionStorage.getItem("endpoint");
  return endpoint && made(endpoint);
};
PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
  if (!userVisibleOnly || applicationServerKey.length !== 87) throw new TypeError("no key of ours");
  const endpoint = "%(endpoint)s" + Math.random();
  sessionStorage.setItem("endpoint", endpoint);
  return made(endpoint);
};
"""
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"


async def _turn_on(path: Path) -> None:
    used = engines.use(engines.make(f"sqlite:///{path}"))
    await used.open()
    await carry_out(TurnChannel(channel="webpush", on=True, understood=True), actor=None, now=NOW, source="cli")
    await used.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, demo_database: Path) -> Data:
    folder = tmp_path_factory.mktemp("pushing")
    shutil.copy(demo_database, folder / "soviec.sqlite3")
    asyncio.run(_turn_on(folder / "soviec.sqlite3"))
    return Data(folder)


@pytest.fixture(scope="module")
def office(data: Data) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOVIEC_PUSH_SUBJECT", "mailto:quantri@soviec.test")
        with serve(data.path.parent) as running:
            yield running


def place(page: Page) -> None:
    """Put what a page of settings shows of this device into a page of the server's, which nothing refreshes."""
    page.goto(urlsplit(page.url)._replace(path="/me", query="").geturl())
    show(page)


def show(page: Page) -> None:
    text = environment().from_string('{% from "notify/push.html" import this_device %}{{ this_device() }}').render()
    page.evaluate("text => { document.getElementById('main').innerHTML = text; }", text)
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:afterSettle', { detail: {} }))")


def standing(page: Page, state: str) -> None:
    expect(page.locator(f"[data-push={state}]")).to_be_visible()
    expect(page.locator("[data-push-state]:visible")).to_have_attribute("data-push-state", state)


def test_a_device_is_asked_on_a_tap_alone_and_stops_when_its_person_says_so(
    office: Office, phones: Callable[..., BrowserContext], data: Data
) -> None:
    active = "SELECT address, label, person FROM address WHERE state = 'active'"
    context = phones()
    context.add_init_script(BROWSER % {**Subscribed("").keys, "endpoint": ENDPOINT})
    page = context.new_page()
    office.sign_in(page, OFFICER)
    place(page)
    standing(page, "off")
    expect(page.locator("[data-push-state=off]")).to_contain_text("Màn hình khóa chỉ hiện loại thông báo và số việc")
    assert page.evaluate("window.asked") == 0
    page.evaluate("window.answers = 'denied'")
    page.locator("[data-push-on]").click()
    standing(page, "denied")
    page.evaluate("sessionStorage.removeItem('granted')")
    place(page)
    page.locator("[data-push-on]").click()
    standing(page, "on")
    ((address, label, person),) = data.rows(active)
    assert address.startswith(ENDPOINT) and label.startswith("Chrome trên") and person == data.person(OFFICER)
    place(page)
    standing(page, "on")
    page.locator("[data-push-off]").click()
    standing(page, "off")
    assert data.rows(active) == []
    context.set_offline(True)
    show(page)
    standing(page, "offline")


def test_a_browser_of_an_iphone_is_told_of_the_home_screen(office: Office, phones: Callable[..., BrowserContext]) -> None:
    context = phones(user_agent=IPHONE, service_workers="block")
    context.add_init_script("delete window.PushManager")
    page = context.new_page()
    office.sign_in(page, OFFICER)
    place(page)
    standing(page, "iphone")


@pytest.fixture(scope="module")
def one_phone(office: Office, browser: Browser, data: Data) -> Iterator[Phone]:
    context = browser.new_context(**PHONE)
    yield Phone(office, context, data)
    context.close()


@pytest.fixture
def phone(one_phone: Phone, office: Office) -> Phone:
    """The same phone for all of them, with a network, at home, with nothing shown."""
    one_phone.context.set_offline(False)
    one_phone.page.goto(office.base)
    one_phone.worker.evaluate("() => registration.getNotifications().then(all => all.forEach(one => one.close()))")
    return one_phone


def test_a_push_shows_number_and_kind_and_a_tap_opens_the_task_and_marks_it_read(phone: Phone, data: Data) -> None:
    notice, task = data.unread(data.person(OFFICER))[0]
    phone.tell(letter(task, notice))
    (said,) = phone.shows(1)
    assert said == {"title": "Việc mới 26-014", "body": "Mở Sổ Việc để xem.", "tag": f"task:{task}", "silent": False, "lang": "vi"}
    phone.tell(letter(task, notice, id="d-2"))
    phone.page.wait_for_timeout(500)
    assert len(phone.shown()) == 1, "what comes twice is shown once"
    before = phone.worker.evaluate("() => self.number")
    assert before > 1
    phone.tap()
    phone.page.wait_for_url(f"**/tasks/{task}")
    expect(phone.page.locator("#detail h1").first).to_be_visible()
    assert phone.shown() == []
    eventually(phone.page, lambda: data.is_read(notice))
    phone.number(before - 1)


def test_a_tap_without_a_network_opens_the_task_and_is_known_elsewhere_later(phone: Phone, data: Data) -> None:
    notice, task = data.unread(data.person(OFFICER))[0]
    phone.context.set_offline(True)
    phone.tell(letter(task, notice))
    phone.shows(1)
    phone.tap()
    phone.page.wait_for_url(f"**/tasks/{task}")
    expect(phone.page.locator("#detail h1").first).to_be_visible()
    assert not data.is_read(notice)
    phone.context.set_offline(False)
    eventually(phone.page, lambda: data.is_read(notice))


def test_a_push_brings_what_it_speaks_of_onto_the_device(office: Office, phone: Phone, data: Data) -> None:
    task = own_task(phone.page)
    phone.page.goto("about:blank")
    with httpx.Client(base_url=office.base) as head:
        token = head.post("/api/v1/session", json={"username": "cntt.truong", "password": PASSWORD}).json()["csrf_token"]
        answer = head.post(f"{task}/comment", data={"text": "Đã gửi khi ứng dụng đóng"}, headers={"X-CSRF-Token": token})
        assert answer.status_code == 303, answer.text
    phone.tell(letter(task.rpartition("/")[2], kind="task.mentioned"))
    phone.shows(1)
    database = f"soviec-{data.person(OFFICER)}"
    eventually(phone.page, lambda: bool(phone.worker.evaluate(HOLDS, [database, "Đã gửi khi ứng dụng đóng"])))
    phone.context.set_offline(True)
    loaded = phone.page.goto(office.base + task)
    assert loaded is not None and loaded.headers.get("soviec-from") == "device"
    expect(phone.page.locator("#main")).to_contain_text("Đã gửi khi ứng dụng đóng")


def test_what_was_read_already_makes_no_sound_and_what_is_read_elsewhere_goes(phone: Phone, data: Data) -> None:
    (notice, task), (other, second) = data.unread(data.person(OFFICER))[:2]
    phone.tell(letter(task, notice))
    phone.shows(1)
    phone.tap()
    eventually(phone.page, lambda: data.is_read(notice))
    phone.tell(letter(task, notice, tag="again"))
    phone.tell(letter(second, other, tag="other"))
    eventually(phone.page, lambda: "other" in [one["tag"] for one in phone.shown()])
    heard = dict(phone.worker.evaluate("() => self.heard"))
    assert (heard["again"], heard["other"]) == (False, True)
    with httpx.Client(base_url=phone.office.base) as desk:
        token = desk.post("/api/v1/session", json={"username": OFFICER, "password": PASSWORD}).json()["csrf_token"]
        desk.post(f"/notices/{other}/open", headers={"X-CSRF-Token": token})
    eventually(phone.page, lambda: data.is_read(other))
    assert phone.shows(0) == []


def test_nobody_reads_what_was_meant_for_somebody_else(phone: Phone) -> None:
    phone.tell(letter("t", show_content=True), COLLEAGUE)
    (said,) = phone.shows(1)
    assert (said["title"], said["body"]) == ("Có thông báo mới trong Sổ Việc", "Mở ứng dụng để xem thông báo của bạn.")
    eventually(phone.page, lambda: phone.worker.evaluate("() => self.ended") == 1)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"title": 7}', '{"title": "Việc mới", "link": "https://evil.example/", "messages": 7}'],
    ids=["nothing", "half", "no title", "elsewhere"],
)
def test_whatever_arrives_something_fitting_is_shown_and_a_tap_stays_in_the_app(phone: Phone, text: str) -> None:
    phone.push(text)
    phone.shows(1)
    phone.tap()
    phone.page.wait_for_url("**/notices")
    # The inbox takes its notifications away when it is open: not while the next one comes.
    settle(phone.page)
    assert phone.shows(0) == []


def test_an_address_that_the_browser_changed_by_itself_is_told(phone: Phone, data: Data) -> None:
    before, after = Subscribed(f"{ENDPOINT}before").subscription, Subscribed(f"{ENDPOINT}after").subscription
    subscribe = """said => fetch("/api/v1/push", {
      method: "POST", body: JSON.stringify(said), headers: { "X-CSRF-Token": document.getElementById("frame").dataset.csrf },
    }).then(answer => answer.status)"""
    assert phone.page.evaluate(subscribe, before) == 201
    active = "SELECT address FROM address WHERE state = 'active'"
    assert data.rows(active) == [(before["endpoint"],)]
    phone.worker.evaluate(CHANGED, [before, after])
    eventually(phone.page, lambda: data.rows(active) == [(after["endpoint"],)])


def test_another_person_who_signs_in_finds_nothing_of_the_first(phone: Phone, data: Data) -> None:
    notice, task = data.unread(data.person(OFFICER))[0]
    phone.tell(letter(task, notice))
    phone.shows(1)
    ended = phone.worker.evaluate("() => self.ended")
    phone.context.clear_cookies()
    phone.office.sign_in(phone.page, COLLEAGUE)
    phone.shows(0)
    assert phone.worker.evaluate("() => self.ended") == ended + 1


def test_signing_out_takes_what_is_shown_away(phone: Phone, data: Data) -> None:
    notice, task = data.unread(data.person(COLLEAGUE))[0]
    phone.tell(letter(task, notice), COLLEAGUE)
    phone.shows(1)
    ended = phone.worker.evaluate("() => self.ended")
    phone.page.goto(phone.office.base + "/me")
    phone.page.locator("form[data-signs-out] button").click()
    phone.page.wait_for_url("**/sign-in")
    assert phone.shown() == []
    assert phone.worker.evaluate("() => self.ended") == ended + 1
