"""PDF with a text layer: the ruled tables of each page, merged cells told apart by where their borders run."""

import logging
import re
from io import BytesIO
from time import monotonic

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.table import Table as RuledTable
from pdfplumber.utils.exceptions import PdfminerException

from server.errors import Refusal
from server.plans.reading.grid import at_line
from server.plans.shapes import Cell, Limits, Line, Progress, Table
from server.words import say

# The parser warns of every odd font of every file; nobody reads that.
logging.getLogger("pdfminer").setLevel(logging.ERROR)
#: Lines and boxes on a page above which its tables are not looked for: the search grows faster than their number.
_MOST_EDGES = 6_000
_MOST_LETTERS = 60_000


def read_pdf(data: bytes, name: str, limits: Limits, on_progress: Progress | None = None) -> list[Table]:
    """The tables of each page. Raises `Refusal` for locked files, scans, too many pages and pages that take too long."""
    try:
        document = pdfplumber.open(BytesIO(data))
    except PdfminerException as error:
        if isinstance(error.args[0] if error.args else error.__context__, PDFPasswordIncorrect) or isinstance(
            error.__context__, PDFPasswordIncorrect
        ):
            raise Refusal("invalid", "plans.locked", name=name) from error
        raise Refusal("invalid", "plans.broken", name=name, form="PDF") from error
    with document:
        count = len(document.pages)
        if count == 0:
            raise Refusal("invalid", "plans.broken", name=name, form="PDF")
        if count > limits.pages:
            raise Refusal("invalid", "plans.too_many_pages", name=name, count=count, limit=limits.pages)
        return _read_pages(document, name, limits, on_progress)


def _read_pages(document: PDF, name: str, limits: Limits, on_progress: Progress | None) -> list[Table]:
    tables: list[Table] = []
    warnings: list[str] = []
    silent: list[int] = []
    spoken = False
    begun, taken = monotonic(), 0
    for number, page in enumerate(document.pages, 1):
        if monotonic() - begun > limits.pdf_seconds:
            raise Refusal("invalid", "plans.too_slow", name=name, page=number)
        letters = len(page.chars)
        if letters == 0:
            if page.images:
                silent.append(number)
            page.close()
            continue
        spoken = True
        if letters > _MOST_LETTERS or len(page.edges) > _MOST_EDGES:
            warnings.append(say("plans.warning.complex_page", page=number))
            page.close()
            continue
        found = _page(page, number, limits, first=not tables)
        tables.extend(found)
        taken += sum(len(table.lines) for table in found)
        if taken > limits.rows * 6:
            raise Refusal("invalid", "plans.too_many_rows", name=name, count=taken, limit=limits.rows)
        page.close()
        if on_progress is not None:
            on_progress(number, len(document.pages))
    if not spoken:
        raise Refusal("invalid", "plans.scanned", name=name)
    if silent:
        warnings.append(say("plans.warning.scanned_pages", pages=", ".join(map(str, silent[:20]))))
    if tables and warnings:
        tables[0].warnings.extend(warnings)
    return tables


def _page(page: Page, number: int, limits: Limits, *, first: bool) -> list[Table]:
    tables: list[Table] = []
    for at, ruled in enumerate(sorted(page.find_tables(_open_ends(page)), key=lambda table: table.bbox[1]), 1):
        before = (
            (page.crop((0, 0, page.width, max(1, ruled.bbox[1])), strict=False).extract_text() or "").splitlines()
            if first and at == 1
            else []
        )
        lines = _lines(ruled, limits)
        if lines:
            tables.append(Table(say("plans.at.page_table", page=number, number=at), lines, before[-40:], warnings=[]))
    return tables


def _open_ends(page: Page) -> dict[str, object]:
    """A row that runs on to the next page often has no rule under it: one is set where the upright rules end."""
    upright = [edge for edge in page.edges if edge["orientation"] == "v" and edge["bottom"] - edge["top"] > 2]
    if not upright:
        return {}
    ends = [min(edge["top"] for edge in upright), max(edge["bottom"] for edge in upright)]
    return {"explicit_horizontal_lines": [min(max(end, 0), float(page.height)) for end in ends]}


def _lines(ruled: RuledTable, limits: Limits) -> list[Line]:
    """A cell that is missing belongs to the one on its left if that reaches over it, else to the one above."""
    texts = ruled.extract()
    lines: list[Line] = []
    for number, (row, words) in enumerate(zip(ruled.rows, texts, strict=True), 1):
        cells: list[Cell] = []
        reach = float("-inf")
        columns = [column.bbox[0] for column in ruled.columns]
        for place, (box, text) in enumerate(zip(row.cells[: limits.columns], words, strict=False)):
            if box is None:
                left = place < len(columns) and reach > columns[place] + 1
                cells.append(Cell(left=left, above=not left and number > 1))
            else:
                reach = box[2]
                # A line end in a PDF is only where the column was full.
                cells.append(Cell(" ".join(re.sub(r"(?<=\w)-\n(?=\w)", "-", text or "").split())))
        lines.append(Line(cells, at_line(number)))
    return lines
