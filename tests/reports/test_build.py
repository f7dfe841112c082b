"""Reports made of what the cast did: known tasks, known cells."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from server.kpi.tables import KpiPeriod, KpiSheet
from server.ledger.grains import Period
from server.people.commands import AddPerson, AddUnit, DisablePerson, EditPerson, EditUnit
from server.plans.tables import PlanImport
from server.reports.build import report_of
from server.reports.shape import Report, Section, decoded, encoded
from server.storage.door import carry_out
from server.storage.engine import counted, insert, row
from server.storage.ids import new_id
from tests.office import CAST, fixed_id
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
MARCH = Period.read("2026-03")
APRIL = local(2026, 4, 2)
#: Lists whose lines add up to the sum.
LISTS = ("units", "people", "leaders", "fields", "priorities", "origins")
FORMULA = '=HYPERLINK("x")'


@pytest.fixture
def desk() -> Desk:
    return Desk()


def section(report: Report, key: str) -> Section:
    found = report.section(key)
    assert found is not None, key
    return found


def cells(report: Report, key: str, row: str) -> dict[str, Any]:
    """A line of a section by its key; "" for the sum."""
    table = section(report, key).table
    found = [one for one in table.rows if one.key == row] if row else [table.total]
    assert found and found[0] is not None, (key, row, [one.key for one in table.rows])
    return dict(zip([one.key for one in table.columns], found[0].values, strict=True))


def figures(report: Report, key: str, row: str, *names: str) -> list[Any]:
    known = cells(report, key, row)
    return [known[name] for name in names]


async def march(desk: Desk) -> str:
    """One task carried over and done late, one ad hoc and urgent that is overdue, one done in time in the other room. Answers the plan."""
    plan = new_id()
    desk.now = local(2026, 2, 20)
    carried = await desk.task(due=date(2026, 3, 6), plan=plan, title=FORMULA, product_text="Báo cáo")
    desk.now = local(2026, 3, 2)
    await desk.task(lead=CAST.colleague, due=date(2026, 3, 20), priority="urgent", kind="ad_hoc", plan=plan, title="Tập huấn")
    desk.now = local(2026, 3, 10)
    await desk.do(CAST.officer, "task.submit", task=carried)
    await desk.do(CAST.head, "task.review", task=carried, verdict="accept")
    await desk.completed(by=CAST.delegate, lead=CAST.stranger, due=date(2026, 3, 12))
    desk.now = local(2026, 3, 23)
    await insert(PlanImport, {"id": plan, "title": FORMULA, "created_by": CAST.head, "created_at": desk.now, "confirmed_at": desk.now})
    return plan


async def test_known_tasks_make_known_cells(engine: object, desk: Desk) -> None:
    plan = await march(desk)
    report = await report_of(CAST.centre, MARCH, APRIL)
    assert (report.period, report.running, report.as_of) == ("2026-03", False, local(2026, 4, 1, 0))
    names = ("total", "carried", "assigned", "done", "on_time", "late", "open", "overdue", "on_time_share")
    assert figures(report, "units", CAST.cntt, *names) == [2, 1, 1, 1, 0, 1, 1, 1, 0.0]
    assert figures(report, "units", CAST.hcth, *names) == [1, 0, 1, 1, 1, 0, 0, 0, 1.0]
    assert figures(report, "people", CAST.colleague, "position", "total", "overdue") == ["Chuyên viên", 1, 1]
    assert figures(report, "priorities", "urgent", "total", "overdue") == [1, 1]
    assert figures(report, "origins", "ad_hoc", "total", "done_share") == [1, 0.0]
    assert figures(report, "leaders", "", "total") == [3]
    summary = {one.key: one.values for one in section(report, "summary").table.rows}
    assert (summary["total"], summary["carried"], summary["late"]) == ([3, 1, None], [1, 0, None], [1, 0, None])
    assert [(one.key, one.values[0]) for one in section(report, "calendar").table.rows] == [("2026-03-10", 2)]
    assert sum(int(one.values[1] or 0) for one in section(report, "course").table.rows) == 2
    assert section(report, "course").table.rows[0].label == "Tuần 9 (01/03/2026)"
    assert figures(report, "flow", CAST.cntt, "done", "mean_days", "returned") == [1, 12.0, 0]
    assert figures(report, "load", CAST.cntt, "people", "load", "load_before") == [4, 0.25, 0.25]
    assert figures(report, "plans", plan, "total", "done", "late", "overdue", "done_share") == [2, 1, 1, 1, 0.5]
    tasks = [(one.label, *one.values[-4:]) for one in section(report, "plans").table.rows if one.level == 1]
    assert tasks == [
        (FORMULA, "Trần Bảo Kha", "Báo cáo", "Hoàn thành", "2026-03-06"),
        ("Tập huấn", "Nông Thị Quế Anh", "", "Quá hạn", "2026-03-20"),
    ]
    assert section(report, "units").said == (
        "Phòng Hành chính - Tổng hợp và Phòng Ứng dụng CNTT cùng hoàn thành nhiều nhất (mỗi đơn vị 1 việc); "
        "Phòng Ứng dụng CNTT có 1 việc quá hạn."
    )
    assert decoded(encoded(report)) == report
    json.loads(encoded(report))


async def test_lines_add_up_to_the_sum_in_every_list(engine: object, desk: Desk) -> None:
    await march(desk)
    # A task of the centre itself belongs to no room.
    await desk.do(CAST.director, "task.create", title="Việc của Trung tâm", lead=CAST.deputy)
    for code in ("2026-03", "2026-Q1", "2026-W11", "2026"):
        report = await report_of(CAST.centre, Period.read(code), desk.now)
        for key in LISTS:
            table = section(report, key).table
            assert table.total is not None
            for at, column in enumerate(table.columns):
                if column.kind == "count":
                    assert sum(int(row.values[at] or 0) for row in table.rows) == table.total.values[at], (code, key, column.key)
            assert table.total.values[-16] == report.figure("total")


async def test_a_room_has_people_and_no_units_and_leaders_have_their_own(engine: object, desk: Desk) -> None:
    await march(desk)
    room = await report_of(CAST.cntt, MARCH, APRIL)
    assert room.section("units") is None
    assert [one.key for one in section(room, "people").table.rows] == [CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague]
    assert figures(room, "load", CAST.colleague, "load", "load_before") == [1, 0]
    assert room.figure("asked") == 0
    leaders = await report_of(CAST.leadership, MARCH, APRIL)
    assert section(leaders, "people").said == "Trong kỳ chưa ghi nhận nhiệm vụ nào."


async def test_a_page_of_very_many_people_says_where_they_are_listed_and_the_rest_stays(engine: object, desk: Desk) -> None:
    await march(desk)
    whole, page = [await report_of(CAST.centre, MARCH, APRIL, most_people=most) for most in (None, 2)]
    assert section(whole, "people").table.rows and not section(page, "people").table.rows
    assert section(page, "people").said.startswith("8 người làm việc ở đây")
    assert page.headlines == whole.headlines
    assert [one for one in page.sections if one.key != "people"] == [one for one in whole.sections if one.key != "people"]


async def test_who_left_in_the_middle_of_the_month_is_there_with_a_note(engine: object, desk: Desk) -> None:
    await march(desk)
    desk.now = local(2026, 3, 25)
    await desk.do(CAST.head, "task.assign", task=await _open_task(), lead=CAST.head, reason="Chuyển công tác")
    await carry_out(DisablePerson(person=CAST.colleague), actor=CAST.admin, now=desk.now, source="page")
    await carry_out(EditPerson(person=CAST.officer, unit=CAST.hcth), actor=CAST.admin, now=desk.now, source="page")
    report = await report_of(CAST.cntt, MARCH, APRIL)
    notes = {one.key: one.note for one in section(report, "people").table.rows}
    assert notes[CAST.colleague] == "Đã nghỉ hoặc chuyển công tác."
    assert notes[CAST.officer] == "Hiện thuộc Phòng Hành chính - Tổng hợp."
    assert figures(report, "people", CAST.colleague, "assigned", "moved", "total") == [1, -1, 0]
    assert figures(report, "people", CAST.head, "assigned", "moved", "total") == [0, 1, 1]


async def test_a_past_report_says_the_same_when_people_move_and_units_change(engine: object, desk: Desk) -> None:
    desk.now = local(2026, 12, 2)
    await desk.task(due=date(2026, 12, 20))
    december, later = Period.read("2026-12"), local(2027, 1, 4)
    units = (CAST.centre, CAST.cntt, CAST.hcth)
    told = [encoded(await report_of(unit, december, later)) for unit in units]
    for change in (
        EditPerson(person=CAST.colleague, unit=CAST.hcth),
        EditPerson(person=CAST.colleague, name="Nông Thị Quế", position="deputy_head"),
        DisablePerson(person=CAST.stranger),
        AddPerson(id=new_id(), username="moi", name="Người mới về", position="officer", unit=CAST.cntt, rank=9),
        EditUnit(unit=CAST.cntt, name="Phòng Chuyển đổi số"),
        AddUnit(id=new_id(), name="Phòng mới lập", short="M", parent=CAST.centre, sort=9),
    ):
        await carry_out(change, actor=CAST.admin, now=later, source="page")
    assert [encoded(await report_of(unit, december, later)) for unit in units] == told
    january = await report_of(CAST.centre, december.after, later)
    assert [one.label for one in section(january, "units").table.rows if one.key == CAST.cntt] == ["Phòng Chuyển đổi số"]


async def _open_task() -> str:
    found = await row("SELECT id FROM task WHERE title = $1", "Tập huấn")
    assert found is not None
    return str(found["id"])


async def test_an_empty_unit_has_a_report_that_says_so(engine: object, desk: Desk) -> None:
    empty = fixed_id("phong-moi")
    name = "Phòng " + "X" * 190
    await carry_out(AddUnit(id=empty, name=name, short="M", parent=CAST.centre, sort=9), actor=CAST.admin, now=APRIL, source="page")
    for code in ("2026-03", "2026-W10", "2026-Q1", "2026"):
        report = await report_of(empty, Period.read(code), APRIL)
        assert (report.unit_label, report.figure("total"), report.figure("on_time_share")) == (name, 0, None)
        assert all(one.said for one in report.sections)
        assert all(not one.table.rows for one in report.sections if one.key not in ("summary",))


async def test_scores_of_two_people_are_left_out_and_those_of_a_room_told(engine: object, desk: Desk) -> None:
    period = new_id()
    await insert(
        KpiPeriod,
        {
            "id": period, "year": 2026, "number": 3, "starts": MARCH.start, "ends": MARCH.last, "state": "closed",
            "opened_at": APRIL, "closed_at": APRIL,
        },
    )  # fmt: skip
    people = {
        CAST.cntt: (CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague),
        CAST.hcth: (CAST.delegate, CAST.stranger),
        CAST.leadership: (CAST.director, CAST.deputy),
    }
    for unit, members in people.items():
        for at, person in enumerate(members):
            points, band = (92_000, "excellent") if at == 0 else (80_000, "good")
            one = {"id": new_id(), "period": period, "person": person, "unit": unit, "state": "closed", "total": points, "band": band}
            await insert(KpiSheet, one)
    names = ("kpi_people", "kpi_mean", "kpi_band_excellent", "kpi_band_good")
    report = await report_of(CAST.centre, MARCH, APRIL)
    assert figures(report, "kpi", CAST.cntt, *names) == [4, 83.0, 1, 3]
    assert figures(report, "kpi", CAST.hcth, *names) == figures(report, "kpi", CAST.leadership, *names) == [None] * 4
    assert figures(report, "kpi", "", *names) == [8, 84.5, 3, 5]
    assert report.figure("kpi_mean") == 84.5
    small = await report_of(CAST.hcth, MARCH, APRIL)
    assert small.figure("kpi_mean") is None
    assert figures(small, "kpi", CAST.hcth, *names) == [None] * 4


async def test_a_year_asks_the_same_number_of_questions_however_much_there_is(engine: object, desk: Desk) -> None:
    year = Period.read("2026")

    async def asked(now: datetime) -> int:
        await report_of(CAST.centre, year, now)
        with counted() as seen:
            await report_of(CAST.centre, year, now)
        return len(seen)

    await march(desk)
    few = await asked(desk.now)
    for lead in (CAST.officer, CAST.colleague, CAST.deputy_head):
        await desk.task(lead=lead, due=date(2026, 3, 6), plan=new_id())
    assert await asked(desk.now) == few
    assert few < 45
