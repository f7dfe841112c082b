"""The screen in the hall and a dashboard on a phone: they follow by themselves, whatever happens to the network and the server."""

import re
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Locator, Page, Route, ViewportSize, expect

from tests.browser.conftest import Office, serve
from tests.browser.hand import PATIENCE
from tests.browser.phone import settle, until
from tests.browser.test_keys import KEPT
from tests.office import PASSWORD

HALL = ViewportSize(width=1920, height=1080)


@pytest.fixture(scope="module")
def data(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hall")
    shutil.copy(demo_database, folder / "soviec.sqlite3")
    return folder


@pytest.fixture(scope="module")
def office(data: Path) -> Iterator[Office]:
    with serve(data) as running:
        yield running


def stored(data: Path, sql: str) -> list[Any]:
    with sqlite3.connect(data / "soviec.sqlite3") as database:
        return database.execute(sql).fetchall()


class Desk:
    """Somebody at another device, who gives commands by forms."""

    def __init__(self, office: Office, asks: APIRequestContext, username: str) -> None:
        self.office, self.asks = office, asks
        answer = asks.post(f"{office.base}/api/v1/session", data={"username": username, "password": PASSWORD})
        self.headers = {"X-CSRF-Token": answer.json()["csrf_token"]}

    def post(self, path: str, **form: str) -> str:
        """The page that follows."""
        given: Any = {"mutation": str(uuid.uuid4()), **form}
        answer = self.asks.post(f"{self.office.base}{path}", form=given, headers=self.headers)
        assert answer.ok, answer.text()[:2000]
        return answer.text()


def number(page: Page, label: str) -> Locator:
    return page.locator(".board-tile", has_text=label).locator(".board-number")


Hang = Callable[[Office, Desk], tuple[Page, str]]


@pytest.fixture
def hang(browser: Browser) -> Iterator[Hang]:
    """A screen in the hall that nobody is signed in on, and its address."""
    made: list[BrowserContext] = []

    def hung(office: Office, director: Desk) -> tuple[Page, str]:
        address = re.search(r"/wall/[\w-]{43}", director.post("/keys/new", kind="wall", name="Màn hình sảnh"))
        assert address
        made.append(browser.new_context(viewport=HALL, reduced_motion="reduce"))
        page = made[-1].new_page()
        page.goto(office.base + address[0])
        page.evaluate("window.first = true")
        expect(page.locator("#board")).to_have_attribute("data-lives", "")
        return page, address[0]

    yield hung
    for context in made:
        context.close()


def violations(page: Page, part: str) -> list[Any]:
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in Axe().run(page, part).response["violations"]]


def test_a_screen_follows_turns_survives_the_server_and_closes_with_its_key(
    demo_database: Path, phones: Callable[..., BrowserContext], hang: Hang, tmp_path: Path
) -> None:
    shutil.copy(demo_database, tmp_path / "soviec.sqlite3")
    with serve(tmp_path) as office:
        director = Desk(office, phones().request, "giamdoc")
        page, address = hang(office, director)
        text = page.content()
        told = [one for (one,) in stored(tmp_path, "SELECT name FROM person UNION SELECT title FROM task WHERE length(title) > 8")]
        assert len(told) > 100 and not [one for one in told if one in text]
        assert violations(page, "body") == []
        # Turning: by itself, by the keyboard, and not while somebody has stopped it. Nothing fades for who does not want it.
        at, panes, stop = page.locator("[data-at]"), page.locator("[data-pane]"), page.get_by_role("button", name="Dừng tự chuyển")
        expect(at).to_have_text("1/3")
        page.keyboard.press("ArrowRight")
        expect(panes.nth(1)).to_be_visible()
        assert panes.nth(1).evaluate("one => getComputedStyle(one).animationName") == "none" and violations(page, "body") == []
        page.keyboard.press("Space")
        expect(stop).to_have_attribute("aria-pressed", "true")
        stop.focus()
        page.keyboard.press("Space")
        expect(stop).to_have_attribute("aria-pressed", "false")
        page.keyboard.press("ArrowLeft")
        expect(at).to_have_text("1/3")
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth")
        port = urlsplit(office.base).port or 0
    # The server has stopped: the picture stays, and says that it is old.
    expect(page.locator(".board-lost")).to_be_visible(timeout=PATIENCE)
    with serve(tmp_path, port):
        expect(page.locator(".board-lost")).to_be_hidden(timeout=PATIENCE)
        expect(page.locator("#board")).to_have_attribute("data-lives", "", timeout=PATIENCE)
        assert page.evaluate("window.first") is True
        expect(at).to_have_text("2/3", timeout=PATIENCE)

        ((officer,),) = stored(tmp_path, "SELECT id FROM person WHERE username = 'cntt.cv1'")

        def older(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace('data-version="', 'data-version="x'))

        # Another release answers the scripts of this one.
        page.route(
            lambda url: url.endswith(address), lambda route: older(route) if route.request.resource_type == "fetch" else route.continue_()
        )
        director.post(
            "/tasks",
            title="Việc mới ở sảnh",
            lead=officer,
            no_due="ongoing",
        )
        until(page, "window.first === undefined")
        page.unroute_all()
        expect(page.locator("#board")).to_have_attribute("data-lives", "", timeout=PATIENCE)
        director.post(f"/keys/{stored(tmp_path, 'SELECT id FROM access_key')[0][0]}/revoke")
        expect(page.get_by_text("Địa chỉ màn hình này không còn hiệu lực")).to_be_visible(timeout=PATIENCE)
        assert violations(page, "body") == []


def test_numbers_follow_what_others_do_on_a_phone_and_on_the_wall(
    office: Office, data: Path, phones: Callable[..., BrowserContext], hang: Hang
) -> None:
    (task,), *_ = stored(
        data,
        "SELECT t.id FROM task t JOIN person p ON p.id = t.lead WHERE p.username = 'cntt.cv1' AND t.status = 'in_progress' "
        "AND t.deleted_at IS NULL AND t.id NOT IN (SELECT task FROM extension WHERE state = 'waiting')",
    )
    director, officer = Desk(office, phones().request, "giamdoc"), Desk(office, phones().request, "cntt.cv1")
    wall, address = hang(office, director)
    context = phones()
    phone = context.new_page()
    office.sign_in(phone, "cntt.truong")
    settle(phone)
    phone.get_by_role("link", name="Tôi").first.click()
    phone.get_by_role("link", name="Bảng điều hành").click()
    expect(phone).to_have_url(re.compile("/dashboard/room/"))
    phone.evaluate("window.first = true")
    expect(phone.locator("#board")).to_have_attribute("data-lives", "")
    assert violations(phone, "#main") == [] and phone.evaluate("document.documentElement.scrollWidth") <= 360
    shown = [
        (page, int(number(page, "Chờ nghiệm thu").inner_text()), int(number(page, "Hoàn thành hôm nay").inner_text()))
        for page in (wall, phone)
    ]
    officer.post(f"/tasks/{task}/submit", note="Đã xong, kính trình.")
    for page, waiting, _ in shown:
        expect(number(page, "Chờ nghiệm thu")).to_have_text(str(waiting + 1))
    director.post(f"/tasks/{task}/review", verdict="accept")
    for page, waiting, done in shown:
        expect(number(page, "Hoàn thành hôm nay")).to_have_text(str(done + 1))
        expect(number(page, "Chờ nghiệm thu")).to_have_text(str(waiting))
        assert page.evaluate("window.first") is True
    # Out of the network and back.
    context.set_offline(True)
    expect(phone.locator(".board-lost")).to_be_visible()
    away = context.new_page()
    away.goto(f"{office.base}/dashboard/centre")
    expect(away.locator("#main")).to_contain_text("cần có mạng")
    context.set_offline(False)
    expect(phone.locator(".board-lost")).to_be_hidden(timeout=PATIENCE)
    # The wall's secret does not stay on a device that has the app.
    answer = away.goto(office.base + address)
    assert answer is not None and answer.from_service_worker is False
    assert address.split("/")[-1] not in away.evaluate(KEPT)
    # A boosted link to a page without a board takes the stream along.
    phone.bring_to_front()
    phone.get_by_role("link", name="Báo cáo").first.click()
    expect(phone).to_have_url(re.compile("/reports"))
