"""Word documents: every table with its merged cells, automatic numbers and the paragraphs above it."""

from collections.abc import Iterator
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from lxml.etree import _Element

from server.errors import Refusal
from server.plans.reading.docx_numbers import Numbers
from server.plans.reading.grid import at_line
from server.plans.shapes import Cell, Limits, Line, Table
from server.words import say

_TABLE, _ROW, _CELL, _PARAGRAPH = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:p")
#: Wrappers that hold the same kind of children as their parent.
_WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:smartTag"), qn("w:moveTo")}
#: What is deleted, moved away, or a second copy for old programs.
_SKIPPED = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:instrText"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    qn("w:footnoteReference"),
}
_TEXTS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:ptab"): " "}


def read_docx(data: bytes, name: str, limits: Limits) -> list[Table]:
    """The tables of a document in order; tables inside a cell come after the one they stand in."""
    document = Document(BytesIO(data))
    numbers = Numbers(document.part)
    tables: list[Table] = []
    before: list[str] = []
    taken = 0
    for block in _children(document.element.body, {_TABLE, _PARAGRAPH}):
        if block.tag == _PARAGRAPH:
            text = _paragraph(block, numbers).strip()
            if text:
                before.append(text)
            continue
        for element in _with_inner(block):
            table = _table(element, len(tables) + 1, before[-40:], numbers, limits)
            taken += len(table.lines)
            if taken > limits.rows * 4:
                raise Refusal("invalid", "plans.too_many_rows", name=name, count=taken, limit=limits.rows)
            tables.append(table)
            before = []
    return tables


def _children(element: _Element, wanted: set[str]) -> Iterator[_Element]:
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, wanted)


def _with_inner(table: _Element) -> list[_Element]:
    return [table, *(inner for inner in table.iter(_TABLE) if inner is not table)]


def _table(element: _Element, number: int, before: list[str], numbers: Numbers, limits: Limits) -> Table:
    lines: list[Line] = []
    for at, row in enumerate(_children(element, {_ROW}), 1):
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
            continue  # deleted with changes tracked, struck out on the screen
        cells = [Cell()] * min(_skipped(row), limits.columns)
        for cell in _children(row, {_CELL}):
            if len(cells) >= limits.columns:
                break
            wide = _whole(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            above = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
            cells.append(Cell(above=True) if above else Cell(_cell(cell, numbers)))
            cells.extend([Cell(left=True, above=above)] * (min(wide, limits.columns - len(cells) + 1) - 1))
        lines.append(Line(cells, at_line(at)))
    return Table(say("plans.at.table", number=number), lines, before)


def _skipped(row: _Element) -> int:
    """Columns left out before the first cell of a row."""
    return _whole(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)


def _whole(element: _Element | None, default: int) -> int:
    value = element.get(qn("w:val"), "") if element is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else default


def _cell(cell: _Element, numbers: Numbers) -> str:
    return "\n".join(_paragraph(paragraph, numbers) for paragraph in _paragraphs(cell))


def _paragraphs(cell: _Element) -> Iterator[_Element]:
    """The paragraphs of a cell, not those of tables inside it."""
    return _children(cell, {_PARAGRAPH})


def _paragraph(paragraph: _Element, numbers: Numbers) -> str:
    parts: list[str] = []
    _gather(paragraph, parts)
    text = "".join(parts)
    label = numbers.label(paragraph)
    return f"{label} {text}".strip() if label else text


def _gather(element: _Element, parts: list[str]) -> None:
    """The words of a paragraph; of a run marked as a footnote's number nothing."""
    for child in element:
        tag = child.tag
        if tag in _SKIPPED:
            continue
        if tag == qn("w:t"):
            parts.append(child.text or "")
        elif tag in _TEXTS:
            parts.append(_TEXTS[tag])
        elif tag == qn("w:r") and (_hidden(child) or _footnote_number(child)):
            continue
        elif tag != qn("w:tbl") and len(child):
            _gather(child, parts)


def _hidden(run: _Element) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val"), "true") not in ("0", "false", "off")


def _footnote_number(run: _Element) -> bool:
    """A raised number of one to three digits is a note's mark, unless it follows a unit (m²)."""
    raised = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    if raised is None or raised.get(qn("w:val")) != "superscript":
        return False
    text = "".join(part.text or "" for part in run.iter(qn("w:t"))).strip("()[] ")
    before = run.getprevious()
    words = "".join(part.text or "" for part in before.iter(qn("w:t"))) if before is not None else ""
    return bool(text) and (text.isdigit() or set(text) <= {"*"}) and not (text in {"2", "3"} and words.endswith("m"))
