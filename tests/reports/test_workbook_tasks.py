"""The tasks that a report counts: which, for whom, and the file of them, made by the process that makes it."""

from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from server.errors import Refusal
from server.ledger.grains import Period
from server.people.queries import directory
from server.reports.build import report_of
from server.reports.making.child import ordered
from server.reports.making.rules import What
from server.reports.making.wire import Order, Said
from server.reports.workbook.long import write_list
from server.reports.workbook.queries import Found, find, lines
from server.reports.workbook.tasks import COLUMNS, Line, heads
from server.settings import Settings
from tests.office import CAST
from tests.reports.test_workbook import LINES
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
MARCH = Period.read("2026-03")


@pytest.fixture
def desk() -> Desk:
    return Desk(now=local(2026, 2, 23))


async def listed(desk: Desk, reader: str, period: Period = MARCH, unit: str = CAST.cntt) -> tuple[Found, list[Line]]:
    known = await directory()
    found = await find(unit, period, reader, known, desk.today)
    return found, [line async for part in lines(found, period, known, desk.today, part=2) for line in part]


async def march(desk: Desk) -> None:
    """Six tasks of a room, of each kind that a report of March counts, and three that it does not."""
    await desk.task(title="=Mang sang", due=date(2026, 3, 10), collaborators=[{"person": CAST.colleague, "share": 30}])
    await desk.completed(title="Xong tháng 2")
    desk.now = local(2026, 3, 2)
    await desk.completed(title="Xong", due=date(2026, 3, 6))
    cancelled = await desk.task(title="Hủy")
    await desk.do(CAST.head, "task.status", task=cancelled, to="cancelled", reason="Không làm nữa")
    await desk.task(title="Của bạn", lead=CAST.colleague)
    waiting = await desk.task(title="Chờ")
    await desk.do(CAST.officer, "task.submit", task=waiting)
    binned = await desk.task(title="Bỏ")
    desk.now = local(2026, 4, 2)
    await desk.do(CAST.head, "task.review", task=waiting, verdict="accept")
    await desk.do(CAST.head, "task.bin", task=binned)
    await desk.task(title="Tháng 4")


async def test_it_lists_what_the_report_counts_as_it_stood(engine: object, desk: Desk) -> None:
    await march(desk)
    found, told = await listed(desk, CAST.head)
    report = await report_of(CAST.cntt, MARCH, desk.now)
    assert found.total == report.figure("total") == 6
    by_title = {one.title: one for one in told}
    assert list(by_title) == ["=Mang sang", "Xong", "Hủy", "Của bạn", "Chờ"] and found.hidden == 1
    first, done, waiting = by_title["=Mang sang"], by_title["Xong"], by_title["Chờ"]
    assert (first.given, first.due, first.state, first.outcome) == (date(2026, 2, 23), date(2026, 3, 10), "Chưa bắt đầu", "Quá hạn")
    assert (first.lead, first.partners, first.unit) == ("Trần Bảo Kha", "Nông Thị Quế Anh", "Phòng Ứng dụng CNTT")
    assert (done.state, done.outcome, done.handed, done.days) == ("Hoàn thành", "Đúng hạn", date(2026, 3, 2), 0)
    assert (waiting.state, waiting.handed, waiting.outcome, waiting.days) == ("Chờ nghiệm thu", date(2026, 3, 2), "", None)
    assert by_title["Hủy"].state == "Đã hủy"
    # An officer reads the same report, and of its tasks his own room's that he may see; the administrator none.
    assert "Tháng 4" not in by_title and len((await listed(desk, CAST.officer))[1]) < 6
    assert (await listed(desk, CAST.stranger))[0].standings == [] == (await listed(desk, CAST.admin))[0].standings
    assert (await listed(desk, CAST.head, Period.read("2025-03")))[0].total == 0


@pytest.mark.parametrize(
    ("office_url", "what"),
    [pytest.param("sqlite", "xlsx", id="sqlite"), pytest.param("postgres", "listing", id="postgres", marks=pytest.mark.postgres)],
    indirect=["office_url"],
)
async def test_the_process_makes_the_file_and_says_how_far_it_is(
    engine: object, desk: Desk, tmp_path: Path, office_url: str, what: What
) -> None:
    await march(desk)
    path = tmp_path / "made"
    heard: list[Said] = []
    order = Order(what=what, unit=CAST.cntt, period="2026-03", filed=None, person=CAST.head, now=desk.now, path=str(path))
    given = Settings(data_dir=str(tmp_path), database_url=office_url, secret_key="x" * 40)
    said = await ordered(order, given, heard.append)
    assert said.size == path.stat().st_size and len(said.sha256) == 64
    book = CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name("Danh sách nhiệm vụ").to_python(skip_empty_area=False)
    head = next(number for number, row in enumerate(rows) if row[0] == "Số")
    assert [row[1] for row in rows[head + 1 :]] == ["=Mang sang", "Xong", "Hủy", "Của bạn", "Chờ"]
    assert any("1 nhiệm vụ khác" in str(row[0]) for row in rows[:head])
    if what == "xlsx":
        assert len(book.sheet_names) > 5 and heard[-1].done == heard[-1].of


async def test_a_process_that_takes_too_long_is_ended_with_a_sentence(settings: Settings, tmp_path: Path, anyio_backend: str) -> None:
    now = local(2026, 4, 2)
    order = Order(what="listing", unit=CAST.cntt, period="2026-03", filed=None, person=CAST.head, now=now, path=str(tmp_path / "made"))
    with pytest.raises(Refusal) as caught:
        await ordered(order, settings, lambda _: None, longest=0.02)
    assert caught.value.key == "making.took_too_long" and not (tmp_path / "made").exists()


def test_a_list_of_any_length_keeps_texts_and_days(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    told: list[int] = []
    many = LINES * 250
    assert write_list(path, "=Danh sách", "Trung tâm", "", iter(many), told.append, unit="A & B") == len(many) and told == [1000, 2000]
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[0][0] == "=Danh sách" and rows[3] == heads()
    kinds = [kind for _, kind, _ in COLUMNS]
    for row, line in zip(rows[4:], many, strict=True):
        assert (row[0], row[8], row[9], row[13], row[16]) == (line.number, line.given, line.due or "", line.days, line.plan)
        assert all(isinstance(value, str) for value, kind in zip(row, kinds, strict=True) if kind == "text")
    assert [row[1] for row in rows[4:8]] == [line.title for line in LINES[:4]]
    empty = tmp_path / "empty.xlsx"
    assert write_list(empty, "Danh sách", "", "Không có", iter(())) == 0
    assert CalamineWorkbook.from_path(empty).sheet_names == ["Danh sách nhiệm vụ"]
