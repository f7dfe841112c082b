"""The catalogue as a workbook: out and in again it is the same, and whatever a file holds that is none is said with its place."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from server.errors import Refusal
from server.kpi.queries.catalogue import Row, Version, entries_of, handbook
from server.kpi.rules.entries import Entry, compared, counted
from server.kpi.sheets_io.catalogue_in import FileRefused, Read, read_catalogue
from server.kpi.sheets_io.catalogue_out import workbook

HEAD = "Stt|Nhiệm vụ|Công việc chi tiết|Sản phẩm đầu ra|Phân nhóm|Khung điểm tối đa|Điểm chấm|Hệ số quy đổi|Ghi chú".split("|")
FIRST: list[Any] = [1, "Soạn thảo văn bản", "", "Văn bản", "Nhóm 1", 100, 5, 1, "Sản phẩm chuẩn"]
SECOND: list[Any] = [2, "Phát hành văn bản", "", "Lượt", "Nhóm 1", 100, 4, 0.8, ""]


def book(*lines: list[Any], change: Callable[[Worksheet], None] | None = None, title: str = "Danh mục") -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(line)
    if change is not None:
        change(sheet)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def read(data: bytes, known: list[Entry] | None = None, standard: str = "") -> Read:
    return read_catalogue(data, "danh-muc.xlsx", known or [], standard)


def refused(data: bytes) -> list[str]:
    with pytest.raises(FileRefused) as caught:
        read(data)
    return caught.value.lines


def stored(entries: list[Entry], standard: str = "SP01") -> tuple[Version, list[Row]]:
    """A version of these rows, as the database would have it."""
    products = [
        Row(
            id=f"id-{one.code}", catalogue="c", code=one.code, duty=one.duty, detail=one.detail, name=one.name, note=one.note, sort=place,
            unit_of_count=one.unit_of_count, complexity=one.complexity, most_points=one.most_points, points=one.points, k=one.k or 0,
            parent=f"id-{one.parent}" if one.parent else None,
        )
        for place, one in enumerate(entries)
    ]  # fmt: skip
    version = Version(
        id="c", number=1, name="Danh mục", document="", document_date=None, since=None, until=None, state="draft",
        standard=f"id-{standard}", note="", made_by=None, made_at=datetime.now(UTC), size=len(products),
    )  # fmt: skip
    return version, products


def test_a_file_that_went_out_comes_in_as_it_was() -> None:
    part = Entry(code="SP14A", name="Đề cương", complexity=4, points=100_000, most_points=400_000, k=20_000, parent="SP14", note="Bước 1")
    version, products = stored([*handbook()[0], part])
    found = read(workbook(version, products))
    assert found.standard == "SP01"
    changed = [(one.one.code, one.fields) for one in compared(entries_of(products), found.entries) if one.change != "same"]
    assert changed == [("SP01", ["note"])], "only the note that names the standard product is new"


def test_what_looks_like_a_formula_goes_out_as_a_text() -> None:
    bad = Entry(code="SP01", duty="=1+1", name="=SUM(A1:A9)", complexity=1, points=5000, most_points=100_000, k=1000, note="@x")
    data = workbook(*stored([bad]))
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    cells = {cell.value: cell.data_type for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)}
    assert cells["=1+1"] == "s" and cells["=SUM(A1:A9)"] == "s" and "f" not in cells.values()
    assert read(data).entries[0].name == "=SUM(A1:A9)"


def test_it_reads_the_form_of_the_handbook_without_codes() -> None:
    title = ["BẢNG TỔNG HỢP DANH MỤC"]
    numbered = [f"({n})" for n in range(1, 10)]
    found = read(book(title, [], HEAD, numbered, FIRST, SECOND, change=lambda sheet: sheet.merge_cells("A1:I1")))
    assert [(one.code, one.name, one.points, one.k, one.row) for one in found.entries] == [
        ("SP01", "Văn bản", 5000, 1000, 5),
        ("SP02", "Lượt", 4000, 800, 6),
    ]
    assert (found.standard, found.sheet) == ("SP01", "Danh mục")


def test_it_reads_the_example_of_the_handbook_with_its_other_names() -> None:
    head = ["Stt", "Nhiệm vụ", "Sản phẩm", "Phân nhóm", "Khung điểm tối đa", "Chấm điểm", "Quy đổi hệ số theo sản phẩm chuẩn", "Ghi chú"]
    [one] = read(book(head, [1, "Soạn thảo văn bản", "Văn bản", "Nhóm 1", 100, 5, 1, "Sản phẩm chuẩn"])).entries
    assert (one.duty, one.name, one.complexity, one.points, one.k) == ("Soạn thảo văn bản", "Văn bản", 1, 5000, 1000)


def test_a_row_without_a_code_keeps_the_one_that_the_same_work_had() -> None:
    known = [Entry(code="VB9", duty="phát hành văn bản", name="lượt", complexity=1, points=4000)]
    assert [one.code for one in read(book(HEAD, FIRST, SECOND), known).entries] == ["SP01", "VB9"]


def test_headings_and_merged_duties_belong_to_the_rows_below() -> None:
    lines: list[list[Any]] = [
        HEAD, ["I", "XÂY DỰNG THỂ CHẾ"], FIRST, [2, "Xây dựng nghị định", "Lập đề cương", "Đề cương", "N4", "", 200, "", ""],
        ["", "", "Lấy ý kiến", "Bản tổng hợp", 2, "", "100", "", ""], ["", "", "Hội thảo", "Tài liệu", "III", "", "99,5", None, ""],
    ]  # fmt: skip
    found = read(book(*lines, change=lambda sheet: sheet.merge_cells("B4:B5")))
    assert [(one.duty, one.complexity, one.points, one.k) for one in found.entries[1:]] == [
        ("Xây dựng nghị định", 4, 200_000, 40_000),
        ("Xây dựng nghị định", 2, 100_000, 20_000),
        ("Xây dựng nghị định", 3, 99_500, 19_900),
    ]


@pytest.mark.parametrize(
    ("lines", "change", "said"),
    [
        ([[*HEAD[:6], "Điểm chấm", None, "Ghi chú"], FIRST], "G1:H1", ["dòng 1", "Điểm chấm", "gộp nhiều cột"]),
        ([[*HEAD, "Sản phẩm đầu ra"], FIRST], "", ["dòng 1", "Sản phẩm đầu ra", "giống một cột khác"]),
        ([[*HEAD, "Mã"], [*FIRST, "A1"], [*SECOND, "a1"]], "", ["dòng 3", "A1", "nhiều dòng"]),
        ([HEAD, FIRST, [*SECOND[:4], "Nhóm 7", *SECOND[5:]]], "", ["dòng 3", "7", "nhóm 1 đến 5"]),
        ([HEAD, FIRST, [*SECOND[:4], "khó", *SECOND[5:]]], "", ["dòng 3", "khó", "Phân nhóm"]),
        ([HEAD, FIRST, [*SECOND[:6], "bốn", *SECOND[7:]]], "", ["dòng 3", "bốn", "Điểm chấm", "không phải là số"]),
        ([HEAD, FIRST, [*SECOND[:6], 101, *SECOND[7:]]], "", ["dòng 3", "101"]),
        ([HEAD, FIRST, [*SECOND[:7], 0.9, ""]], "", ["dòng 3", "0,9", "chia điểm"]),
        ([HEAD, FIRST, [2, "Phát hành", "", "", "Nhóm 1", "", 4, "", ""]], "", ["dòng 3", "Thiếu tên sản phẩm"]),
        ([HEAD, FIRST, [*SECOND[:8], "sản phẩm chuẩn"]], "", ["dòng 3", "sản phẩm chuẩn"]),
        ([HEAD, [*FIRST[:7], "", ""], [*SECOND[:7], "", ""]], "", ["Không dòng nào là sản phẩm chuẩn"]),
        ([HEAD, FIRST, [*SECOND[:6], None, *SECOND[7:]]], "G2:G3", ["dòng 3", "Điểm chấm", "gộp với dòng trên", "5"]),
        ([HEAD, FIRST, [*SECOND[:3], "x" * 2001, *SECOND[4:]]], "", ["dòng 3", "2000"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_sheet_row_and_value(lines: list[list[Any]], change: str, said: list[str]) -> None:
    found = refused(book(*lines, change=(lambda sheet: sheet.merge_cells(change)) if change else None))
    assert any(all(word in line for word in said) for line in found), found
    assert all("Danh mục" in line for line in found if "dòng" in line and "Không dòng" not in line), found


def test_everything_wrong_is_said_at_once() -> None:
    found = refused(book(HEAD, FIRST, [*SECOND[:4], "Nhóm 9", "", "x", "", ""], [3, "", "", "", 1, "", "", "", ""]))
    assert [line.split(":")[0].rpartition(" ")[2] for line in found] == ["3", "4", "3", "4"], found


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "plans.empty"),
        (b"TT\tNhi\xe1\xbb\x87m v\xe1\xbb\xa5\n1\tA\n", "kpi.catalogue.file.not_excel"),
        (b"PK\x03\x04 torn", "plans.broken"),
        (book(["A", "B"], [1, 2]), "kpi.catalogue.file.no_header"),
        (book(HEAD), "kpi.catalogue.file.no_rows"),
        (b"x" * (6 * 1024 * 1024), "kpi.catalogue.file.too_large"),
    ],
)
def test_what_is_no_catalogue_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(data)
    assert caught.value.key == key, caught.value.message


def test_two_sheets_with_a_catalogue_are_one_too_many() -> None:
    made = Workbook()
    for title in ("Một", "Hai"):
        sheet = made.create_sheet(title)
        for line in (HEAD, FIRST):
            sheet.append(line)
    out = BytesIO()
    made.save(out)
    with pytest.raises(Refusal) as caught:
        read(out.getvalue())
    assert caught.value.key == "kpi.catalogue.file.two_sheets" and "Một" in caught.value.message


def test_versions_are_compared_by_codes() -> None:
    before, standard = handbook()
    after = [one for one in before if one.code != "SP03"]
    after[1] = Entry(**{**{name: getattr(after[1], name) for name in after[1].__struct_fields__}, "points": 6000, "k": None})
    after = counted([*after, Entry(code="SP18", name="Mới", complexity=1, points=5000)], standard)
    found = {one.one.code: (one.change, one.fields) for one in compared(before, after) if one.change != "same"}
    assert found == {"SP02": ("changed", ["points", "k"]), "SP03": ("removed", []), "SP18": ("new", [])}
