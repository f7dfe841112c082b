"""Plans for the tests, and the office they are read for."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from docx import Document
from openpyxl import Workbook

from server.calendar.rules import WorkingDays
from server.plans.plan import read_pasted_plan, read_plan
from server.plans.shapes import DEFAULT_LIMITS, Limits, Plan, Unit
from server.plans.show import as_json

DATA = Path(__file__).parent.parent / "data" / "plans"
WORKING = WorkingDays().is_working
TODAY = date(2026, 11, 22)
UNITS = [
    Unit(id="office", name="Trung tâm Phục vụ hành chính công tỉnh", short="TTPVHCC", office=True),
    Unit(id="hcth", name="Phòng Hành chính - Tổng hợp", short="HCTH"),
    Unit(id="cntt", name="Phòng Ứng dụng CNTT và hỗ trợ nghiệp vụ", short="CNTT"),
]


def pasted(text: str) -> Plan:
    return read_pasted_plan(text, UNITS, WORKING, TODAY)


def read(data: bytes, name: str = "ke-hoach", limits: Limits = DEFAULT_LIMITS) -> Plan:
    return read_plan(data, name, UNITS, WORKING, TODAY, limits=limits)


def table(*lines: str) -> str:
    """Lines with cells between bars as tab-separated text."""
    return "\n".join("\t".join(cell.strip() for cell in line.split("|")) for line in lines)


def workbook(*rows: Sequence[object], merges: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def document(*tables: list[list[str]], before: tuple[str, ...] = ()) -> bytes:
    made = Document()
    for place, rows in enumerate(tables):
        if place < len(before):
            made.add_paragraph(before[place])
        grid = made.add_table(rows=len(rows), cols=len(rows[0]))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                grid.cell(at, column).text = text
    out = BytesIO()
    made.save(out)
    return out.getvalue()


#: A small plan that uses every column.
HEAD = "TT|Nhiệm vụ|Cơ quan chủ trì|Cơ quan phối hợp|Thời hạn|Sản phẩm|Ghi chú"
FULL = [
    HEAD,
    "I|Nhóm một|||||",
    "1|Soạn quy chế làm việc|Phòng HCTH|Phòng CNTT|Quý I/2026|Quy chế|-",
    "2|Nâng cấp phần mềm|Phòng CNTT|-|30/9/2026|Phần mềm|gấp",
    "II|Nhóm hai|||||",
    "1|Báo cáo tháng|Phòng HCTH||Hằng tháng|Báo cáo|",
]


def facts(text: str) -> list[tuple[object, ...]]:
    """What a pasted plan is read as, row by row."""
    return [(row["group"], row["number"], row["title"], row["lead"], row["due"], row["cadence"]) for row in as_json(pasted(text))]
