"""Numbers that Word counts itself: they stand in no text, yet the column "TT" of many plans is made of them."""

import re
from collections import defaultdict

from docx.oxml.ns import qn
from docx.parts.document import DocumentPart
from lxml.etree import _Element

_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Numbers:
    """Counts the automatic numbers of a document in the order in which its paragraphs are asked for."""

    def __init__(self, part: DocumentPart) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            root = part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        shapes = {shape.get(qn("w:abstractNumId"), ""): shape for shape in root.iter(qn("w:abstractNum"))}
        for number in root.iter(qn("w:num")):
            shape = number.find(qn("w:abstractNumId"))
            for level in shapes.get(_value(shape), root).iter(qn("w:lvl")) if _value(shape) in shapes else ():
                form, text = _value(level.find(qn("w:numFmt"))), _value(level.find(qn("w:lvlText")))
                start = _value(level.find(qn("w:start")))
                self._levels[number.get(qn("w:numId"), ""), _int(level.get(qn("w:ilvl"), "0"))] = (form, text, _int(start) or 1)

    def label(self, paragraph: _Element) -> str:
        """The number or bullet of a paragraph, counted on; empty if it has none."""
        place = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if place is None:
            return ""
        number, level = _value(place.find(qn("w:numId"))), _int(_value(place.find(qn("w:ilvl"))))
        known = self._levels.get((number, level))
        if known is None:
            return ""
        if known[0] == "bullet":
            return "-"
        counts = self._counts[number]
        counts[level] = counts.get(level, known[2] - 1) + 1
        for deeper in [deeper for deeper in counts if deeper > level]:
            del counts[deeper]
        return re.sub(r"%([1-9])", lambda found: self._written(number, int(found[1]) - 1), known[1])

    def _written(self, number: str, level: int) -> str:
        form, _, start = self._levels.get((number, level), ("decimal", "", 1))
        count = self._counts[number].get(level, start)
        match form:
            case "upperRoman" | "lowerRoman":
                roman, left = "", min(count, 39)
                for value, letters in _ROMAN:
                    while left >= value:
                        roman, left = roman + letters, left - value
                return roman if form == "upperRoman" else roman.lower()
            case "upperLetter" | "lowerLetter":
                letter = chr(ord("A") + (count - 1) % 26)
                return letter if form == "upperLetter" else letter.lower()
            case "none":
                return ""
        return f"{count:02d}" if form == "decimalZero" else str(count)


def _value(element: _Element | None) -> str:
    return (element.get(qn("w:val")) or "") if element is not None else ""


def _int(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
