"""Reading a printed paper again: its letters in the order in which they are drawn, and where a line stands."""

import asyncio
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pdfplumber

from server.printing.printer import Printer
from server.printing.wire import Paper

MM = 72 / 25.4
#: Between margins of 30 and 15 mm.
MIDDLE = (30 + 210 - 15) / 2
NATION = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]

Pdf = Any
Print = Callable[[list[Paper]], Pdf]


def prints() -> Iterator[Print]:
    """For a fixture: prints and reads papers, the same ones once."""
    printer = Printer()
    kept: dict[bytes, Pdf] = {}

    def make(papers: list[Paper]) -> Pdf:
        key = msgspec.msgpack.encode(papers)
        if key not in kept:
            kept[key] = pdfplumber.open(io.BytesIO(asyncio.run(printer.pdf(papers, "Bản in"))))
        return kept[key]

    yield make
    for pdf in kept.values():
        pdf.close()
    printer.close()


def squeezed(text: str) -> str:
    """Without spaces and the dots that stand for what is to be written."""
    return re.sub(r"[\s.]", "", text)


def letters(pdf: Pdf) -> str:
    """Everything on the paper in the order in which it is drawn, squeezed; the number of a page and the repeated heads too."""
    return squeezed("".join(char["text"] for page in pdf.pages for char in page.chars))


def in_order(phrases: list[str], pdf: Pdf) -> None:
    text, at = letters(pdf), 0
    for phrase in phrases:
        found = text.find(squeezed(phrase), at)
        assert found >= 0, f"{phrase!r} is not in {text[at : at + 300]!r}"
        at = found + len(squeezed(phrase))


def line(page: Any, text: str) -> dict[str, Any]:
    """Where a line of text stands, in mm, and its letters."""
    for found in page.extract_text_lines():
        if squeezed(text) in squeezed(found["text"]):
            chars = [char for char in found["chars"] if char["text"].strip()]
            # Two columns share a line: only the letters of this text.
            whole = squeezed("".join(char["text"] for char in chars))
            kept = [char for char in chars if squeezed(char["text"])]
            start = whole.index(squeezed(text))
            chars = kept[start : start + len(squeezed(text))]
            return {
                "left": chars[0]["x0"] / MM,
                "right": chars[-1]["x1"] / MM,
                "top": chars[0]["top"] / MM,
                "font": chars[0]["fontname"].split("+")[-1],
                "size": round(chars[0]["size"], 1),
            }
    raise AssertionError(f"{text!r} is not on the page")


def middle(place: dict[str, Any]) -> float:
    return (place["left"] + place["right"]) / 2
