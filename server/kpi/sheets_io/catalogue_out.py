"""A version of the catalogue as a workbook in the form of the handbook's appendix III."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from server.kpi.queries.catalogue import Row, Version
from server.words import say

#: The columns in order: (1) to (9) of the form, then our own; and how wide each is, in letters.
COLUMNS: dict[str, int] = {
    "number": 6, "duty": 40, "detail": 36, "name": 30, "complexity": 11, "most_points": 12, "points": 11, "k": 12, "note": 28, "code": 12,
    "unit_of_count": 16, "parent": 14,
}  # fmt: skip
OF_THE_FORM = 9
#: What a spreadsheet would take for a formula; a text that begins so is written as the text that it is.
_THIN = Side(style="thin")
BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def workbook(version: Version, products: Sequence[Row]) -> bytes:
    """The file. Numbers are numbers, texts are texts, whatever they begin with."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = say("kpi.catalogue.file.sheet_name")
    sheet["A1"] = say("kpi.catalogue.file.title")
    sheet["A1"].font = Font(bold=True, size=13)
    _text(sheet.cell(2, 1), version.name)
    for column, (field, width) in enumerate(COLUMNS.items(), 1):
        head = sheet.cell(4, column, say(f"kpi.catalogue.field.{field}"))
        head.font = Font(bold=True)
        head.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        head.border = BORDER
        if column <= OF_THE_FORM:
            numbered = sheet.cell(5, column, f"({column})")
            numbered.alignment = Alignment(horizontal="center")
            numbered.border = BORDER
        sheet.column_dimensions[get_column_letter(column)].width = width
    codes = {one.id: one.code for one in products}
    for place, one in enumerate(products, 1):
        for column, value in enumerate(_cells(place, one, version, codes), 1):
            cell = sheet.cell(5 + place, column)
            if isinstance(value, str):
                _text(cell, value)
            else:
                cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = BORDER
    sheet.freeze_panes = "A6"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _text(cell: object, value: str) -> None:
    """A text, never a formula: a product may be called ``=SUM(A1)``."""
    cell.value = value or None  # type: ignore[attr-defined]
    if value:
        cell.data_type = "s"  # type: ignore[attr-defined]


def _cells(place: int, one: Row, version: Version, codes: dict[str, str]) -> list[str | int | float]:
    note = one.note
    if one.id == version.standard and say("kpi.catalogue.file.standard_note").lower() not in note.lower():
        note = say("kpi.catalogue.file.standard_with", note=note) if note else say("kpi.catalogue.file.standard_note")
    group = say("kpi.catalogue.group", group=one.complexity)
    numbers = [_number(one.most_points), _number(one.points), _number(one.k)]
    return [place, one.duty, one.detail, one.name, group, *numbers, note, one.code, one.unit_of_count, codes.get(one.parent or "", "")]


def _number(thousandths: int) -> int | float:
    return thousandths // 1000 if thousandths % 1000 == 0 else thousandths / 1000
