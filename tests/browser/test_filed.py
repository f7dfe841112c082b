"""A report is written on a tablet, refused where somebody else was first, fixed with what stands in the form, and read on a phone."""

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from tests.browser.conftest import Office


def accessible(page: Page) -> None:
    found = [(one["id"], [node["html"] for node in one["nodes"]]) for one in Axe().run(page, "#main").response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_report_is_written_disputed_and_fixed(office: Office, phones: Callable[..., BrowserContext]) -> None:
    director, deputy = (phones(service_workers="block").new_page() for _ in range(2))
    for page, name in ((director, "giamdoc"), (deputy, "pgd1")):
        page.set_viewport_size({"width": 820, "height": 1180})
        office.sign_in(page, name)
    director.goto(f"{office.base}/reports/filed?period=2026-09")
    director.get_by_role("button", name="Lập báo cáo", exact=True).dblclick()
    director.wait_for_url(re.compile(r"/reports/filed/[0-9a-f-]{36}$"))
    address = director.url
    accessible(director)
    deputy.goto(address)
    # Text that was not saved is not left behind without a question.
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    director.once("dialog", stay)
    director.get_by_label("Nội dung mục 1").fill("Giám đốc viết.")
    director.get_by_role("link", name="Số liệu hiện nay").click()
    expect(director.get_by_label("Nội dung mục 1")).to_have_value("Giám đốc viết.")
    assert len(asked) == 1
    director.get_by_role("button", name="Lưu nội dung").click()
    expect(director.get_by_text("Đã lưu nội dung báo cáo.")).to_be_visible()

    deputy.get_by_label("Nội dung mục 1").fill("Phó giám đốc viết.")
    deputy.get_by_role("button", name="Lưu nội dung").click()
    expect(deputy.get_by_text("đã sửa báo cáo này lúc")).to_be_visible()
    expect(deputy.get_by_label("Nội dung mục 1")).to_have_value("Phó giám đốc viết.")
    expect(deputy.get_by_text("Giám đốc viết.", exact=True)).to_be_visible()
    accessible(deputy)

    # What stands in the form is what is fixed, saved before or not; the second press of the button does nothing.
    deputy.get_by_label("Nội dung mục 1").fill("Hai người cùng viết.")
    deputy.get_by_label("Tôi đã đọc lại báo cáo").check()
    deputy.get_by_role("button", name="Lưu và chốt báo cáo").dblclick()
    expect(deputy.get_by_text(re.compile(r"Đã chốt báo cáo số 01/BC-\w+"))).to_be_visible()
    expect(deputy.locator("article")).to_contain_text("Hai người cùng viết.")
    expect(deputy.locator(".notice.error")).to_have_count(0)

    director.get_by_label("Nội dung mục 1").fill("Thêm một câu.")
    director.get_by_label("Tôi đã đọc lại báo cáo").check()
    director.get_by_role("button", name="Lưu và chốt báo cáo").click()
    expect(director.locator(".notice.error")).to_contain_text(re.compile(r"Báo cáo này đã được .+ chốt lúc"))
    expect(director.get_by_role("textbox").first).to_have_value("Thêm một câu.")

    officer = phones(color_scheme="dark", service_workers="block").new_page()
    office.sign_in(officer, "cntt.cv1")
    officer.goto(address)
    expect(officer.locator("article")).to_contain_text("Hai người cùng viết.")
    assert officer.locator("main a[href^='/reports/tasks']").count() == 0
    accessible(officer)
    with officer.expect_download() as started:
        officer.get_by_role("link", name="Tải Excel").click()
    assert re.fullmatch(r"bao-cao-.+-2026-09-so-1\.xlsx", started.value.suggested_filename)
