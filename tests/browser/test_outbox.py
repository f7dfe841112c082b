"""Chờ gửi and Xung đột on a phone: what waits is shown, changed, taken back; what clashed is settled with both values in sight."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Office
from tests.browser.hand import Hand, hand


@pytest.fixture(scope="module")
def phone(office: Office, browser: Browser) -> Iterator[Hand]:
    with hand(office, browser, "cntt.cv1") as made:
        yield made


@pytest.fixture(autouse=True)
def online_again(phone: Hand) -> Iterator[None]:
    yield
    phone.network(True)
    phone.page.goto(f"{phone.office.base}/")
    phone.sent()


def mine(phone: Hand) -> str:
    """A task that this officer may report on."""
    page = phone.open("/tasks?whose=lead&status=in_progress")
    page.locator("[data-row] a.open").first.click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))
    return page.url.removeprefix(phone.office.base).split("?")[0]


def comment(phone: Hand, path: str, text: str) -> None:
    page = phone.open(path)
    page.get_by_label("Nội dung trao đổi").fill(text)
    page.get_by_role("button", name="Gửi trao đổi").click()
    expect(page.locator("#toasts")).to_contain_text("Đã lưu trên máy")


def test_what_waits_is_shown_in_full_changed_and_then_sent(phone: Hand) -> None:
    path = mine(phone)
    phone.network(False)
    comment(phone, path, "Xin ý kiến về <b>dự thảo</b>.")
    page = phone.open("/outbox")
    entry = page.locator(".waits > li")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("Xin ý kiến về <b>dự thảo</b>.")
    entry.get_by_text("Sửa trước khi gửi").click()
    entry.get_by_label("Nội dung").fill("Xin ý kiến về dự thảo lần hai.")
    entry.get_by_role("button", name="Lưu thay đổi").click()
    expect(page.locator("#toasts")).to_contain_text("Đã sửa nội dung")
    expect(page.locator(".waits > li .entered")).to_have_text(re.compile("dự thảo lần hai"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.network(True)
    phone.sent()
    expect(phone.open("/outbox").get_by_role("heading", name="Không có gì đang chờ gửi")).to_be_visible()
    expect(phone.open(path).locator("#timeline")).to_contain_text("dự thảo lần hai")


def test_a_proposal_is_taken_back_with_what_hangs_on_it_after_asking(phone: Hand) -> None:
    phone.network(False)
    page = phone.open("/tasks/new")
    page.get_by_label("Tên nhiệm vụ").fill("Đề xuất lúc không có mạng")
    page.get_by_text("Không thời hạn").click()
    page.get_by_role("button", name="Gửi đề xuất").click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))
    comment(phone, page.url.removeprefix(phone.office.base), "Sẽ bổ sung căn cứ.")
    page = phone.open("/outbox")
    page.locator(".waits > li").first.get_by_role("button", name="Rút lại").click()
    expect(page.get_by_role("heading", name="Rút lại cả những mục đi kèm?")).to_be_visible()
    expect(page.locator(".lines")).to_contain_text("Sẽ bổ sung căn cứ.")
    page.get_by_role("button", name="Rút lại tất cả").click()
    expect(page.get_by_role("heading", name="Không có gì đang chờ gửi")).to_be_visible()


def test_without_a_network_gui_ngay_says_that_it_still_waits(phone: Hand) -> None:
    path = mine(phone)
    phone.network(False)
    comment(phone, path, "Gửi khi có mạng.")
    page = phone.open("/outbox")
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#toasts")).to_contain_text("Còn 1 mục chưa gửi được")


def test_a_refusal_waits_under_xung_dot_with_both_states_until_it_is_discarded(phone: Hand, browser: Browser) -> None:
    path = mine(phone)
    phone.network(False)
    page = phone.open(path)
    phone.panel("Báo cáo tiến độ", "progress")
    form = page.locator("#do-progress")
    form.get_by_label("Đã làm được gì").fill("Báo cáo viết trong hầm.")
    form.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("#toasts")).to_contain_text("Đã lưu trên máy")
    leader = browser.new_context(service_workers="block").new_page()
    phone.office.sign_in(leader, "giamdoc")
    leader.goto(phone.office.base + path + "#do-pause")
    leader.locator("#do-pause").get_by_label("Lý do").fill("Chờ chỉ đạo")
    leader.get_by_role("button", name="Tạm dừng nhiệm vụ").click()
    expect(leader.locator("#detail")).to_contain_text("Tạm dừng")
    leader.context.close()
    phone.network(True)
    phone.sent()
    page = phone.open("/conflicts")
    refused = page.locator("article")
    expect(refused).to_have_count(1)
    expect(refused.get_by_label("Bạn đã nhập")).to_contain_text("Báo cáo viết trong hầm.")
    expect(refused.get_by_label("Hiện nay")).to_contain_text("Tạm dừng")
    expect(refused).to_contain_text("không nhận báo cáo tiến độ")
    refused.get_by_text("Bỏ nội dung này").click()
    refused.get_by_role("button", name="Bỏ hẳn").click()
    expect(page.get_by_role("heading", name="Không có xung đột nào")).to_be_visible()


def test_files_from_another_app_wait_until_a_task_is_chosen_for_them(phone: Hand) -> None:
    phone.network(False)
    page = phone.open("/tasks")
    page.evaluate(
        """() => {
          const form = Object.assign(document.createElement("form"), { method: "post", action: "/share", enctype: "multipart/form-data" });
          const input = Object.assign(document.createElement("input"), { type: "file", name: "files" });
          const files = new DataTransfer();
          files.items.add(new File(["biên bản"], "bien-ban.txt", { type: "text/plain" }));
          input.files = files.files;
          form.append(input);
          document.body.append(form);
          form.submit();
        }"""
    )
    page.wait_for_url(re.compile(r"/share/[0-9a-f-]{36}"))
    expect(page.get_by_label("Nội dung được chia sẻ")).to_contain_text("bien-ban.txt")
    page.locator(".choose a").first.click()
    form = page.locator("#do-progress")
    expect(form).to_contain_text("gửi cùng báo cáo này")
    form.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("#toasts")).to_contain_text("Đã lưu trên máy")
    expect(phone.open("/outbox").locator(".waits .file")).to_contain_text("bien-ban.txt")
    expect(phone.open("/share").get_by_role("heading", name="Chưa có tệp nào được chia sẻ")).to_be_visible()
