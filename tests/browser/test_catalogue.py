"""The director makes a new version of the catalogue, and a head gives work by it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Office


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=ViewportSize(width=1440, height=900), locale="vi-VN")
    shown = context.new_page()
    complaints: list[str] = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield shown
    assert complaints == []
    context.close()


def test_a_new_version_comes_into_force_and_work_is_given_by_it(office: Office, page: Page) -> None:
    office.sign_in(page, "giamdoc")
    page.goto(f"{office.base}/kpi/catalogue")
    page.get_by_role("button", name="Lập bản dự thảo mới").click()
    page.get_by_role("link", name="Thêm sản phẩm").click()
    page.get_by_label("Sản phẩm đầu ra").fill("Bản tin nội bộ")
    page.get_by_label("Điểm chấm").fill("12,5")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_text("12,5 ÷ 5 = 2,5")).to_be_visible()
    page.locator("summary", has_text="Đưa vào áp dụng").click()
    page.get_by_label("Số, ký hiệu văn bản quyết định").fill("15/QĐ-TTPVHCC")
    page.get_by_label("Ngày ban hành").fill(page.get_by_label("Áp dụng từ ngày").input_value())
    page.get_by_role("button", name="Đưa vào áp dụng").click()
    expect(page.get_by_text("Theo 15/QĐ-TTPVHCC")).to_be_visible()

    page.goto(f"{office.base}/tasks/new")
    page.get_by_text("Thêm chi tiết").click()
    page.get_by_label("Sản phẩm trong danh mục").select_option(label="Bản tin nội bộ (SP18, hệ số 2,5)")
    page.get_by_label("Tên nhiệm vụ").fill("Ra bản tin tháng này")
    page.get_by_label("Người chủ trì").select_option(index=2)
    page.locator("label", has_text="Không thời hạn").click()
    page.get_by_role("button", name="Giao việc").click()
    expect(page.get_by_text("Bản tin nội bộ (hệ số 2,5)")).to_be_visible()
