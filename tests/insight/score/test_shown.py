"""Who reads a suggested score, that nothing of it stands elsewhere, what a report is compared with, and the report of differences."""

import ast
import inspect
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from server.insight.score import commands
from server.insight.score.pages import HINTS
from server.insight.score.queries import monthly
from server.insight.score.rules import progress as rules_of_progress
from server.insight.score.rules import quality as rules_of_quality
from server.insight.tables import Suggestion
from server.storage.engine import Engine, rows
from server.words import catalogue
from tests.js.agree import Ask, shown
from tests.office import CAST, NOW, TODAY, Cast, Clock, Visit
from tests.sync.device import Device
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio
DUE = (TODAY + timedelta(days=14)).isoformat()
COPIED = "Đã rà soát danh mục thủ tục, gửi các phòng lấy ý kiến, dự kiến tổng hợp trong tuần tới."


@pytest.fixture
async def told(visit: Visit, cast: Cast, desk: Desk) -> str:
    """A task of two, on which both have reported."""
    task = await desk.task(cast.head, cast.officer, due=DUE, collaborators=[{"person": cast.colleague, "share": 0.3}])
    await desk.do(cast.colleague, "task.progress", task=task, percent=40, note="Đã nhập xong 50 hồ sơ.")
    await desk.do(cast.officer, "task.progress", task=task, percent=60, note=COPIED)
    return task


async def test_only_the_person_and_his_reviewers_read_it(told: str, cast: Cast, desk: Desk, visit: Visit) -> None:
    await desk.do(cast.officer, "task.submit", task=told, note="Đã rà soát xong 60 thủ tục.")
    for username, reads in (("cntt.truong", 2), ("cntt.cv1", 1), ("cntt.cv2", 1), ("giamdoc", 0)):
        browser = await visit(username)
        page = (await browser.get(f"/tasks/{told}")).text
        assert page.count('Gợi ý <b class="num">') == reads, username
        assert "Điểm gợi ý" not in (await browser.get("/tasks?status=all")).text, username
    page = (await (await visit("cntt.truong")).get("/reviews")).text
    assert "người nghiệm thu quyết định" in page and "Tần suất cập nhật" in page
    field = page[page.index('name="score"') :]
    assert 'value=""' in field[: field.index(">")], "nothing is confirmed that nobody has typed or taken"


async def test_both_values_are_shown_after_the_review_until_it_is_taken_back(told: str, cast: Cast, desk: Desk, visit: Visit) -> None:
    await desk.do(cast.officer, "task.submit", task=told, note="Đã rà soát xong 60 thủ tục.")
    await desk.do(cast.head, "task.review", task=told, verdict="accept", score=87.5)
    for username in ("cntt.truong", "cntt.cv1"):
        assert 'Nghiệm thu <b class="num">87,5</b>' in (await (await visit(username)).get(f"/tasks/{told}")).text
    given = "SELECT given FROM suggestion WHERE given IS NOT NULL"
    assert [one["given"] for one in await rows(given)] == [87_500]
    await desk.do(cast.head, "task.review_undo", task=told)
    assert "87,5</b>" not in (await (await visit("cntt.truong")).get(f"/tasks/{told}")).text
    assert await rows(given) == []


async def test_a_report_is_compared_with_the_same_on_the_device_as_on_the_server(told: str, cast: Cast, visit: Visit, clock: Clock) -> None:
    browser: httpx.AsyncClient = await visit("cntt.cv1")
    said = (await browser.get(f"/tasks/{told}/report-check")).json()
    assert [(one["text"], one["whose"]) for one in said["earlier"]] == [(COPIED, "own"), ("Đã nhập xong 50 hồ sơ.", "colleague")]
    device = await Device(CAST.officer, clock).pull()
    (here,) = shown(CAST.officer, clock(), device.rows, [Ask(f"/tasks/{told}/report-check")])
    assert here == {"json": said}
    stranger = await visit("hcth.cv1")
    assert (await stranger.get(f"/tasks/{told}/report-check")).status_code == 404


async def test_the_device_compares_with_what_still_waits_to_be_sent(told: str, cast: Cast, visit: Visit, clock: Clock) -> None:
    device = await Device(CAST.officer, clock).pull()
    entry = {
        "n": 1, "id": "0192f000-0000-7000-8000-000000000001", "name": "task.progress", "person": CAST.officer, "task": told, "label": "",
        "args": {"id": "0192f000-0000-7000-8000-000000000002", "task": told, "percent": 70, "note": "Chưa gửi được."},
        "at": clock().isoformat(), "files": [], "attachments": [], "state": "waiting", "seq": None, "attempts": 0, "schema": 1,
    }  # fmt: skip
    (here,) = shown(CAST.officer, clock(), device.rows, [Ask(f"/tasks/{told}/report-check")], [entry])
    assert here is not None
    assert [one["text"] for one in here["json"]["earlier"]][:2] == ["Chưa gửi được.", COPIED]


async def reviewed(count: int, person: str, given: list[int], when: datetime = NOW) -> None:
    """So many results with a suggestion and a score."""
    for at in range(count):
        await Suggestion.insert(
            Suggestion(
                id=f"{person[:20]}{at:04d}{when:%m}", task=f"task{at}", person=person, total=(60 + at) * 1000, rules="2", at=when,
                given=given[at % len(given)] * 1000 + at * 1000, given_at=when, reviewer=CAST.director,
            )
        )  # fmt: skip


async def test_differences_are_claimed_only_where_there_are_enough_and_by_the_office_s_month(engine: Engine, cast: Cast) -> None:
    await reviewed(19, cast.officer, [70])
    assert [(one.count, one.bias, one.apart, one.rank) for one in await monthly(TODAY)] == [(19, None, None, None)]
    await reviewed(1, cast.stranger, [50])
    # Still the evening of October for UTC, November in the office.
    await reviewed(1, cast.colleague, [60], datetime(2026, 10, 31, 18, tzinfo=UTC))
    centre, *rooms = await monthly(TODAY)
    assert (centre.month, centre.count, centre.rules) == ("2026-11", 21, "2")
    assert centre.bias == pytest.approx((19 * 10 - 10 + 0) / 21) and centre.apart == pytest.approx((190 + 10) / 21)
    assert centre.rank is not None and 0.8 < centre.rank <= 1
    assert [(one.unit, one.count) for one in rooms] == [(cast.cntt, 20)]


async def test_leaders_read_the_differences_and_others_do_not(cast: Cast, visit: Visit) -> None:
    await reviewed(20, cast.officer, [70])
    page = (await (await visit("cntt.truong")).get("/foresight/scores")).text
    assert "+10,0" in page and "1,00" in page
    refused = await (await visit("cntt.cv1")).get("/foresight/scores")
    assert refused.status_code == 403 and catalogue()["insight.score.only_reviewers"] in refused.text


def test_every_reason_and_hint_that_the_rules_know_has_words() -> None:
    """Keys are built at run time, so that a missing sentence would break the page of whoever reviews."""
    calls = [node for one in (rules_of_progress, rules_of_quality, commands) for node in ast.walk(ast.parse(inspect.getsource(one)))]
    first = [node.args[0] for node in calls if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Reason", "Hint")]
    keys = {word.value for one in first for word in ast.walk(one) if isinstance(word, ast.Constant) and isinstance(word.value, str)}
    keys -= {"own"}
    assert {"late", "silent", "echo", "no_reports", "same_own"} <= keys
    assert {key for key in keys if f"insight.score.why.{key}" not in catalogue()} == set()
    assert {key for key in HINTS if f"insight.check.{key}" not in catalogue()} == set()
