"""The workbook of a report, opened again by another programme than the one that wrote it."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import msgspec
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from server.reports.shape import Chart, Column, Headline, Report, Row, Section, Table, Value
from server.reports.workbook import workbook
from server.reports.workbook.safe import LONGEST_NAME, LONGEST_TEXT, sheet_name
from server.reports.workbook.tasks import COLUMNS, Line
from tests.reports.sample import FORMULA, LONG_NAME, sample_report

DAY = date(2026, 11, 20)
TITLES = (FORMULA, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "x" * 40_000, "a\x00\x0b\ufffeb", "_x0041_", LONG_NAME)
LINES = [
    Line(f"#26-{n:03d}", title, LONG_NAME, "A; B", "Phòng", "", "Khẩn", "Đột xuất", DAY, None if n % 2 else DAY, "Hoàn thành", DAY, "",
         n, 0, 1, FORMULA, "")
    for n, title in enumerate(TITLES)
]  # fmt: skip


@cache
def data() -> bytes:
    return workbook(sample_report(), LINES, remark="2 nhiệm vụ khác")


@cache
def opened() -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data()))


def read(book: bytes) -> dict[str, list[list[Any]]]:
    found = CalamineWorkbook.from_filelike(BytesIO(book))
    return {name: found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names}


def parts(book: bytes, beginning: str) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        for name in archive.namelist():
            if name.startswith(beginning) and name.endswith(".xml"):
                yield archive.read(name).decode()


def margins(sheet: Worksheet) -> list[str]:
    """What is printed above and below: left and right of each."""
    header, footer = sheet.oddHeader, sheet.oddFooter
    assert header is not None and footer is not None
    return [str(one.text) for one in (header.left, header.right, footer.left, footer.right)]


def told(column: Column, value: Value) -> Any:
    """What a reader of the workbook finds for a value of the report."""
    if value is None or value == "":
        return ""
    return date.fromisoformat(str(value)) if column.kind == "date" else value


def test_every_number_of_the_report_is_in_the_workbook_as_a_number() -> None:
    report, sheets = sample_report(), read(data())
    names = list(sheets)[1:-1]
    assert [one.title.startswith(name) for name, one in zip(names, report.sections, strict=True)] == [True] * len(names)
    for name, section in zip(names, report.sections, strict=True):
        rows = sheets[name]
        head = next(number for number, row in enumerate(rows) if row[0] == section.table.head)
        assert rows[head][1 : 1 + len(section.table.columns)] == [one.label for one in section.table.columns]
        lines = [*section.table.rows, *([section.table.total] if section.table.total else [])]
        for place, line in enumerate(lines, head + 1):
            calendar = section.chart is not None and section.chart.shape == "calendar"
            assert rows[place][0] == (date.fromisoformat(line.key) if calendar else line.label)
            wanted = [told(column, value) for column, value in zip(section.table.columns, line.values, strict=True)]
            found = rows[place][1 : 1 + len(wanted)]
            assert found == wanted, (section.key, line.label)
            assert [isinstance(one, str) for one in found] == [isinstance(one, str) for one in wanted]
            assert not line.note or line.note in rows[place]


def test_the_first_sheet_compares_and_says_what_there_is() -> None:
    report, rows = sample_report(), next(iter(read(data()).values()))
    by_label = {row[0]: row for row in rows}
    for one in report.headlines:
        row = by_label[one.label]
        assert [row[place] for place in (1, 2, 4)] == ["" if value is None else value for value in (one.value, one.before, one.year_before)]
    assert by_label["Tỷ lệ đúng hạn"][3] == pytest.approx(-3.6) and by_label["Tỷ lệ đúng hạn"][5] == ""
    assert [row[1] for row in rows if row[0] in [one.title for one in report.sections]] == [one.said for one in report.sections]
    assert "Số liệu đến hết ngày 30/11/2026." in by_label and "2 nhiệm vụ khác" in by_label


def test_no_text_becomes_a_formula_and_none_is_lost() -> None:
    for xml in parts(data(), "xl/worksheets/sheet"):
        assert "<f>" not in xml and "<f " not in xml and "\x00" not in xml
    rows = read(data())["Danh sách nhiệm vụ"]
    head = next(number for number, row in enumerate(rows) if row[0] == "Số")
    titles = [row[1] for row in rows[head + 1 :]]
    assert titles[:4] == list(TITLES[:4]) and [one.strip() for one in titles[4:6]] == ["=1", "=1"]
    assert len(titles[6]) == LONGEST_TEXT and titles[7] == "ab" and titles[9] == LONG_NAME
    assert any("_x005F_x0041_" in xml for xml in parts(data(), "xl/worksheets/sheet"))
    sheet = opened()["Danh sách nhiệm vụ"]
    cells = [sheet.cell(head + 2 + place, 2) for place in range(5)]
    assert [(one.data_type, one.quotePrefix) for one in cells] == [("s", True)] * 5


def test_days_are_days_and_empty_cells_empty_in_the_list() -> None:
    rows = read(data())["Danh sách nhiệm vụ"]
    head = next(number for number, row in enumerate(rows) if row[0] == "Số")
    places = {name: place for place, (name, _, _) in enumerate(COLUMNS)}
    for row, line in zip(rows[head + 1 :], LINES, strict=True):
        assert (row[places["given"]], row[places["due"]]) == (line.given, line.due or "")
        assert (row[places["days"]], row[places["field"]], row[places["plan"]]) == (line.days, "", FORMULA)


def test_every_sheet_is_ready_for_paper_and_for_the_filter() -> None:
    book = opened()
    for sheet in book.worksheets:
        assert isinstance(sheet, Worksheet)
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (9, 1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
        left, right, foot, pages = margins(sheet)
        assert left == "Trung tâm Phục vụ hành chính công" and "Tháng 11" in right
        assert "30/11/2026" in foot and pages == "Trang &P/&N"
        assert sheet.freeze_panes is not None
        if sheet is not book.worksheets[0]:
            head = re.fullmatch(r"\$(\d+):\$\1", sheet.print_title_rows or "")
            assert head is not None and sheet.freeze_panes.endswith(str(int(head[1]) + 1))
            assert sheet.auto_filter.ref.startswith(f"A{head[1]}:")
    assert [book[name].page_setup.orientation for name in ("Kết quả chung", "Theo người chủ trì")] == ["portrait", "landscape"]
    formats = {cell.number_format for row in book["Theo người chủ trì"].iter_rows() for cell in row if cell.value is not None}
    assert {"#,##0", "0.0%"} <= formats and book["Hoàn thành theo ngày"]["A5"].number_format == "dd/mm/yyyy"
    assert (book.properties.language, book.properties.creator) == ("vi-VN", "Trung tâm Phục vụ hành chính công")


def test_charts_are_drawn_from_the_cells() -> None:
    charts = list(parts(data(), "xl/charts/chart"))
    assert len(charts) == sum(one.chart is not None and one.chart.shape != "calendar" for one in sample_report().sections)
    people = next(one for one in charts if "'Theo người chủ trì'!" in one)
    assert 'grouping val="stacked"' in people and "<c:f>'Theo người chủ trì'!$A$" in people.replace("<f>", "<c:f>")
    assert 'val="1"' not in re.findall(r"<delete [^>]*>", people)
    # Of a plan and its tasks only the plans are drawn, from their own list beside the table.
    plans = next(one for one in charts if "'Tiến độ kế hoạch'!" in one)
    assert "'Tiến độ kế hoạch'!$A" not in plans
    assert any("colorScale" in one for one in parts(data(), "xl/worksheets/sheet"))


def test_an_empty_report_and_long_names_make_a_workbook_too() -> None:
    whole = sample_report()
    bare = Section("units", "[Theo] đơn vị: 1/2 " * 20, "", Table("Tên", [Column("open", "Còn lại")], []), Chart("bars", ["open"]))
    report = msgspec.structs.replace(
        whole,
        unit_label=f"A & B \x01{LONG_NAME}",
        headlines=[Headline("open", FORMULA, "count", None)],
        sections=[bare, bare, msgspec.structs.replace(bare, title="'")],
    )
    steps: list[tuple[int, int]] = []
    book = workbook(report, [], lambda done, of: steps.append((done, of)))
    sheets = read(book)
    assert all(0 < len(name) <= LONGEST_NAME and not re.search(r"[\[\]:*?/\\]", name) for name in sheets)
    assert "Trang" in sheets and len({name.casefold() for name in sheets}) == 5
    assert any(row[0] == "Không có số liệu trong kỳ." for row in list(sheets.values())[1])
    assert any(row[0] == "Không có nhiệm vụ nào trong kỳ mà bạn được xem." for row in list(sheets.values())[-1])
    assert steps[-1] == (steps[0][1], steps[0][1]) and [one for one, _ in steps] == sorted(one for one, _ in steps)
    assert margins(openpyxl.load_workbook(BytesIO(book)).worksheets[0])[0].startswith("A && B Nguyễn")
    assert read(workbook(msgspec.structs.replace(whole, headlines=[], sections=[])))


def test_a_sheet_keeps_its_number_where_its_name_is_taken() -> None:
    taken: list[str] = []
    for _ in range(12):
        taken.append(sheet_name(LONG_NAME, taken, "Trang"))
    assert len({one.casefold() for one in taken}) == 12 and max(map(len, taken)) <= LONGEST_NAME
    assert sheet_name("History", [], "Trang") == "Trang"


def test_lines_and_single_values_are_drawn_as_well() -> None:
    lines = [Row(f"{n}", f"Tháng {n}", [n / 12]) for n in range(1, 13)]
    section = Section("trend", "Xu hướng", "", Table("Tháng", [Column("share", "Tỷ lệ", "share")], lines), Chart("lines", ["share"]))
    report: Report = msgspec.structs.replace(sample_report(), sections=[section])
    (chart,) = parts(workbook(report), "xl/charts/chart")
    assert "lineChart" in chart and 'formatCode="0%"' in chart
