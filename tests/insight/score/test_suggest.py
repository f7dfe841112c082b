"""A result arrives for review with its suggestion, and the human score stands beside it; on both engines."""

from datetime import timedelta

import orjson
import pytest

from server.insight.tables import Suggestion
from server.storage.engine import Engine, rows
from tests.office import TODAY, Cast
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio
DUE = (TODAY + timedelta(days=14)).isoformat()


async def suggestions() -> list[dict]:
    return await rows("SELECT * FROM suggestion ORDER BY task, person, round")


async def test_a_result_arrives_with_three_factors_and_their_reasons(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer, due=DUE)
    for days, percent, note in (
        (3, 30, "Đã rà soát xong 20/60 thủ tục, tuần tới rà soát tiếp 40 thủ tục."),
        (3, 70, "Đã gửi công văn số 215 đề nghị Sở Tư pháp bổ sung mẫu đơn của 12 thủ tục."),
    ):
        desk.now += timedelta(days=days)
        await desk.do(cast.officer, "task.progress", task=task, percent=percent, note=note)
    desk.now += timedelta(days=3)
    await desk.do(cast.officer, "task.submit", task=task, note="Hoàn thành rà soát 60 thủ tục, báo cáo số 78/BC-CNTT kèm theo.")
    (found,) = await suggestions()
    assert (found["person"], found["round"], found["given"]) == (cast.officer, 1, None)
    assert found["progress"] == 100_000 and found["quality"] >= 65_000 and found["total"] >= 80_000
    reasons = orjson.loads(found["reasons"])
    assert reasons["progress"][0] == {"key": "early", "values": {"days": 3}}
    assert {one["key"] for one in reasons["quality"]} <= {"good", "no_result", "no_figures"}
    assert reasons["frequency"][0]["key"] == "updates"


async def test_the_same_report_again_and_a_late_result_are_said(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer, due=TODAY.isoformat())
    note = "Đang rà soát, đã gửi các phòng lấy ý kiến ngày 20/11."
    await desk.do(cast.officer, "task.progress", task=task, percent=10, note=note)
    desk.now += timedelta(days=3)
    await desk.do(cast.officer, "task.submit", task=task, note=note.replace("20/11", "26/11"))
    reasons = orjson.loads((await suggestions())[0]["reasons"])
    assert "same_own" in {one["key"] for one in reasons["quality"]}
    # Thursday; Tuesday is a holiday.
    assert reasons["progress"] == [{"key": "late", "values": {"days": 2}}]


async def test_both_values_stay_and_a_returned_result_gets_another_round(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.submitted(cast.head, cast.officer, due=DUE)
    await desk.do(cast.head, "task.review", task=task, verdict="return", note="Thiếu phụ lục")
    await desk.do(cast.officer, "task.submit", task=task, note="Đã bổ sung 2 phụ lục")
    before = await suggestions()
    await desk.do(cast.head, "task.review", task=task, verdict="accept", score=90)
    after = await suggestions()
    assert [one["round"] for one in after] == [1, 2]
    assert (after[0]["given"], after[1]["given"], after[1]["reviewer"]) == (None, 90_000, cast.head)
    assert [one["total"] for one in after] == [one["total"] for one in before], "a review changes no suggestion"


async def test_a_collaborator_who_is_done_gets_his_own(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer, due=DUE, collaborators=[{"person": cast.colleague, "share": 0.3}])
    await desk.do(cast.colleague, "task.progress", task=task, percent=60, note="Nhập 30 hồ sơ")
    assert await suggestions() == []
    await desk.do(cast.colleague, "task.progress", task=task, percent=100, note="Đã nhập xong 50 hồ sơ")
    assert [one["person"] for one in await suggestions()] == [cast.colleague]
    assert await Suggestion.count() == 1
