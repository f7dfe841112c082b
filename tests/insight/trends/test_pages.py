"""Xu hướng: who may see whose, what is withheld, what is said; and the chart in both engines of templates."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import httpx
import pytest

from server.insight.trends.privacy import Crowd, told_months
from server.insight.trends.queries import Asked, Found, Whole, Whose, found, months_before, trend_of, whole
from server.insight.trends.rules import Point, trend
from server.insight.trends.show import figure, sentence, small, small_table, trend_context
from server.people.queries import directory
from server.storage.engine import Engine, insert
from server.storage.ids import new_id
from server.tasks.tables import Task
from server.words.numbers import number
from tests.office import CAST, NOW, TODAY, Cast, Visit
from tests.tasks.desk import local
from tests.templates.test_two_renderers import by_jinja2, by_minijinja, shape

pytestmark = pytest.mark.anyio
PATH = "/foresight/trends"
MONTHS = months_before(TODAY)


def said(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def ended(lead: str, due: date, handed_in: datetime | None, ordinal: int, unit: str = CAST.cntt, **more: Any) -> dict[str, Any]:
    """A row of a task whose due date has passed."""
    status = "completed" if handed_in else "in_progress"
    given = {"id": new_id(), "ordinal": ordinal, "title": "Việc cũ", "lead": lead, "unit": unit, "due": due, "status": status}
    moments = {"submitted_at": handed_in, "created_at": NOW, "changed_at": NOW}
    return {**given, **moments, "creator": lead, "version": 1, **more}


async def worked(leads: list[str], shares: list[float], each: int = 10, unit: str = CAST.cntt) -> None:
    """In each of the last months ``each`` tasks of every lead, so many of them on time."""
    listed: list[dict[str, Any]] = []
    first = 9000 if unit == CAST.cntt else 15000
    for month, share in zip(MONTHS[-len(shares) :], shares, strict=True):
        due = date.fromisoformat(f"{month}-15")
        for lead in leads:
            for place in range(each):
                late = timedelta(days=0 if place < round(share * each) else 3)
                listed.append(ended(lead, due, local(due.year, due.month, 15, 9) + late, first + len(listed), unit))
    await insert(Task, *listed)


RISE = [0.4, 0.4, 0.5, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9, 1.0]


async def test_a_persons_trend_is_for_himself_and_those_who_score_him(visit: Visit) -> None:
    await worked([CAST.officer], RISE)
    own = await (await visit("cntt.cv1")).get(PATH)
    assert own.status_code == 200 and "Đang tăng: mỗi tháng thêm khoảng" in said(own) and "chắc" in said(own)
    asked = f"{PATH}?whose=person&which={CAST.officer}"
    for name in ("cntt.truong", "giamdoc"):
        page = await (await visit(name)).get(asked)
        assert page.status_code == 200 and "Trần Bảo Kha" in said(page) and "Đang tăng" in said(page)
    for name in ("cntt.cv2", "hcth.cv1", "hcth.truong", "pgd1"):
        page = await (await visit(name)).get(asked)
        assert page.status_code == 403 and "người chấm điểm" in said(page), name
    assert (await (await visit("quantri")).get(f"{PATH}?whose=centre")).status_code == 403


async def test_a_room_is_told_without_names_and_a_room_of_two_to_nobody_else(visit: Visit) -> None:
    await worked([CAST.head, CAST.officer, CAST.colleague], RISE)
    await worked([CAST.stranger, CAST.delegate], RISE[::-1], 8, CAST.hcth)
    stranger = await visit("hcth.cv1")
    room = await stranger.get(f"{PATH}?whose=unit&which={CAST.cntt}")
    assert "Đang tăng" in said(room) and not re.search("Trần Bảo Kha|Nông Thị Quế Anh", room.text)
    closed = await (await visit("cntt.cv1")).get(f"{PATH}?whose=unit&which={CAST.hcth}")
    assert "Có 10 tháng không hiện" in said(closed) and "Đang giảm" not in said(closed) and "chart-dot" not in closed.text
    director = await (await visit("giamdoc")).get(f"{PATH}?whose=unit&which={CAST.hcth}")
    assert "Đang giảm" in said(director) and "không hiện" not in said(director)
    centre = await stranger.get(f"{PATH}?whose=centre")
    assert "Các phòng" in said(centre) and centre.status_code == 200


async def test_on_too_little_it_says_what_is_missing_and_without_anything_that_there_is_nothing(visit: Visit) -> None:
    browser = await visit("cntt.cv1")
    assert "Chưa có gì để vẽ" in said(await browser.get(PATH))
    await worked([CAST.officer], [0.5, 0.6, 0.7, 0.8])
    page = said(await browser.get(PATH))
    assert "mới có 4 tháng có từ 8 việc đến hạn trở lên, cần ít nhất 6 tháng" in page and "Đang tăng" not in page


@pytest.mark.parametrize("asked", ["whose=person&which=nobody", "whose=unit&which=nobody", "whose=field&which=x", "whose=king"])
async def test_what_there_is_not_is_said_so(visit: Visit, asked: str) -> None:
    page = await (await visit("cntt.cv1")).get(f"{PATH}?{asked}")
    assert page.status_code == 404 and "Không tìm thấy người, phòng hoặc lĩnh vực này" in said(page)


async def test_a_day_ends_at_midnight_in_bac_ninh_on_both_engines(engine: Engine, cast: Cast) -> None:
    due = date(2026, 10, 15)
    await insert(
        Task,
        ended(cast.officer, due, local(2026, 10, 15, 23, 59), 9001),
        ended(cast.officer, due, local(2026, 10, 16, 0, 1), 9002),
        ended(cast.officer, due, None, 9003),
        ended(cast.officer, due, local(2026, 10, 1), 9004, status="cancelled"),
        ended(cast.officer, date(2026, 11, 2), local(2026, 11, 1), 9005),
        ended(cast.officer, due, local(2026, 10, 1), 9006, priority="urgent"),
    )
    known = await directory()
    for whose, which in (("person", cast.officer), ("unit", cast.cntt), ("centre", "")):
        kind: Whose = whose  # type: ignore[assignment]
        last = (await trend_of(Asked(kind, which, cast.centre, TODAY), known, crowd_only=False)).trend.points[-1]
        assert (last.period, last.tasks, last.share) == ("2026-10", 4, 0.5), whose
    office = await whole(Asked("centre", "", cast.centre, TODAY), known)
    assert office.level == 0.5 and len(office.expected) == 2


def test_a_month_is_told_from_three_people_on_where_none_did_nearly_all() -> None:
    led = {"01": (5, 5), "02": (5, 5, 5), "03": (18, 1, 1), "04": (16, 2, 2)}
    crowds = [Crowd(month, len(parts), max(parts), sum(parts)) for month, parts in led.items()]
    assert told_months(crowds) == {"02", "04"}


def steps() -> Found:
    """Eight poor months and eight good ones."""
    shown = [Point(one, 20, 0.6 if place < 9 else 0.9, 0.6 if place < 9 else 0.9) for place, one in enumerate(MONTHS)]
    return Found(trend(shown, 0.02, 0.004), 0.75, [])


def test_the_chart_is_the_same_in_the_browser_and_everything_drawn_stands_in_its_table() -> None:
    shown = steps()
    drawn = figure(shown)
    context: dict[str, object] = {"figure": drawn, "many": [small("Phòng <b>", "/x", shown)], "table": small_table(["Phòng <b>"], [shown])}
    assert len(drawn["table"]["rows"]) == len(MONTHS)
    rendered = [engine("charts.html", context) for engine in (by_jinja2, by_minijinja)]
    assert shape(rendered[0]) == shape(rendered[1])
    assert rendered[0].count('<circle class="chart-dot') == len(MONTHS) + 1 and "style=" not in rendered[0]
    turn = trend_context(shown, TODAY)["turn"]
    assert turn is not None and turn["said"].startswith(
        f"Từ tháng {MONTHS[9][5:]}/{MONTHS[9][:4]} mức bình quân cao hơn hẳn: trước đó 60 %, từ đó 90 %"
    )


@pytest.mark.parametrize(("value", "text"), [(1234.5, "1.234,5"), (0.25, "0,3"), (-0.04, "0"), (12.0, "12"), (-1.25, "-1,3")])
def test_numbers_are_written_as_the_office_writes_them(value: float, text: str) -> None:
    assert number(value) == text


def test_an_office_without_a_single_task_has_no_trend() -> None:
    assert sentence(found([], Whole([], {}, 0.0), TODAY).trend) == "Chưa có việc nào đến hạn trong thời gian này."
