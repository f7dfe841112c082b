"""Foresight in a real browser, on the demo office with scores in it: at hand, by keyboard of a form, and in the cellar."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from server.insight.risk.commands import KeepRisks, Reasoned, Scored
from server.storage import engine as engines
from server.storage.door import carry_out
from server.storage.engine import rows
from tests.browser.conftest import Office, serve
from tests.browser.hand import hand

REASONS = [
    Reasoned("progress", 0.3, {"elapsed": 0.75, "progress": 0.4}),
    Reasoned("quiet", 0.1, {"quiet_days": 9.0, "updates": 2.0}),
]


async def foretell(database: Path) -> None:
    """Every third open task is likely to be late, every other third wants watching."""
    used = engines.use(engines.make(f"sqlite:///{database}"))
    await used.open()
    now = datetime.now(UTC)
    found = await rows("SELECT id FROM task WHERE status IN ('not_started', 'in_progress') AND due >= $1 ORDER BY ordinal", now.date())
    scores = [Scored(one["id"], 700_000, ("high", "watch", "low")[n % 3], REASONS) for n, one in enumerate(found)]
    await carry_out(KeepRisks("thử", False, scores), actor=None, now=now, source="job")
    await used.close()


@pytest.fixture(scope="module")
def office(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    data = tmp_path_factory.mktemp("foresight")
    shutil.copy(demo_database, data / "soviec.sqlite3")
    asyncio.run(foretell(data / "soviec.sqlite3"))
    with serve(data) as running:
        yield running


def test_a_leader_finds_what_may_be_late_and_why_with_and_without_a_network(office: Office, browser: Browser) -> None:
    with hand(office, browser, "cntt.truong") as head:
        page = head.open("/foresight/tasks")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        expect(page.locator(".risk.high").first).to_have_text("Nguy cơ cao · Đã dùng 75% thời hạn, tiến độ mới 40%")
        page.get_by_role("navigation", name="Lọc theo mức").get_by_role("link", name=re.compile("Cần chú ý")).click()
        expect(page).to_have_url(re.compile(r"band=watch"))
        expect(page.locator(".risk.high")).to_have_count(0)
        page.get_by_text("Lọc theo đơn vị, người thực hiện").click()
        whose = page.get_by_label("Người thực hiện")
        whose.select_option(label=whose.locator("option", has_text="Trần Bảo Kha").inner_text().strip())
        page.get_by_role("button", name="Lọc", exact=True).click()
        expect(page).to_have_url(re.compile(r"band=watch.*person="))
        expect(page.get_by_role("link", name="Bỏ lọc")).to_have_attribute("href", "/foresight/tasks?band=watch")
        head.network(False)
        page = head.open("/foresight/tasks?band=high")
        expect(page.locator(".risk.high").first).to_be_visible()
        page.locator("#tasks .task a.open").first.click()
        expect(page.locator("#detail .risk-said li")).to_have_text(["Đã dùng 75% thời hạn, tiến độ mới 40%", "9 ngày chưa cập nhật"])
        page = head.open("/tasks")
        expect(page.locator(".task .risk").first).to_be_visible()
        head.network(True)


def test_an_officer_sees_his_own_alone(office: Office, browser: Browser) -> None:
    with hand(office, browser, "cntt.cv1") as officer:
        page = officer.open("/foresight/tasks")
        expect(page.get_by_role("heading", name="Nguy cơ trễ hạn của tôi")).to_be_visible()
        expect(page.locator(".risk-filter")).to_have_count(0)
