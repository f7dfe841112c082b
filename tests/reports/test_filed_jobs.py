"""Reports that are made on time: on which days, by how many workers, for whom, and what is told of them."""

import asyncio
from datetime import date, datetime
from typing import Any

import msgspec
import orjson
import pytest

from server.calendar.commands import SetDay
from server.ledger.grains import Period
from server.people.commands import DisablePerson
from server.reports.filed import jobs
from server.reports.filed.commands import DropReport, WriteReport
from server.reports.filed.jobs import AGAIN, Filer, PeriodFiled, grains_of
from server.reports.filed.make import made
from server.reports.shape import Part, Report, Writing
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import rows
from tests.office import CAST, NOW, Clock, Visit
from tests.reports.filing import draft, fixed, found, report_on
from tests.sync.device import Device
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
#: Every unit that has tasks in these tests: the room, and the centre above it.
BOTH = {CAST.cntt, CAST.centre}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Reports are the invented one: which were asked for."""
    asked: list[tuple[str, str]] = []

    async def make(unit: str, period: Period, now: datetime) -> tuple[Report, Writing]:
        asked.append((unit, period.code))
        return report_on(unit, period.code), Writing([Part("results", "Kết quả", ["Soạn sẵn."])])

    monkeypatch.setattr(jobs, "made", make)
    return asked


def filer(clock: Clock, grains: str = "w,m,q,y") -> Filer:
    return Filer(Settings(data_dir="/nowhere", scheduled_reports=grains), clock)


async def filed() -> dict[str, set[str]]:
    """The units that have a report, by the period's code."""
    made: dict[str, set[str]] = {}
    for one in await rows("SELECT unit, grain, start FROM filed_report ORDER BY start"):
        start = one["start"] if isinstance(one["start"], date) else date.fromisoformat(one["start"])
        made.setdefault(Period(one["grain"], start).code, set()).add(one["unit"])
    return made


async def a_task(now: datetime) -> str:
    return await Desk(now).task(due=date(2027, 6, 30))


async def test_each_length_is_made_on_the_morning_of_the_first_working_day(engine: object, quick: list[Any]) -> None:
    await a_task(local(2026, 9, 21))
    clock = Clock(local(2026, 9, 28, 7, 29))
    worker = filer(clock)
    for moment, codes in (
        # A Monday, a minute too early and then in time.
        (local(2026, 9, 28, 7, 29), set()),
        (local(2026, 9, 28, 7, 30), {"2026-W39"}),
        (local(2026, 9, 28, 9), set()),
        # The first of October is a Thursday: month and quarter.
        (local(2026, 9, 30), set()),
        (local(2026, 10, 1), {"2026-09", "2026-Q3"}),
        # Two Mondays missed, with a server that stood still: all of them are made up at the next look.
        (local(2026, 10, 20, 15), {"2026-W40", "2026-W41", "2026-W42"}),
        # The first of November is a Sunday.
        (local(2026, 11, 1), set()),
        (local(2026, 11, 2), {"2026-W43", "2026-W44", "2026-10"}),
        # New Year's Day is a Friday: everything on the Monday after it.
        (local(2027, 1, 1), set()),
        (local(2027, 1, 4), {"2026-W49", "2026-W50", "2026-W51", "2026-W52", "2026-W53", "2026-11", "2026-12", "2026-Q4", "2026"}),
    ):
        before = set(await filed())
        clock.now = moment
        count = await worker.tick()
        assert (moment, set(await filed()) - before) == (moment, codes)
        assert count == 2 * len(codes) and await worker.tick() == 0
    assert set(map(frozenset, (await filed()).values())) == {frozenset(BOTH)}, "units without anything get none"
    # Another worker, or the same after a restart, finds it all done.
    assert await filer(clock).tick() == 0


async def test_over_the_holidays_of_the_new_year_of_the_moon_no_week_is_lost(engine: object, quick: list[Any]) -> None:
    await a_task(local(2026, 1, 12))
    clock = Clock(local(2026, 2, 9))
    worker = filer(clock, "w")
    for number in range(9, 29):
        clock.now = local(2026, 2, number)
        await worker.tick()
    assert sorted(await filed()) == ["2026-W06", "2026-W07", "2026-W08"]
    # The office's own calendar holds as well, also for a worker that has been running for long.
    monday = date(2026, 3, 2)
    await carry_out(SetDay(day=monday, working=False, notice="Nghỉ bù"), actor=CAST.admin, now=clock.now, source="page")
    clock.now = local(2026, 3, 2)
    assert await worker.tick() == 0
    clock.now = local(2026, 3, 3)
    assert await worker.tick() == 2 and "2026-W09" in await filed()


async def test_two_workers_at_once_make_one_and_tell_once(engine: object, quick: list[Any]) -> None:
    await a_task(local(2026, 11, 2))
    clock = Clock(local(2026, 12, 1))
    counts = await asyncio.gather(*(filer(clock).tick() for _ in range(3)))
    made = await filed()
    assert made == {"2026-W48": BOTH, "2026-11": BOTH} and sum(counts) == 4
    told = await rows("SELECT person, data FROM outbox WHERE kind = 'report.filed' ORDER BY person")
    for unit, people in (("Phòng Ứng dụng CNTT", {CAST.head, CAST.deputy_head}), ("Trung tâm Phục", {CAST.director, CAST.delegate})):
        for when in ("Tháng 11 năm 2026", "Tuần 48"):
            named = [one["person"] for one in told if unit in one["data"] and orjson.loads(one["data"])["when"].startswith(when)]
            assert sorted(named) == sorted(people)
    assert len(told) == 8


async def test_what_was_thrown_away_or_fixed_does_not_come_back(engine: object, quick: list[Any]) -> None:
    await a_task(local(2026, 11, 2))
    early = await draft(code="2026-10", by=CAST.head)
    clock = Clock(local(2026, 12, 1))
    await fixed(await draft(code="2026-11", by=CAST.head, now=clock.now), CAST.head, now=clock.now)
    await filer(clock, "m").tick()
    assert await filed() == {"2026-10": {CAST.cntt}, "2026-11": BOTH}
    (one,) = await rows("SELECT id FROM filed_report WHERE unit = $1 AND state = 'draft' AND id <> $2", CAST.centre, early)
    await carry_out(DropReport(id=one["id"]), actor=CAST.director, now=clock.now, source="page")
    for worker in (filer(clock, "m"), filer(clock, "m")):
        assert await worker.tick() == 0
    assert await filed() == {"2026-10": {CAST.cntt}, "2026-11": {CAST.cntt}}


async def test_a_draft_of_the_middle_of_the_period_gets_the_figures_of_its_end(engine: object, quick: list[Any]) -> None:
    await a_task(local(2026, 11, 2))
    middle = local(2026, 11, 16)
    touched = await draft(code="2026-11", by=CAST.head, now=middle, running=True)
    untouched = await draft(CAST.centre, "2026-11", by=CAST.director, now=middle, running=True)
    mine = Writing([Part("results", "Kết quả", ["Lời của tôi."])])
    await carry_out(WriteReport(id=touched, version=1, writing=mine), actor=CAST.head, now=middle, source="page")
    clock = Clock(local(2026, 12, 1))
    assert await filer(clock, "m").tick() == 2
    one, other = await found(touched), await found(untouched)
    assert (one.report.running, one.writing, one.line.version) == (False, mine, 3)
    assert (other.report.running, other.writing.parts[0].paragraphs) == (False, ["Soạn sẵn."])
    assert {one["subject"] for one in await rows("SELECT subject FROM outbox WHERE kind = 'report.filed'")} == {touched, untouched}


async def test_a_unit_whose_report_fails_stops_no_other_and_is_tried_again(engine: object, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_task(local(2026, 11, 2))
    broken, asked = {CAST.centre}, []

    async def make(unit: str, period: Period, now: datetime) -> tuple[Report, Writing]:
        asked.append(unit)
        if unit in broken:
            raise ValueError("a bug")
        return report_on(unit, period.code), Writing()

    monkeypatch.setattr(jobs, "made", make)
    clock = Clock(local(2026, 12, 1))
    worker = filer(clock, "m")
    assert await worker.tick() == 1 and await filed() == {"2026-11": {CAST.cntt}}
    # Not every five seconds.
    assert await worker.tick() == 0 and asked.count(CAST.centre) == 1
    clock.now += AGAIN
    assert await worker.tick() == 0 and asked.count(CAST.centre) == 2
    broken.clear()
    clock.now += AGAIN
    assert await worker.tick() == 1 and await filed() == {"2026-11": BOTH}
    assert len(await rows("SELECT id FROM outbox WHERE kind = 'report.filed'")) == 4


async def test_the_setting_says_which_lengths_and_only_a_job_says_that_they_are_done(engine: object, quick: list[Any]) -> None:
    assert grains_of("w,m,q,y") == ("w", "m", "q", "y")
    assert (grains_of(""), grains_of(" q , x"), grains_of("weekly")) == ((), ("q",), ())
    await a_task(local(2026, 11, 2))
    clock = Clock(local(2027, 1, 4))
    assert await filer(clock, "").tick() == 0
    await filer(clock, "y,q").tick()
    assert set(await filed()) == {"2026", "2026-Q4"}
    with pytest.raises(Exception, match="hệ thống tự làm"):
        await carry_out(PeriodFiled(period="2027-01"), actor=CAST.director, now=NOW, source="page")


async def test_it_reads_the_figures_of_the_ledger_and_names_what_is_late(engine: object) -> None:
    desk = Desk(local(2026, 11, 2))
    late = await desk.task(due=date(2026, 11, 10), title="Việc xong trễ {x}")
    await desk.task(due=date(2026, 11, 20), title="Việc quá hạn 100%", lead=CAST.colleague)
    coming = await desk.task(due=date(2026, 12, 11), title="Việc kỳ tới")
    desk.now = local(2026, 11, 12)
    await desk.do(CAST.officer, "task.extend", task=late, due=date(2026, 11, 30), reason="Chờ số liệu của Sở")
    await desk.do(CAST.officer, "task.submit", task=late)
    await desk.do(CAST.head, "task.review", task=late, verdict="accept")
    report, writing = await made(CAST.cntt, Period.read("2026-11"), local(2026, 12, 1))
    parts = {one.key: "\n".join(one.paragraphs) for one in writing.parts}
    assert "có tổng số 3 nhiệm vụ" in parts["results"] and report.figure("overdue") == 1
    assert "“Việc quá hạn 100%”, chủ trì: Nông Thị Quế Anh, hạn 20/11/2026" in parts["late"]
    assert "“Việc xong trễ {x}”, chủ trì: Trần Bảo Kha, hạn 10/11/2026, trình kết quả ngày 12/11/2026" in parts["late"]
    assert "(lý do: Chờ số liệu của Sở)" in parts["late"]
    assert "Trong tháng 12 năm 2026 có 1 nhiệm vụ đến hạn:" in parts["next"] and "“Việc kỳ tới”" in parts["next"]
    # What happens later changes nothing of it.
    desk.now = local(2026, 12, 2)
    await desk.do(CAST.head, "task.status", task=coming, to="cancelled", reason="Không cần nữa")
    again, text = await made(CAST.cntt, Period.read("2026-11"), local(2026, 12, 3))
    assert (msgspec.json.encode(again), text) == (msgspec.json.encode(report), writing)


async def test_the_inbox_says_what_was_filed_and_fixed_to_the_right_people(visit: Visit, quick: list[Any]) -> None:
    await a_task(local(2026, 11, 2))
    clock = Clock(local(2026, 11, 23))
    await filer(clock, "w").tick()
    (one,) = await rows("SELECT id FROM filed_report WHERE unit = $1", CAST.cntt)
    head = await visit("cntt.truong")
    inbox = (await head.get("/notices")).text
    assert "Dự thảo báo cáo đã lập, mời xem và chốt: Phòng Ứng dụng CNTT – Tuần 47 năm 2026 (16/11–22/11/2026)" in inbox
    (notice,) = await rows("SELECT id FROM outbox WHERE kind = 'report.filed' AND person = $1", CAST.head)
    opened = await head.post(f"/notices/{notice['id']}/open", follow_redirects=True)
    assert opened.status_code == 200 and opened.url.path == f"/reports/filed/{one['id']}" and "Soạn sẵn." in opened.text
    await fixed(one["id"], CAST.head, now=clock.now)
    # What a device keeps for when there is no network.
    phone = Device(CAST.director)
    await phone.page()
    kept = [row for (kind, _), row in phone.rows.items() if kind == "notice" and row["kind"] == "report.fixed"]
    assert [(row["group"], row["link"]) for row in kept] == [("office", f"/reports/filed/{one['id']}")]
    assert kept[0]["text"] == "Báo cáo đã chốt: Số 01/BC-CNTT – Phòng Ứng dụng CNTT – Tuần 47 năm 2026 (16/11–22/11/2026)"
    people = {row["person"] for row in await rows("SELECT person FROM outbox WHERE kind = 'report.fixed'")}
    assert people == {CAST.director, CAST.deputy, CAST.deputy_head}


async def test_a_room_that_nobody_leads_is_the_directors(engine: object, quick: list[Any]) -> None:
    await a_task(local(2026, 11, 2))
    for person in (CAST.head, CAST.deputy_head):
        await carry_out(DisablePerson(person=person), actor=CAST.admin, now=NOW, source="page")
    await filer(Clock(NOW), "w").tick()
    told = await rows("SELECT o.person FROM outbox o JOIN filed_report f ON f.id = o.subject WHERE f.unit = $1", CAST.cntt)
    assert {one["person"] for one in told} == {CAST.director, CAST.delegate}
