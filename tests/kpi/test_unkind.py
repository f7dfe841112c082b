"""What would cost somebody points, or give them for nothing: histories beside the plain ones of ``test_record``."""

import asyncio
from typing import Any

import pytest

from server.errors import Refusal
from server.kpi.record import book_of, computed
from server.kpi.record.frozen import decoded, recompute
from server.kpi.rules.calendar import Period
from server.kpi.show.lines import event_of
from server.people.queries import directory
from server.storage.door import carry_out, command
from server.storage.engine import Engine, row, rows
from tests.kpi.desk import DECEMBER, FULL, NOVEMBER, ScoreDesk
from tests.kpi.test_pages import criteria, november, text_of
from tests.kpi.test_record import numbers
from tests.office import CAST, Cast, Clock, Visit

pytestmark = pytest.mark.anyio

ACCEPTED, NOTHING = (2000, 1000, 1000, 0, 0, "planned"), (2000, 1000, 0, 0, 0, "planned")
JANUARY = Period(2027, 1)


async def close(desk: ScoreDesk, period: str, *, early: bool = False) -> None:
    """Close it for everybody without a total: these tests are about lines."""
    waiting = await rows("SELECT person FROM kpi_sheet WHERE period = $1 AND state <> 'closed'", period)
    await desk.do(CAST.director, "kpi.period.close", period=period, without_data=[one["person"] for one in waiting], early=early)


async def waits_at_the_end_of_november(desk: ScoreDesk) -> tuple[str, str]:
    """(the closed November, a task handed in by its due date and not accepted when it was closed)"""
    november = await desk.month()
    task = await desk.work(2, 1, "2026-11-30")
    desk.at(11, 30)
    await desk.hand_in(task)
    desk.at(12, 1)
    await close(desk, november)
    return november, task


async def test_what_was_handed_back_stays_in_what_was_given_though_it_comes_back(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(2, 1)
    desk.at(11, 5)
    await desk.do(cast.officer, "task.hand_back", task=task, reason="Không đủ khả năng")
    await desk.do(cast.head, "task.assign", task=task, lead=cast.colleague, reason="Chuyển người")
    desk.at(11, 8)
    await desk.do(cast.head, "task.assign", task=task, lead=cast.officer, reason="Giao lại")
    desk.at(11, 12)
    await desk.hand_in(task)
    await desk.judge(task)
    assert [numbers(one) for one in await desk.entries()] == [(2000, 1000, 0, 0, 0, "handed_back"), (2000, 1000, 1000, 0, 0, "taken_over")]


async def test_work_that_was_taken_off_somebody_and_came_back_is_in_his_plan(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(2, 1)
    for lead in (cast.colleague, cast.officer):
        await desk.do(cast.head, "task.assign", task=task, lead=lead, reason="Chuyển người")
    assert [numbers(one) for one in await desk.entries()] == [NOTHING]


async def test_work_that_goes_round_in_a_room_stays_in_what_its_head_was_given(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    november = await desk.month()
    moved, kept = await desk.work(2, 1), await desk.work(3, 1)
    await desk.do(cast.head, "task.assign", task=moved, lead=cast.colleague, reason="Chuyển người")
    back = await desk.work(5, 1)
    await desk.do(cast.officer, "task.hand_back", task=back, reason="Không đủ khả năng")
    await desk.do(cast.head, "task.assign", task=back, lead=cast.colleague, reason="Chuyển người")
    found = await row("SELECT * FROM kpi_period WHERE id = $1", november)
    assert found is not None
    book = await book_of(found, [cast.head, cast.colleague], desk.now)
    assert {one.line.task: one.line.kind for one in computed(book, cast.colleague).own} == {moved: "taken_over", back: "taken_over"}
    lines = sorted((one.task, one.kind) for one in computed(book, cast.head).lines)
    assert lines == sorted([(moved, "planned"), (kept, "planned"), (back, "handed_back"), (back, "taken_over")])
    assert computed(book, cast.head).score.sums.given == (2 + 3 + 5) * 10**6


async def test_reopening_for_one_person_takes_no_work_from_the_others(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    november, task = await waits_at_the_end_of_november(desk)
    desk.at(12, 3)
    await desk.judge(task)
    assert [numbers(one) for one in await desk.entries(when=DECEMBER)] == [ACCEPTED]
    again = await desk.do(cast.director, "kpi.period.reopen", period=november, reason="Kiến nghị", people=[cast.colleague])
    assert [numbers(one) for one in await desk.entries(when=DECEMBER)] == [ACCEPTED]
    desk.at(12, 5)
    await close(desk, again["id"])
    assert [numbers(one) for one in await desk.entries(when=DECEMBER)] == [ACCEPTED]
    # A third version for another one still opens nothing for him.
    await desk.do(cast.director, "kpi.period.reopen", period=again["id"], reason="Kiến nghị", people=[cast.head])
    assert [numbers(one) for one in await desk.entries(when=DECEMBER)] == [ACCEPTED]


async def test_a_month_reopened_for_somebody_has_what_was_accepted_since(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    november, task = await waits_at_the_end_of_november(desk)
    desk.at(12, 3)
    await desk.judge(task)
    again = await desk.do(cast.director, "kpi.period.reopen", period=november, reason="Kiến nghị", people=[cast.officer])
    for _ in range(2):
        assert [numbers(one) for one in await desk.entries(when=NOVEMBER)] == [ACCEPTED]
        assert await desk.entries(when=DECEMBER) == []
        desk.at(12, desk.today.day + 1)
        if _ == 0:
            await close(desk, again["id"])


async def test_what_a_closed_december_has_does_not_come_again_in_a_november_that_was_reopened(
    engine: Engine, cast: Cast, desk: ScoreDesk
) -> None:
    november, task = await waits_at_the_end_of_november(desk)
    december = await desk.month(12)
    desk.at(12, 3)
    await desk.judge(task)
    desk.at(1, 2, year=2027)
    await close(desk, december)
    again = await desk.do(cast.director, "kpi.period.reopen", period=november, reason="Kiến nghị")
    for _ in range(2):
        assert [numbers(one) for one in await desk.entries(when=NOVEMBER)] == [NOTHING]
        assert [numbers(one) for one in await desk.entries(when=DECEMBER)] == [ACCEPTED]
        desk.at(1, desk.today.day + 1, year=2027)
        if _ == 0:
            await close(desk, again["id"])


async def test_what_is_done_after_an_early_closing_counts_in_the_next_month(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    """Ratings are made before 15 December (Đ19.2), so December may be closed before its end."""
    desk.at(12, 1)
    december = await desk.month(12)
    task = await desk.work(2, 1, "2026-12-14")
    loose = await desk.work(2, 1, None)
    desk.at(12, 12)
    await close(desk, december, early=True)
    desk.at(12, 14)
    for one in (task, loose):
        await desk.hand_in(one)
        await desk.judge(one)
    assert [numbers(one) for one in await desk.entries(when=JANUARY)] == [ACCEPTED, ACCEPTED]


async def test_a_part_returned_after_the_whole_was_accepted_waits_for_its_own_acceptance(
    engine: Engine, cast: Cast, desk: ScoreDesk
) -> None:
    task = await desk.work(2, 1, collaborators=[{"person": cast.colleague, "share": 0.5}])
    await desk.hand_in(task)
    await desk.judge(task)
    await desk.judge(task, "return", person=cast.colleague, major_error=True)
    assert [numbers(one) for one in await desk.entries(cast.colleague)] == [(2000, 500, 0, 0, 1, "planned")]
    await desk.judge(task, person=cast.colleague)
    assert [numbers(one) for one in await desk.entries(cast.colleague)] == [(2000, 500, 500, 0, 1, "planned")]


async def test_another_quantity_after_the_split_moves_the_last_month(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(2, 5, "2026-12-10")
    months = [{"year": 2026, "month": 11, "quantity": 2}, {"year": 2026, "month": 12, "quantity": 3}]
    await desk.do(cast.head, "kpi.split.set", task=task, person=cast.officer, parts=months)
    await desk.do(cast.head, "task.edit", task=task, fields={"quantity": 4}, reason="Bớt một")
    assert [one.line.assigned for one in await desk.entries()] == [2000]
    desk.at(12, 1)
    assert sorted(one.line.assigned for one in await desk.entries(when=DECEMBER)) == [2000, 2000]


async def test_whoever_moves_a_due_date_is_in_the_evidence(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    task = await desk.work(2, 1, "2026-11-10")
    desk.at(11, 11)
    await desk.do(cast.head, "task.edit", task=task, fields={"due": "2026-11-12", "quantity": 2, "kind": "ad_hoc"}, reason="Chờ số liệu")
    await desk.do(cast.officer, "task.extend", task=task, due="2026-11-15", reason="Xin thêm")
    await desk.do(cast.head, "task.decide", task=task, decision="approve")
    desk.at(11, 16)
    await desk.hand_in(task)
    await desk.judge(task, quantity=3)
    entry = (await desk.entries())[0]
    assert (numbers(entry), entry.more) == ((2000, 2000, 3000, 1, 0, "ad_hoc"), True)
    known = await directory()
    shown = [event_of(one, known, desk.now) for one in entry.events if one.kind == "changed"]
    assert [(one["said"], one["made"], one["note"]) for one in shown] == [
        (["Thời hạn: 10/11/2026 → 12/11/2026", "Số lượng: 1 → 2", "Loại việc: theo kế hoạch → đột xuất"], ["L", "g"], "Chờ số liệu"),
        (["Thời hạn: 12/11/2026 → 15/11/2026"], ["L"], ""),
    ]


async def test_a_number_of_four_hundred_digits_is_a_sentence(visit: Visit) -> None:
    browser = await visit("giamdoc")
    await browser.get("/kpi/catalogue")
    before = await rows("SELECT * FROM kpi_product ORDER BY id")
    for name in ("points", "most_points", "k"):
        for text in ("1" * 400, "NaN", "-Infinity", "1e300"):
            answer = await browser.post("/kpi/catalogue/draft/new", data={"name": "Báo cáo", "complexity": "1", name: text})
            assert answer.status_code == 422 and "không phải là số" in answer.text, (name, text[:9])
    assert await rows("SELECT * FROM kpi_product ORDER BY id") == before


async def test_nobody_is_called_failed_before_somebody_confirmed_it(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    officer = await visit("cntt.cv1")
    assert (await officer.post(f"/kpi/self/{period}", data=criteria(**dict.fromkeys(criteria(), 0.0)))).status_code == 303
    # The month is over, and its sheets are not confirmed: 46,7 points are not a rating yet.
    clock.now = desk.at(12, 2).now
    head = await visit("cntt.truong")
    for browser, path in ((officer, f"/kpi?period={period}"), (head, f"/kpi/room?period={period}")):
        said = text_of(await browser.get(path))
        assert "46,7" in said and "Tạm tính" in said and "Không hoàn thành" not in said, path
    assert (await head.post(f"/kpi/people/{CAST.officer}/{period}/confirm", data={})).status_code == 303
    assert "Không hoàn thành" in text_of(await head.get(f"/kpi/room?period={period}"))


async def test_two_who_confirm_and_close_at_once_leave_one_whole_result(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    november = await desk.month()
    task = await desk.work(2, 1, "2026-11-20")
    await desk.hand_in(task)
    await desk.judge(task)
    await desk.do(cast.officer, "kpi.sheet.self", period=november, points=FULL)
    desk.at(12, 1)
    everybody = [one["person"] for one in await rows("SELECT person FROM kpi_sheet WHERE period = $1", november)]
    others = [one for one in everybody if one != cast.officer]

    async def ask(actor: str, name: str, **arguments: Any) -> str:
        try:
            await carry_out(command(name, arguments), actor=actor, now=desk.now, source="page", mutation=None)
        except Refusal as refusal:
            return refusal.key
        return "done"

    said = await asyncio.gather(
        *(ask(cast.head, "kpi.sheet.confirm", period=november, person=cast.officer, comment=str(n)) for n in range(3)),
        ask(cast.head, "kpi.sheet.return", period=november, person=cast.officer, reason="Chấm lại"),
        *(ask(cast.director, "kpi.period.close", period=november, without_data=others) for _ in range(3)),
    )
    found = await row("SELECT * FROM kpi_sheet WHERE period = $1 AND person = $2", november, cast.officer)
    period = await row("SELECT state FROM kpi_period WHERE id = $1", november)
    assert found is not None and period is not None
    assert said[4:].count("done") <= 1
    if period["state"] == "closed":
        assert said[4:].count("done") == 1
        kept = decoded(found["frozen"])
        assert (found["state"], found["total"], kept.result["total"]) == ("closed", 100_000, 100_000) and recompute(kept) == kept.result
    else:
        assert found["state"] in ("open", "confirmed") and found["frozen"] == ""
    closed = await rows("SELECT subject FROM audit_entry WHERE kind = 'kpi_sheet' AND action = 'close' AND subject = $1", found["id"])
    assert len(closed) == said[4:].count("done")


async def test_points_that_were_lowered_may_be_given_back(visit: Visit, desk: ScoreDesk, clock: Clock) -> None:
    period = await november(desk, clock)
    await desk.do(CAST.officer, "kpi.sheet.self", period=period, points=FULL)
    head = await visit("cntt.truong")
    address = f"/kpi/people/{CAST.officer}/{period}/confirm"

    async def general() -> int:
        found = await row("SELECT general FROM kpi_sheet WHERE period = $1 AND person = $2", period, CAST.officer)
        assert found is not None
        return int(found["general"])

    assert (await head.post(address, data=criteria(character=4) | {"reason": "Đi muộn"})).status_code == 303
    assert await general() == 29_000
    emptied = await head.post(address, data=criteria() | {"character": ""})
    assert emptied.status_code == 422 and "Chưa chấm điểm" in emptied.text and await general() == 29_000
    assert (await head.post(address, data=criteria())).status_code == 303
    assert await general() == 30_000


async def test_nobody_names_a_rater_who_stands_below(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    """The director's own rating comes from outside (Đ10.1a): no deputy may hand it to somebody of the office."""
    for person, rater in ((cast.director, cast.officer), (cast.head, cast.stranger), (cast.officer, cast.colleague)):
        said = await desk.refuses("invalid", "kpi.mark.rater_below", cast.deputy, "kpi.duty.set",
                                  person=person, duty="officer", rater=rater, since="2026-11-01")  # fmt: skip
        assert "Điều 10" in said
    await desk.do(cast.deputy, "kpi.duty.set", person=cast.officer, duty="officer", rater=cast.deputy_head, since="2026-11-01")
