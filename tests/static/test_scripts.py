"""The scripts in a real browser, under the content security policy, against canned answers (no server)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.static.office import FULL, Office
from tests.templates import samples


def test_it_opens_a_row_in_the_other_pane_and_the_address_follows(office: Office) -> None:
    office.page.locator('[data-row] a.open[href="/tasks/26-031"]').click()
    expect(office.page).to_have_url("http://office.test/tasks/26-031")
    expect(office.page.locator("#detail h1")).to_be_focused()
    expect(office.page.locator('a.open[href="/tasks/26-031"]')).to_have_attribute("aria-current", "true")
    assert office.headers[-1]["hx-target"] == "detail"


def test_it_shows_the_sign_in_page_instead_of_an_empty_pane(office: Office) -> None:
    signed_out = samples.FRAME | {"me": None, "nav": []}
    office.answers["GET", "/tasks/26-031"] = lambda route: office.show(route, signed_out, 200, "web/sign_in.html")
    office.page.locator('[data-row] a.open[href="/tasks/26-031"]').click()
    expect(office.page.locator("#f-password")).to_be_visible()
    assert office.page.locator("nav.nav").count() == 0


def test_it_moves_with_j_and_k_but_not_while_typing(office: Office) -> None:
    page = office.page
    page.keyboard.press("/")
    expect(page.locator('input[type="search"]')).to_be_focused()
    page.keyboard.type("jk?n")
    assert page.locator('input[type="search"]').input_value() == "jk?n"
    page.locator('[data-row] a.open[href="/tasks/26-014"]').focus()
    page.keyboard.press("j")
    expect(page.locator('[data-row] a.open[href="/tasks/26-031"]')).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator('[data-row] a.open[href="/tasks/26-014"]')).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("[data-keys-off]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator('[data-row] a.open[href="/tasks/26-031"]')).not_to_be_focused()


def test_it_sends_a_form_once_with_the_token(office: Office) -> None:
    held: list[Route] = []
    office.answers["POST", "/tasks/26-027/progress"] = held.append
    button = office.page.get_by_role("button", name="Gửi báo cáo")
    button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    office.page.wait_for_timeout(100)
    assert office.asked.count(("POST", "/tasks/26-027/progress")) == 1
    assert office.headers[-1]["x-csrf-token"] == samples.FRAME["csrf"]
    held[0].abort()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    expect(office.page.locator(".toast")).to_contain_text("Những gì bạn viết vẫn ở đây")


def test_it_shows_a_refused_form_with_its_errors_and_keeps_the_address(office: Office) -> None:
    office.answers["POST", "/tasks/26-027/progress"] = lambda route: office.show(route, FULL | {"title": "Bị từ chối"}, 422)
    office.page.get_by_role("button", name="Gửi báo cáo").click()
    expect(office.page).to_have_title("Bị từ chối thử · Sổ Việc")
    expect(office.page).to_have_url("http://office.test/tasks")
    expect(office.page.locator("#f-title")).to_be_focused()


def test_it_keeps_what_was_written_until_the_server_accepts_it(office: Office) -> None:
    page = office.page
    page.locator("#f-note").fill("Đã họp với các phòng.")
    page.reload()
    assert page.locator("#f-note").input_value() == "Đã họp với các phòng."
    bare = "<h1>502 Bad Gateway</h1>"
    office.answers["POST", "/tasks/26-027/progress"] = lambda route: route.fulfill(status=502, body=bare)
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator(".toast").last).to_contain_text("Máy chủ chưa trả lời được")
    assert page.locator("#f-note").input_value() == "Đã họp với các phòng."
    del office.answers["POST", "/tasks/26-027/progress"]
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("#f-note")).to_have_value(samples.HOSTILE)
    page.goto("http://office.test/tasks")
    assert page.locator("#f-note").input_value() == samples.HOSTILE


def test_it_sets_percent_in_fives_and_appends_phrases(office: Office) -> None:
    page = office.page
    page.get_by_role("button", name="Tăng 5 phần trăm").click()
    expect(page.locator("[data-percent] output")).to_have_text("90%")
    assert page.locator("#f-percent").input_value() == "90"
    page.locator("#f-note").fill("Đã gửi công văn.")
    page.get_by_role("button", name="Đúng tiến độ, không có vướng mắc.").click()
    assert page.locator("#f-note").input_value() == "Đã gửi công văn. Đúng tiến độ, không có vướng mắc."


def test_it_refuses_a_file_that_is_too_large_before_it_is_sent(office: Office) -> None:
    page = office.page
    page.locator("[data-files]").evaluate("place => { place.dataset.maxBytes = 10; }")
    page.locator("#f-files").set_input_files({"name": "anh.png", "mimeType": "image/png", "buffer": b"0" * 11})
    assert "anh.png" in page.locator("#f-files").evaluate("input => input.validationMessage")
    expect(page.locator(".previews .file")).to_contain_text("anh.png")


def test_it_says_at_the_top_when_there_is_no_network(office: Office) -> None:
    expect(office.page.locator("#net")).to_be_hidden()
    office.page.context.set_offline(True)
    expect(office.page.locator("#net")).to_contain_text("Không có mạng")
    office.page.context.set_offline(False)
    expect(office.page.locator("#net")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 360, 820, 1440])
def test_it_never_scrolls_sideways(office: Office, width: int) -> None:
    office.page.set_viewport_size({"width": width, "height": 800})
    office.page.reload()
    assert office.page.evaluate("document.documentElement.scrollWidth") <= width
