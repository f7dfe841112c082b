"""A new release on a phone with work that waits, and the way to the home screen."""

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Office, serve
from tests.browser.phone import ANSWERED, OFFICER, comment, on_server, own_task, settle, until
from tests.faults.process import ROOT

#: What a release is: enough to run the server from another folder.
PARTS = ("server", "sync", "ml", "static", "templates")


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
