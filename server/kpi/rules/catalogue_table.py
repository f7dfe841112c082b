"""A table of the handbook's appendix III (or IV.2), as rows of a catalogue. Columns are known by their names, in whatever order."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from server.kpi.rules.entries import Entry, one_line, tidy
from server.plans.shapes import Cell, Line, Table

#: Field → what its header says without marks; the first that matches.
HEADERS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("number", re.compile(r"^(stt|tt|so thu tu)$")),
    ("detail", re.compile(r"^cong viec chi tiet")),
    ("duty", re.compile(r"^(ten )?nhiem vu")),
    ("k", re.compile(r"^(quy doi )?he so( quy doi)?|^quy doi")),
    ("most_points", re.compile(r"^khung diem")),
    ("points", re.compile(r"^((tong )?diem( cham)?|cham diem)$")),
    ("complexity", re.compile(r"^(phan )?nhom")),
    ("parent", re.compile(r"^(la )?phan cua")),
    ("unit_of_count", re.compile(r"^don vi( tinh)?$")),
    ("name", re.compile(r"^(ten )?san pham( dau ra)?")),
    ("code", re.compile(r"^ma( san pham| so)?$")),
    ("note", re.compile(r"^ghi chu")),
)
NEEDED: Final = ("name", "complexity", "points")
#: A line of the form that numbers its columns: (1) (2) (3).
NUMBERED: Final = re.compile(r"^\(?\d{1,2}\)?$")
GROUP: Final = re.compile(r"^(?:nhom|n)?\s*\.?\s*([0-9]+|iv|v|i{1,3})$")
ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
STANDARD: Final = re.compile(r"san pham (cong viec )?chuan|sp chuan")
#: Fields that a merged cell may give to every row below it.
SPREAD: Final = ("number", "duty", "complexity", "most_points", "note")


class Told(msgspec.Struct, frozen=True):
    """Something that can't be read: a key below ``kpi.catalogue.file``, where it stands, the column and what stood there."""

    key: str
    row: int = 0
    column: str = ""
    value: str = ""


class Understood(msgspec.Struct, frozen=True):
    """What a table says. With ``told`` there is no catalogue in it. ``standard``: rows whose note calls them the standard product."""

    sheet: str
    entries: list[Entry]
    told: list[Told]
    standard: list[int]


def plainly(text: str) -> str:
    """Lower case without marks, one space between words."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(one for one in letters if unicodedata.category(one) != "Mn").replace("/", " ").split())


def thousandths(text: str) -> int | None:
    """A number of a cell in thousandths: ``0,8``, ``0.8``, ``1.234,5``; None for what is none."""
    plain = text.replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return int((number * 1000).to_integral_value()) if number.is_finite() and abs(number) < 1_000_000 else None


def column_of(text: str) -> str | None:
    """The field that a header names."""
    said = plainly(text)
    return next((field for field, pattern in HEADERS if pattern.search(said)), None)


def header_of(lines: Sequence[Line]) -> tuple[int, dict[str, int]] | None:
    """The line that names the columns, and where each is; None where no line names what a catalogue needs."""
    for place, line in enumerate(lines[:40]):
        found: dict[str, int] = {}
        for column, cell in enumerate(line.cells):
            field = column_of(cell.text) if cell.text else None
            if field is not None:
                found.setdefault(field, column)
        if all(field in found for field in NEEDED):
            return place, found
    return None


def understand(table: Table, sheet: str) -> Understood | None:
    """The rows of a sheet, or None where it has no catalogue."""
    found = header_of(table.lines)
    if found is None:
        return None
    place, columns = found
    head = table.lines[place]
    told = [
        Told("merged_header", line_number(head), one_line(head.cells[column].text))
        for column in columns.values()
        if column + 1 < len(head.cells) and head.cells[column + 1].left
    ]
    told += [
        Told("header_twice", line_number(head), one_line(cell.text))
        for column, cell in enumerate(head.cells)
        if cell.text and (field := column_of(cell.text)) is not None and columns[field] != column
    ]
    if told:
        return Understood(sheet, [], told, [])
    reader = _Rows(columns, head)
    for line in table.lines[place + 1 :]:
        reader.take(line)
    return Understood(sheet, reader.entries, reader.told, reader.standard)


def line_number(line: Line) -> int:
    """The number in ``dòng 12``."""
    digits = re.sub(r"\D", "", line.where)
    return int(digits) if digits else 0


class _Rows:
    """Reads line by line, and remembers what merged cells and headings give to the lines below."""

    def __init__(self, columns: dict[str, int], head: Line) -> None:
        self.columns = columns
        self.names = {field: one_line(head.cells[column].text) for field, column in columns.items()}
        self.entries: list[Entry] = []
        self.told: list[Told] = []
        self.standard: list[int] = []
        self._above: dict[str, str] = {}
        self._duty = ""

    def take(self, line: Line) -> None:
        row = line_number(line)
        cells = {field: line.cells[column] if column < len(line.cells) else Cell() for field, column in self.columns.items()}
        texts = {field: self._text(field, cell, row) for field, cell in cells.items()}
        said = [text for field, text in texts.items() if text and not cells[field].above]
        if not said or (said[0].startswith("(") and all(NUMBERED.match(text) for text in said)):
            return
        if not any(texts.get(field) for field in ("name", "points", "k", "code", "complexity")):
            # A heading: its words are the duty of the rows below it.
            self._duty = texts.get("duty", "") or texts.get("detail", "")
            return
        # A row with a code says all of itself; in one without, an empty duty is that of the rows above.
        self._duty = texts.get("duty", "") or ("" if texts.get("code") else self._duty)
        entry = Entry(
            code=texts.get("code", ""),
            duty=self._duty,
            detail=texts.get("detail", ""),
            name=texts["name"],
            unit_of_count=texts.get("unit_of_count", ""),
            complexity=self._group(texts["complexity"], row),
            most_points=self._number("most_points", texts, row) or 0,
            points=self._number("points", texts, row) or 0,
            k=self._number("k", texts, row),
            parent=texts.get("parent", ""),
            note=texts.get("note", ""),
            row=row,
        )
        self.entries.append(tidy(entry))
        if STANDARD.search(plainly(texts.get("note", ""))):
            self.standard.append(row)

    def _text(self, field: str, cell: Cell, row: int) -> str:
        if cell.above:
            if field in SPREAD:
                return "" if field == "note" else self._above.get(field, "")
            if self._above.get(field):
                self.told.append(Told("merged_cell", row, self.names[field], self._above[field][:80]))
            return ""
        self._above[field] = one_line(cell.text)
        return self._above[field]

    def _group(self, text: str, row: int) -> int:
        match = GROUP.match(plainly(text))
        if match is None:
            self.told.append(Told("not_a_group" if text else "group_missing", row, self.names["complexity"], text[:80]))
            return 0
        return ROMAN.get(match[1]) or int(match[1][:4])

    def _number(self, field: str, texts: dict[str, str], row: int) -> int | None:
        text = texts.get(field, "")
        if not text:
            if field == "points":
                self.told.append(Told("points_missing", row, self.names[field]))
            return None
        number = thousandths(text)
        if number is None:
            self.told.append(Told("not_a_number", row, self.names[field], text[:80]))
        return number
