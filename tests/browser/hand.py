"""A device in somebody's hand: signed in, with its copy complete; the network comes and goes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser.conftest import Office

PHONE = ViewportSize(width=360, height=780)
TABLET = ViewportSize(width=820, height=1180)
#: What the server answers takes its time on a machine that does other things too.
PATIENCE = 20_000


@dataclass
class Hand:
    """One person on one device."""

    office: Office
    context: BrowserContext
    page: Page

    def network(self, there: bool) -> None:
        """Into the cellar, or out of it."""
        self.context.set_offline(not there)

    def open(self, path: str) -> Page:
        """A page of the app; the device itself must have answered."""
        answer = self.page.goto(self.office.base + path)
        assert answer is not None and answer.headers.get("soviec-from") == "device", f"{path} came from the server"
        return self.page

    def ready(self) -> "Hand":
        """Wait until the worker answers out of a complete copy."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=PATIENCE)
        for _ in range(100):
            answer = self.page.goto(self.office.base + "/tasks")
            if answer is not None and answer.headers.get("soviec-from") == "device":
                return self
            self.page.wait_for_timeout(200)
        raise AssertionError("the worker never answered")

    def panel(self, button: str, name: str) -> Locator:
        """Press the button that opens a form of a task's page."""
        self.page.get_by_role("link", name=button, exact=True).first.click()
        found = self.page.locator(f"#do-{name}")
        expect(found).to_be_visible()
        return found

    def sent(self) -> None:
        """Everything has reached the server, without anybody having done anything for it."""
        expect(self.page.locator("#net .net-waits")).to_be_hidden(timeout=PATIENCE)

    def waits(self, count: int) -> None:
        """The line at the top says that so much waits."""
        expect(self.page.locator("#net")).to_contain_text(f"{count} mục chờ gửi", timeout=PATIENCE)


@contextmanager
def hand(office: Office, browser: Browser, username: str, size: ViewportSize = PHONE) -> Iterator[Hand]:
    """Somebody signs in on a device of his own and waits until it can do without the network."""
    context = browser.new_context(viewport=size, locale="vi-VN", has_touch=True, timezone_id="Asia/Ho_Chi_Minh")
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    office.sign_in(page, username)
    made = Hand(office, context, page).ready()
    yield made
    context.close()
    assert said == []


def task_of(page: Page) -> str:
    """The path of the task that is shown."""
    found = re.search(r"/tasks/[0-9a-f-]{36}", page.url)
    assert found is not None, page.url
    return found.group()


def photo(folder: Path, name: str, size: tuple[int, int] = (1600, 1200), colour: str = "steelblue") -> Path:
    """A photograph with the place where it was taken in it."""
    path = folder / name
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (21.0, 11.0, 10.0), 3: "E", 4: (106.0, 4.0, 5.0)}
    Image.effect_noise(size, 60).convert("RGB").save(path, exif=exif, quality=92)
    return path
