"""The whole life of a task on a phone, in a real browser on the real application; with scripts and without."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser.conftest import Office

PHONE = ViewportSize(width=360, height=780)
DUE = (date.today() + timedelta(days=20)).isoformat()


@pytest.fixture(params=["scripts", "no scripts"])
def device(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A phone, with scripts and without."""
    scripts = request.param == "scripts"
    # The server's own pages; what the device answers is tried in test_offline and test_worker.
    made = browser.new_context(viewport=PHONE, locale="vi-VN", has_touch=True, java_script_enabled=scripts, service_workers="block")
    yield made
    made.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone with scripts, on which nothing may go wrong silently."""
    made = browser.new_context(viewport=PHONE, locale="vi-VN", has_touch=True, service_workers="block")
    page = made.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if "Content Security" in line.text else None)
    yield page
    made.close()
    assert said == []


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "anh-hien-truong.jpg"
    Image.new("RGB", (640, 480), "steelblue").save(path)
    return path


def create(office: Office, page: Page, title: str, checklist: str = "") -> str:
    """The head gives the officer a task; its address."""
    office.sign_in(page, "cntt.truong")
    page.goto(f"{office.base}/tasks/new")
    page.get_by_label("Tên nhiệm vụ").fill(title)
    page.get_by_label("Người chủ trì").select_option(label="Trần Bảo Kha – Chuyên viên")
    page.get_by_label("Ngày hết hạn").fill(DUE)
    if checklist:
        page.get_by_text("Thêm chi tiết").click()
        page.get_by_label("Danh sách việc nhỏ").fill(checklist)
    page.get_by_role("button", name="Giao việc").click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))
    expect(page.locator("#toasts")).to_contain_text("Đã giao việc")
    return page.url.partition("?")[0]


def swap(device: BrowserContext) -> Page:
    """Somebody else takes the phone."""
    device.clear_cookies()
    return device.new_page()


def fits(page: Page) -> bool:
    """Nothing of the page stands outside of the screen."""
    return page.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth")


def panel(page: Page, button: str, name: str) -> Locator:
    """Press the button that opens a form."""
    page.get_by_role("link", name=button, exact=True).click()
    found = page.locator(f"#do-{name}")
    expect(found).to_be_visible()
    return found


def test_it_goes_through_a_whole_life(office: Office, device: BrowserContext, photo: Path) -> None:
    page = device.new_page()
    address = create(office, page, "Rà soát hồ sơ chờ số hóa tại quầy 3", "Lập danh mục\nPhân loại")
    assert fits(page)

    page = swap(device)
    office.sign_in(page, "cntt.cv1")
    page.goto(address)
    report = panel(page, "Báo cáo tiến độ", "progress")
    report.get_by_role("slider").fill("40")
    report.get_by_label("Đã làm được gì").fill("Đã xong phần lập danh mục.")
    report.locator("input[type=file]").last.set_input_files(photo)
    report.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("#timeline li").first).to_contain_text("Báo cáo tiến độ 40 %")
    expect(page.locator("#timeline li").first).to_contain_text("Đã xong phần lập danh mục.")
    expect(page.locator("#timeline li").first.get_by_role("link")).to_have_text("anh-hien-truong.jpg")
    expect(page.locator("#toasts")).to_contain_text("Đã ghi báo cáo tiến độ 40 %")

    page.get_by_role("button", name="Lập danh mục", exact=True).click()
    expect(page.locator("#checklist h2")).to_contain_text("1/2")

    page.get_by_label("Nội dung trao đổi").fill("Đề nghị anh Sang cho ý kiến.")
    page.get_by_role("button", name="Gửi trao đổi").click()
    expect(page.locator("#timeline li").first).to_contain_text("Đề nghị anh Sang cho ý kiến.")
    expect(page.get_by_label("Nội dung trao đổi")).to_have_value("")

    panel(page, "Trình", "submit").get_by_role("button", name="Gửi kết quả").click()
    expect(page.locator("header .chip").first).to_have_text("Chờ nghiệm thu")
    expect(page.locator(".do-bar")).to_contain_text("nghiệm thu")
    assert fits(page)

    page = swap(device)
    office.sign_in(page, "cntt.truong")
    page.goto(address)
    judge = panel(page, "Nghiệm thu", "review")
    judge.get_by_text("Trả lại để làm tiếp").click()
    judge.get_by_label("Lý do, nội dung cần làm tiếp").fill("Thiếu số liệu quầy 4.")
    judge.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.locator("header .chip").first).to_have_text("Đang thực hiện")

    page = swap(device)
    office.sign_in(page, "cntt.cv1")
    page.goto(address)
    expect(page.locator(".notice.warning")).to_contain_text("Thiếu số liệu quầy 4.")
    panel(page, "Trình", "submit").get_by_role("button", name="Gửi kết quả").click()
    expect(page.locator("header .chip").first).to_have_text("Chờ nghiệm thu")

    page = swap(device)
    office.sign_in(page, "cntt.truong")
    page.goto(address)
    panel(page, "Nghiệm thu", "review").get_by_role("button", name="Nghiệm thu đạt").click()
    expect(page.locator("header .chip").first).to_have_text("Hoàn thành")
    expect(page.locator("#toasts").get_by_role("button", name="Hoàn tác")).to_be_visible()
    assert fits(page)


def test_it_reports_once_when_the_button_is_pressed_twice(office: Office, device: BrowserContext) -> None:
    page = device.new_page()
    address = create(office, page, "Gửi hai lần")
    page = swap(device)
    office.sign_in(page, "cntt.cv1")
    page.goto(address)
    report = panel(page, "Báo cáo tiến độ", "progress")
    report.get_by_role("slider").fill("25")
    report.get_by_role("button", name="Gửi báo cáo").dblclick()
    expect(page.locator("#timeline")).to_contain_text("Báo cáo tiến độ 25 %")
    page.goto(address)
    expect(page.locator("#timeline").get_by_text("Báo cáo tiến độ 25 %")).to_have_count(1)


def test_it_says_what_is_wrong_and_keeps_what_was_typed(office: Office, device: BrowserContext) -> None:
    page = device.new_page()
    address = create(office, page, "Số lượng sai")
    page = swap(device)
    office.sign_in(page, "cntt.cv1")
    page.goto(address)
    report = panel(page, "Báo cáo tiến độ", "progress")
    report.get_by_role("slider").fill("30")
    report.get_by_label("Đã làm được gì").fill("Đã làm 12 hồ sơ.")
    report.get_by_text("Thêm số lượng").click()
    report.get_by_label("Số lượng đã làm").fill("mười hai")
    report.get_by_role("button", name="Gửi báo cáo").click()
    wrong = page.locator("#do-progress [aria-invalid=true]")
    expect(wrong).to_have_value("mười hai")
    expect(wrong).to_be_visible()
    said = page.locator(f"#{wrong.get_attribute('aria-describedby')}")
    expect(said).to_contain_text("mười hai")
    expect(page.locator("#do-progress").get_by_label("Đã làm được gì")).to_have_value("Đã làm 12 hồ sơ.")
    expect(page.locator("#do-progress").get_by_role("slider")).to_have_value("30")
    expect(page.locator("#timeline")).not_to_contain_text("30 %")

    wrong.fill("12")
    page.locator("#do-progress").get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("#timeline")).to_contain_text("Số lượng: 12")
    assert page.url.partition("?")[0].partition("#")[0] == address


def test_it_asks_for_what_a_new_task_needs(office: Office, device: BrowserContext) -> None:
    page = device.new_page()
    office.sign_in(page, "cntt.truong")
    page.goto(f"{office.base}/tasks/new")
    page.get_by_label("Tên nhiệm vụ").fill("Việc chưa có thời hạn")
    page.get_by_label("Người chủ trì").select_option(label="Trần Bảo Kha – Chuyên viên")
    page.get_by_role("button", name="Giao việc").click()
    expect(page.locator("#f-due-error")).to_be_visible()
    expect(page.get_by_label("Tên nhiệm vụ")).to_have_value("Việc chưa có thời hạn")
    page.get_by_label("Thường xuyên").check()
    page.get_by_role("button", name="Giao việc").click()
    expect(page.locator("h1")).to_have_text("Việc chưa có thời hạn")
    expect(page.locator(".facts")).to_contain_text("Thường xuyên")


def test_its_leaders_change_it_and_take_it_back(office: Office, device: BrowserContext) -> None:
    page = device.new_page()
    address = create(office, page, "Sẽ sửa và giao người khác")
    page.locator(".do-bar summary").click()
    page.get_by_role("link", name="Sửa nội dung").click()
    page.get_by_label("Tên nhiệm vụ").fill("Đã sửa tên")
    page.get_by_label("Thường xuyên").check()
    page.get_by_role("button", name="Lưu thay đổi").click()
    expect(page.locator("h1")).to_have_text("Đã sửa tên")
    expect(page.locator(".facts")).to_contain_text("Thường xuyên")
    expect(page.locator("#timeline li").first).to_contain_text("Tên nhiệm vụ: Sẽ sửa và giao người khác → Đã sửa tên")

    page.goto(f"{address}/assign")
    page.get_by_label("Người chủ trì").select_option(label="Nông Thị Quế Anh – Chuyên viên")
    room = page.get_by_role("group", name="Người phối hợp").locator("details", has_text="Phòng Ứng dụng CNTT")
    room.locator("summary").click()
    room.get_by_label("Trần Bảo Kha", exact=False).first.check()
    room.get_by_label("Tỷ trọng của Trần Bảo Kha").fill("30")
    page.get_by_label("Lý do phân công lại").fill("Cân bằng khối lượng.")
    page.get_by_role("button", name="Phân công lại").click()
    people = page.locator(".task-side")
    expect(people).to_contain_text("Chủ trì · 70 %")
    expect(people).to_contain_text("Phối hợp · 30 %")
    expect(page.locator("#timeline li").first).to_contain_text("Cân bằng khối lượng.")

    page.locator(".do-bar summary").click()
    page.get_by_role("link", name="Bỏ vào thùng rác").click()
    page.locator("#do-bin").get_by_role("button", name="Bỏ vào thùng rác").click()
    page.wait_for_url(f"{office.base}/tasks")
    page.locator("#toasts").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#toasts")).to_contain_text("Đã khôi phục")
    page.goto(address)
    expect(page.locator("header .chip").first).to_have_text("Chưa bắt đầu")


def test_a_later_due_date_is_asked_for_and_granted(office: Office, device: BrowserContext) -> None:
    page = device.new_page()
    address = create(office, page, "Xin thêm thời gian")
    page = swap(device)
    office.sign_in(page, "cntt.cv1")
    page.goto(f"{address}#do-extend")
    ask = page.locator("#do-extend")
    later = date.today() + timedelta(days=40)
    ask.get_by_label("Thời hạn mới").fill(later.isoformat())
    ask.get_by_label("Lý do").fill("Chờ ý kiến của Sở.")
    ask.get_by_role("button", name="Gửi yêu cầu").click()
    expect(page.locator(".notice")).to_contain_text(f"{later:%d/%m/%Y}")
    page = swap(device)
    office.sign_in(page, "cntt.truong")
    page.goto(address)
    panel(page, "Duyệt gia hạn", "extension").get_by_role("button", name="Đồng ý gia hạn").click()
    expect(page.locator(".facts")).to_contain_text(f"{later:%d/%m/%Y}")
    expect(page.locator("#timeline li").first).to_contain_text("Đồng ý gia hạn")


def test_a_tick_keeps_the_place_and_the_focus(office: Office, phone: Page) -> None:
    address = create(office, phone, "Nhiều việc nhỏ", "\n".join(f"Bước {number}" for number in range(1, 31)))
    phone.goto(address)
    last = phone.get_by_role("button", name="Bước 30")
    last.focus()
    before = phone.evaluate("scrollY")
    assert before > 0
    phone.keyboard.press("Enter")
    expect(phone.locator("#checklist h2")).to_contain_text("1/30")
    expect(phone.get_by_role("button", name="Bước 30")).to_be_focused()
    assert abs(phone.evaluate("scrollY") - before) < 40
    assert phone.url == address


def test_a_panel_opens_and_closes_by_keyboard(office: Office, phone: Page) -> None:
    address = create(office, phone, "Bàn phím")
    phone.goto(address)
    phone.locator(".do-bar summary").focus()
    phone.keyboard.press("Enter")
    phone.get_by_role("link", name="Tạm dừng").focus()
    phone.keyboard.press("Enter")
    pause = phone.locator("#do-pause")
    expect(pause).to_be_visible()
    expect(pause).to_be_focused()
    pause.get_by_label("Lý do").fill("Chờ văn bản của bộ.")
    pause.get_by_role("button", name="Tạm dừng nhiệm vụ").press("Enter")
    expect(phone.locator(".notice.warning")).to_contain_text("Chờ văn bản của bộ.")
    phone.get_by_role("button", name="Tiếp tục thực hiện").press("Enter")
    expect(phone.locator("header .chip").first).to_have_text("Chưa bắt đầu")
    phone.locator(".do-bar summary").click()
    phone.get_by_role("link", name="Hủy nhiệm vụ").click()
    phone.locator("#do-cancel").get_by_role("link", name="Đóng").press("Enter")
    expect(phone.locator("#do-cancel")).to_be_hidden()


def test_somebody_elses_task_is_not_there(office: Office, phone: Page) -> None:
    address = create(office, phone, "Việc của phòng CNTT")
    phone.context.clear_cookies()
    office.sign_in(phone, "hcth.cv1")
    answer = phone.goto(address)
    assert answer is not None and answer.status == 404
    expect(phone.locator("#main")).not_to_contain_text("Việc của phòng CNTT")
