"""The tasks behind a number."""

from datetime import date

import pytest

from server.ledger.grains import Period
from server.ledger.listing import Only, plan_states, standings_at
from server.storage.ids import new_id
from tests.office import CAST
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
MARCH = Period.read("2026-03")


async def test_it_lists_the_tasks_of_a_number_with_the_state_that_they_had(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 3, 2)
    late = await desk.task(due=date(2026, 3, 6))
    done = await desk.completed(due=date(2026, 3, 6))
    desk.now = local(2026, 4, 2)
    await desk.do(CAST.officer, "task.submit", task=late)
    await desk.do(CAST.head, "task.review", task=late, verdict="accept")
    overdue = await standings_at(CAST.cntt, MARCH, "overdue", desk.today)
    assert [(one.task, one.state, one.overdue, one.happened) for one in overdue.rows] == [(late, "not_started", True, None)]
    accepted = await standings_at(CAST.centre, MARCH, "done", desk.today, Only(lead=CAST.officer, homes=[f"{CAST.cntt}|"]))
    assert [(one.task, one.state, one.outcome, one.happened) for one in accepted.rows] == [(done, "completed", "on_time", date(2026, 3, 2))]
    assert (await standings_at(CAST.hcth, MARCH, "done", desk.today)).total == 0
    assert (await standings_at(CAST.cntt, Period.read("2026-04"), "carried", desk.today)).rows == overdue.rows


async def test_what_the_reader_may_not_see_is_counted_and_not_listed(engine: object, desk: Desk) -> None:
    mine = await desk.task()
    await desk.task(lead=CAST.colleague)
    period = Period.of("m", desk.today)
    found = await standings_at(CAST.cntt, period, "open", desk.today, scopes=[f"p:{CAST.officer}"])
    assert ([one.task for one in found.rows], found.total, found.seen) == ([mine], 2, 1)
    assert (await standings_at(CAST.cntt, period, "open", desk.today, scopes=[])).seen == 0
    second = await standings_at(CAST.cntt, period, "assigned", desk.today, limit=1, offset=1)
    assert (len(second.rows), second.total) == (1, 2)
    with pytest.raises(KeyError):
        await standings_at(CAST.cntt, period, "on_time_share", desk.today)


async def test_a_plan_is_counted_by_its_tasks_as_of_the_end(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 3, 2)
    plan = new_id()
    await desk.completed(due=date(2026, 3, 6), plan=plan)
    await desk.task(due=date(2026, 3, 6), plan=plan)
    cancelled = await desk.task(plan=plan)
    await desk.do(CAST.head, "task.status", task=cancelled, to="cancelled", reason="Không làm nữa")
    desk.now = local(2026, 5, 4)
    (found,) = await plan_states(CAST.cntt, MARCH, desk.today)
    assert (found.plan, found.total, found.done, found.on_time, found.open, found.overdue, found.cancelled) == (plan, 3, 1, 1, 1, 1, 1)
    assert await plan_states(CAST.hcth, MARCH, desk.today) == []
