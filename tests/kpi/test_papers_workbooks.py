"""Score workbooks, opened again: numbers are numbers, days are days, and every value is the one on the paper."""

import io
from datetime import date, datetime
from typing import Any

import msgspec
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from server.kpi.papers import fill, workbooks
from server.kpi.papers.shapes import Person, RoomPaper, RoomRow, SheetPaper, When, YearList
from server.kpi.rules.score import score
from server.kpi.rules.year import Month, rate
from tests.kpi import paper_samples as samples

NOVEMBER = samples.NOVEMBER


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def row_of(sheet: Any, first: Any, column: int = 0) -> list[Any]:
    return next(row for row in values(sheet) if row[column] == first)


def year_list() -> YearList:
    months = [Month(n, None if n == 3 else 88_000 + 500 * n, "sick" if n == 3 else "") for n in range(1, 13)]
    rating = rate(months, samples.RULES)
    rows = [fill.year_row(person, months, rating, "excellent", "good") for person in (samples.PERSON, samples.LONG)]
    return YearList(agency=samples.AGENCY, year=2026, rows=tuple(rows))


def room() -> RoomPaper:
    found = score(samples.LINES, 30_000, samples.RULES)
    rows = (
        fill.room_row(samples.PERSON, found, "Đã xác nhận"),
        RoomRow(person=samples.LONG, state="Chưa tự chấm", missing="Chưa đủ dữ liệu"),
    )
    return RoomPaper(agency=samples.AGENCY, unit="Phòng Hành chính - Tổng hợp", when=NOVEMBER, rows=rows)


def test_a_sheet_has_the_form_and_its_lines():
    book = opened(workbooks.sheet_workbook(samples.sheet()))
    form, detail = book.worksheets
    assert (form.title, detail.title) == ("Mẫu số 01", "Chi tiết")
    assert row_of(form, "Ý thức kỷ luật, kỷ cương trong thực thi công vụ", 1)[2:5] == [5, 4.5, 5]
    assert row_of(form, "Tổng cộng", 1)[2:5] == [30, 29, 30]
    assert row_of(form, "2. Điểm tiêu chí kết quả thực hiện nhiệm vụ", 1)[2] == 46.7
    assert row_of(form, "3. Tổng điểm theo dõi, đánh giá công chức", 1)[2] == 76.7
    assert any(samples.COMMENT in str(row[0]) for row in values(form))
    line = row_of(detail, "Trả lời kiến nghị của người dân, doanh nghiệp", 1)
    assert line[2] == datetime(2025, 11, 10) and line[9] == datetime(2025, 11, 12)
    assert line[3:9] == ["Công văn trả lời", 2.7, 3, 8.1, 3, 8.1]
    assert line[10:14] == [2, 4.05, 1, 6.075]
    assert row_of(detail, "Tổng cộng", 1)[6:14] == [16.8, None, 15.06, None, None, 7.01, None, 11.555]


def test_another_reader_sees_the_same_numbers_and_days():
    data = workbooks.sheet_workbook(samples.sheet())
    seen = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Chi tiết").to_python()
    line = next(row for row in seen if row[1] == "Báo cáo tổng hợp về công tác chuyên môn")
    assert line[2] == date(2025, 11, 19) and line[4:9] == [3.7, 1.0, 3.7, 0.8, 2.96]


def test_a_blank_form_is_a_workbook_too():
    form = opened(workbooks.sheet_workbook(SheetPaper())).worksheets[0]
    assert row_of(form, "Tổng cộng", 1)[2:5] == [30, None, None]


def test_a_rooms_month_has_one_line_a_person_and_empty_where_nothing_is_known():
    sheet = opened(workbooks.room_workbook(room())).worksheets[0]
    head = row_of(sheet, "TT")
    assert head[3:9] == [
        "a (số lượng, %)",
        "b (chất lượng, %)",
        "c (tiến độ, %)",
        "Điểm kết quả nhiệm vụ",
        "Điểm tiêu chí chung",
        "Tổng điểm",
    ]
    assert row_of(sheet, 1)[1:11] == [
        "Nguyễn Thị Ánh Tuyết", "Chuyên viên", 89.643, 68.78, 41.726, 46.7, 30, 76.7, "Hoàn thành tốt nhiệm vụ", "Đã xác nhận",
    ]  # fmt: skip
    assert row_of(sheet, 2)[3:9] == [None] * 6, "what is not known is no zero"


def test_the_years_list_has_twelve_months_and_both_ratings():
    sheet = opened(workbooks.years_workbook(year_list())).worksheets[0]
    row = row_of(sheet, 1)
    assert row[4:16] == [88.5, 89, None, 90, 90.5, 91, 91.5, 92, 92.5, 93, 93.5, 94]
    assert row[16:19] == [91.4, "Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ"]


def test_a_persons_year_and_the_published_list():
    year = opened(workbooks.year_workbook(samples.year())).worksheets[0]
    assert row_of(year, 6) == [6, None, "Nghỉ ốm đau, thai sản"]
    assert row_of(year, "Tổng điểm trung bình cả năm")[1] == 91.3
    published = opened(workbooks.publication_workbook(samples.publication())).worksheets[0]
    cells = [cell for row in published.iter_rows(min_row=6) for cell in row]
    assert {type(cell.value) for cell in cells if cell.column > 1} <= {str, type(None)}, "ratings only"
    assert row_of(published, 10)[4] == "Không xếp loại"


BOOKS = {
    "sheet": lambda: workbooks.sheet_workbook(samples.sheet()),
    "year": lambda: workbooks.year_workbook(samples.year()),
    "room": lambda: workbooks.room_workbook(room()),
    "years": lambda: workbooks.years_workbook(year_list()),
    "list": lambda: workbooks.publication_workbook(samples.publication()),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_prints_on_a4_with_its_head_on_every_page_and_frozen(name):
    for sheet in opened(BOOKS[name]()).worksheets:
        rows = values(sheet)
        head = next(n for n, row in enumerate(rows, 1) if row[0] in ("TT", "Tháng"))
        assert sheet.freeze_panes == f"A{head + 1}"
        assert sheet.print_title_rows == f"${head}:${head}"
        assert int(sheet.page_setup.paperSize) == 9 and sheet.page_setup.fitToWidth == 1 and sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert [round(one * 25.4) for one in (sheet.page_margins.left, sheet.page_margins.right, sheet.page_margins.top)] == [30, 15, 20]
        assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"Times New Roman"}


def test_a_text_never_becomes_a_formula_and_unprintable_letters_are_dropped():
    nasty = Person(name="=HYPERLINK(1)", title="+1", unit="a\x07b")
    paper = msgspec.structs.replace(samples.publication(1), rows=(msgspec.structs.replace(samples.publication(1).rows[0], person=nasty),))
    sheet = opened(workbooks.publication_workbook(paper)).worksheets[0]
    cells = {cell.column: cell for row in sheet.iter_rows(min_row=5) for cell in row if row[0].value == 1}
    assert (cells[2].value, cells[2].data_type) == ("=HYPERLINK(1)", "s")
    assert cells[4].value == "ab"


def test_a_quarter_is_named_in_the_head():
    quarter = When(year=2026, kind="quarter", number=4)
    paper = msgspec.structs.replace(room(), when=quarter)
    assert "quý 4 năm 2026" in [row[0] for row in values(opened(workbooks.room_workbook(paper)).worksheets[0])]
