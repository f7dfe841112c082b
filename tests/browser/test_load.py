"""Cân tải in a browser: a task is dragged, and moved by keys; a proposal is accepted without a network, and arrives once."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.insight import commands as _registers
from server.insight.load.jobs import Counter
from server.insight.proposals.jobs import Proposer
from server.storage import engine as engines
from server.storage.engine import rows
from tests.browser.conftest import Office, serve
from tests.browser.hand import PATIENCE, PHONE, hand
from tests.tasks.desk import Desk

assert _registers


@pytest.fixture(scope="module")
def data(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo office where one officer of CNTT has too much by next week, and everybody else next to nothing; loads are counted."""
    folder = tmp_path_factory.mktemp("loads")
    shutil.copy(demo_database, folder / "soviec.sqlite3")

    async def fill() -> None:
        used = engines.use(engines.make(f"sqlite:///{folder}/soviec.sqlite3"))
        await used.open()
        now = datetime.now(UTC)
        people = {one["username"]: one["id"] for one in await rows("SELECT id, username FROM person")}
        for one in await rows("SELECT id FROM task WHERE status IN ('not_started', 'in_progress')"):
            await rows("INSERT INTO estimate (id, minutes, by, at) VALUES ($1, 1, $2, $3)", one["id"], people["giamdoc"], now)
        desk = Desk(now)
        due = (now + timedelta(days=9)).date().isoformat()
        # The last is more than anybody can take, and too much alone: each of the others is proposed away, also the one no test moves.
        work = {"Rà soát hồ sơ tồn": 700, "Cập nhật danh mục thủ tục": 700, "Soạn quy chế phối hợp": 700, "Kiểm kê tài liệu lưu trữ": 2400}
        for title, minutes in work.items():
            task = await desk.task(people["cntt.truong"], people["cntt.cv1"], due=due, title=title)
            await desk.do(people["cntt.cv1"], "insight.estimate", task=task, minutes=minutes)
        await Counter(lambda: desk.now).tick()
        await Proposer(lambda: desk.now).tick()
        await used.close()

    asyncio.run(fill())
    return folder


@pytest.fixture(scope="module")
def office(data: Path) -> Iterator[Office]:
    with serve(data) as running:
        yield running


def moves(data: Path, title: str) -> list[str]:
    """To whom a task went, by the record, the first move first."""
    with sqlite3.connect(data / "soviec.sqlite3") as base:
        found = base.execute(
            "SELECT p.name FROM audit_entry e JOIN task t ON t.id = e.subject JOIN person p ON p.id = json_extract(e.after, '$.lead') "
            "WHERE e.action = 'assign' AND t.title = ? ORDER BY e.seq",
            (title,),
        )
        return [one for (one,) in found]


@pytest.fixture
def desk(office: Office, browser: Browser) -> Iterator[Page]:
    """The head of CNTT at his desk, the row of the officer with too much open; nothing may go wrong silently."""
    # High enough for every row: what scrolls between pressing and moving drags what stands there afterwards.
    context = browser.new_context(viewport={"width": 1440, "height": 1800}, locale="vi-VN", service_workers="block")
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if "Content Security" in line.text else None)
    office.sign_in(page, "cntt.truong")
    page.goto(f"{office.base}/foresight/load")
    # Opened anew, so that nothing of the page moves any more while something is dragged.
    opened = page.get_by_role("link", name="Trần Bảo Kha").get_attribute("href") or ""
    page.goto(f"{office.base}{opened.partition('#')[0]}")
    expect(page.locator("[data-move][draggable=true]").first).to_be_visible()
    yield page
    context.close()
    assert said == []


def task_of(page: Page, title: str) -> str:
    return f"li[data-move]:has-text('{title}')"


def test_a_task_is_dragged_onto_a_colleague_and_moves_once(desk: Page, data: Path) -> None:
    # His own row takes nothing; a colleague's does, and asks for the reason before anything is done.
    desk.wait_for_load_state("load")
    desk.drag_and_drop(task_of(desk, "Rà soát hồ sơ tồn"), "tr.is-open")
    expect(desk.locator("#move")).to_have_count(0)
    desk.drag_and_drop(task_of(desk, "Rà soát hồ sơ tồn"), "tr[data-takes]:has-text('Nông Thị Quế Anh')")
    form = desk.locator("#move")
    expect(form.get_by_label("Người nhận")).to_have_value(
        desk.locator("tr[data-takes]:has-text('Nông Thị Quế Anh')").get_attribute("data-takes") or ""
    )
    expect(form).to_contain_text("Trần Bảo Kha")
    assert moves(data, "Rà soát hồ sơ tồn") == []
    form.get_by_role("button", name="Chuyển việc").dblclick()
    expect(desk.locator("#toasts")).to_contain_text("Nông Thị Quế Anh")
    assert moves(data, "Rà soát hồ sơ tồn") == ["Nông Thị Quế Anh"]
    expect(desk.locator(task_of(desk, "Rà soát hồ sơ tồn"))).to_have_count(0)


def test_a_task_is_moved_with_the_keyboard_alone(desk: Page, data: Path) -> None:
    desk.locator(f"{task_of(desk, 'Cập nhật danh mục')} a.load-title").focus()
    desk.keyboard.press("m")
    expect(desk.get_by_label("Người nhận")).to_be_focused()
    desk.keyboard.type("Hồ Nhật")
    desk.keyboard.press("Tab")
    expect(desk.locator("#move").get_by_label("Lý do")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#toasts")).to_contain_text("Hồ Nhật Điển")
    assert moves(data, "Cập nhật danh mục thủ tục") == ["Hồ Nhật Điển"]


def test_a_phone_has_a_list_with_a_button_and_accepts_a_proposal_in_the_cellar(office: Office, browser: Browser, data: Path) -> None:
    with hand(office, browser, "cntt.truong", PHONE) as phone:
        page = phone.open("/foresight")
        card = page.locator("article.proposal").first
        expect(card).to_be_visible()
        title = card.locator("h3 a").inner_text()
        before = moves(data, title)
        phone.network(False)
        phone.open("/foresight/load")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        phone.open("/foresight")
        shown = page.locator("article.proposal").count()
        page.locator("article.proposal").first.get_by_role("button", name="Đồng ý").dblclick()
        expect(page.locator("#toasts")).to_contain_text("Đã lưu trên máy")
        expect(page.locator("article.proposal")).to_have_count(shown - 1)
        phone.waits(1)
        assert moves(data, title) == before
        phone.network(True)
        phone.sent()
        for _ in range(100):
            if moves(data, title) != before:
                break
            page.wait_for_timeout(100)
        assert len(moves(data, title)) == len(before) + 1
        expect(page.locator("#net .net-refused")).to_be_hidden(timeout=PATIENCE)
        # The next one is taken back before it leaves the phone, or is the office's last: then the page says that all is well.
        phone.open("/foresight/load")
        expect(page.locator("tr.load-row").first).to_be_visible()
