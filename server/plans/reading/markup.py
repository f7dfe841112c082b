"""Tables in HTML (what a browser or Word puts on the clipboard) and in Markdown."""

import re

from lxml import html as lxml_html

from server.plans.reading.grid import at_line, spread
from server.plans.shapes import Cell, Limits, Line, Table
from server.words import say

_MARKDOWN_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)+\|?\s*")
_SKIPPED = {"script", "style", "noscript", "template"}
_BLOCKS = {"p", "div", "li", "br", "tr"}


def read_html(text: str, limits: Limits) -> list[Table]:
    """Every table of an HTML text, merged cells laid out; tables inside a cell come as tables of their own."""
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    document = lxml_html.document_fromstring((text.replace("\0", "") or "<p></p>").encode(errors="replace"), parser=parser)
    tables: list[Table] = []
    for number, element in enumerate(document.iter("table"), 1):
        rows: list[list[tuple[str, int, int]]] = []
        for row in element.iter("tr"):
            if next(row.iterancestors("table"), None) is not element or len(rows) > limits.rows * 4:
                continue
            cells = [cell for cell in row if cell.tag in ("td", "th")]
            rows.append(
                [(_text(cell), _span(cell.get("colspan"), limits.columns), _span(cell.get("rowspan"), limits.rows)) for cell in cells]
            )
        if rows:
            before = [
                text for block in element.itersiblings("p", "h1", "h2", "h3", "div", preceding=True) if (text := _text(block).strip())
            ][:10]
            tables.append(Table(say("plans.at.table", number=number), spread(rows, limits.columns), before[::-1]))
    return tables


def _span(value: str | None, most: int) -> int:
    return min(int(value), most) if value and value.isascii() and value.isdigit() and len(value) < 6 and int(value) > 0 else 1


def _text(element: lxml_html.HtmlElement) -> str:
    """The text of a cell; blocks and breaks end a line, other white space is one space."""
    parts: list[str] = []
    for node in element.iter():
        if not isinstance(node.tag, str):
            continue
        if node is not element and node.tag in _BLOCKS:
            parts.append("\n")
        if node.tag not in _SKIPPED and not (node.tag == "sup" and re.fullmatch(r"[\[(]?\d{1,3}[\])]?", (node.text or "").strip())):
            parts.append(re.sub(r"\s+", " ", node.text or ""))
        if node is not element:
            parts.append(re.sub(r"\s+", " ", node.tail or ""))
    return "".join(parts)


def read_markdown(text: str, where: str, limits: Limits) -> list[Table]:
    """The table of a text whose lines are cells between bars."""
    lines: list[Line] = []
    before: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if _MARKDOWN_RULE.fullmatch(line):
            continue
        if "|" not in line:
            if not lines:
                before.append(line)
            continue
        body = line.strip().removeprefix("|")
        body = body.removesuffix("|") if not body.endswith("\\|") else body
        cells = [Cell(cell.replace("\\|", "|").strip()) for cell in re.split(r"(?<!\\)\|", body)[: limits.columns]]
        lines.append(Line(cells, at_line(number)))
    return [Table(where, lines[: limits.rows * 4], before)] if lines else []


def is_markdown(text: str) -> bool:
    """Whether most lines are cells between bars, with a rule under the header."""
    lines = [line for line in text.splitlines() if line.strip()]
    return any(_MARKDOWN_RULE.fullmatch(line) for line in lines[:60]) and sum("|" in line for line in lines) * 2 > len(lines)
