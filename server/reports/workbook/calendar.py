"""The days of a period as a calendar: a week a line, the colour says how much was done."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from openpyxl.formatting.rule import Rule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from server.reports.shape import Value
from server.reports.workbook.look import put, style
from server.words import say

#: The first day of the week, and its seven days.
COLUMNS: Final = 8
DAY_WIDTH: Final = 6.5
WEEK_WIDTH: Final = 12.0
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def widen(sheet: Worksheet, first: int) -> list[float]:
    """Set the widths of its columns, from ``first`` on; gives them."""
    widths = [WEEK_WIDTH, *[DAY_WIDTH] * len(DAYS)]
    for place, width in enumerate(widths):
        sheet.column_dimensions[get_column_letter(first + place)].width = width
    return widths


def draw(sheet: Worksheet, head: int, first: int, days: Mapping[str, Value], scale: Rule) -> None:
    """The calendar of these days (2026-11-22 → how much), its head in the row ``head``."""
    put(sheet, head, first, say("workbook.week_of"), "soviec_head")
    for place, name in enumerate(DAYS, 1):
        put(sheet, head, first + place, say(f"workbook.{name}"), "soviec_head")
    known = {date.fromisoformat(day): value for day, value in days.items()}
    monday = min(known) - timedelta(days=min(known).weekday())
    row = head
    while monday <= max(known):
        row += 1
        put(sheet, row, first, monday, style("date"))
        for place in range(len(DAYS)):
            put(sheet, row, first + 1 + place, known.get(monday + timedelta(days=place)), style("count"))
        monday += timedelta(days=7)
    area = f"{get_column_letter(first + 1)}{head + 1}:{get_column_letter(first + len(DAYS))}{row}"
    sheet.conditional_formatting.add(area, scale)
