"""Leave, duties, estimates and the count of loads, on both engines."""

from datetime import date, timedelta

import orjson
import pytest

from server.insight.load.jobs import Counter
from server.storage.engine import Engine, row, rows
from server.storage.ids import new_id
from tests.office import TODAY, Cast
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio
FRIDAY = TODAY + timedelta(days=4)


async def loads() -> dict[str, dict]:
    return {one["id"]: one for one in await rows("SELECT * FROM load")}


def leave(person: str, since: date, until: date, **more):
    return {"id": new_id(), "person": person, "since": since.isoformat(), "until": until.isoformat(), **more}


async def test_a_task_loads_its_people_by_their_shares_and_the_rest_are_free(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer, due=FRIDAY.isoformat(), collaborators=[{"person": cast.colleague, "share": 0.25}])
    await desk.do(cast.head, "insight.estimate", task=task, minutes=2000)
    assert await Counter(lambda: desk.now).tick() > 0
    found = await loads()
    assert set(found) >= {cast.officer, cast.colleague, cast.director} and cast.admin not in found
    # 1,500 minutes to Friday: four days of 312 minutes of focused work, for Tuesday is Ngày Văn hóa Việt Nam.
    assert found[cast.officer]["peak"] == round(1000 * 1500 / (4 * 312))
    assert found[cast.colleague]["peak"] == round(1000 * 500 / (4 * 312))
    assert found[cast.stranger]["peak"] == 0
    assert orjson.loads(found[cast.officer]["tasks"]) == [{"task": task, "minutes": 1500, "source": "hand"}]
    assert found[cast.officer]["low"] <= found[cast.officer]["peak"] <= found[cast.officer]["high"]


async def test_leave_and_a_standing_duty_raise_the_index_and_ending_the_leave_lowers_it(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer, due=FRIDAY.isoformat())
    await desk.do(cast.officer, "insight.estimate", task=task, minutes=1000)
    counter = Counter(lambda: desk.now)
    await counter.tick()
    before = (await loads())[cast.officer]["peak"]
    taken = await desk.do(cast.officer, "insight.leave", **leave(cast.officer, TODAY + timedelta(days=1), TODAY + timedelta(days=2)))
    await desk.do(cast.head, "insight.duty", id=new_id(), person=cast.officer, title="Trực quầy số 3", minutes=600, since="2026-11-01")
    await counter.tick()
    during = (await loads())[cast.officer]["peak"]
    assert during > before
    await desk.do(cast.head, "insight.leave.end", leave=taken["id"])
    await counter.tick()
    assert before < (await loads())[cast.officer]["peak"] < during


async def test_it_counts_nothing_while_nothing_happened(engine: Engine, cast: Cast, desk: Desk) -> None:
    await desk.task(cast.head, cast.officer, due=FRIDAY.isoformat())
    counter = Counter(lambda: desk.now)
    assert await counter.tick() > 0
    last = await row("SELECT max(seq) AS seq FROM change")
    assert await counter.tick() == 0
    assert await Counter(lambda: desk.now).tick() == 0, "another worker finds the same loads stored"
    assert await row("SELECT max(seq) AS seq FROM change") == last


async def test_leave_is_for_oneself_and_for_whom_one_may_assign_to(engine: Engine, cast: Cast, desk: Desk) -> None:
    await desk.refused("not_allowed", "insight.load.whose", cast.colleague, "insight.leave", **leave(cast.officer, TODAY, TODAY))
    await desk.refused("not_allowed", "insight.load.whose", cast.head, "insight.leave", **leave(cast.stranger, TODAY, TODAY))
    await desk.refused("invalid", "insight.load.days_bad", cast.officer, "insight.leave", **leave(cast.officer, FRIDAY, TODAY))
    await desk.refused(
        "invalid", "insight.load.half_day", cast.officer, "insight.leave", **leave(cast.officer, TODAY, FRIDAY, part="morning")
    )
    await desk.do(cast.officer, "insight.leave", **leave(cast.officer, TODAY, TODAY, part="morning"))
    await desk.do(cast.officer, "insight.leave", **leave(cast.officer, TODAY, TODAY, part="afternoon"))
    await desk.refused("conflict", "insight.load.leave_twice", cast.officer, "insight.leave", **leave(cast.officer, TODAY, FRIDAY))
    await desk.refused("not_found", "insight.load.leave_unknown", cast.officer, "insight.leave.end", leave=new_id())


async def test_an_estimate_is_the_leads_or_his_leaders_and_loads_are_no_persons_to_write(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer, due=FRIDAY.isoformat(), collaborators=[{"person": cast.colleague, "share": 0.25}])
    await desk.refused("not_allowed", "insight.load.estimate_whose", cast.colleague, "insight.estimate", task=task, minutes=60)
    await desk.refused("invalid", "insight.load.estimate_bad", cast.officer, "insight.estimate", task=task, minutes=0)
    await desk.refused("not_allowed", "insight.only_jobs", cast.director, "insight.load.keep", model="x", loads=[])
