"""The whole day without a network: an officer in a cellar, a leader in an aeroplane, and what becomes of it afterwards."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Office
from tests.browser.hand import PATIENCE, TABLET, Hand, hand, photo, task_of

DUE = (date.today() + timedelta(days=20)).isoformat()


@pytest.fixture(scope="module")
def officer(office: Office, browser: Browser) -> Iterator[Hand]:
    with hand(office, browser, "cntt.cv1") as made:
        yield made


@pytest.fixture(scope="module")
def head(office: Office, browser: Browser) -> Iterator[Hand]:
    with hand(office, browser, "cntt.truong", TABLET) as made:
        yield made


@pytest.fixture(scope="module")
def watcher(office: Office, browser: Browser) -> Iterator[Page]:
    """The head again, on a browser that asks the server for everything."""
    context = browser.new_context(viewport=TABLET, locale="vi-VN", service_workers="block")
    page = context.new_page()
    office.sign_in(page, "cntt.truong")
    yield page
    context.close()


@pytest.fixture(autouse=True)
def online(officer: Hand, head: Hand) -> Iterator[None]:
    yield
    for one in (officer, head):
        one.network(True)
        one.page.goto(f"{one.office.base}/")
        one.sent()


def give(head: Hand, title: str, checklist: str = "") -> str:
    """The head, with a network, gives the officer a task; its path."""
    page = head.open("/tasks/new")
    page.get_by_label("Tên nhiệm vụ").fill(title)
    page.get_by_label("Người chủ trì").select_option(label="Trần Bảo Kha – Chuyên viên")
    page.get_by_label("Ngày hết hạn").fill(DUE)
    if checklist:
        page.get_by_text("Thêm chi tiết").click()
        page.get_by_label("Danh sách việc nhỏ").fill(checklist)
    page.get_by_role("button", name="Giao việc").click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))
    head.sent()
    return task_of(page)


def comes(one: Hand, path: str) -> Page:
    """The task has come to this device by itself."""
    for _ in range(60):
        answer = one.page.goto(one.office.base + path)
        if answer is not None and answer.headers.get("soviec-from") == "device" and answer.status == 200:
            return one.page
        one.page.wait_for_timeout(300)
    raise AssertionError(f"{path} never came")


def report(one: Hand, percent: int, note: str, *files: Path) -> None:
    """Two taps and a sentence."""
    form = one.panel("Báo cáo tiến độ", "progress")
    form.get_by_role("slider").fill(str(percent))
    form.get_by_label("Đã làm được gì").fill(note)
    if files:
        form.locator("input[type=file]").last.set_input_files([str(file) for file in files])
    form.get_by_role("button", name="Gửi báo cáo").click()
    expect(one.page.locator("#timeline li").first).to_contain_text(f"Báo cáo tiến độ {percent} %")


def test_an_officer_works_in_a_cellar_and_everything_arrives_once_and_in_order(
    officer: Hand, head: Hand, watcher: Page, tmp_path: Path
) -> None:
    path = give(head, "Kiểm kê hồ sơ lưu trữ dưới tầng hầm", "Lập danh mục\nPhân loại")
    comes(officer, path)
    officer.network(False)

    page = officer.open("/")
    expect(page.locator("#net")).to_contain_text("ngoại tuyến")
    officer.open("/tasks")
    page.get_by_role("searchbox").first.fill("kiem ke ho so luu tru duoi")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Kiểm kê hồ sơ lưu trữ dưới tầng hầm").click()
    expect(page.locator("#detail h1")).to_have_text("Kiểm kê hồ sơ lưu trữ dưới tầng hầm")

    report(officer, 40, "Đã xong phần lập danh mục.", photo(tmp_path, "ke-1.jpg"), photo(tmp_path, "ke-2.jpg"))
    expect(page.locator("#timeline li").first).to_contain_text("Chờ gửi")
    expect(page.locator("#timeline li").first.get_by_role("link")).to_have_text(["ke-1.jpg", "ke-2.jpg"])
    officer.waits(1)
    page.get_by_role("button", name="Lập danh mục", exact=True).click()
    expect(page.locator("#checklist h2")).to_contain_text("1/2")
    page.get_by_label("Nội dung trao đổi").fill("Kệ số 4 bị ẩm.")
    page.get_by_role("button", name="Gửi trao đổi").click()
    expect(page.locator("#timeline li").first).to_contain_text("Kệ số 4 bị ẩm.")
    officer.waits(3)

    officer.open("/tasks/new")
    page.get_by_label("Tên nhiệm vụ").fill("Mua giá chống ẩm cho kho lưu trữ")
    page.get_by_label("Ngày hết hạn").fill(DUE)
    page.get_by_role("button", name=re.compile("đề xuất", re.IGNORECASE)).click()
    expect(page.locator("#detail h1")).to_have_text("Mua giá chống ẩm cho kho lưu trữ")
    officer.waits(4)
    proposed = task_of(page)

    for address in ("/", path, "/outbox", proposed):
        officer.open(address)
        page.reload()
        officer.waits(4)

    officer.network(True)
    officer.sent()

    watcher.goto(officer.office.base + path)
    shown = watcher.locator("#timeline")
    expect(shown.get_by_text("Báo cáo tiến độ 40 %")).to_have_count(1)
    expect(shown.get_by_text("Kệ số 4 bị ẩm.")).to_have_count(1)
    words = shown.inner_text()
    assert words.index("Kệ số 4 bị ẩm.") < words.index("Báo cáo tiến độ 40 %"), "newest first: what was written later arrived later"
    expect(watcher.locator("#checklist h2")).to_contain_text("1/2")
    files = shown.locator(".file a")
    expect(files).to_have_count(2)
    for place in range(2):
        answer = watcher.request.get(f"{officer.office.base}{files.nth(place).get_attribute('href')}")
        assert answer.status == 200 and b"GPS" not in answer.body()[:4000]
    watcher.goto(officer.office.base + proposed)
    expect(watcher.locator("#detail h1")).to_have_text("Mua giá chống ẩm cho kho lưu trữ")

    page = officer.open(path)
    expect(page.locator("#timeline")).not_to_contain_text("Chờ gửi")


def test_a_leader_works_in_an_aeroplane(officer: Hand, head: Hand, watcher: Page) -> None:
    accepted, returned, moved = (give(head, f"Rà soát biểu mẫu số {number} trên máy bay") for number in (1, 2, 3))
    for path in (accepted, returned):
        comes(officer, path)
        officer.panel("Trình", "submit").get_by_role("button", name="Gửi kết quả").click()
        expect(officer.page.locator("#detail header .chip").first).to_have_text("Chờ nghiệm thu")
        officer.sent()
    for path in (accepted, returned):
        comes(head, path)
        expect(head.page.locator("#detail header .chip").first).to_have_text("Chờ nghiệm thu", timeout=PATIENCE)
    head.network(False)

    page = head.open("/reviews?kind=results")
    card = page.locator("article.decision", has_text="biểu mẫu số 1 trên máy bay")
    card.get_by_role("button", name=re.compile("Nghiệm thu đạt")).first.click()
    expect(page.locator("#toasts").get_by_role("button", name="Hoàn tác")).to_be_visible()
    head.waits(1)
    expect(page.locator("article.decision", has_text="biểu mẫu số 1 trên máy bay")).to_have_count(0)

    head.open(returned)
    form = head.panel("Nghiệm thu", "review")
    form.get_by_text("Trả lại để làm tiếp").click()
    form.get_by_label("Lý do, nội dung cần làm tiếp").fill("Thiếu cột ngày ban hành.")
    form.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.locator("#detail header .chip").first).to_have_text("Đang thực hiện")

    head.open(f"{moved}/assign")
    page.get_by_label("Người chủ trì").select_option(index=2)
    page.get_by_label("Lý do phân công lại").fill("Đồng chí Kha đi công tác.")
    page.get_by_role("button", name="Phân công lại").click()
    page.wait_for_url(re.compile(re.escape(moved)))

    head.open("/tasks/new")
    page.get_by_label("Tên nhiệm vụ").fill("Chuẩn bị họp giao ban sau chuyến bay")
    page.get_by_label("Người chủ trì").select_option(label="Trần Bảo Kha – Chuyên viên")
    page.get_by_label("Ngày hết hạn").fill(DUE)
    page.get_by_role("button", name="Giao việc").click()
    expect(page.locator("#detail h1")).to_have_text("Chuẩn bị họp giao ban sau chuyến bay")
    made = task_of(page)
    head.waits(4)

    head.network(True)
    head.sent()
    for path, words in ((accepted, "Hoàn thành"), (returned, "Đang thực hiện"), (made, "Chưa bắt đầu")):
        watcher.goto(head.office.base + path)
        expect(watcher.locator("#detail > .task-page header").first).to_contain_text(words)
    watcher.goto(head.office.base + moved)
    expect(watcher.locator("#timeline")).to_contain_text("Đồng chí Kha đi công tác.")
    page = comes(officer, returned)
    expect(page.locator(".notice.warning").first).to_contain_text("Thiếu cột ngày ban hành.", timeout=PATIENCE)
    comes(officer, made)


def test_when_two_of_them_clash_both_are_told(officer: Hand, head: Hand) -> None:
    path = give(head, "Cập nhật danh mục thủ tục nội bộ")
    comes(officer, path)
    officer.network(False)
    officer.open(path)
    report(officer, 60, "Đã cập nhật hai phần ba.")
    officer.panel("Trình", "submit").get_by_role("button", name="Gửi kết quả").click()
    officer.waits(2)

    page = head.open(path)
    page.get_by_label("Việc khác").click()
    page.get_by_role("link", name="Hủy nhiệm vụ").click()
    form = page.locator("#do-cancel")
    form.get_by_label("Lý do").fill("Đã có danh mục mới của tỉnh.")
    form.get_by_role("button").last.click()
    expect(page.locator("#detail header .chip").first).to_have_text("Đã hủy")
    head.sent()

    officer.network(True)
    officer.sent()
    expect(officer.page.locator("#net")).to_contain_text("cần xem", timeout=PATIENCE)
    page = officer.open("/conflicts")
    expect(page.locator("main")).to_contain_text("Đã cập nhật hai phần ba.")
    expect(page.locator("main")).to_contain_text("Đã hủy")


def test_what_waits_can_be_read_changed_and_taken_back(officer: Hand, head: Hand, watcher: Page) -> None:
    path = give(head, "Đo kiểm đường truyền tại các quầy")
    comes(officer, path)
    officer.network(False)
    officer.open(path)
    report(officer, 20, "Ghi nhầm số quầy.")
    page = officer.page
    page.get_by_label("Nội dung trao đổi").fill("Câu này sẽ được rút lại.")
    page.get_by_role("button", name="Gửi trao đổi").click()
    officer.waits(2)
    officer.open("/outbox")
    expect(page.locator("main")).to_contain_text("Ghi nhầm số quầy.")
    first = page.locator(".waits > li", has_text="Ghi nhầm số quầy.")
    first.get_by_text("Sửa", exact=False).first.click()
    first.get_by_role("textbox").first.fill("Quầy 5 và quầy 6.")
    first.get_by_role("button", name=re.compile("Lưu")).click()
    expect(page.locator("main")).to_contain_text("Quầy 5 và quầy 6.")
    second = page.locator(".waits > li", has_text="Câu này sẽ được rút lại.")
    second.get_by_role("button", name="Rút lại").click()
    expect(page.locator("main")).not_to_contain_text("Câu này sẽ được rút lại.")
    officer.waits(1)
    officer.network(True)
    officer.sent()
    watcher.goto(officer.office.base + path)
    expect(watcher.locator("#timeline")).to_contain_text("Quầy 5 và quầy 6.")
    expect(watcher.locator("#timeline")).not_to_contain_text("Ghi nhầm")
    expect(watcher.locator("#timeline")).not_to_contain_text("rút lại")


def test_of_two_tabs_one_sends_and_the_other_takes_over(officer: Hand, head: Hand, watcher: Page) -> None:
    path = give(head, "Kiểm tra hai cửa sổ cùng mở")
    comes(officer, path)
    other = officer.context.new_page()
    other.goto(officer.office.base + path)
    officer.network(False)
    officer.open(path)
    report(officer, 35, "Từ cửa sổ thứ nhất.")
    expect(other.locator("#net")).to_contain_text("1 mục chờ gửi", timeout=PATIENCE)
    other.get_by_label("Nội dung trao đổi").fill("Từ cửa sổ thứ hai.")
    other.get_by_role("button", name="Gửi trao đổi").click()
    officer.waits(2)
    officer.page.close()
    officer.network(True)
    expect(other.locator("#net .net-waits")).to_be_hidden(timeout=PATIENCE)
    officer.page = other
    watcher.goto(officer.office.base + path)
    expect(watcher.locator("#timeline").get_by_text("Từ cửa sổ thứ nhất.")).to_have_count(1)
    expect(watcher.locator("#timeline").get_by_text("Từ cửa sổ thứ hai.")).to_have_count(1)


def test_a_wrong_clock_changes_neither_what_is_late_nor_when_it_arrived(
    office: Office, head: Hand, browser: Browser, watcher: Page
) -> None:
    path = give(head, "Báo cáo từ một máy sai giờ")
    with hand(office, browser, "cntt.cv1") as one:
        one.context.clock.install(time=datetime.now() - timedelta(days=3))
        comes(one, path)
        report(one, 15, "Đồng hồ chậm ba ngày.")
        one.sent()
    watcher.goto(office.base + path)
    first = watcher.locator("#timeline li", has_text="Đồng hồ chậm ba ngày.")
    expect(first).to_contain_text("hôm nay")


def test_a_full_disk_is_said_before_anything_is_claimed(office: Office, head: Hand, browser: Browser, tmp_path: Path) -> None:
    path = give(head, "Ảnh chụp khi máy đã đầy")
    with hand(office, browser, "cntt.cv1") as one:
        comes(one, path)
        # No room for one more byte: what the browser then says to every write of a database.
        one.context.service_workers[0].evaluate("""() => {
            const full = () => { throw new DOMException("no room", "QuotaExceededError"); };
            IDBObjectStore.prototype.add = full;
            IDBObjectStore.prototype.put = full;
        }""")
        one.network(False)
        one.open(path)
        form = one.panel("Báo cáo tiến độ", "progress")
        form.get_by_label("Đã làm được gì").fill("Ảnh hiện trường kèm theo.")
        form.locator("input[type=file]").last.set_input_files(str(photo(tmp_path, "day.jpg")))
        form.get_by_role("button", name="Gửi báo cáo").click()
        expect(one.page.locator("#do-progress")).to_contain_text("Máy đã hết chỗ nên chưa lưu được gì.")
        expect(one.page.locator("#do-progress").get_by_label("Đã làm được gì")).to_have_value("Ảnh hiện trường kèm theo.")
        expect(one.page.locator("#net .net-waits")).to_be_hidden()
