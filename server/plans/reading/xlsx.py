"""Workbooks: every visible sheet is a table; dates stay dates, merged cells are known."""

import re
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from posixpath import join, normpath

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from server.errors import Refusal
from server.plans.reading.grid import COVERED_ABOVE, COVERED_LEFT, at_line
from server.plans.shapes import Cell, Limits, Line, Progress, Table
from server.words import say

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Merge = tuple[int, int, int, int]


def read_xlsx(data: bytes, package: zipfile.ZipFile, name: str, limits: Limits, on_progress: Progress | None = None) -> list[Table]:
    """The sheets of a workbook. Hidden sheets are left out. Raises `Refusal` when a sheet is too large."""
    merges = _merges(package, name, limits)
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    tables: list[Table] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        where = say("plans.at.sheet", name=sheet.title)
        sheet.reset_dimensions()
        lines: list[tuple[int, list[Cell]]] = []
        for number, row in enumerate(sheet.iter_rows(max_col=limits.columns), 1):
            if number > limits.rows * 40:
                raise Refusal("invalid", "plans.too_many_cells", name=name, where=where)
            if on_progress is not None and number % 250 == 0:
                on_progress(number, 0)
            cells = [_cell(cell.value, getattr(cell, "number_format", "")) for cell in row]
            while cells and not cells[-1].text:
                cells.pop()
            if cells:
                if lines and lines[-1][0] < number - 1:
                    lines.append((number - 1, []))  # a gap says that a table has ended
                lines.append((number, cells))
            if len(lines) > limits.rows * 4:
                raise Refusal("invalid", "plans.too_many_rows", name=name, count=len(lines), limit=limits.rows)
        width = max((len(cells) for _, cells in lines), default=0)
        covered = _covered(merges.get(sheet.title, []), width)
        laid = [Line(_laid(number, cells, width, covered), at_line(number)) for number, cells in lines]
        if laid:
            tables.append(Table(where, laid, apart=True))
    return tables


def _cell(value: object, shown_as: str) -> Cell:
    match value:
        case None:
            return Cell()
        case bool():
            return Cell(str(value))
        case datetime() | date():
            day = value.date() if isinstance(value, datetime) else value
            return Cell(f"{day.day:02d}/{day.month:02d}/{day.year}", day, month_shown=bool(shown_as) and "d" not in _plain_format(shown_as))
        case time():
            return Cell(value.isoformat("minutes"))
        case int() | float() if "%" in _plain_format(shown_as):
            return Cell(f"{round(value * 100, 4):g}%")
        case float() if value.is_integer() and abs(value) < 1e15:
            return Cell(str(int(value)))
        case float():
            return Cell(repr(round(value, 10)))
    return Cell(str(value))


def _plain_format(shown_as: str) -> str:
    """A number format without its colours, locales and quoted words."""
    return re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", shown_as).lower()


def _covered(merges: list[Merge], width: int) -> dict[tuple[int, int], Cell]:
    covered: dict[tuple[int, int], Cell] = {}
    for left, top, right, bottom in merges:
        for row in range(top, bottom + 1):
            for column in range(left, min(right, width) + 1):
                if (row, column) != (top, left):
                    inside = Cell(above=True, left=True)
                    covered[row, column] = COVERED_LEFT if row == top else COVERED_ABOVE if column == left else inside
    return covered


def _laid(number: int, cells: list[Cell], width: int, covered: dict[tuple[int, int], Cell]) -> list[Cell]:
    return [covered.get((number, column + 1)) or (cells[column] if column < len(cells) else Cell()) for column in range(width)]


def _merges(package: zipfile.ZipFile, name: str, limits: Limits) -> dict[str, list[Merge]]:
    """The merged ranges of each sheet by its title, and the count of cells held to its limit, before the library loads any."""
    with package.open("xl/_rels/workbook.xml.rels") as stream:
        targets = {entry.get("Id", ""): entry.get("Target", "") for _, entry in iterparse(stream)}
    with package.open("xl/workbook.xml") as stream:
        entries = [entry for _, entry in iterparse(stream) if entry.tag.endswith("}sheet")]
    sheets = [(entry.get("name", ""), targets.get(entry.get(_RELATION, ""), "")) for entry in entries]
    known = set(package.namelist())
    found: dict[str, list[Merge]] = {}
    for title, target in sheets:
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if path in known:
            found[title] = _scanned(package, path, name, title, limits)
    return found


def _scanned(package: zipfile.ZipFile, path: str, name: str, title: str, limits: Limits) -> list[Merge]:
    merges: list[Merge] = []
    cells = rows = area = 0
    where = say("plans.at.sheet", name=title)
    with package.open(path) as stream:
        for _, element in iterparse(stream, events=("end",)):
            kind = element.tag.rpartition("}")[2]
            if kind == "row":
                rows += 1
                cells += len(element)
                element.clear()
            elif kind == "mergeCell":
                left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(element.get("ref", "A1")))
                # A title is often merged over every column there is; rows cost, columns are cut.
                right = min(right, limits.columns)
                area += max(0, (bottom - top + 1) * (right - left + 1))
                if right >= left:
                    merges.append((left, top, right, bottom))
            if cells > limits.cells or area > limits.cells or rows > limits.cells:
                raise Refusal("invalid", "plans.too_many_cells", name=name, where=where)
    return merges
