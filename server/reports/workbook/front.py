"""The first sheet: of whom and when the report is, its first numbers compared, and what the other sheets hold."""

from collections.abc import Sequence
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from server.reports.shape import Headline, Report, Value
from server.reports.words import as_of
from server.reports.workbook.look import for_paper, height, put, style, wide_line
from server.reports.workbook.section import value_of
from server.words import say

WIDTHS: Final = (30.0, 10.5, 10.5, 13.5, 12.0, 13.5)


def fill(sheet: Worksheet, report: Report, listed: Sequence[tuple[str, str, str]], remark: str) -> None:
    """``listed``: of every other sheet its name, its title and what it says. ``remark``: what is not in this workbook."""
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    whole, columns = sum(WIDTHS), len(WIDTHS)
    row = 1
    for value, named in (
        (say("workbook.title"), "title"),
        (report.unit_label, "said"),
        (report.period_label, "said"),
        (as_of(report), "note"),
        (remark, "note"),
    ):
        if value:
            wide_line(sheet, row, columns, value, f"soviec_{named}", whole)
            row += 1
    head = row + 1
    for place, name in enumerate(("figure", "now", "before", "before_by", "year_before", "year_before_by"), 1):
        put(sheet, head, place, say(f"workbook.column.{name}"), "soviec_head")
    sheet.row_dimensions[head].height = 46
    for row, one in enumerate(report.headlines, head + 1):
        _headline(sheet, row, one)
    sheet.freeze_panes = f"B{head + 1}"
    for_paper(sheet, None, whole, left=report.unit_label, right=report.period_label, foot=as_of(report))
    _contents(sheet, head + len(report.headlines) + 2, listed)


def _headline(sheet: Worksheet, row: int, one: Headline) -> None:
    put(sheet, row, 1, one.label, style("text"))
    for place, value in ((2, one.value), (3, one.before), (5, one.year_before)):
        put(sheet, row, place, value_of(one.kind, value), style(one.kind))
    by = f"{one.kind}_by" if one.kind not in ("text", "date") else one.kind
    for place, before in ((4, one.before), (6, one.year_before)):
        put(sheet, row, place, difference(one, before), style(by))


def difference(one: Headline, before: Value) -> float | None:
    """How much more it is than before, of a share in percentage points; None where one of the two is missing."""
    if one.kind in ("text", "date") or not isinstance(one.value, int | float) or not isinstance(before, int | float):
        return None
    by = one.value - before
    return round(by * 100, 9) if one.kind == "share" else round(by, 9)


def _contents(sheet: Worksheet, row: int, listed: Sequence[tuple[str, str, str]]) -> None:
    put(sheet, row, 1, say("workbook.contents"), "soviec_head")
    put(sheet, row, 2, say("workbook.says"), "soviec_head")
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=len(WIDTHS))
    for at, (name, title, said) in enumerate(listed, row + 1):
        put(sheet, at, 1, title, "soviec_link").hyperlink = Hyperlink(ref=f"A{at}", location="'" + name.replace("'", "''") + "'!A1")
        sheet.cell(at, 1).style = "soviec_link"
        put(sheet, at, 2, said, "soviec_note")
        sheet.merge_cells(start_row=at, start_column=2, end_row=at, end_column=len(WIDTHS))
        sheet.row_dimensions[at].height = height([(title, WIDTHS[0]), (said, sum(WIDTHS[1:]))])
