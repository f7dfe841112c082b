"""How the cells of a report's workbook look, and how a sheet of it is printed."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from server.reports.shape import Kind
from server.reports.workbook.safe import margin, runs, text
from server.words import say

_POINTS: Final = say("workbook.points")
#: In the codes of the file format, which every Excel shows in its own language: 1.234,5 in Vietnam.
FORMATS: Final[dict[str, str]] = {
    "text": "@",
    "count": "#,##0",
    "share": "0.0%",
    "days": "#,##0.0",
    "points": "#,##0.00",
    "date": "dd/mm/yyyy",
    "count_by": "+#,##0;-#,##0;0",
    "share_by": f'+0.0" {_POINTS}";-0.0" {_POINTS}";0',
    "days_by": "+#,##0.0;-#,##0.0;0",
    "points_by": "+#,##0.00;-#,##0.00;0",
}
#: Of a column, in characters.
WIDTHS: Final[dict[Kind, float]] = {"text": 18, "count": 7.5, "share": 8.5, "days": 8.5, "points": 8.5, "date": 11.5}
TYPE: Final = "Times New Roman"
#: Wider than this a sheet lies on its side.
PORTRAIT: Final = 92.0
A4: Final = 9
#: Characters across a page at full size.
STANDING: Final = 94.0
LYING: Final = 141.0
LEVELS: Final = 3
#: Points; more Excel does not take.
TALLEST: Final = 409.0
_MM: Final = 1 / 25.4
_LINE = Side(style="thin", color="B7BEC7")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SUM = Border(left=_LINE, right=_LINE, top=Side(style="medium", color="44546A"), bottom=_LINE)


def prepare(book: Workbook) -> None:
    """Put the styles into a new book: a cell then names one, which is many times faster than saying it all."""
    left, right = (Alignment(horizontal=where, vertical="center", wrap_text=True) for where in ("left", "right"))
    for shown, code in FORMATS.items():
        for role, border in (("cell", _GRID), ("sum", _SUM)):
            book.add_named_style(
                NamedStyle(
                    name=style(shown, role),
                    font=Font(name=TYPE, size=11, bold=role == "sum"),
                    alignment=left if shown == "text" else right,
                    border=border,
                    number_format=code,
                )
            )
    for level in range(1, LEVELS + 1):
        deeper = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=2 * level)
        book.add_named_style(
            NamedStyle(name=f"soviec_level_{level}", font=Font(name=TYPE, size=11), alignment=deeper, border=_GRID, number_format="@")
        )
    head = Alignment(horizontal="center", vertical="center", wrap_text=True)
    fill = PatternFill("solid", fgColor="DCE6F1")
    book.add_named_style(
        NamedStyle(name="soviec_head", font=Font(name=TYPE, size=11, bold=True), alignment=head, border=_GRID, fill=fill, number_format="@")
    )
    upper = Alignment(horizontal="left", vertical="top", wrap_text=True)
    for name, font in (
        ("title", Font(name=TYPE, size=15, bold=True)),
        ("said", Font(name=TYPE, size=12)),
        ("note", Font(name=TYPE, size=11, italic=True, color="44546A")),
        ("link", Font(name=TYPE, size=11, underline="single", color="1F4E99")),
    ):
        book.add_named_style(NamedStyle(name=f"soviec_{name}", font=font, alignment=upper, number_format="@"))


def style(shown: str, role: str = "cell") -> str:
    """The name of a cell's style."""
    return f"soviec_{shown}" if role == "cell" else f"soviec_{shown}_sum"


def put(sheet: Worksheet, row: int, column: int, value: str | float | date | None, named: str) -> Cell:
    """A value in its place. A text stays a text, whatever it begins with, also when somebody edits the cell later."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = text(value)
        cell.data_type = "s"
    else:
        cell.value = value
    cell.style = named
    if isinstance(value, str) and runs(value):
        cell.quotePrefix = True
    return cell


def height(texts: Iterable[tuple[str, float]], size: float = 11) -> float | None:
    """How high a row of these texts is, each with the width of its column; None where none is broken. Readers differ in who reckons it."""
    most = max((_lines(text, width * 11 / size) for text, width in texts), default=1)
    return None if most == 1 else min(1.38 * size * most + 2, TALLEST)


def _lines(text: str, width: float) -> int:
    room = max(4, int(width * 1.02))
    if len(text) <= room:
        return 1
    lines, at = 1, 0
    for word in text.split():
        if at and at + 1 + len(word) > room:
            lines, at = lines + 1, 0
        lines += (len(word) - 1) // room
        at += len(word) % (room + 1) + (at > 0)
    return lines


def wide_line(sheet: Worksheet, row: int, columns: int, value: str, named: str, width: float) -> None:
    """A text over the whole width; merged cells do not grow by themselves, so the height is reckoned."""
    put(sheet, row, 1, value, named)
    if columns > 1:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    size = {"soviec_title": 15, "soviec_said": 12}.get(named, 11)
    sheet.row_dimensions[row].height = height([(value, width)], size) or 1.4 * size


def page_height(width: float) -> float:
    """Points of a sheet of this width, in characters, that come on one page when it is made as wide as the page."""
    across, high = (LYING, 170.0) if width > PORTRAIT else (STANDING, 257.0)
    return high * _MM * 72 * max(1.0, width / across)


def for_paper(sheet: Worksheet, head: int | None, width: float, *, left: str, right: str, foot: str) -> None:
    """A4, as wide as the page, lying where it is wide; the row ``head`` comes again on every page; pages are numbered."""
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if width > PORTRAIT else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if head is not None:
        sheet.print_title_rows = f"{head}:{head}"
    margins = sheet.page_margins
    margins.top = margins.bottom = 20 * _MM
    margins.left, margins.right = 20 * _MM, 15 * _MM
    margins.header = margins.footer = 10 * _MM
    header, footer = sheet.oddHeader, sheet.oddFooter
    assert header is not None and footer is not None
    header.left.text, header.right.text = margin(left), margin(right)
    footer.left.text, footer.right.text = margin(foot), say("workbook.page", page="&P", pages="&N")
