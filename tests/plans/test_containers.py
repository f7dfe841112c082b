"""Plans in every kind of file: text, Word, Excel, HTML, Markdown."""

import unicodedata
from datetime import date, datetime
from io import BytesIO

import pytest
from docx import Document
from openpyxl import Workbook

from server.plans.show import as_json
from tests.plans.helpers import FULL, document, facts, pasted, read, table, workbook


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_it_reads_text_in_any_encoding_and_with_any_delimiter(encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(f'"{cell}"' for cell in line.split("|")) for line in FULL]
    assert as_json(read("\r\n".join(lines).encode(encoding))) == as_json(read(table(*FULL).encode()))


def test_it_reads_windows_1258() -> None:
    parts = (unicodedata.normalize("NFC", letter) for letter in table(*FULL))
    legacy = b""
    for letter in parts:
        try:
            legacy += letter.encode("cp1258")
        except UnicodeEncodeError:
            base = unicodedata.normalize("NFD", letter)
            for mark in "\u0300\u0301\u0303\u0309\u0323":
                if mark in base:
                    legacy += unicodedata.normalize("NFC", base.replace(mark, "")).encode("cp1258") + mark.encode("cp1258")
    assert as_json(read(legacy)) == as_json(read(table(*FULL).encode()))


def test_it_reads_quoted_cells_of_several_lines() -> None:
    text = 'TT,Nhiệm vụ,Chủ trì,Thời hạn\r\n1,"Soạn\nquy chế","Phòng HCTH\nPhòng CNTT",2026\r\n'
    row = pasted(text).rows[0]
    assert (row.title, row.lead_text, [agency.unit for agency in row.leads]) == ("Soạn quy chế", "Phòng HCTH; Phòng CNTT", ["hcth", "cntt"])


def test_it_takes_quotes_of_the_authors_own_as_words() -> None:
    rows = pasted(
        table("TT|Nhiệm vụ|Chủ trì|Thời hạn", '1|"4 tại chỗ" một cách thực chất|P|2026', '2|"mở ngoặc|P|2026', "3|Khác|P|2026")
    ).rows
    assert [row.title for row in rows] == ['"4 tại chỗ" một cách thực chất', '"mở ngoặc', "Khác"]


def test_it_keeps_sheets_apart() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    for row in (["STT", "Nhiệm vụ", "Chủ trì", "Hạn"], ["I", "Nhóm"], [1, "A", "Phòng HCTH", "15/10/2026"]):
        first.append(row)
    second, hidden = book.create_sheet("Hai"), book.create_sheet("Ẩn")
    hidden.sheet_state = "hidden"
    for sheet in (second, hidden):
        for row in (["Nội dung", "Thời hạn"], ["B", "2026"]):
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    assert [(row.group, row.title) for row in read(out.getvalue()).rows] == [("Nhóm", "A"), (None, "B")]


def test_it_counts_the_numbers_that_word_counts_itself() -> None:
    made = Document()
    grid = made.add_table(rows=4, cols=3)
    for at, cells in enumerate(
        [("TT", "Nhiệm vụ", "Thời hạn"), ("", "Việc một", "2026"), ("", "Việc hai", "Quý I/2026"), ("", "tên thường", "2026")]
    ):
        for column, text in enumerate(cells):
            grid.cell(at, column).text = text
        if at:
            numbering = grid.cell(at, 0).paragraphs[0]._p.get_or_add_pPr().get_or_add_numPr()
            numbering.get_or_add_ilvl().val, numbering.get_or_add_numId().val = 0, 5
    out = BytesIO()
    made.save(out)
    assert [(row.number, row.title) for row in read(out.getvalue()).rows] == [("1", "Việc một"), ("2", "Việc hai"), ("3", "tên thường")]


def test_it_reads_merged_headers_groups_and_leads_of_a_document() -> None:
    made = Document()
    made.add_paragraph("KẾ HOẠCH công tác năm 2026")
    grid = made.add_table(rows=5, cols=5)
    rows = [
        ("STT", "Nội dung", "Đơn vị thực hiện", "", "Thời hạn"),
        ("", "", "Chủ trì", "Phối hợp", ""),
        ("I. Công tác tổ chức", "", "", "", ""),
        ("1", "Việc một", "Phòng HCTH", "Sở Nội vụ", "Tháng 6"),
        ("2", "Việc hai", "", "", "30/09"),
    ]
    for at, cells in enumerate(rows):
        for column, text in enumerate(cells):
            grid.cell(at, column).text = text
    for top, bottom in (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((0, 4), (1, 4)), ((2, 0), (2, 4)), ((3, 2), (4, 2))):
        grid.cell(*top).merge(grid.cell(*bottom))
    out = BytesIO()
    made.save(out)
    assert [(row.group, row.title, row.lead_text, row.partners_text, str(row.due)) for row in read(out.getvalue()).rows] == [
        ("Công tác tổ chức", "Việc một", "Phòng HCTH", "Sở Nội vụ", "2026-06-30"),
        ("Công tác tổ chức", "Việc hai", "Phòng HCTH", "", "2026-09-30"),
    ]


def test_it_joins_the_lines_of_a_task_whose_number_and_title_are_merged_downwards() -> None:
    head = "<tr><td>TT<td>Nhiệm vụ<td>Chủ trì<td>Sản phẩm"
    html = f"<table>{head}<tr><td rowspan=2>1<td rowspan=2>Việc<td>Phòng HCTH<td>Báo cáo<tr><td>Phòng CNTT<td>Tờ trình</table>"
    row = pasted(html).rows[0]
    assert (row.title, row.lead_text, row.product) == ("Việc", "Phòng HCTH; Phòng CNTT", "Báo cáo Tờ trình")


def test_it_reads_html_and_markdown() -> None:
    cells = [line.split("|") for line in FULL]
    html = "<p>x</p><table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells) + "</table>"
    markdown = "\n".join(["|" + "|".join(cells[0]) + "|", "|" + "---|" * 7, *("|" + "|".join(row) + "|" for row in cells[1:])])
    wanted = facts(table(*FULL))
    assert facts(html) == wanted and facts(markdown) == wanted


def test_it_reads_merged_cells_of_html() -> None:
    html = (
        "<table><tr><th rowspan=2>TT<th rowspan=2>Nhiệm vụ<th colspan=2>Đơn vị thực hiện<th rowspan=2>Thời hạn<tr><th>Chủ trì<th>Phối hợp"
        "<tr><td colspan=5>I. Nhóm<tr><td>1<td>Việc<td rowspan=2>Phòng HCTH<td>Phòng "
        "CNTT<td>2026<tr><td>2<td>Khác<td><td>Quý I/2026</table>"
    )
    assert facts(html) == [
        ("Nhóm", "1", "Việc", "Phòng HCTH", "2026-12-31", "once"),
        ("Nhóm", "2", "Khác", "Phòng HCTH", "2026-03-31", "once"),
    ]


def test_it_reads_dates_numbers_titles_and_merges_of_a_workbook() -> None:
    data = workbook(
        ["KẾ HOẠCH NĂM 2026"],
        [],
        ["STT", "Nhiệm vụ", "Chủ trì", None, "Thời hạn"],
        [None, None, "Đơn vị chủ trì", "Phối hợp", None],
        ["I", "Nhóm"],
        [1, "Việc", "Phòng HCTH", None, datetime(2026, 9, 30)],
        [2, "Khác", None, "Sở Nội vụ", 2026],
        [3.0, "Nữa", "Phòng CNTT", None, date(2026, 7, 1)],
        [4, "Cuối", "Phòng CNTT", None, "Tháng 6"],
        [],
        [None, "Nơi nhận: như trên"],
        merges=("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "B5:E5", "C6:C7"),
    )
    plan = read(data)
    assert [(row.number, row.group, row.lead_text, str(row.due)) for row in plan.rows] == [
        ("1", "Nhóm", "Phòng HCTH", "2026-09-30"),
        ("2", "Nhóm", "Phòng HCTH", "2026-12-31"),
        ("3", "Nhóm", "Phòng CNTT", "2026-07-01"),
        ("4", "Nhóm", "Phòng CNTT", "2026-06-30"),
    ]
    assert [len(row.doubts) for row in plan.rows] == [0, 0, 1, 0] and "7/2026" in plan.rows[2].doubts[0].message
    assert plan.heading.year == 2026


def test_it_reads_several_tables_of_a_document_and_one_that_runs_on() -> None:
    head = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
    data = document(
        [["Họ tên", "Chức vụ"], ["An", "Giám đốc"]],
        [head, ["1", "Việc", "Phòng HCTH", "Quý"]],
        [["", "tiếp theo", "", "I/2026"], ["2", "Khác", "Phòng CNTT", "2026"]],
        [head, ["1", "Nữa", "Phòng CNTT", "2026"]],
        before=("x", "I. Nhóm một", "", "II. Nhóm hai"),
    )
    assert [(row.group, row.title, str(row.due)) for row in read(data).rows] == [
        ("Nhóm một", "Việc tiếp theo", "2026-03-31"),
        ("Nhóm một", "Khác", "2026-12-31"),
        ("Nhóm hai", "Nữa", "2026-12-31"),
    ]
