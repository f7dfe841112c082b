"""The record as two tables: what a model may know of a task, on both engines."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from ml.card import Steps
from ml.features import Lens
from ml.history import History
from ml.rows import looked_at, rows_of
from ml.tables import Log, seconds
from server.insight.history.read import Record, end_of, read
from server.people.queries import directory
from server.storage.engine import Engine
from tests.office import Cast
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio


def events_of(log: Log, task: str) -> list[tuple[str, str]]:
    place = log.tasks.ids.index(task)
    return [(log.events.kind.word(at), log.events.actor.word(at)) for at in np.flatnonzero(log.events.task == place).tolist()]


def test_a_due_date_has_passed_at_the_end_of_its_day_in_bac_ninh():
    assert end_of(date(2026, 11, 23)) == datetime(2026, 11, 23, 17, tzinfo=UTC)


async def test_a_task_is_closed_when_its_result_was_handed_in_and_every_step_is_an_event(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer, due="2026-12-10", collaborators=[{"person": cast.colleague, "share": 0.3}])
    await desk.do(cast.officer, "task.progress", task=task, percent=60)
    await desk.do(cast.colleague, "task.progress", task=task, percent=90)
    await desk.do(cast.officer, "task.extend", task=task, due="2026-12-20", reason="Chờ Sở Tư pháp trả lời")
    await desk.do(cast.head, "task.decide", task=task, decision="approve")
    await desk.do(cast.officer, "task.submit", task=task, note="Xong")
    handed_in = desk.now
    await desk.do(cast.head, "task.review", task=task, person=cast.officer, verdict="accept", score=90, objective_cause=True)
    log = await read(desk.now)
    assert log.tasks.ids == (task,)
    assert log.tasks.closed[0] == seconds(handed_in)
    assert log.tasks.due[0] == seconds(end_of(date(2026, 12, 20))) and log.tasks.original_due[0] == seconds(end_of(date(2026, 12, 10)))
    assert bool(log.tasks.objective_cause[0]) and log.tasks.owner.word(0) == cast.officer and log.tasks.position.word(0) == "officer"
    kinds = [kind for kind, _ in events_of(log, task)]
    assert kinds == ["create", "progress", "progress", "extend_asked", "extended", "submit", "progress", "accept"]
    percents = log.events.number[np.isfinite(log.events.number)]
    assert list(percents) == [60.0, 100.0], "a collaborator's percent is not the task's, and what is handed in is all done"
    assert log.events.moment[kinds.index("extended")] == seconds(end_of(date(2026, 12, 20)))


async def test_what_was_returned_is_open_again_and_a_moved_date_counts_from_then_on(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.submitted(cast.head, cast.officer, due="2026-12-10")
    assert np.isfinite((await read(desk.now)).tasks.closed[0])
    await desk.do(cast.head, "task.review", task=task, verdict="return", note="Thiếu phụ lục")
    await desk.do(cast.head, "task.edit", task=task, fields={"due": "2026-12-15"}, base={"due": "2026-12-10"})
    log = await read(desk.now)
    assert np.isnan(log.tasks.closed[0])
    assert log.events.number[np.isfinite(log.events.number)][-1] == 100, "the page shows so much of it, too"
    assert log.tasks.original_due[0] == seconds(end_of(date(2026, 12, 10)))
    assert [kind for kind, _ in events_of(log, task)][-2:] == ["return", "extended"]


async def test_proposals_nobody_approved_and_the_bin_are_no_tasks_and_an_approved_one_begins_then(
    engine: Engine, cast: Cast, desk: Desk
) -> None:
    await desk.proposal(cast.officer, cast.officer, due="2026-12-10")
    binned = await desk.task(cast.head, cast.officer, due="2026-12-10")
    await desk.do(cast.head, "task.bin", task=binned, reason="Nhầm")
    approved = await desk.proposal(cast.officer, cast.officer, due="2026-12-10")
    desk.now += timedelta(days=2)
    await desk.do(cast.head, "task.decide", task=approved, decision="approve")
    later = await desk.task(cast.head, cast.officer, start="2026-12-01", due="2026-12-10")
    log = await read(desk.now)
    assert set(log.tasks.ids) == {approved, later}
    assert log.tasks.created[log.tasks.ids.index(approved)] == seconds(desk.now - timedelta(seconds=1))
    assert log.tasks.created[log.tasks.ids.index(later)] == seconds(datetime(2026, 11, 30, 17, tzinfo=UTC))


async def test_what_came_since_the_last_reading_is_read_and_nothing_twice(engine: Engine, cast: Cast, desk: Desk) -> None:
    record, known = Record(), await directory()
    task = await desk.task(cast.head, cast.officer, due="2026-12-10")
    binned = await desk.task(cast.head, cast.officer, due="2026-12-10")
    await record.refresh(desk.now)
    await desk.do(cast.officer, "task.progress", task=task, percent=60)
    await desk.do(cast.head, "task.bin", task=binned, reason="Nhầm")
    other = await desk.task(cast.head, cast.officer, due="2026-12-10")
    await record.refresh(desk.now)
    again, anew = record.log(known, desk.now), await read(desk.now)
    assert set(again.tasks.ids) == {task, other} == set(anew.tasks.ids)
    assert events_of(again, task) == events_of(anew, task) == [("create", cast.head), ("progress", cast.officer)]


async def test_what_learns_sees_a_task_by_the_same_clock_and_days_off_as_what_scores_it(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer, due="2026-12-10")
    desk.now += timedelta(days=12)
    await desk.do(cast.officer, "task.submit", task=task, note="Xong")
    log = await read(desk.now)
    assert log.utc_offset == 7 and date(2027, 1, 1) in log.holidays
    steps = Steps()
    learned = rows_of(looked_at([log]), steps)
    assert len(learned)
    scored = Lens(History(log), steps, log.holidays, 7.0).matrix(np.zeros(len(learned), np.int64), learned.at)
    np.testing.assert_array_equal(learned.matrix, scored)
