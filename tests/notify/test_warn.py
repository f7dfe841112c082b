"""Warnings of real tasks: who gets one, who gets none, and what changes that."""

from typing import Any

import pytest

from server.errors import Refusal
from server.notify.commands.warn import Warn
from server.notify.due import near
from server.people.commands import DisablePerson
from server.storage.door import carry_out
from server.storage.engine import Engine, is_sqlite, rows
from tests.notify.mornings import alerts, at, desk_at, morning
from tests.office import CAST

pytestmark = pytest.mark.anyio
SOON = [("due_soon", "colleague"), ("due_soon", "officer")]
OVER = [("overdue", "head"), ("overdue", "officer")]
HELPED: dict[str, Any] = {"collaborators": [{"person": CAST.colleague, "share": 0.3}]}


async def test_the_people_concerned_get_one_warning_the_working_day_before(engine: Engine) -> None:
    desk = desk_at("2026-11-16")
    task = await desk.task(due="2026-11-25", **HELPED)
    await morning("2026-11-20")
    assert await alerts(task) == []
    await morning("2026-11-23")  # the 24th is a holiday
    assert await alerts(task) == SOON
    for day, hour in (("2026-11-23", 16), ("2026-11-24", 8), ("2026-11-25", 8), ("2026-11-20", 9)):
        await morning(day, hour)
    assert await alerts(task) == SOON
    await morning("2026-11-26")
    assert await alerts(task) == [("due_soon", "colleague"), *OVER], "the newer takes the place of the unread older one"
    count = await rows("SELECT id FROM outbox WHERE slot = 'alert'")
    await morning("2026-11-27")
    assert len(await rows("SELECT id FROM outbox WHERE slot = 'alert'")) == len(count) == 4


async def test_several_offsets_are_each_said_and_after_a_standstill_the_nearest_alone(engine: Engine) -> None:
    desk = desk_at("2026-10-01")
    regular, missed = await desk.task(due="2026-10-30"), await desk.task(due="2026-11-13")
    for day in ("2026-10-21", "2026-10-27", "2026-10-29"):
        assert await morning(day, warn_days="7,3,1") >= 1
    assert len(await rows("SELECT id FROM outbox WHERE slot = 'alert' AND subject = $1", regular)) == 3
    await morning("2026-11-13", warn_days="1, 3,7")
    assert len(await rows("SELECT id FROM outbox WHERE slot = 'alert' AND subject = $1", missed)) == 1
    assert len(await rows("SELECT key FROM said WHERE key LIKE $1", f"due:{missed}%")) == 3


async def test_a_moved_date_is_warned_of_again_and_one_moved_on_the_day_is_not(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    task = await desk.task(due="2026-12-08")
    await morning("2026-12-07")
    assert await alerts(task) == [("due_soon", "officer")]
    desk.now = at("2026-12-07", 10)
    await desk.do(CAST.head, "task.edit", task=task, fields={"due": "2026-12-17"}, base={})
    await rows("UPDATE outbox SET read_at = at")
    await morning("2026-12-08")
    await morning("2026-12-16")
    assert len(await rows("SELECT id FROM outbox WHERE kind = 'task.due_soon'")) == 2
    desk.now = at("2026-12-17", 6)
    await desk.do(CAST.head, "task.edit", task=task, fields={"title": "Khác"}, base={})
    await desk.do(CAST.officer, "task.extend", task=task, due="2026-12-18", reason="Chờ số liệu")
    await desk.do(CAST.head, "task.decide", task=task, decision="approve")
    await morning("2026-12-17")
    assert len(await rows("SELECT id FROM outbox WHERE kind = 'task.due_soon'")) == 2, "granted that very day: he has just been told"


async def test_an_extension_that_waits_is_said_with_the_warning(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    task = await desk.task(due="2026-12-08")
    await desk.do(CAST.officer, "task.extend", task=task, due="2026-12-20", reason="Chờ số liệu")
    await morning("2026-12-07")
    [found] = await rows("SELECT data FROM outbox WHERE kind = 'task.due_soon'")
    assert '"asked":"2026-12-20"' in found["data"]


async def test_who_was_given_the_task_on_that_day_or_has_done_his_part_is_left_in_peace(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    finished = await desk.task(due="2026-12-08", **HELPED)
    await desk.do(CAST.colleague, "task.progress", task=finished, percent=100)
    desk.now = at("2026-12-07", 6)
    fresh = await desk.task(due="2026-12-08")
    passed_on = await desk.task(due="2026-12-08", lead=CAST.colleague)
    await morning("2026-12-07")
    await morning("2026-12-08")
    assert await alerts(finished) == [("due_soon", "officer")]
    assert await alerts(fresh) == await alerts(passed_on) == []


async def test_what_waits_for_review_is_paused_handed_back_or_gone_presses_nobody_who_can_do_nothing(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    submitted = await desk.submitted(due="2026-12-08")
    paused, back, gone, open_ended = [await desk.task(due=due, **HELPED) for due in ("2026-12-08",) * 3 + (None,)]
    await desk.do(CAST.head, "task.status", task=paused, to="paused", reason="Chờ văn bản")
    await desk.do(CAST.officer, "task.hand_back", task=back, reason="Nghỉ ốm")
    await desk.do(CAST.head, "task.bin", task=gone)
    await morning("2026-12-07")
    assert await alerts(submitted) == await alerts(paused) == await alerts(gone) == await alerts(open_ended) == []
    assert await alerts(back) == [("due_soon", "colleague")]
    desk.now = at("2026-12-08", 7)
    await desk.do(CAST.head, "task.status", task=paused, to="in_progress")
    await morning("2026-12-08")
    assert await alerts(paused) == SOON, "going on again, it is not too late to say it"
    await morning("2026-12-09")
    assert await alerts(back) == [("due_soon", "colleague"), ("overdue", "head")]


async def test_of_a_head_s_own_task_and_of_people_who_left_nobody_else_hears(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    own = await desk.task(by=CAST.director, lead=CAST.head, due="2026-12-08")
    left = await desk.task(lead=CAST.colleague, due="2026-12-08")
    await carry_out(DisablePerson(person=CAST.colleague), actor=CAST.admin, now=desk.now, source="page")
    for day in ("2026-12-07", "2026-12-09"):
        await morning(day)
    assert await alerts(own) == [("overdue", "head")]
    assert await alerts(left) == [("overdue", "head")]


async def test_only_the_product_itself_warns_and_finds_the_tasks_by_their_index(engine: Engine) -> None:
    for source, actor in (("page", CAST.director), ("sync", CAST.officer), ("job", CAST.officer)):
        with pytest.raises(Refusal) as caught:
            await carry_out(Warn(tasks=[], offsets=[1]), actor=actor, now=at("2026-12-07"), source=source)  # type: ignore[arg-type]
        assert caught.value.code == "not_allowed"
    assert await near(at("2026-12-07").date(), at("2026-12-09").date()) == []
    if is_sqlite():
        sql = "SELECT id FROM task WHERE status IN ('not_started', 'in_progress') AND due >= $1 AND due <= $2 AND deleted_at IS NULL"
        plan = str(await rows(f"EXPLAIN QUERY PLAN {sql}", at("2026-12-07").date(), at("2026-12-09").date()))
        assert "task_status_due" in plan and "SCAN" not in plan
