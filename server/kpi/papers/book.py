"""Tables in a workbook: numbers as numbers, days as days, the head frozen and repeated, laid out for A4."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Literal

import msgspec
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | date | None
Kind = Literal["text", "whole", "points", "amount", "percent", "day"]

#: How a column shows what is in it: points and quantities to at most three places, percents to one.
FORMATS: dict[Kind, str] = {"text": "@", "whole": "0", "points": "0.0##", "amount": "0.0#####", "percent": "0.0", "day": "dd/mm/yyyy"}
TYPE = "Times New Roman"
PLAIN, BOLD = Font(name=TYPE, size=12), Font(name=TYPE, size=12, bold=True)
LEFT, MIDDLE = (Alignment(wrap_text=True, vertical="center", horizontal=where) for where in ("left", "center"))
_MM = 1 / 25.4
_LINE = Side(style="thin")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


class Column(msgspec.Struct, frozen=True):
    """A column: its head, how wide it is in characters, and what is in it."""

    head: str
    width: float
    kind: Kind = "text"


def put(sheet: Worksheet, row: int, column: int, value: Value, kind: Kind = "text", *, bold: bool = False, boxed: bool = False) -> Cell:
    """A value in its place. A text stays a text, whatever it begins with."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value
    cell.number_format = FORMATS[kind] if not isinstance(value, str) else "@"
    cell.font = BOLD if bold else PLAIN
    cell.alignment = LEFT if kind == "text" else MIDDLE
    if boxed:
        cell.border = _GRID
    return cell


def lines(sheet: Worksheet, texts: Sequence[tuple[str, bool]], columns: int, first: int = 1) -> int:
    """Texts over the whole width, each with whether it is bold and in the middle; gives the next free row."""
    for row, (text, strong) in enumerate(texts, first):
        cell = put(sheet, row, 1, text, bold=strong)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        cell.alignment = MIDDLE if strong else LEFT
        # Merged cells do not grow by themselves.
        width = sum(sheet.column_dimensions[get_column_letter(one)].width for one in range(1, columns + 1))
        sheet.row_dimensions[row].height = 16.5 * max(1, sum(-(-len(part) // max(1, int(width))) for part in text.split("\n")))
    return first + len(texts)


def widths(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """The columns' widths; before ``lines``, which need them."""
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width


def table(sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Value]], first: int, strong: Iterable[int] = ()) -> int:
    """A table with its head at row ``first``; the rows whose places are in ``strong`` are bold. Gives the next free row."""
    bold = set(strong)
    for place, column in enumerate(columns, 1):
        put(sheet, first, place, column.head, bold=True, boxed=True).alignment = MIDDLE
    row = first
    for number, values in enumerate(rows):
        row = first + 1 + number
        for place, (column, value) in enumerate(zip(columns, values, strict=True), 1):
            put(sheet, row, place, value, column.kind, bold=number in bold, boxed=True)
    return row + 1


def for_paper(sheet: Worksheet, head: int, *, landscape: bool) -> None:
    """A4 with the margins of Nghị định 30/2020, as wide as the page; the head of the table at row ``head`` stays and comes again."""
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.top, margins.bottom, margins.left, margins.right = 20 * _MM, 20 * _MM, 30 * _MM, 15 * _MM
    margins.header = margins.footer = 8 * _MM
    sheet.HeaderFooter.differentFirst = True
    header = sheet.oddHeader
    assert header is not None
    header.center.text = "&P"


def new_sheet(book: Workbook, name: str) -> Worksheet:
    """A sheet of the book; the first one takes the place of the empty one that a book begins with."""
    sheet = book.active if len(book.worksheets) == 1 and book.active and book.active.title == "Sheet" else book.create_sheet()
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    return sheet


def saved(book: Workbook) -> bytes:
    """The book as a file."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
