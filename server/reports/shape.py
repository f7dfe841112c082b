"""What a report is: one value, made once, from which the page, the workbook, the document and the data are all drawn.

It carries its own words, so that a report that was fixed reads in years as it read that day.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

#: What a column holds. ``share``: 0 to 1, or None where nothing can be said; ``days``: working days; ``points``: of 100.
Kind = Literal["text", "count", "share", "days", "points", "date"]
#: A date is told as ``2026-11-22``.
Value = str | int | float | None


class Column(msgspec.Struct, frozen=True):
    """One column: the figure's key of docs/figures.md, how it is called, and what it holds."""

    key: str
    label: str
    kind: Kind = "count"


class Row(msgspec.Struct, frozen=True):
    """One line: of what (an identifier, "" for a sum), how it is called, and one value for each column.

    ``drill``: the query of the list of tasks behind the line (``lead=…``), without the period and the unit; "" where there is none.
    """

    key: str
    label: str
    values: list[Value]
    drill: str = ""
    note: str = ""
    level: int = 0


class Table(msgspec.Struct, frozen=True):
    """Lines under columns; ``head`` names the column of the labels. ``total``: the sum, where the lines have one."""

    head: str
    columns: list[Column]
    rows: list[Row]
    total: Row | None = None


class Chart(msgspec.Struct, frozen=True):
    """How a table is drawn: which of its columns (by key), one after the other or stacked; of a calendar, one column by days."""

    shape: Literal["bars", "stacked", "lines", "calendar"]
    columns: list[str]


class Section(msgspec.Struct, frozen=True):
    """One part of a report: a title, a sentence that says what it shows, the numbers, and how they are drawn."""

    key: str
    title: str
    said: str
    table: Table
    chart: Chart | None = None
    #: What a reader must know of the numbers.
    note: str = ""


class Headline(msgspec.Struct, frozen=True):
    """One of the first numbers: now, in the period before and in the same period a year before (None: nothing was counted then)."""

    key: str
    label: str
    kind: Kind
    value: Value
    before: Value = None
    year_before: Value = None
    drill: str = ""
    #: Whether more is better (1), worse (-1) or neither (0).
    good: int = 0


class Report(msgspec.Struct, frozen=True):
    """A unit's report of a period."""

    #: Of the meaning of the figures: raised when a formula of docs/figures.md changes.
    version: int
    period: str
    period_label: str
    first: date
    last: date
    #: The end of the period, or the moment at which it was made while the period ran.
    as_of: datetime
    running: bool
    unit: str
    unit_label: str
    headlines: list[Headline]
    sections: list[Section]

    def section(self, key: str) -> Section | None:
        """The section of that key."""
        return next((one for one in self.sections if one.key == key), None)

    def figure(self, key: str) -> Value:
        """The whole unit's figure of that key, wherever the report says it: its first numbers, its summary, its sums. None if nowhere."""
        for one in self.headlines:
            if one.key == key:
                return one.value
        summary = self.section("summary")
        for row in summary.table.rows if summary is not None else []:
            if row.key == key and row.values:
                return row.values[0]
        for section in self.sections:
            total = section.table.total
            for column, value in zip(section.table.columns, total.values if total is not None else [], strict=False):
                if column.key == key:
                    return value
        return None


class Part(msgspec.Struct, frozen=True):
    """One part of a report's text: its heading ("I. KẾT QUẢ …") and its paragraphs; a line of a list begins with "- "."""

    key: str
    title: str
    paragraphs: list[str]


class Writing(msgspec.Struct, frozen=True):
    """The text of a report, which people may change until it is fixed."""

    parts: list[Part] = []


#: The version of the formulas.
VERSION = 1


def encoded(report: Report) -> bytes:
    """As JSON: how a report is kept, sent, and compared."""
    return msgspec.json.encode(report)


def decoded(data: bytes | str) -> Report:
    """Back from JSON. Raises msgspec.ValidationError for what is no report."""
    return msgspec.json.decode(data, type=Report)
