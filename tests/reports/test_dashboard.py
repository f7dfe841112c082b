"""The numbers of the dashboard agree with a slow count from the chain, and each person arrives at his own one."""

import html
import re
from datetime import date, timedelta

import pytest

from server.insight.tables import Risk
from server.ledger.grains import Period
from server.ledger.read import NONE, Counts
from server.people.commands import AddPerson, AddUnit, EditUnit
from server.people.queries import directory
from server.reports.dashboard.read import Board, Due, board, mine
from server.reports.dashboard.show import board_context, mine_context
from server.storage.door import carry_out
from server.storage.engine import counted, insert, is_sqlite, rows
from tests.ledger.recount import OWED, Life, Record, recounted
from tests.office import CAST, NOW, TODAY, Clock, Visit, fixed_id
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
MONTH = Period.read("2026-11")
#: The third working day after this Monday, for Tuesday is a holiday; the day before it; Sunday; a day that is over.
FRIDAY, THURSDAY, SUNDAY, PAST = date(2026, 11, 27), date(2026, 11, 26), date(2026, 11, 29), date(2026, 11, 20)


async def month(desk: Desk) -> dict[str, str]:
    """November until Monday the 23rd: something of everything, in two rooms."""
    desk.now = local(2026, 10, 29)
    made = {"last_month": await desk.completed(due=date(2026, 10, 30)), "carried": await desk.task(due=PAST)}
    desk.now = local(2026, 11, 10)
    made["today"] = await desk.task(due=TODAY, collaborators=[{"person": CAST.colleague}])
    made["thursday"] = await desk.task(due=THURSDAY)
    made["friday"] = await desk.task(due=FRIDAY, lead=CAST.colleague)
    made["sunday"] = await desk.task(by=CAST.delegate, lead=CAST.stranger, due=SUNDAY)
    made["later"] = await desk.task(due=date(2026, 12, 20))
    made["undated"] = await desk.task(no_due="ongoing")
    made["stalled"], made["paused"] = await desk.task(due=PAST), await desk.task(due=FRIDAY)
    for name in ("stalled", "paused"):
        await desk.do(CAST.head, "task.status", task=made[name], to="paused", reason="Chờ văn bản")
    made["waits"] = await desk.submitted(due=PAST)
    made["handed"] = await desk.submitted(by=CAST.delegate, lead=CAST.stranger, due=date(2026, 11, 12))
    made["cancelled"] = await desk.task(due=PAST)
    await desk.do(CAST.head, "task.status", task=made["cancelled"], to="cancelled", reason="Không còn cần")
    made["binned"] = await desk.task(due=PAST)
    await desk.do(CAST.head, "task.bin", task=made["binned"])
    made["proposed"] = await desk.proposal(due=PAST)
    desk.now = local(2026, 11, 16)
    late = await desk.task(due=date(2026, 11, 17))
    desk.now = local(2026, 11, 19)
    await desk.do(CAST.officer, "task.submit", task=late)
    await desk.do(CAST.head, "task.review", task=late, verdict="accept")
    desk.now = NOW
    await desk.do(CAST.delegate, "task.review", task=made["handed"], verdict="accept")
    for place, name in enumerate(("today", "later", "stalled", "waits", "undated")):
        await insert(Risk, {"id": made[name], "probability": 800_000 + place, "band": "high", "model": "test", "at": NOW})
    await insert(Risk, {"id": made["friday"], "band": "watch", "model": "test", "at": NOW})
    return made


def slow_due(record: Record, today: date, high: set[str], *, unit: str = "", lead: str = "") -> Due:
    """The same counted life by life."""
    found = dict.fromkeys(Due.__struct_fields__, 0)

    def count(life: Life) -> None:
        look = life.by(today)
        if look is None or look.due is None or look.status not in OWED or (lead and look.lead != lead):
            return
        if unit and unit not in record.known.path(look.unit):
            return
        found["today"] += look.due == today
        found["soon"] += today < look.due <= FRIDAY
        found["week"] += today <= look.due <= SUNDAY
        found["high"] += look.due >= today and life.task in high
        found["stalled"] += not lead and look.due < today and look.status == "paused"

    for life in record.lives:
        count(life)
    return Due(**found)


def tiles_in(page: str) -> dict[str, str]:
    """Label → number, as the page says them."""
    found = re.findall(r'<p class="board-label">([^<]+)</p><p class="board-number[^>]*>(?:<a [^>]+>)?([^<]+)<', page)
    return {html.unescape(label): html.unescape(number) for label, number in found}


async def test_every_number_is_the_ledgers_and_that_of_a_slow_count(engine: object) -> None:
    desk = Desk()
    made = await month(desk)
    record, known = await recounted(), await directory()
    counts, today = record.counts(MONTH, TODAY), record.days(CAST.centre, TODAY, TODAY)
    high = {made[name] for name in ("today", "later", "stalled", "waits", "undated")}
    shown = await board(CAST.centre, NOW, known)
    assert [one.unit for one in shown.lines] == [CAST.hcth, CAST.cntt], "the leaders' own unit has nothing"
    for unit, cell, due in [(one.unit, one.month, one.due) for one in shown.lines] + [(CAST.centre, shown.month, shown.due)]:
        assert cell == counts[unit, "total", ""]
        assert due == slow_due(record, TODAY, high, unit=unit)
    assert (shown.day.assigned, shown.day.done) == (today.get("assigned", 0), today["late"] + today.get("on_time", 0)) == (0, 1)
    for day, given, done in shown.course:
        told = record.days(CAST.centre, day, day)
        assert (given, done) == (told.get("assigned", 0), sum(told.get(name, 0) for name in ("on_time", "late", "undated"))), day
    assert [shown.course[0][0], shown.course[-1][0]] == [TODAY - timedelta(days=13), TODAY]
    # By hand, in case both counts are wrong in one way.
    assert shown.due == Due(today=1, soon=3, week=5, high=2, stalled=1)
    context = board_context(shown)
    assert [one["value"] for one in context["tiles"]] == ["10", "2", "1", "1", "1", "50 %"]
    room = context["lines"][1]
    assert room["said"] == "1 hoàn thành, 5 trong hạn, 1 chờ nghiệm thu, 1 tạm dừng, 2 quá hạn"
    assert sum(float(part["w"]) for part in room["parts"]) == pytest.approx(100, abs=0.05)
    for person in (CAST.officer, CAST.colleague, CAST.admin):
        found = await mine(person, CAST.centre, NOW)
        assert found.month == counts.get((CAST.centre, "lead", person), NONE)
        assert found.due == slow_due(record, TODAY, high, lead=person)
        assert found.beside == (person == CAST.colleague)
    own = mine_context(await mine(CAST.officer, CAST.centre, NOW), CAST.centre, CAST.officer, NOW)
    assert [one["value"] for one in own["tiles"]] == ["8", "2", "1", "1", "1", "0 %", "0"]


async def test_numbers_of_today_follow_the_date_though_nothing_happened(engine: object) -> None:
    await month(Desk())
    known = await directory()
    tomorrow = await board(CAST.centre, local(2026, 11, 24, 0, 0, 1), known)
    assert (tomorrow.day, tomorrow.course[-1]) == (NONE, (date(2026, 11, 24), 0, 0))
    assert (tomorrow.month.overdue, tomorrow.due.today) == (3, 0)
    december = await board(CAST.centre, local(2026, 12, 1, 0, 0, 1), known)
    assert (december.month.done, december.month.open, december.month.assigned) == (0, 10, 0)
    assert [one[1:] for one in december.course][:4] == [(0, 0), (0, 1), (0, 0), (0, 0)], "18 to 21 November, of the month before"


async def test_a_hundred_rooms_ask_no_more_than_two(engine: object) -> None:
    desk = Desk()
    known = await directory()
    with counted() as two:
        await board(CAST.centre, NOW, known)
    units = [fixed_id(f"room {n}") for n in range(100)]
    for place, unit in enumerate(units):
        name = f"Phòng {place} " + "nghiệp vụ rất dài " * 10
        room = AddUnit(id=unit, name=name[:200], short=f"P{place}", parent=CAST.centre, sort=20 + place)
        await carry_out(room, actor=None, now=NOW, source="cli")
    known = await directory()
    for unit in units[:3]:
        await desk.task(by=CAST.director, unit=unit, due=FRIDAY)
    with counted() as hundred:
        shown = await board(CAST.centre, NOW, known)
    assert len(hundred) == len(two) < 8
    if is_sqlite():
        for sql in hundred:
            values = max(int(number) for number in re.findall(r"\?(\d+)", sql))
            plan = [one["detail"] for one in await rows(f"EXPLAIN QUERY PLAN {sql}", *[None] * values)]
            assert not [step for step in plan if re.match(r"SCAN (task_standing|s)\b", step)], (sql, plan)
    assert len(shown.lines) == 102 and [one.month.open for one in shown.lines if one.month] == [1, 1, 1]
    assert [len(one) for one in board_context(shown, linked=False)["groups"]] == [6] * 17


def test_large_numbers_are_written_in_groups_and_shares_of_nothing_are_none() -> None:
    large = Counts(open=123456, in_progress=123456, overdue=123456, assigned=999999)
    shown = Board(CAST.centre, "Trung tâm", NOW, TODAY, large, Due(soon=123456), NONE, [(TODAY, 1234, 0)], [])
    context = board_context(shown)
    assert [one["value"] for one in context["tiles"]] == ["123.456", "123.456", "0", "0", "0", "–"]
    assert context["tiles"][0]["note"] == "giao mới tháng này: 999.999"
    assert context["course"]["said"] == "1 ngày qua: giao mới 1.234 việc, hoàn thành 0 việc."


@pytest.mark.parametrize(
    ("username", "where"),
    [
        ("giamdoc", "/dashboard/centre"),
        ("pgd1", "/dashboard/centre"),
        ("quantri", "/dashboard/centre"),
        ("hcth.truong", "/dashboard/centre"),
        ("cntt.truong", f"/dashboard/room/{CAST.cntt}"),
        ("cntt.pho1", f"/dashboard/room/{CAST.cntt}"),
        ("cntt.cv1", "/dashboard/me"),
    ],
    ids=["director", "deputy", "administrator", "acts-for-the-director", "head", "deputy-head", "officer"],
)
async def test_everybody_arrives_where_he_looks_first(visit: Visit, username: str, where: str) -> None:
    client = await visit(username)
    answer = await client.get("/dashboard")
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    page = await client.get(where)
    assert page.status_code == 200 and "Chưa có việc nào" in page.text, "an office in which nothing has begun"
    assert ("/dashboard/me" in page.text) == (username != "quantri")


async def test_pages_say_what_the_board_counted_and_lead_to_the_tasks_behind_it(visit: Visit) -> None:
    await month(Desk())
    client = await visit("cntt.cv1")
    centre, room, own = [(await client.get(f"/dashboard/{path}")).text for path in ("centre", f"room/{CAST.cntt}", "me")]
    assert list(tiles_in(centre).items())[:2] == [("Việc còn lại", "10"), ("Quá hạn", "2")]
    assert tiles_in(room)["Việc còn lại"] == "9" and tiles_in(own)["Việc còn lại"] == "8"
    for page in (centre, room, own):
        links = [html.unescape(one) for one in re.findall(r'href="(/reports/tasks\?[^"]+)"', page)]
        assert len(links) >= 4
        for link in dict.fromkeys(links):
            assert (await client.get(link)).status_code == 200, link
    assert 'aria-current="page">Phòng Ứng dụng CNTT' in room and 'aria-live="polite"' not in room.split('id="board"')[1].split("</main>")[0]


async def test_a_person_without_a_unit_and_a_room_that_is_none_are_answered(visit: Visit) -> None:
    await rows("UPDATE person SET unit = NULL WHERE id = $1", CAST.officer)
    await carry_out(EditUnit(unit=CAST.hcth, name="Phòng Hành chính"), actor=CAST.admin, now=NOW, source="page")
    client = await visit("cntt.cv1")
    for path in ("/dashboard/me", "/dashboard/centre", "/wall", f"/dashboard/room/{CAST.hcth}"):
        assert (await client.get(path)).status_code == 200, path
    for path in (f"/dashboard/room/{CAST.ministry}", "/dashboard/room/khong-co"):
        answer = await client.get(path)
        assert answer.status_code == 404 and "Hãy chọn lại phòng" in answer.text


async def test_an_office_without_rooms_or_without_a_centre_has_a_page_that_says_so(visit: Visit, clock: Clock) -> None:
    await rows("DELETE FROM unit WHERE kind = 'room'")
    new = AddPerson(id=fixed_id("new"), username="moi", name="Người Mới", position="officer", unit=CAST.centre, rank=50)
    await carry_out(new, actor=None, now=NOW, source="cli")
    client = await visit("cntt.truong")
    assert (await client.get("/dashboard")).headers["location"] == "/dashboard/me"
    page = (await client.get("/dashboard/centre")).text
    assert "/dashboard/room/" not in page and "Chưa có việc nào" in page
    await rows("UPDATE unit SET kind = 'outer'")
    await carry_out(EditUnit(unit=CAST.centre, name="Không còn là trung tâm"), actor=CAST.admin, now=NOW, source="page")
    for path in ("/dashboard/centre", "/dashboard/me", "/wall"):
        answer = await client.get(path)
        assert answer.status_code == 404 and "chưa có Trung tâm" in answer.text
