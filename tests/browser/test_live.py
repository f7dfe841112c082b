"""Pages that are shown and what happens meanwhile: they follow, whatever somebody has tapped on before."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Office
from tests.browser.hand import PATIENCE, TABLET, Hand, hand


@pytest.fixture
def officer(office: Office, browser: Browser) -> Iterator[Hand]:
    with hand(office, browser, "cntt.cv1") as made:
        yield made


def open_own(officer: Hand) -> Page:
    """A task that the officer leads, on the screen."""
    page = officer.open("/tasks?whose=lead&status=open&sort=new")
    page.locator("[data-row] a.open").first.click()
    expect(page.locator("#do-progress")).to_be_attached()
    return page


def test_a_report_that_was_sent_waits_no_longer_on_the_page_it_was_made_on(officer: Hand) -> None:
    page = open_own(officer)
    officer.network(False)
    form = officer.panel("Báo cáo tiến độ", "progress")
    form.locator("textarea").fill("Đã làm ở nơi không có mạng.")
    form.get_by_role("button", name="Gửi báo cáo").click()
    detail = page.locator("#detail")
    expect(detail.get_by_text("Chờ gửi").first).to_be_visible()
    # A tap beside everything gives the focus to the whole pane.
    detail.locator("h1").click()
    assert page.evaluate("document.activeElement.id") == "detail"
    officer.network(True)
    officer.sent()
    expect(detail.get_by_text("Chờ gửi")).to_have_count(0, timeout=PATIENCE)
    expect(detail).to_contain_text("Đã làm ở nơi không có mạng.")


def test_back_and_forward_show_the_pages_again_without_an_error(officer: Hand) -> None:
    """``hand`` fails where a page's script did."""
    page = officer.open("/tasks?whose=lead&status=open")
    title = page.locator("[data-row] a.open").first.inner_text()
    page.locator("[data-row] a.open").first.click()
    expect(page.locator("#do-progress")).to_be_attached()
    page.go_back()
    expect(page.locator("[data-row] a.open").first).to_have_text(title)
    page.go_forward()
    expect(page.locator("#do-progress")).to_be_attached()


def test_a_task_beside_its_list_follows_and_so_does_the_list(office: Office, browser: Browser) -> None:
    with hand(office, browser, "cntt.truong", TABLET) as head:
        page = head.open("/tasks")
        row = page.locator("[data-row]").nth(2)
        row.locator("a.open").click()
        detail = page.locator("#detail")
        expect(detail.locator("form[action$='/comment']")).to_be_attached()
        head.network(False)
        detail.locator("form[action$='/comment'] textarea").fill("Xin ý kiến khi không có mạng.")
        detail.get_by_role("button", name="Gửi trao đổi").click()
        expect(detail.get_by_text("Chờ gửi").first).to_be_visible()
        head.network(True)
        head.sent()
        expect(detail.get_by_text("Chờ gửi")).to_have_count(0, timeout=PATIENCE)
        expect(row.locator("a.open")).to_have_attribute("aria-current", "true")


def test_opening_and_closing_the_filters_does_not_stop_a_list_from_following(officer: Hand) -> None:
    page = officer.open("/tasks?whose=lead&status=open&sort=new")
    before = page.locator("#main").inner_text()
    filters = page.get_by_role("link", name="Lọc và sắp xếp")
    filters.click()
    expect(page.locator("#narrow form")).to_be_visible()
    filters.click()
    expect(page.locator("#narrow form")).to_have_count(0)
    other = officer.context.new_page()
    other.goto(page.url)
    other.locator("[data-row] a.open").first.click()
    officer.page = other
    form = officer.panel("Báo cáo tiến độ", "progress")
    form.locator("[name=percent]").fill("85")
    form.get_by_role("button", name="Gửi báo cáo").click()
    expect(other.locator("#timeline")).to_contain_text("85 %")
    page.bring_to_front()
    expect(page.locator("#main")).to_contain_text("85%", timeout=PATIENCE)
    assert page.locator("#main").inner_text() != before


def test_what_was_lengthened_by_hand_keeps_its_length(office: Office, browser: Browser) -> None:
    with hand(office, browser, "cntt.truong", TABLET) as head:
        page = head.open("/tasks")
        rows = page.locator("#tasks [data-row]")
        expect(rows).to_have_count(30)
        page.get_by_role("link", name="Xem thêm").click()
        expect(rows.nth(40)).to_be_attached()
        length = rows.count()
        page.locator("#tasks [data-row] a.open").nth(1).click()
        talk = page.locator("#detail form[action$='/comment']")
        head.network(False)
        talk.locator("textarea").fill("Ghi ở cuối danh sách dài.")
        page.get_by_role("button", name="Gửi trao đổi").click()
        expect(page.locator("#detail").get_by_text("Chờ gửi").first).to_be_visible()
        head.network(True)
        head.sent()
        expect(page.locator("#detail").get_by_text("Chờ gửi")).to_have_count(0, timeout=PATIENCE)
        assert rows.count() == length


def test_a_page_of_another_release_is_loaded_anew_when_nobody_writes_on_it(officer: Hand) -> None:
    page = open_own(officer)
    page.locator("#detail form[action$='/comment'] textarea").fill("Đang viết dở")
    page.evaluate("""() => {
      window.old = true;
      const real = window.fetch;
      window.fetch = async (...asked) => {
        const answer = await real(...asked);
        const headers = new Headers(answer.headers);
        headers.set("Soviec-Version", "another");
        return new Response(await answer.text(), { status: answer.status, headers });
      };
      new BroadcastChannel("soviec").postMessage({ type: "changed" });
    }""")
    page.wait_for_timeout(4_000)
    assert page.evaluate("window.old") is True
    page.locator("#detail form[action$='/comment'] textarea").fill("")
    with page.expect_event("domcontentloaded", timeout=PATIENCE):
        page.locator("#detail h1").click()
    assert page.evaluate("window.old") is None
