"""What the tests of the service worker do with a phone."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.browser.conftest import Office
from tests.office import PASSWORD

OFFICER, COLLEAGUE = "cntt.cv1", "hcth.cv1"
FROM_DEVICE = "fetch('/tasks').then(answer => answer.headers.get('Soviec-From') === 'device')"
ANSWERED = "fetch('/tasks').then(answer => ['Soviec-From', 'Soviec-Version'].map(name => answer.headers.get(name)))"


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
    """The same page as the server itself sends it: to a device of its own, that shows nothing."""
    asks = phones().request
    assert asks.post(f"{office.base}/api/v1/session", data={"username": username, "password": PASSWORD}).status == 201
    answer = asks.get(office.base + path)
    assert answer.ok, answer.status
    return answer.text()


def source(page: Page, path: str) -> str | None:
    """Who answers a whole load of an address: ``device`` or nobody of that name."""
    answer = page.goto(urlsplit(page.url)._replace(path=path, query="").geturl())
    assert answer is not None
    return answer.headers.get("soviec-from")


def waits(page: Page, count: int) -> None:
    expect(page.locator("#net .net-waits")).to_have_text(f"{count} mục chờ gửi")
