"""The head of HCTH makes a plan's annex into tasks: dropped, reviewed, given to people, confirmed; with scripts and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from server.demo.office import fixed_id
from tests.browser.conftest import Office
from tests.plans.helpers import DATA

HEAD, OFFICER_OF_HCTH, OFFICER_OF_CNTT = (fixed_id("person", name) for name in ("hcth.truong", "hcth.cv2", "cntt.cv1"))
WIDE = ViewportSize(width=1440, height=900)
WIDTHS = (1440, 820, 360)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, locale="vi-VN")
    shown = context.new_page()
    complaints: list[str] = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield shown
    assert complaints == []
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without scripts."""
    context = browser.new_context(viewport=WIDE, locale="vi-VN", java_script_enabled=False)
    yield context
    context.close()


def give(page: Page, office: Office, form: str) -> None:
    page.goto(f"{office.base}/plans")
    page.set_input_files("[name=file]", DATA / form)
    page.get_by_role("button", name="Đọc kế hoạch").click()
    expect(page.locator(".plan-row")).to_have_count(18)


def test_the_head_of_hcth_gives_the_annex_to_people(office: Office, page: Page) -> None:
    office.sign_in(page, "hcth.truong")
    give(page, office, "qd-717-phu-luc.docx")
    expect(page.locator(".plan-group")).to_have_count(3)
    expect(page.locator(".plan-row").nth(3)).to_contain_text("Quý IV/2021")
    expect(page.locator("#due-4")).to_have_value("2021-12-31")

    # Nothing is created as long as a row has nobody, and each row says so.
    page.get_by_role("button", name="Tạo nhiệm vụ", exact=True).click()
    expect(page.locator(".notice.error")).to_contain_text("18 dòng chưa đủ")
    expect(page.locator("#lead-1")).to_have_attribute("aria-invalid", "true")

    page.select_option("#lead-3", HEAD)
    page.select_option("[name=default_lead]", OFFICER_OF_HCTH)
    page.get_by_role("button", name="Áp dụng và lưu").click()
    expect(page.locator("#lead-1")).to_have_value(OFFICER_OF_HCTH)
    expect(page.locator("#lead-3")).to_have_value(HEAD)

    page.get_by_role("button", name="Tạo nhiệm vụ", exact=True).dblclick()
    expect(page.locator(".notice.success")).to_contain_text("18 nhiệm vụ")
    expect(page.locator("main .task")).to_have_count(18)
    page.get_by_role("link", name="Xem trong danh sách việc").click()
    expect(page.locator("[data-row]").first).to_be_visible()

    give(page, office, "qd-717-phu-luc.xlsx")
    expect(page.get_by_text("Đã nhập thành nhiệm vụ")).to_have_count(18)


def test_the_grid_fits_every_screen(office: Office, page: Page) -> None:
    office.sign_in(page, "giamdoc")
    give(page, office, "qd-717-phu-luc.tsv")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for field in page.locator(".plan-row").first.locator("select, input:visible, textarea").all():
            box = field.bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_a_row_opens_for_everything_else_and_what_was_entered_stays(office: Office, page: Page) -> None:
    office.sign_in(page, "cntt.truong")
    page.goto(f"{office.base}/plans")
    page.get_by_text("Hoặc dán bảng").click()
    page.fill("[name=pasted]", "TT\tNhiệm vụ\tThời hạn\n1\tSoạn quy chế phòng\t31/12/2027\n2\tKiểm kê máy tính\tkhi cần")
    page.get_by_role("button", name="Đọc kế hoạch").click()
    page.fill("#title-1", "Soạn quy chế làm việc của phòng")
    page.get_by_role("button", name="Sửa kỹ dòng 1").click()
    page.wait_for_url("**/rows/1")
    expect(page.locator("[name=title-1]")).to_have_value("Soạn quy chế làm việc của phòng")
    page.select_option("[name=lead-1]", OFFICER_OF_CNTT)
    page.get_by_label("Nông Thị Quế Anh").check()
    page.get_by_role("button", name="Lưu dòng này").click()
    expect(page.locator("#row-1")).to_contain_text("Phối hợp: Nông Thị Quế Anh")
    expect(page.locator("#row-2 .because").first).to_contain_text("khi cần")


def test_a_bad_file_is_a_sentence_on_the_page(office: Office, page: Page) -> None:
    office.sign_in(page, "hcth.truong")
    page.goto(f"{office.base}/plans")
    page.set_input_files("[name=file]", {"name": "anh.docx", "mimeType": "", "buffer": b"\x89PNG\r\n\x1a\n" + b"\0" * 64})
    page.get_by_role("button", name="Đọc kế hoạch").click()
    expect(page.locator("#f-file-error")).to_contain_text("Tệp anh.docx là ảnh")


def test_it_works_without_scripts(office: Office, plain: BrowserContext) -> None:
    page = plain.new_page()
    office.sign_in(page, "cntt.truong")
    page.goto(f"{office.base}/plans")
    page.get_by_text("Hoặc dán bảng").click()
    page.fill("[name=pasted]", "TT\tNhiệm vụ\tThời hạn\n1\tLập danh mục thiết bị của phòng\t31/12/2027")
    page.get_by_role("button", name="Đọc kế hoạch").click()
    page.select_option("#lead-1", OFFICER_OF_CNTT)
    page.get_by_role("button", name="Tạo nhiệm vụ", exact=True).click()
    expect(page.locator(".notice.success")).to_contain_text("1 nhiệm vụ")
