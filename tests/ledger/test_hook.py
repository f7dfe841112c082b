"""What the ledger writes down of a task's life, read back as sums."""

from datetime import date, timedelta

import pytest

from server.ledger.fold import Fold
from server.ledger.grains import Period
from server.ledger.read import Counts, medians, sums
from server.storage.door import carry_out
from tests.office import CAST
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
ROOM = CAST.cntt


async def of(desk: Desk, code: str, dim: str = "total", value: str = "") -> Counts:
    found = await sums([ROOM], Period.read(code), desk.today, (dim,))
    return found[ROOM][dim].get(value, Counts())


async def folded(desk: Desk) -> None:
    await carry_out(Fold(), actor=None, now=desk.now, source="job")


async def test_it_counts_a_task_from_being_given_to_being_done_folded_or_not(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 3, 2)
    task = await desk.submitted(due=date(2026, 3, 6))
    assert await of(desk, "2026-03") == Counts(assigned=1, open=1, submitted=1)
    await folded(desk)
    desk.now = local(2026, 3, 10)
    await desk.do(CAST.head, "task.review", task=task, verdict="accept", score=90)
    assert await of(desk, "2026-03") == Counts(assigned=1, on_time=1)
    assert await of(desk, "2026-W11") == Counts(carried=1, on_time=1)
    await folded(desk)
    assert await of(desk, "2026-03") == Counts(assigned=1, on_time=1)
    assert await of(desk, "2026-W10") == Counts(assigned=1, open=1, submitted=1)
    assert await medians([ROOM], Period.read("2026-03")) == {ROOM: 0.0}


async def test_what_is_taken_back_within_the_period_did_not_happen_and_later_it_did(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 3, 31)
    task = await desk.completed(due=date(2026, 3, 6))
    assert await of(desk, "2026-03") == Counts(assigned=1, late=1)
    desk.now = local(2026, 4, 2)
    await desk.do(CAST.head, "task.review_undo", task=task)
    assert await of(desk, "2026-03") == Counts(assigned=1, late=1)
    assert await of(desk, "2026-04") == Counts(open=1, submitted=1)
    assert await of(desk, "2026") == Counts(assigned=1, open=1, submitted=1)


async def test_a_task_in_the_bin_counts_nowhere_from_that_day_on(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 3, 30)
    task = await desk.task(due=date(2026, 3, 31))
    desk.now = local(2026, 4, 1)
    await desk.do(CAST.head, "task.bin", task=task)
    assert await of(desk, "2026-03") == Counts(assigned=1, open=1, not_started=1, overdue=1)
    assert await of(desk, "2026-Q2") == Counts(carried=1)
    assert await of(desk, "2026") == Counts()
    desk.now += timedelta(days=1)
    await desk.do(CAST.head, "task.restore", task=task)
    assert await of(desk, "2026-04") == Counts(carried=1, open=1, not_started=1, overdue=1)
    assert await of(desk, "2026") == Counts(assigned=1, open=1, not_started=1, overdue=1)


async def test_overdue_is_as_of_the_end_or_of_today(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 3, 2)
    await desk.task(due=date(2026, 3, 20))
    assert (await of(desk, "2026-03")).overdue == 0
    desk.now = local(2026, 3, 23)
    assert (await of(desk, "2026-03")).overdue == 1
    assert (await of(desk, "2026-W11")).due_next == 1
    desk.now = local(2026, 4, 23)
    assert (await of(desk, "2026-03", "lead", CAST.officer)).overdue == 1
    assert (await of(desk, "2026-Q1")).overdue == 1
    assert (await of(desk, "2026-04")) == Counts(carried=1, open=1, not_started=1, overdue=1)


async def test_what_is_due_on_the_last_day_is_overdue_when_that_day_is_over(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 3, 2)
    await desk.task(due=date(2026, 3, 31))
    desk.now = local(2026, 3, 31, 23, 59)
    assert (await of(desk, "2026-03")).overdue == 0
    desk.now = local(2026, 4, 1, 0)
    assert (await of(desk, "2026-03")).overdue == (await of(desk, "2026-Q1")).overdue == (await of(desk, "2026")).overdue == 1


async def test_a_clock_that_goes_back_takes_nothing_away(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 4, 1)
    task = await desk.task(due=date(2026, 4, 9))
    desk.now = local(2026, 3, 31)
    await desk.do(CAST.officer, "task.submit", task=task)
    assert await of(desk, "2026-03") == Counts()
    await desk.do(CAST.head, "task.review", task=task, verdict="accept")
    desk.now = local(2026, 4, 2)
    assert await of(desk, "2026-04") == Counts(assigned=1, on_time=1)
