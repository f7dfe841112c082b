"""Proposals from the record to the reassignment, on both engines."""

from datetime import timedelta

import orjson
import pytest

from server.insight.proposals.jobs import PAUSE, Proposer
from server.storage.engine import Engine, row, rows
from server.storage.ids import new_id
from tests.office import TODAY, Cast
from tests.tasks.desk import Desk, stored, told

pytestmark = pytest.mark.anyio
FRIDAY = (TODAY + timedelta(days=4)).isoformat()


async def overloaded(desk: Desk, cast: Cast, by: str | None = None) -> list[str]:
    """Three tasks for the officer, more than the four working days to Friday hold; the colleague has none."""
    tasks = []
    for minutes in (700, 600, 400):
        task = await desk.task(by or cast.head, cast.officer, due=FRIDAY)
        await desk.do(cast.officer, "insight.estimate", task=task, minutes=minutes)
        tasks.append(task)
    return tasks


async def proposals(state: str = "waiting") -> list[dict]:
    return await rows("SELECT * FROM proposal WHERE state = $1 ORDER BY sort", state)


async def test_an_overloaded_officers_task_is_proposed_to_the_colleague_with_reasons_and_effect(
    engine: Engine, cast: Cast, desk: Desk
) -> None:
    tasks = await overloaded(desk, cast)
    assert await Proposer(lambda: desk.now).tick() == 1
    (found,) = await proposals()
    assert found["task"] in tasks and (found["giver"], found["receiver"], found["unit"]) == (cast.officer, cast.colleague, cast.cntt)
    effect = orjson.loads(found["effect"])
    assert effect["giver_before"] > 1000 >= effect["giver_after"] and effect["receiver_after"] <= 900
    assert {"load", "room", "not_begun"} <= {one["key"] for one in orjson.loads(found["reasons"])}


async def test_accepting_reassigns_as_the_leader_and_tells_both(engine: Engine, cast: Cast, desk: Desk) -> None:
    await overloaded(desk, cast)
    await Proposer(lambda: desk.now).tick()
    (found,) = await proposals()
    await desk.do(cast.head, "insight.accept", proposal=found["id"])
    assert (await stored(found["task"]))["lead"] == cast.colleague
    assert (await told(found["task"], "task.assigned"))[-1][1] == cast.colleague
    assert [person for _, person in await told(found["task"], "task.unassigned")] == [cast.officer]
    entry = await row("SELECT actor FROM audit_entry WHERE action = 'assign' AND subject = $1", found["task"])
    assert entry is not None and entry["actor"] == cast.head
    await desk.refused("conflict", "insight.proposal.decided", cast.director, "insight.accept", proposal=found["id"])


async def test_a_declined_one_is_not_proposed_again_for_a_while(engine: Engine, cast: Cast, desk: Desk) -> None:
    await overloaded(desk, cast)
    proposer = Proposer(lambda: desk.now)
    await proposer.tick()
    (found,) = await proposals()
    await desk.refused("invalid", "tasks.reason_missing", cast.head, "insight.decline", proposal=found["id"], reason="  ")
    await desk.do(cast.head, "insight.decline", proposal=found["id"], reason="Đồng chí Kha đang phụ trách mảng này")
    desk.now += PAUSE
    await proposer.tick()
    again = {(one["task"], one["receiver"]) for one in await proposals()}
    assert (found["task"], found["receiver"]) not in again


async def test_a_proposal_whose_task_went_another_way_expires_and_can_not_be_accepted(engine: Engine, cast: Cast, desk: Desk) -> None:
    await overloaded(desk, cast)
    proposer = Proposer(lambda: desk.now)
    await proposer.tick()
    (found,) = await proposals()
    await desk.do(cast.head, "task.assign", task=found["task"], lead=cast.deputy_head, reason="Tôi nhờ đồng chí phó phòng")
    await desk.refused("conflict", "insight.proposal.gone", cast.head, "insight.accept", proposal=found["id"])
    desk.now += PAUSE
    await proposer.tick()
    assert found["id"] in {one["id"] for one in await proposals("expired")}


async def test_who_may_not_assign_does_not_learn_of_it(engine: Engine, cast: Cast, desk: Desk) -> None:
    await overloaded(desk, cast)
    await Proposer(lambda: desk.now).tick()
    (found,) = await proposals()
    for person in (cast.officer, cast.colleague, cast.stranger, cast.admin):
        await desk.refused("not_found", "insight.proposal.unknown", person, "insight.accept", proposal=found["id"])
        await desk.refused("not_found", "insight.proposal.unknown", person, "insight.decline", proposal=found["id"], reason="Không")
    await desk.refused("not_found", "insight.proposal.unknown", cast.head, "insight.accept", proposal=new_id())
    await desk.refused("not_allowed", "insight.only_jobs", cast.director, "insight.propose", proposals=[])


async def test_it_does_not_ask_the_solver_again_while_nothing_happened(engine: Engine, cast: Cast, desk: Desk) -> None:
    await overloaded(desk, cast)
    assert await Proposer(lambda: desk.now).tick() == 1
    last = await row("SELECT max(seq) AS seq FROM change")
    assert await Proposer(lambda: desk.now).tick() == 0, "another worker proposes the same"
    assert await row("SELECT max(seq) AS seq FROM change") == last
