"""The tasks that a report counts, a line each: what a line holds, and the sheet of them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from server.reports.shape import Kind, Report
from server.reports.words import as_of
from server.reports.workbook.look import for_paper, height, put, style, wide_line
from server.words import say

#: More than these are a file of their own (``long``).
MOST: Final = 10_000


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One task as it stood at the period's end, in words. ``days``: working days from being given to being handed in, of a done one.

    ``extended`` and ``returned`` count until then. Title, product and plan are those of now: they are no part of any figure.
    """

    number: str
    title: str
    lead: str
    partners: str
    unit: str
    field: str
    priority: str
    origin: str
    given: date | None
    due: date | None
    state: str
    handed: date | None
    outcome: str
    days: int | None
    extended: int
    returned: int
    plan: str
    product: str


#: Of each field of a line: what it is, and how wide its column.
COLUMNS: Final[tuple[tuple[str, Kind, float], ...]] = (
    ("number", "text", 10),
    ("title", "text", 40),
    ("lead", "text", 18),
    ("partners", "text", 20),
    ("unit", "text", 18),
    ("field", "text", 14),
    ("priority", "text", 9),
    ("origin", "text", 11),
    ("given", "date", 11.5),
    ("due", "date", 11.5),
    ("state", "text", 13),
    ("handed", "date", 11.5),
    ("outcome", "text", 13),
    ("days", "count", 8),
    ("extended", "count", 8),
    ("returned", "count", 8),
    ("plan", "text", 20),
    ("product", "text", 18),
)
WIDTH: Final = sum(width for _, _, width in COLUMNS)


def heads() -> list[str]:
    """What stands over the columns."""
    return [say(f"workbook.task.{name}") for name, _, _ in COLUMNS]


def cells(line: Line) -> Sequence[Any]:
    """The values of a line in the order of the columns."""
    return msgspec.structs.astuple(line)


def task_sheet(
    sheet: Worksheet, report: Report, title: str, lines: Sequence[Line], remark: str, tell: Callable[[], None], step: int
) -> None:
    """The list, ``tell`` called after every ``step`` lines."""
    for place, (_, _, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    across = len(COLUMNS)
    # Not over all columns: whoever looks at the left ones reads it whole.
    wide_line(sheet, 1, 5, title, "soviec_title", 140)
    wide_line(sheet, 2, 5, f"{report.unit_label} – {report.period_label}. {as_of(report)}", "soviec_said", 140)
    head = 4
    if remark:
        wide_line(sheet, 3, 5, remark, "soviec_note", 140)
        head = 5
    for place, value in enumerate(heads(), 1):
        put(sheet, head, place, value, "soviec_head")
    sheet.row_dimensions[head].height = height((name, width) for name, (_, _, width) in zip(heads(), COLUMNS, strict=True))
    named = [style(kind) for _, kind, _ in COLUMNS]
    texts = [kind == "text" for _, kind, _ in COLUMNS]
    rooms = [width for _, kind, width in COLUMNS if kind == "text"]
    for number, line in enumerate(lines, 1):
        row = head + number
        for place, (value, look, is_text) in enumerate(zip(cells(line), named, texts, strict=True), 1):
            # An empty text leaves the cell empty, so that a filter says "blank".
            put(sheet, row, place, value if value != "" or not is_text else None, look)
        told = (value for value, is_text in zip(cells(line), texts, strict=True) if is_text)
        sheet.row_dimensions[row].height = height(zip(told, rooms, strict=True))
        if number % step == 0:
            tell()
    sheet.freeze_panes = f"C{head + 1}"
    if lines:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(across)}{head + len(lines)}"
    else:
        wide_line(sheet, head + 1, 5, say("workbook.no_tasks"), "soviec_note", 140)
    for_paper(sheet, head, WIDTH, left=report.unit_label, right=report.period_label, foot=as_of(report))
