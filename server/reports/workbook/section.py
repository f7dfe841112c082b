"""One section of a report as a sheet: what it shows in a sentence, its table, its chart."""

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Final

from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from server.reports.shape import Column, Kind, Report, Row, Section, Table, Value
from server.reports.words import as_of
from server.reports.workbook import calendar, charts, look
from server.reports.workbook.look import LEVELS, WIDTHS, for_paper, height, put, style, wide_line
from server.words import say

LABEL_WIDTH: Final = 32.0
NOTE_WIDTH: Final = 28.0
#: Of what stands beside the table, and is not printed with it.
GAP: Final = 2
#: Of a line that is not broken, in points.
ROW_HEIGHT: Final = 15.0


def scale() -> Rule:
    """The days on which most was done are the darkest."""
    points = [FormatObject(type="num", val=0), FormatObject(type="max")]
    return Rule(type="colorScale", colorScale=ColorScale(cfvo=points, color=[Color("FFFFFFFF"), Color("FF63BE7B")]))


def value_of(kind: Kind, value: Value) -> str | float | date | None:
    """What the cell holds: a day as a day; what is missing leaves it empty."""
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


def shown(kind: Kind, value: Value) -> str:
    """How it is shown: what is counted a person has a place after the comma."""
    return "days" if kind == "count" and isinstance(value, float) and not value.is_integer() else kind


def fill(sheet: Worksheet, report: Report, section: Section) -> None:
    """Everything of one section."""
    table, of_days = section.table, _is_calendar(section)
    notes = any(one.note for one in table.rows)
    columns = [Column("", table.head, "date" if of_days else "text"), *table.columns]
    if notes:
        columns.append(Column("note", say("workbook.note"), "text"))
    widths = [LABEL_WIDTH if place == 0 and one.kind == "text" else _width(one) for place, one in enumerate(columns)]
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    across = len(columns)
    if of_days:
        # The table of days is narrow: its texts run on over the calendar beside it.
        across += GAP + calendar.COLUMNS - 1
        widths += calendar.widen(sheet, len(columns) + GAP)
    head = _words(sheet, section, across, sum(widths))
    last = _table(sheet, columns, table, head, notes=notes)
    for_paper(
        sheet, head, sum(widths), left=report.unit_label, right=report.period_label, foot=as_of(report)
    )  # fmt: skip
    sheet.freeze_panes = f"B{head + 1}"
    if not table.rows:
        wide_line(sheet, head + 1, across, say("workbook.nothing"), "soviec_note", sum(widths))
        return
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{head + len(table.rows)}"
    if of_days:
        letter = get_column_letter(2)
        sheet.conditional_formatting.add(f"{letter}{head + 1}:{letter}{head + len(table.rows)}", scale())
        days = {row.key: row.values[_places(section, table)[0]] for row in table.rows}
        calendar.draw(sheet, head, len(columns) + GAP, days, scale())
    elif section.chart is not None:
        _chart(sheet, section, head, last, widths)


def _is_calendar(section: Section) -> bool:
    """Whether the lines are days that are drawn as a calendar: they stand as days, then."""
    if section.chart is None or section.chart.shape != "calendar" or not section.table.rows:
        return False
    try:
        for row in section.table.rows:
            date.fromisoformat(row.key)
    except ValueError:
        return False
    return True


def _width(column: Column) -> float:
    longest = max((len(word) for word in column.label.split()), default=0)
    return max(WIDTHS[column.kind], longest + 2.5)


def _words(sheet: Worksheet, section: Section, columns: int, width: float) -> int:
    """The title, the sentence, the note; gives the row of the table's head."""
    row = 1
    for value, named in ((section.title, "title"), (section.said, "said"), (section.note, "note")):
        if value:
            wide_line(sheet, row, columns, value, f"soviec_{named}", width)
            row += 1
    return row + 1


def _table(sheet: Worksheet, columns: Sequence[Column], table: Table, head: int, *, notes: bool) -> int:
    widths = [sheet.column_dimensions[get_column_letter(place)].width for place in range(1, len(columns) + 1)]
    for place, column in enumerate(columns, 1):
        put(sheet, head, place, column.label, "soviec_head")
    sheet.row_dimensions[head].height = height((one.label, width) for one, width in zip(columns, widths, strict=True))
    row = head
    for line in table.rows:
        row += 1
        _line(sheet, row, columns, line, notes=notes, total=False)
        told = [line.label, *(value if isinstance(value, str) else "" for value in line.values), *([line.note] if notes else [])]
        deeper = 3 * line.level
        sheet.row_dimensions[row].height = height(
            (one, width - deeper * (place == 0)) for place, (one, width) in enumerate(zip(told, widths, strict=True))
        )
        if line.level:
            sheet.row_dimensions[row].outlineLevel = min(line.level, 7)
    last = row
    if table.total is not None and table.rows:
        _line(sheet, row + 1, columns, table.total, notes=notes, total=True)
        last = row + 1
    return last


def _line(sheet: Worksheet, row: int, columns: Sequence[Column], line: Row, *, notes: bool, total: bool) -> None:
    role = "sum" if total else "cell"
    if columns[0].kind == "date" and not total:
        put(sheet, row, 1, date.fromisoformat(line.key), style("date"))
    elif line.level and not total:
        put(sheet, row, 1, line.label, f"soviec_level_{min(line.level, LEVELS)}")
    else:
        put(sheet, row, 1, line.label, style("text", role))
    for place, (column, value) in enumerate(zip(columns[1:], line.values, strict=False), 2):
        put(sheet, row, place, value_of(column.kind, value), style(shown(column.kind, value), role))
    if notes:
        put(sheet, row, len(columns), line.note or None, style("text", role))


def _places(section: Section, table: Table) -> list[int]:
    """Where the chart's columns are among the values of a line."""
    assert section.chart is not None
    known = [one.key for one in table.columns]
    return [known.index(key) for key in section.chart.columns if key in known]


def _chart(sheet: Worksheet, section: Section, head: int, last: int, widths: Sequence[float]) -> None:
    columns, table = len(widths), section.table
    places = _places(section, table)
    anchor = f"A{last + 3}"
    above = sum(sheet.row_dimensions[row].height or ROW_HEIGHT for row in range(1, last + 3))
    # A little less than a page: readers differ in how high their lines are.
    page = 0.94 * look.page_height(sum(widths))
    if above % page + charts.height_of(section, len([row for row in table.rows if row.level == 0])) > page:
        # The chart is not cut by the end of the page.
        sheet.row_breaks.append(Break(id=last + 1))
    if all(row.level == 0 for row in table.rows):
        charts.draw(sheet, section, anchor, head, head + 1, head + len(table.rows), [place + 2 for place in places], wide=sum(widths))
        return
    # Lines of several levels (a plan, its tasks): the upper ones are drawn, from a list of their own beside the table.
    upper = [row for row in table.rows if row.level == 0]
    first = columns + GAP
    put(sheet, head, first, table.head, "soviec_head")
    sheet.column_dimensions[get_column_letter(first)].width = LABEL_WIDTH
    for number, place in enumerate(places, 1):
        column = table.columns[place]
        put(sheet, head, first + number, column.label, "soviec_head")
        for line, row in enumerate(upper, head + 1):
            put(sheet, line, first + number, value_of(column.kind, row.values[place]), style(shown(column.kind, row.values[place])))
    for line, row in enumerate(upper, head + 1):
        put(sheet, line, first, row.label, style("text"))
    sheet.print_area = f"A1:{get_column_letter(columns)}{last + 3 + ceil(charts.height_of(section, len(upper)) / ROW_HEIGHT) + 1}"
    drawn = [first + number for number in range(1, len(places) + 1)]
    charts.draw(sheet, section, anchor, head, head + 1, head + len(upper), drawn, names=first, wide=sum(widths))
