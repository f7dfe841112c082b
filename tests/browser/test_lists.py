"""Hôm nay, Việc, Chờ duyệt and the bin in a real browser, on the demo office; with scripts and without."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import Office

PHONE = ViewportSize(width=360, height=780)
TABLET = ViewportSize(width=820, height=1180)
Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, office: Office) -> Iterator[Visit]:
    """``visit("cntt.cv1", PHONE)``: somebody signed in, on a screen of that size."""
    opened: list[BrowserContext] = []

    def come(username: str, size: ViewportSize, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport=size, java_script_enabled=scripts, locale="vi-VN", base_url=office.base, service_workers="block"
        )
        opened.append(context)
        page = context.new_page()
        office.sign_in(page, username)
        return page

    yield come
    for context in opened:
        context.close()


def titles(page: Page) -> list[str]:
    return [text.casefold() for text in page.locator("#tasks .task a.open").all_inner_texts()]


@pytest.mark.parametrize(
    "address", ["/", "/tasks", "/tasks?status=all&q=duong&priority=urgent", "/tasks/filter?whose=mine", "/reviews", "/tasks/bin"]
)
def test_it_fits_a_phone_and_a_thumb(visit: Visit, address: str) -> None:
    page = visit("cntt.truong", PHONE)
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate("""() => [...document.querySelectorAll("main :is(a, button, summary, select, input:not([type=hidden]))")]
        .filter(one => one.offsetParent && !one.closest("label, .task, p") && one.getBoundingClientRect().height < 47.5)
        .map(one => one.outerHTML.slice(0, 90))""")
    assert small == []


def test_it_shows_an_officer_what_presses_today(visit: Visit) -> None:
    page = visit("cntt.cv1", PHONE)
    expect(page.get_by_role("heading", name="Hôm nay", level=1)).to_be_visible()
    expect(page.get_by_text("Xin chào, Trần Bảo Kha")).to_be_visible()
    late = int(page.locator(".stat b").first.inner_text())
    assert page.locator("section[aria-labelledby=s-late] .task").count() == min(late, 12)
    page.locator(".task a.open").first.click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))


@pytest.mark.parametrize("scripts", [True, False])
def test_it_finds_words_without_marks_and_filters(visit: Visit, scripts: bool) -> None:
    page = visit("cntt.truong", PHONE, scripts=scripts)
    page.goto("/tasks?status=all")
    page.get_by_role("searchbox").fill("duong")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url(re.compile("q=duong"))
    assert any("đường" in title for title in titles(page))
    assert "status=all" in page.url, "a search keeps the filter"
    page.get_by_role("link", name="Quá hạn", exact=True).click()
    page.wait_for_url(re.compile("status=overdue"))
    assert page.locator(".task .chip.late").count() == page.locator(".task").count()
    page.goto("/tasks")
    page.get_by_role("link", name="Lọc và sắp xếp").click()
    if scripts:
        expect(page.locator("#narrow form")).to_be_visible()
        assert page.url.endswith("/tasks"), "the form opens where the list is"
    else:
        page.wait_for_url(re.compile("/tasks/filter$"))
    page.get_by_label("Độ khẩn").select_option("urgent")
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.wait_for_url(re.compile("priority=urgent"))
    assert set(page.locator(".task .chip.plain").all_inner_texts()) == {"Khẩn"}
    page.get_by_role("link", name="Độ khẩn: Khẩn").click()
    page.wait_for_url(re.compile(r"/tasks\?$|/tasks$"))


def test_the_filter_opens_and_closes_in_place(visit: Visit) -> None:
    page = visit("cntt.truong", PHONE)
    page.goto("/tasks?whose=room&status=all")
    link, form = page.get_by_role("link", name="Lọc và sắp xếp"), page.locator("#narrow form")
    expect(link).to_contain_text("1 điều kiện")
    link.click()
    expect(form.get_by_label("Trạng thái")).to_be_focused()
    expect(form.get_by_label("Phạm vi")).to_have_value("room")
    expect(link).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    link.click()
    expect(form).to_have_count(0)
    expect(link).to_have_attribute("aria-expanded", "false")
    link.click()
    form.get_by_role("button", name="Đóng").click()
    expect(form).to_have_count(0)
    expect(link).to_be_focused()
    link.click()
    form.get_by_label("Hạn từ ngày").fill("2026-01-01")
    form.get_by_role("button", name="Lọc", exact=True).click()
    page.wait_for_url(re.compile("due_from=2026-01-01"))
    assert "whose=room" in page.url
    expect(page.locator(".set li")).to_have_count(2)
    expect(page.locator("#narrow form")).to_have_count(0)


def test_it_adds_the_next_tasks_below(visit: Visit) -> None:
    page = visit("giamdoc", PHONE)
    page.goto("/tasks?status=all")
    assert page.locator("#tasks .task").count() == 30
    page.get_by_role("link", name="Xem thêm").click()
    expect(page.locator("#tasks .task")).to_have_count(60)
    assert len(set(titles(page))) > 30
    page.get_by_role("link", name="Xem thêm").click()
    expect(page.locator("#tasks .task")).to_have_count(90)


@pytest.mark.parametrize("scripts", [True, False])
def test_it_accepts_with_one_tap_and_takes_it_back(visit: Visit, scripts: bool) -> None:
    page = visit("giamdoc", TABLET, scripts=scripts)
    page.goto("/reviews")
    group = page.locator("section[aria-labelledby=results]")
    before = int(group.locator("h2 .num").inner_text())
    number = group.locator(".decision header .num").first.inner_text()
    group.get_by_role("button", name=f"Nghiệm thu đạt {number}").click()
    said = page.locator(".toast")
    expect(said).to_contain_text(f"Đã nghiệm thu {number}")
    expect(group.locator("h2 .num")).to_have_text(str(before - 1))
    said.get_by_role("button", name="Hoàn tác").click()
    expect(group.locator("h2 .num")).to_have_text(str(before))
    page.goto("/reviews?kind=results")
    expect(group.locator("header .num", has_text=number)).to_be_visible()


def test_it_wants_a_reason_before_a_result_goes_back(visit: Visit) -> None:
    page = visit("giamdoc", TABLET)
    page.goto("/reviews")
    card = page.locator("section[aria-labelledby=results] .decision").last
    number = card.locator("header .num").inner_text()
    card.get_by_text("Trả lại…").click()
    card.get_by_role("button", name="Trả lại để làm tiếp").click()
    assert page.url.endswith("/reviews"), "the browser holds an empty reason back"
    card.get_by_role("button", name="Thiếu số liệu, đề nghị bổ sung.").click()
    expect(card.get_by_label("Lý do trả lại")).to_have_value("Thiếu số liệu, đề nghị bổ sung.")
    card.get_by_role("button", name="Trả lại để làm tiếp").click()
    expect(page.locator(".toast")).to_contain_text(f"Đã trả lại {number}")
    expect(page.locator(".decision header .num", has_text=number)).to_have_count(0)


def test_it_decides_proposals_and_extensions(visit: Visit) -> None:
    page = visit("giamdoc", TABLET)
    page.goto("/reviews")
    proposals = page.locator("section[aria-labelledby=proposals]")
    before = int(proposals.locator("h2 .num").inner_text())
    card = proposals.locator(".decision", has=page.locator("button.main")).first
    card.get_by_text("Sửa rồi duyệt").click()
    panel = page.locator("#do-decide")
    panel.get_by_label("Chủ trì").select_option(label="Trần Bảo Kha – Chuyên viên")
    panel.locator("form").first.get_by_role("button").last.click()
    expect(page.locator(".toast")).to_contain_text("Đã duyệt")
    page.goto("/reviews")
    expect(proposals.locator("h2 .num")).to_have_text(str(before - 1))
    extensions = page.locator("section[aria-labelledby=extensions]")
    before = int(extensions.locator("h2 .num").inner_text())
    extensions.get_by_role("button", name=re.compile("^Đồng ý gia hạn")).first.click()
    expect(extensions.locator("h2 .num")).to_have_text(str(before - 1))


@pytest.mark.parametrize("scripts", [True, False])
def test_it_moves_the_due_date_of_many(visit: Visit, scripts: bool) -> None:
    page = visit("giamdoc", TABLET, scripts=scripts)
    page.goto("/tasks?status=overdue")
    bar = page.locator(".bulk")
    expect(bar).to_be_hidden()
    boxes = page.locator(".task .pick input")
    chosen = [boxes.nth(place).get_attribute("value") for place in (0, 1)]
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Dời hạn").click()
    expect(page.get_by_role("heading", name="Dời hạn 2 việc")).to_be_visible()
    expect(page.locator(".chosen li")).to_have_count(2)
    page.get_by_label("Thời hạn mới").fill("2099-12-31")
    page.get_by_label("Lý do").fill("Chờ văn bản của tỉnh.")
    page.get_by_role("button", name="Dời hạn").click()
    expect(page.locator(".toast")).to_contain_text("Đã làm xong 2 việc")
    page.wait_for_url(re.compile(r"/tasks\?status=overdue$"))
    still = [box.get_attribute("value") for box in boxes.all()]
    assert not set(chosen) & set(still)


@pytest.mark.parametrize("scripts", [True, False])
def test_it_gives_many_to_somebody_else(visit: Visit, scripts: bool) -> None:
    page = visit("giamdoc", TABLET, scripts=scripts)
    page.goto("/tasks?status=not_started")
    boxes = page.locator(".task .pick input")
    chosen = [str(boxes.nth(place).get_attribute("value")) for place in (0, 1)]
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator(".bulk").get_by_role("button", name="Phân công").click()
    expect(page.get_by_role("heading", name="Phân công lại 2 việc")).to_be_visible()
    page.locator("form[data-guard]").evaluate("form => form.noValidate = true")
    page.get_by_label("Lý do").fill("Cân đối khối lượng <b>.")
    page.get_by_role("button", name="Phân công lại").click()
    expect(page.get_by_text("Hãy chọn người chủ trì.")).to_be_visible()
    expect(page.get_by_label("Lý do")).to_have_value("Cân đối khối lượng <b>.")
    expect(page.locator(".chosen li")).to_have_count(2)
    page.get_by_label("Giao cho người chủ trì").select_option(label="Trần Bảo Kha – Chuyên viên")
    page.get_by_role("button", name="Phân công lại").click()
    expect(page.locator(".toast")).to_contain_text("Đã làm xong 2 việc")
    for task in chosen:
        page.goto(f"/tasks/{task}")
        expect(page.locator("#detail")).to_contain_text("Trần Bảo Kha")


@pytest.mark.parametrize(
    ("entered", "said", "kept"),
    [
        ({"what": "due", "reason": "Chờ tỉnh"}, "Hãy chọn thời hạn mới.", "Chờ tỉnh"),
        ({"what": "due", "due": "2099-12-31"}, "Hãy ghi lý do.", "2099-12-31"),
        ({"what": "assign", "reason": "Chờ tỉnh"}, "Hãy chọn người chủ trì.", "Chờ tỉnh"),
    ],
)
def test_a_change_of_many_that_lacks_something_changes_nothing(visit: Visit, entered: dict[str, str], said: str, kept: str) -> None:
    page = visit("giamdoc", TABLET)
    page.goto("/tasks?status=overdue")
    task = str(page.locator(".task .pick input").first.get_attribute("value"))
    token = page.locator("#frame").get_attribute("data-csrf") or ""
    answer = page.request.post("/tasks/bulk", form={"csrf_token": token, "task": task, "next": "/tasks?status=overdue", **entered})
    assert answer.status == 422
    assert said in answer.text()
    assert kept in answer.text()
    assert f'name="task" value="{task}"' in answer.text()


def test_the_page_for_many_names_only_what_its_reader_may_see(visit: Visit) -> None:
    leader, officer = visit("giamdoc", TABLET), visit("cntt.cv1", TABLET)
    leader.goto("/tasks?status=all")
    tasks = [str(box.get_attribute("value")) for box in leader.locator(".task .pick input").all()]
    asked = "/tasks/bulk?what=due&" + "&".join(f"task={task}" for task in [*tasks, "nonsense", tasks[0]])
    leader.goto(asked)
    expect(leader.locator(".chosen li")).to_have_count(len(tasks))
    hidden = [task for task in tasks if officer.request.get(f"/tasks/{task}").status == 404]
    assert hidden
    answer = officer.request.get(asked).text()
    assert not [task for task in hidden if task in answer]
    officer.goto("/tasks/bulk?what=due")
    expect(officer.locator(".toast")).to_contain_text("Hãy đánh dấu")


def test_it_brings_a_task_back_from_the_bin(visit: Visit) -> None:
    page = visit("giamdoc", PHONE)
    page.goto("/tasks?status=proposed")
    task = str(page.locator(".task .open").first.get_attribute("href")).split("?")[0]
    token = page.locator("#frame").get_attribute("data-csrf") or ""
    page.request.post(f"{task}/bin", form={"csrf_token": token, "reason": "Trùng"})
    page.goto("/tasks/bin")
    expect(page.locator(".binned")).to_contain_text("còn 30 ngày")
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.locator(".toast")).to_contain_text("Đã khôi phục")
    expect(page.get_by_text("Thùng rác trống")).to_be_visible()
