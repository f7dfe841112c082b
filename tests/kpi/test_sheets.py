"""From a self-score to a closed month, on both engines."""

import asyncio
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from server.errors import Refusal
from server.kpi.queries.periods import periods
from server.kpi.queries.room import room
from server.kpi.queries.sheets import differences, my_periods, recompute, sheet_by_id, totals_of, versions
from server.kpi.record.frozen import decoded
from server.storage.door import carry_out, command
from server.storage.engine import Engine, row, rows
from server.storage.ids import new_id
from tests.kpi.desk import DECEMBER, FULL, ScoreDesk, handbook_month
from tests.office import CAST, Cast

pytestmark = pytest.mark.anyio
OTHERS = (CAST.deputy, CAST.delegate, CAST.stranger, CAST.head, CAST.deputy_head, CAST.colleague)
LEADING: dict[str, Any] = {"organising": 100, "uniting": 100, "leading_reason": "Biên bản họp tháng"}


async def close(desk: ScoreDesk, period: str, *confirmed: str) -> dict[str, Any]:
    """Close the month; everybody who is not confirmed is said by name."""
    people = [one["person"] for one in await rows("SELECT person FROM kpi_sheet WHERE period = $1", period)]
    return await desk.do(CAST.director, "kpi.period.close", period=period, without_data=[one for one in people if one not in confirmed])


async def test_a_month_goes_from_open_to_closed(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    period = await desk.month()
    fresh = await desk.sheet(period)
    assert (fresh.state, fresh.waits_for, fresh.total, fresh.score.missing) == ("open", "self", None, ("general",))
    await desk.do(cast.officer, "kpi.sheet.self", period=period, points=FULL, strengths="Chủ động", weaknesses="Chậm")
    scored = await desk.sheet(period)
    assert (scored.state, scored.self_general, scored.total, scored.waits_for, scored.may_self) == (
        "self_scored",
        30_000,
        76_700,
        "rater",
        True,
    )
    answer = await desk.do(cast.head, "kpi.sheet.confirm", period=period, person=cast.officer, comment="Đạt")
    assert (answer["total"], answer["band"]) == (76_700, "good")
    assert ((await desk.sheet(period)).waits_for, (await desk.sheet(period)).may_self) == ("close", False)
    desk.at(12, 1)
    closed = await close(desk, period, cast.officer)
    assert closed["closed"] == 8 and cast.officer not in closed["without_data"]
    kept = await desk.sheet(period)
    assert (kept.state, kept.frozen, kept.total, kept.band, kept.waits_for) == ("closed", True, 76_700, "good", "")
    assert [one.line.accepted for one in kept.own] == [4000, 3000, 800] and kept.own[0].events
    assert (await totals_of(2026))[cast.officer][11]["total"] == 76_700
    told = await rows("SELECT person, kind, data FROM outbox WHERE kind LIKE 'kpi.%'")
    assert {one["person"] for one in told if one["kind"] == "kpi.sheet.waiting"} == {cast.head}
    assert all(one["person"] == cast.officer for one in told if "76700" in one["data"]), "a score was told to somebody else"


async def test_the_head_changes_points_with_a_reason_or_sends_the_sheet_back(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    period = await desk.month()
    await desk.refuses("conflict", "kpi.sheet.not_self_scored", cast.head, "kpi.sheet.confirm", period=period, person=cast.officer)
    await desk.do(cast.officer, "kpi.sheet.self", period=period, points=FULL)
    said = await desk.refuses("invalid", "kpi.sheet.change_reason", cast.head, "kpi.sheet.confirm",
                              period=period, person=cast.officer, points={"service": 2.25})  # fmt: skip
    assert "Thái độ phục vụ" in said
    await desk.do(cast.head, "kpi.sheet.confirm", period=period, person=cast.officer, points={"service": 2.25}, reason="Có phản ánh")
    found = await desk.sheet(period)
    assert (found.self_general, found.general, found.points["service"], found.self_points["service"]) == (30_000, 29_750, 2250, 2500)
    await desk.refuses("conflict", "kpi.sheet.confirmed_before", cast.officer, "kpi.sheet.self", period=period, points=FULL)
    await desk.do(cast.head, "kpi.sheet.return", period=period, person=cast.officer, reason="Chấm lại")
    again = await desk.sheet(period)
    assert (again.state, again.confirmed_by, again.reason, again.may_self) == ("open", None, "Chấm lại", True)
    await desk.do(cast.officer, "kpi.sheet.self", period=period, points={**FULL, "service": 2})
    assert (await desk.sheet(period)).general == 29_500


@pytest.mark.parametrize(
    ("points", "key", "words"),
    [
        ({**FULL, "character": 5.5}, "kpi.sheet.points_outside", ("Phẩm chất", "5,5", "5 điểm")),
        ({**FULL, "service": -1}, "kpi.sheet.points_outside", ("-1",)),
        ({**FULL, "service": 1.255}, "kpi.sheet.points_decimals", ("Thái độ",)),
        ({**FULL, "service": float("nan")}, "kpi.sheet.points_outside", ("Thái độ",)),
        ({**FULL, "beauty": 1}, "kpi.sheet.points_unknown", ("beauty",)),
        ({name: value for name, value in FULL.items() if name != "ownership"}, "kpi.sheet.points_missing", ("Chịu trách nhiệm",)),
    ],
)
async def test_it_says_which_points_are_wrong(
    engine: Engine, cast: Cast, desk: ScoreDesk, points: dict[str, float], key: str, words: tuple[str, ...]
) -> None:
    period = await desk.month()
    said = await desk.refuses("invalid", key, cast.officer, "kpi.sheet.self", period=period, points=points)
    assert all(word in said for word in words), said


async def test_nobody_confirms_himself_and_nobody_whom_he_does_not_rate(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    period = await desk.month()
    await desk.do(cast.head, "kpi.sheet.self", period=period, points=FULL)
    await desk.do(cast.officer, "kpi.sheet.self", period=period, points=FULL)
    await desk.refuses("not_allowed", "kpi.sheet.own", cast.head, "kpi.sheet.confirm", period=period, person=cast.head)
    await desk.refuses("not_found", "kpi.sheet.unknown", cast.deputy_head, "kpi.sheet.confirm", period=period, person=cast.officer)
    await desk.refuses("not_allowed", "kpi.sheet.only_rater", cast.director, "kpi.sheet.confirm", period=period, person=cast.officer)
    await desk.refuses("not_found", "kpi.sheet.unknown", cast.admin, "kpi.sheet.return", period=period, person=cast.officer, reason="x")


async def test_the_directors_own_sheet_is_decided_outside(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    period = await desk.month()
    await desk.do(cast.director, "kpi.sheet.self", period=period, points=FULL)
    await desk.refuses("invalid", "kpi.sheet.outside_missing", cast.delegate, "kpi.sheet.confirm", period=period, person=cast.director,
                       **LEADING)  # fmt: skip
    await desk.do(cast.delegate, "kpi.sheet.confirm", period=period, person=cast.director, outside_rater="Chủ tịch UBND tỉnh",
                  document="15/QĐ-UBND", **LEADING)  # fmt: skip
    found = await desk.sheet(period, cast.director)
    assert (found.rater, found.outside_rater) == (None, "Chủ tịch UBND tỉnh, văn bản 15/QĐ-UBND")


async def test_a_leader_has_six_parts(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    period = await desk.month()
    await desk.score(period)
    await desk.do(cast.head, "kpi.sheet.self", period=period, points=FULL)
    await desk.refuses(
        "invalid", "kpi.sheet.leading_bad", cast.director, "kpi.sheet.confirm", period=period, person=cast.head, organising=80
    )
    await desk.refuses("invalid", "kpi.sheet.leading_reason", cast.director, "kpi.sheet.confirm", period=period, person=cast.head,
                       organising=50)  # fmt: skip
    await desk.refuses(
        "invalid", "kpi.sheet.not_leader", cast.head, "kpi.sheet.confirm", period=period, person=cast.officer, organising=100
    )
    answer = await desk.do(cast.director, "kpi.sheet.confirm", period=period, person=cast.head, **{**LEADING, "organising": 50})
    # The handbook's own numbers again, with d computed from the one officer who has a total: (a + b + c + 100 + 50 + 100) / 6.
    assert (answer["total"], answer["band"]) == (82_500, "good")
    found = await desk.sheet(period, cast.head)
    assert [name for name, _ in found.score.ratios] == ["a", "b", "c", "d", "dd", "e"] and len(found.lines) == 3 and not found.own
    assert set(found.led) == {cast.deputy_head, cast.officer, cast.colleague} and found.led_count == 3
    # A deputy head leads two officers and scores neither: their sheets are not his to open.
    other = await desk.sheet(period, cast.deputy_head)
    assert (other.led, other.led_count, len(other.lines)) == ((), 2, 3)


async def test_closing_names_whoever_is_not_ready(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    period = await desk.month()
    await desk.score(period)
    await desk.do(cast.colleague, "kpi.sheet.self", period=period, points=FULL)
    await desk.refuses("conflict", "kpi.period.not_over", cast.director, "kpi.period.close", period=period)
    desk.at(12, 1)
    await desk.refuses("not_allowed", "kpi.period.only_decider", cast.head, "kpi.period.close", period=period)
    said = await desk.refuses("conflict", "kpi.period.blocked", cast.director, "kpi.period.close", period=period)
    assert "Chưa được xác nhận: Nông Thị Quế Anh." in said and "Chưa tự chấm điểm:" in said and "Trần Bảo Kha" not in said
    await desk.do(cast.head, "kpi.sheet.confirm", period=period, person=cast.colleague)
    others = [one for one in (*OTHERS, cast.director) if one != cast.colleague]
    said = await desk.refuses("conflict", "kpi.period.blocked", cast.director, "kpi.period.close", period=period, without_data=others)
    assert said.endswith("Chưa đủ dữ liệu để có điểm: Nông Thị Quế Anh.")
    await desk.refuses("invalid", "kpi.period.has_data", cast.director, "kpi.period.close", period=period,
                       without_data=[*others, cast.colleague, cast.officer])  # fmt: skip
    done = await desk.do(cast.delegate, "kpi.period.close", period=period, without_data=[*others, cast.colleague])
    assert done["closed"] == 8 and set(done["without_data"]) == {*others, cast.colleague}
    await desk.refuses("conflict", "kpi.period.closed", cast.colleague, "kpi.sheet.self", period=period, points=FULL)
    await desk.refuses("conflict", "kpi.period.closed_before", cast.director, "kpi.period.close", period=period)
    await desk.refuses("conflict", "kpi.period.closed_before", cast.director, "kpi.period.open", year=2026, number=11)


async def test_a_closed_sheet_does_not_move(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    period = await desk.month()
    await desk.score(period)
    desk.at(12, 1, 8)
    await close(desk, period, cast.officer)
    before = await desk.sheet(period)
    stored = await row("SELECT frozen FROM kpi_sheet WHERE period = $1 AND person = $2", period, cast.officer)
    assert stored is not None
    kept = decoded(stored["frozen"])
    assert recompute(kept) == kept.result
    third = before.own[2].line.task
    await desk.do(cast.head, "task.review_undo", task=third)
    await desk.judge(third, quantity=1)
    await rows("UPDATE kpi_product SET k = 9000")
    await rows("UPDATE kpi_rules SET data = $1", '{"penalty": 50, "late_by": "event"}')
    await desk.do(cast.head, "kpi.excuse.confirm", task=third, person=cast.officer, what="failed", reason="Khách quan")
    await desk.do(cast.head, "kpi.away.set", person=cast.officer, since=date(2026, 11, 1), until=date(2026, 11, 30), kind="sick")
    await desk.do(cast.director, "kpi.duty.set", person=cast.officer, duty="support", since=date(2026, 11, 1))
    after = await desk.sheet(period)
    assert (after.score, after.lines, after.own, after.rules, after.general) == (
        before.score,
        before.lines,
        before.own,
        before.rules,
        before.general,
    )
    assert recompute(kept) == kept.result
    again = await row("SELECT frozen FROM kpi_sheet WHERE period = $1 AND person = $2", period, cast.officer)
    assert again == stored


async def test_a_period_opens_again_only_as_a_new_version_with_a_reason(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    period = await desk.month()
    await desk.score(period)
    desk.at(12, 1)
    await desk.refuses("conflict", "kpi.period.not_closed", cast.director, "kpi.period.reopen", period=period, reason="Sửa")
    await close(desk, period, cast.officer)
    await desk.refuses("invalid", "kpi.period.reason_missing", cast.director, "kpi.period.reopen", period=period, reason=" ")
    await desk.refuses("not_allowed", "kpi.period.only_decider", cast.head, "kpi.period.reopen", period=period, reason="Sửa")
    made = await desk.do(cast.director, "kpi.period.reopen", period=period, reason="Nguyên nhân khách quan", people=[cast.officer])
    await desk.refuses("conflict", "kpi.period.replaced", cast.director, "kpi.period.reopen", period=period, reason="Sửa")
    second = str(made["id"])
    live = await desk.sheet(second)
    assert (live.state, live.version, live.total, live.version_reason) == ("confirmed", 2, 76_700, "Nguyên nhân khách quan")
    first = live.own[0].line.task
    await desk.do(cast.head, "kpi.excuse.confirm", task=first, person=cast.officer, what="late", reason="Mưa bão")
    done = await desk.do(cast.director, "kpi.period.close", period=second)
    assert done["closed"] == 8
    newest, oldest = await versions(cast.officer, cast.officer, second, desk.now)
    assert (newest.total, oldest.total, newest.replaces, oldest.period.current) == (82_300, 76_700, oldest.id, False)
    assert {(one.what, one.name.split(".")[-1]) for one in differences(oldest, newest)} == {
        ("line", "late_excused"), ("c", "c"), ("total", "total"),
    }  # fmt: skip
    assert [one.period.id for one in await my_periods(cast.officer, cast.officer, desk.now)] == [second]
    assert [one.version for one in await periods(2026, every_version=True)] == [2, 1]
    assert (await totals_of(2026))[cast.officer][11]["total"] == 82_300


async def test_leave_takes_a_month_out(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    period = await desk.month()
    await desk.score(period)
    given = {"person": cast.officer, "since": "2026-11-02", "until": "2026-11-13", "kind": "sick"}
    await desk.refuses("not_allowed", "kpi.mark.own", cast.officer, "kpi.away.set", **given)
    await desk.refuses("not_allowed", "kpi.mark.away_right", cast.colleague, "kpi.away.set", **given)
    await desk.refuses("invalid", "kpi.mark.dates", cast.head, "kpi.away.set", **{**given, "until": "2026-11-01"})
    await desk.do(cast.head, "kpi.away.set", **given)
    part = await desk.sheet(period)
    assert (part.away, part.away_days, part.working_days, part.total) == ("", 10, 20, 76_700)
    more = await desk.do(cast.head, "kpi.away.set", person=cast.officer, since="2026-11-13", until="2026-11-17", kind="unpaid")
    gone = await desk.sheet(period)
    assert (gone.away, gone.away_days, gone.total, gone.band) == ("sick", 12, None, None)
    await desk.do(cast.head, "kpi.away.withdraw", away=more["id"], reason="Nhầm")
    assert (await desk.sheet(period)).away == ""
    await desk.do(cast.delegate, "kpi.away.set", person=cast.colleague, since="2026-10-01", kind="not_in_service")
    desk.at(12, 1)
    await close(desk, period, cast.officer, cast.colleague)
    assert (await totals_of(2026))[cast.colleague][11]["away"] == "not_in_service"


async def test_support_staff_are_scored_by_three_percents(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    period = await desk.month()
    await desk.do(cast.director, "kpi.duty.set", person=cast.officer, duty="support", since="2026-11-01", group_name="Lái xe, bảo vệ")
    await desk.do(cast.officer, "kpi.sheet.self", period=period, points=FULL)
    marks: dict[str, Any] = {"quality": 90, "compliance": 100, "effect": 80.5}
    await desk.refuses("invalid", "kpi.sheet.percent_bad", cast.head, "kpi.sheet.confirm", period=period, person=cast.officer,
                       **{**marks, "effect": 101})  # fmt: skip
    answer = await desk.do(cast.head, "kpi.sheet.confirm", period=period, person=cast.officer, **marks)
    assert answer["total"] == 93_100
    assert (await desk.sheet(period)).group == "Lái xe, bảo vệ"


async def test_two_at_once_do_it_once(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    async def ask(actor: str, name: str, mutation: str | None = None, **arguments: Any) -> dict[str, Any]:
        return await carry_out(command(name, arguments), actor=actor, now=desk.now, source="page", mutation=mutation)

    opened = await asyncio.gather(*(ask(one, "kpi.period.open", id=new_id(), year=2026, number=11) for one in (cast.director, cast.deputy)))
    assert len({one["id"] for one in opened}) == 1 and await desk.month() == opened[0]["id"]
    period = opened[0]["id"]
    sheets = await row("SELECT count(*) AS n, count(DISTINCT person) AS people FROM kpi_sheet")
    assert sheets == {"n": 8, "people": 8}
    twice = new_id()
    await asyncio.gather(*(ask(cast.officer, "kpi.sheet.self", twice, period=period, points=FULL) for _ in range(2)))
    await asyncio.gather(*(ask(cast.head, "kpi.sheet.confirm", period=period, person=cast.officer) for _ in range(2)))
    heard = await rows("SELECT action FROM audit_entry WHERE kind = 'kpi_sheet' ORDER BY seq")
    assert [one["action"] for one in heard] == ["self_score", "confirm", "confirm"]
    desk.at(12, 1)
    people = [*OTHERS, cast.director, cast.officer]
    closing = [ask(cast.director, "kpi.period.close", period=period, without_data=people) for _ in range(2)]
    ended = await asyncio.gather(*closing, return_exceptions=True)
    assert sorted(getattr(one, "key", "done") for one in ended) == ["done", "kpi.period.closed_before"]
    assert all(isinstance(one, dict | Refusal) for one in ended)


async def test_a_room_shows_whom_the_reader_may_see(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    period = await desk.month()
    await desk.score(period)
    mine = await room(cast.head, period, desk.now)
    assert [one.person for one in mine.rows] == [cast.head, cast.deputy_head, cast.officer, cast.colleague]
    officer = next(one for one in mine.rows if one.person == cast.officer)
    assert (officer.total, officer.band, officer.state, officer.lines, officer.late, officer.missing) == (
        76_700,
        "good",
        "confirmed",
        3,
        2,
        (),
    )
    assert [one.may_confirm for one in mine.rows] == [False, True, True, True]
    assert mine.counts == {"open": 3, "confirmed": 1} and mine.bands == {"good": 1}
    assert [one.person for one in (await room(cast.stranger, period, desk.now)).rows] == [cast.stranger]
    with pytest.raises(Refusal) as caught:
        await room(cast.stranger, period, desk.now, cast.cntt)
    assert caught.value.code == "not_found"
    assert (await sheet_by_id(cast.head, str(officer.sheet), desk.now)).person == cast.officer


async def test_what_was_accepted_after_the_closing_counts_in_the_next_month_and_nothing_twice(
    engine: Engine, cast: Cast, desk: ScoreDesk
) -> None:
    counted, waiting = await desk.work(1, 1, "2026-11-30"), await desk.work(2, 1, "2026-11-30")
    desk.at(11, 30)
    for task in (counted, waiting):
        await desk.hand_in(task)
    await desk.judge(counted)
    period = await desk.month()
    await desk.score(period)
    desk.at(12, 1)
    await close(desk, period, cast.officer)
    assert [one.line.accepted for one in (await desk.sheet(period)).own] == [1000, 0]
    desk.at(12, 2)
    await desk.judge(waiting)
    await desk.do(cast.head, "task.review_undo", task=counted)
    await desk.judge(counted)
    december = await desk.entries(when=DECEMBER)
    assert [(one.line.task, one.line.accepted, one.line.late, one.carried) for one in december] == [(waiting, 1000, 0, True)]


async def test_a_score_that_nobody_confirmed_makes_nothing_of_a_leaders(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    poor = await desk.work(1, 1, "2026-11-28", lead=cast.colleague)
    period = await desk.month()
    await desk.score(period)
    await desk.do(cast.colleague, "kpi.sheet.self", period=period, points=FULL)
    await desk.score(period, cast.head, cast.director, **LEADING)
    live = await desk.sheet(period, cast.head)
    assert poor and dict(live.score.ratios)["d"] == Fraction(1, 2)
    desk.at(12, 1)
    await close(desk, period, cast.officer, cast.head)
    assert dict((await desk.sheet(period, cast.head)).score.ratios)["d"] == 1
    assert (await desk.sheet(period, cast.colleague)).total is None
