"""TSV and CSV in any of the encodings that reach an office: UTF-8, UTF-16, Windows-1258."""

import csv
import unicodedata
from io import StringIO
from typing import Literal

from server.errors import Refusal
from server.plans.reading.grid import at_line
from server.plans.rules.headers import field_of, looks_like_header
from server.plans.shapes import Cell, Limits, Line, Table
from server.words import say

_DELIMITERS = ("\t", ";", ",", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(data: bytes, name: str) -> str:
    """The text of ``data`` in NFC. Raises `Refusal` when it is no text."""
    try:
        text = _decoded(data)
    except (UnicodeError, ValueError) as error:
        raise Refusal("invalid", "plans.unknown_kind", name=name) from error
    head = text[:20_000]
    odd = sum(unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs") and letter not in "\t\r\n\v\f\x85" for letter in head)
    if odd > max(2, len(head) // 100):
        raise Refusal("invalid", "plans.unknown_kind", name=name)
    return unicodedata.normalize("NFC", text)


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding)
    head = data[:4000]
    if head.count(b"\0") > len(head) // 8:
        # UTF-16 without its mark: the zeros stand on one side of each pair.
        little = head[1::2].count(b"\0") > head[0::2].count(b"\0")
        return data[: len(data) // 2 * 2].decode("utf-16-le" if little else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1258", errors="replace").replace("\ufffd", "")


def read_delimited(text: str, where: str, name: str, limits: Limits) -> list[Table]:
    """The one table of a text, cut at the delimiter that gives the best header; empty if nothing is delimited."""
    records = max((_records(text, delimiter, limits) for delimiter in _DELIMITERS), key=_worth)
    if not any(len(record) > 1 for _, record in records):
        return []
    if _worth(records)[0] == 0 and "\t" not in text and any(len(record) == 1 for _, record in records):
        return []  # the commas of sentences, no table
    if len(records) > limits.rows * 4:
        raise Refusal("invalid", "plans.too_many_rows", name=name, count=len(records), limit=limits.rows)
    first = next((at for at, (_, record) in enumerate(records) if _header(record)), 0)
    before = [record[0] for _, record in records[:first] if record and record[0].strip() and not any(cell.strip() for cell in record[1:])]
    lines = [Line([Cell(cell) for cell in record[: limits.columns]], at_line(number)) for number, record in records[first:]]
    return [Table(where, lines, before)]


def _records(text: str, delimiter: str, limits: Limits) -> list[tuple[int, list[str]]]:
    """The records with the number of the line each begins on.

    Quotes count when they close as they should; people also write quotes of their own ('"4 tại chỗ" …'), which are words then.
    """
    csv.field_size_limit(max(len(text) + 1, 131_072))
    quoted = _parsed(text, delimiter, csv.QUOTE_MINIMAL, limits, strict=True)
    if quoted is None:
        loose = _parsed(text, delimiter, csv.QUOTE_MINIMAL, limits, strict=False) or []
        quoted = loose if any("\n" in cell for _, record in loose for cell in record) else None
    if quoted is None or any(_swallowed(cell, delimiter) for _, record in quoted for cell in record):
        return _parsed(text, delimiter, csv.QUOTE_NONE, limits, strict=False) or []
    return quoted


def _swallowed(cell: str, delimiter: str) -> bool:
    """Whether an opening quote that never closed took whole lines into one cell."""
    lines = cell.count("\n")
    return lines > 0 and cell.count(delimiter) >= (1 if delimiter == "\t" else max(2, lines))


def _parsed(text: str, delimiter: str, quoting: Literal[0, 3], limits: Limits, *, strict: bool) -> list[tuple[int, list[str]]] | None:
    """The records, or None where the quotes do not fit the rules."""
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, quoting=quoting, strict=strict)
    begun = 1
    try:
        for record in reader:
            records.append((begun, record))
            begun = reader.line_num + 1
            if len(records) > limits.rows * 4 + 1:
                break
    except csv.Error:
        return None
    return records


def _header(record: list[str]) -> bool:
    return looks_like_header([Cell(cell) for cell in record])


def _worth(records: list[tuple[int, list[str]]]) -> tuple[int, int]:
    """How well a delimiter fits: the fields known in the best header it gives, else the columns most lines have."""
    known = max((len({field for cell in record if (field := field_of(cell))}) for _, record in records[:60] if _header(record)), default=0)
    widths = sorted(len(record) for _, record in records[:200] if any(record))
    return known, widths[len(widths) // 2] if widths else 0


def pasted_place() -> str:
    """How a pasted table is called."""
    return say("plans.at.pasted")
