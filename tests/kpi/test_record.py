"""From real tasks to the lines of a month, on both engines."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from server.kpi.record import Entry, lines_of
from server.kpi.rules.calendar import Period
from server.kpi.rules.ruleset import RuleSet
from server.kpi.rules.score import score
from server.storage.engine import Engine, counted
from tests.kpi.desk import DECEMBER, NOVEMBER, ScoreDesk, handbook_month
from tests.office import CAST, Cast

pytestmark = pytest.mark.anyio


def numbers(entry: Entry) -> tuple[int, int, int, int, int, str]:
    """(k, g, h, L, Q, kind)"""
    line = entry.line
    return (line.k, line.assigned, line.accepted, line.late, line.failed, line.kind)


async def test_a_month_of_real_tasks_gives_the_handbooks_numbers(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    found = await desk.entries()
    assert [numbers(one) for one in found] == [
        (1000, 5000, 4000, 4, 0, "planned"),
        (2700, 3000, 3000, 2, 1, "planned"),
        (3700, 1000, 800, 0, 2, "planned"),
    ]
    made = score([one.line for one in found], 30_000, RuleSet())
    assert (made.total, made.band, made.sums.given) == (76_700, "good", 16_800_000)
    assert await lines_of([cast.officer], NOVEMBER, RuleSet(), desk.now) == {cast.officer: [one.line for one in found]}


async def test_any_number_opens_into_what_made_it(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    second = (await desk.entries())[1]
    said = [(one.kind, one.made, one.by) for one in second.events]
    assert said == [
        ("assigned", "g", cast.head),
        ("submit", "", cast.officer),
        ("return", "Q", cast.head),
        ("submit", "L", cast.officer),
        ("accept", "h", cast.head),
    ]
    assert second.line.done == date(2026, 11, 19) and second.events[2].words == "Nhận xét" and second.events[2].major_error


Case = Callable[[ScoreDesk], Awaitable[object]]


async def ad_hoc(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1, kind="ad_hoc")
    await desk.hand_in(task)
    await desk.judge(task)


async def untouched(desk: ScoreDesk) -> None:
    await desk.work(2, 3)


async def handed_back(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1)
    await desk.do(CAST.officer, "task.hand_back", task=task, reason="Không đủ khả năng")
    await desk.do(CAST.head, "task.assign", task=task, lead=CAST.colleague, reason="Chuyển người")


async def handed_back_and_given_back(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1)
    await desk.do(CAST.officer, "task.hand_back", task=task, reason="Không đủ khả năng")
    await desk.do(CAST.head, "task.decide", task=task, decision="decline", reason="Làm được")


async def ad_hoc_handed_back(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1, kind="ad_hoc")
    await desk.do(CAST.officer, "task.hand_back", task=task, reason="Không đủ khả năng")


async def taken_over(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1, lead=CAST.colleague)
    await desk.do(CAST.head, "task.assign", task=task, lead=CAST.officer, reason="Chuyển người")
    await desk.hand_in(task)
    await desk.judge(task)


async def taken_over_by_a_collaborator(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1, lead=CAST.colleague, collaborators=[{"person": CAST.officer, "share": 0.4}])
    await desk.do(CAST.head, "task.assign", task=task, lead=CAST.officer, collaborators=[], reason="Chuyển người")


async def moved_away(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1)
    await desk.do(CAST.head, "task.assign", task=task, lead=CAST.colleague, reason="Chuyển người")


async def late_with_a_cause(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1, "2026-11-10")
    desk.at(11, 12)
    await desk.hand_in(task)
    await desk.judge(task, objective_cause=True)


async def cancelled(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1)
    await desk.do(CAST.head, "task.status", task=task, to="cancelled", reason="Thôi")


async def binned(desk: ScoreDesk) -> None:
    await desk.do(CAST.head, "task.bin", task=await desk.work(2, 1))


async def taken_back(desk: ScoreDesk) -> None:
    task = await desk.work(2, 1)
    await desk.hand_in(task)
    await desk.judge(task)
    await desk.do(CAST.head, "task.review_undo", task=task)


async def outside_the_catalogue(desk: ScoreDesk) -> None:
    task = await desk.task(due="2026-11-20", quantity=2)
    await desk.hand_in(task)
    await desk.judge(task)


async def by_shares(desk: ScoreDesk) -> None:
    task = await desk.work(2, 3, lead=CAST.colleague, collaborators=[{"person": CAST.officer, "share": 0.333}])
    await desk.hand_in(task, CAST.colleague)
    await desk.judge(task, quantity=2)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (ad_hoc, [(2000, 1000, 1000, 0, 0, "ad_hoc")]),
        (untouched, [(2000, 3000, 0, 0, 0, "planned")]),
        (handed_back, [(2000, 1000, 0, 0, 0, "handed_back")]),
        (handed_back_and_given_back, [(2000, 1000, 0, 0, 0, "planned")]),
        (ad_hoc_handed_back, [(2000, 1000, 0, 0, 0, "ad_hoc")]),
        (taken_over, [(2000, 1000, 1000, 0, 0, "taken_over")]),
        (taken_over_by_a_collaborator, [(2000, 1000, 0, 0, 0, "taken_over")]),
        (moved_away, []),
        (late_with_a_cause, [(2000, 1000, 1000, 2, 0, "planned")]),
        (cancelled, []),
        (binned, []),
        (taken_back, [(2000, 1000, 0, 0, 0, "planned")]),
        (outside_the_catalogue, [(1000, 2000, 2000, 0, 0, "planned")]),
        (by_shares, [(2000, 999, 666, 0, 0, "planned")]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_each_kind_of_work_is_the_line_it_should_be(
    engine: Engine, desk: ScoreDesk, made: Case, expected: list[tuple[int, int, int, int, int, str]]
) -> None:
    await made(desk)
    desk.at(11, 27)
    assert [numbers(one) for one in await desk.entries()] == expected


async def test_the_one_who_takes_over_and_the_one_who_could_not_have_a_line_each(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handed_back(desk)
    assert [numbers(one) for one in await desk.entries(cast.colleague)] == [(2000, 1000, 0, 0, 0, "taken_over")]
    assert [one.kind for one in (await desk.entries(cast.officer))[0].events][-1] == "hand_back"
    # Taken over in November, due in January: by then it was in the plan.
    task = await desk.work(1, 1, "2027-01-15", lead=cast.officer)
    await desk.do(cast.head, "task.assign", task=task, lead=cast.colleague, reason="Chuyển người")
    assert [one.line.kind for one in await desk.entries(cast.colleague, Period(2027, 1)) if one.line.task == task] == ["planned"]


async def test_an_objective_cause_takes_days_and_failures_out_of_the_count(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await late_with_a_cause(desk)
    line = (await desk.entries())[0].line
    assert (line.late, line.late_excused) == (2, True)
    other = await desk.work(1, 1, "2026-11-15")
    desk.at(11, 16)
    await desk.hand_in(other)
    await desk.judge(other, "return", major_error=True)
    await desk.hand_in(other)
    await desk.judge(other)
    await desk.refuses("not_allowed", "kpi.mark.excuse_own", cast.officer, "kpi.excuse.confirm",
                       task=other, person=cast.officer, what="late", reason="Mưa bão")  # fmt: skip
    await desk.refuses("not_found", "tasks.not_found", cast.stranger, "kpi.excuse.confirm",
                       task=other, person=cast.officer, what="late", reason="Mưa bão")  # fmt: skip
    for what in ("late", "failed"):
        excuse = await desk.do(cast.head, "kpi.excuse.confirm", task=other, person=cast.officer, what=what, reason="Mưa bão")
    line = (await desk.entries())[1].line
    assert (line.late, line.late_excused, line.failed, line.failed_excused) == (1, True, 1, True)
    await desk.do(cast.head, "kpi.excuse.withdraw", excuse=excuse["id"], reason="Nhầm")
    assert not (await desk.entries())[1].line.failed_excused
    await desk.refuses("conflict", "kpi.mark.excuse_twice", cast.head, "kpi.excuse.confirm",
                       task=other, person=cast.officer, what="late", reason="Lại")  # fmt: skip


async def test_what_was_not_accepted_comes_again_with_its_first_due_date(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await desk.work(2, 1, "2026-11-28")
    desk.at(12, 2)
    task = (await desk.entries())[0].line.task
    await desk.hand_in(task)
    await desk.judge(task)
    assert [numbers(one) for one in await desk.entries()] == [(2000, 1000, 0, 0, 0, "planned")]
    again = await desk.entries(when=DECEMBER)
    assert [(numbers(one), one.carried, one.line.due) for one in again] == [((2000, 1000, 1000, 4, 0, "planned"), True, date(2026, 11, 28))]
    assert await desk.entries(when=Period(2027, 1)) == []
    assert await desk.entries(when=DECEMBER, rules=RuleSet(carries_unfinished=False)) == []


async def test_waiting_for_a_review_is_not_the_assignees_delay(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(2, 1, "2026-11-30")
    desk.at(11, 30)
    await desk.hand_in(task)
    assert [one.waiting for one in await desk.entries()] == [True]
    desk.at(12, 3)
    await desk.judge(task)
    assert [numbers(one) for one in await desk.entries()] == [(2000, 1000, 1000, 0, 0, "planned")]
    assert await desk.entries(when=DECEMBER) == []


async def test_work_due_after_the_day_of_the_rating_counts_in_the_next_year(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await desk.work(1, 1, "2026-12-15")
    late = await desk.work(1, 1, "2026-12-16")
    desk.at(12, 10)
    await desk.hand_in(late)
    await desk.judge(late)
    assert [one.line.due for one in await desk.entries(when=DECEMBER)] == [date(2026, 12, 15)]
    january = await desk.entries(when=Period(2027, 1))
    assert [(one.line.due, one.line.accepted) for one in january] == [(date(2026, 12, 15), 0), (date(2026, 12, 16), 1000)]


async def test_work_without_a_due_date_counts_when_it_is_done(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(1, 2, None)
    assert await desk.entries() == []
    desk.at(12, 4)
    await desk.hand_in(task)
    await desk.judge(task)
    assert await desk.entries() == []
    assert [numbers(one) for one in await desk.entries(when=DECEMBER)] == [(1000, 2000, 2000, 0, 0, "planned")]


async def test_a_part_a_month_has_its_own_numbers(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(2, 6, "2027-01-20")
    months = [{"year": 2026, "month": 11, "quantity": 2}, {"year": 2026, "month": 12, "quantity": 3}]
    said = await desk.refuses("invalid", "kpi.mark.split_sum", cast.head, "kpi.split.set", task=task, person=cast.officer, parts=months)
    assert "5" in said and "6" in said
    months.append({"year": 2027, "month": 1, "quantity": 1})
    await desk.refuses("not_allowed", "kpi.mark.split_right", cast.officer, "kpi.split.set", task=task, person=cast.officer, parts=months)
    await desk.do(cast.head, "kpi.split.set", task=task, person=cast.officer, parts=months)
    desk.at(11, 20)
    await desk.do(cast.officer, "task.progress", task=task, percent=30, quantity=2)
    desk.at(12, 20)
    await desk.do(cast.officer, "task.progress", task=task, percent=50, quantity=4)
    desk.at(1, 25, year=2027)
    assert [(numbers(one), one.part) for one in await desk.entries()] == [((2000, 2000, 2000, 0, 0, "planned"), "2026-11")]
    assert [numbers(one) for one in await desk.entries(when=DECEMBER)] == [(2000, 3000, 2000, 0, 0, "planned")]
    await desk.hand_in(task)
    await desk.judge(task)
    january = await desk.entries(when=Period(2027, 1))
    assert [(numbers(one), one.part, one.carried) for one in january] == [
        ((2000, 3000, 3000, 25, 0, "planned"), "2026-12", True),
        ((2000, 1000, 1000, 5, 0, "planned"), "2027-01", False),
    ]


async def test_shares_add_up_to_the_product(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    shares = [{"person": cast.colleague, "share": 0.333}, {"person": cast.deputy_head, "share": 0.333}]
    task = await desk.work(1, 0.007, collaborators=shares)
    await desk.hand_in(task)
    await desk.judge(task)
    found = [(await desk.entries(one))[0].line for one in (cast.officer, cast.colleague, cast.deputy_head)]
    assert sum(one.assigned for one in found) == sum(one.accepted for one in found) == 7


async def test_a_collaborators_own_report_is_the_day_on_which_he_was_done(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(1, 1, "2026-11-10", collaborators=[{"person": cast.colleague, "share": 0.5}])
    desk.at(11, 9)
    await desk.do(cast.colleague, "task.progress", task=task, percent=100)
    desk.at(11, 13)
    await desk.hand_in(task)
    await desk.judge(task)
    assert [(await desk.entries(one))[0].line.late for one in (cast.officer, cast.colleague)] == [3, 0]


async def test_what_stood_still_for_the_whole_period_is_no_line(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(1, 1, "2026-11-20")
    desk.at(11, 25)
    await desk.do(cast.head, "task.status", task=task, to="paused", reason="Chờ văn bản")
    assert len(await desk.entries()) == 1
    desk.at(12, 5)
    assert await desk.entries(when=DECEMBER) == []
    await desk.do(cast.head, "task.status", task=task, to="in_progress")
    assert len(await desk.entries(when=DECEMBER)) == 1


async def test_tasks_below_a_task_never_make_it_more(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    whole = await desk.work(8, 1)
    await desk.work(3, 1, lead=cast.colleague, parent=whole)
    rest = (await desk.entries())[0]
    assert (rest.line.k, rest.rest) == (5000, True)
    await desk.work(5, 1, lead=cast.colleague, parent=whole)
    assert await desk.entries() == []


async def test_a_room_is_read_in_a_constant_number_of_questions(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await desk.work()
    with counted() as one:
        await lines_of([cast.officer], NOVEMBER, RuleSet(), desk.now)
    for _ in range(3):
        await desk.work(lead=cast.colleague, due=str(desk.today + timedelta(days=5)))
    with counted() as many:
        await lines_of([cast.officer, cast.colleague, cast.head], NOVEMBER, RuleSet(), desk.now)
    assert len(one) == len(many) <= 10
