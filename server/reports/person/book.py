"""The copy as a workbook: one sheet a part, the same rows as the JSON, with real days and numbers, for people to read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from rustpy_xlsxwriter import FastExcel, Format

from server.reports.person.labels import code_name, column_name, part_name, roles_named
from server.reports.person.shapes import Kind, Part
from server.storage.ids import LOCAL
from server.words import say

#: What a sheet and a cell can hold.
MOST_ROWS: Final = 1_000_000
LONGEST_CELL: Final = 32_000
LONGEST_NAME: Final = 31
#: How a column shows its numbers; Excel puts the reader's own comma and point.
FORMATS: Final[dict[str, str]] = {
    "day": "dd/mm/yyyy",
    "moment": "dd/mm/yyyy hh:mm",
    "number": "0",
    "thousandths": "#,##0.0##",
    "millionths": "0.0%",
    "share": "0.0%",
    "bytes": "#,##0",
    "minutes": "#,##0",
}
WIDTHS: Final[dict[str, int]] = {
    "day": 12, "moment": 17, "number": 9, "thousandths": 11, "millionths": 11, "share": 11, "bytes": 13, "minutes": 10, "yes_no": 9,
    "ordinal": 11, "code": 20, "person": 24, "unit": 28, "field": 28, "id": 20, "json": 40, "people": 30, "roles": 24, "text": 40,
}  # fmt: skip
#: What XML can't hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Cell = str | int | float | date | datetime | None


def _text(value: object) -> str | None:
    text = _ILLEGAL.sub("", str(value))
    return text if len(text) <= LONGEST_CELL else say("export.cut", text=text[:LONGEST_CELL])


def cell(part: str, column: str, kind: Kind, value: Any) -> Cell:
    """A value of the JSON as a cell. Text stays text whatever it begins with: the writer makes no formula of it."""
    if value is None or value == "":
        return None
    match kind:
        case "day":
            return date.fromisoformat(value)
        case "moment":
            return datetime.fromisoformat(value).astimezone(LOCAL).replace(tzinfo=None)
        case "thousandths":
            return int(value) / 1000
        case "millionths":
            return int(value) / 1_000_000
        case "number" | "bytes" | "minutes":
            return int(value)
        case "share":
            return float(value)
        case "yes_no":
            return say("export.yes" if value else "export.no")
        case "code":
            return _text(code_name(part, column, str(value)))
        case "roles":
            return _text(roles_named(value))
        case "people":
            return _text(", ".join(str(one) for one in value)) if isinstance(value, list) else _text(value)
        case "json":
            return _text(orjson.dumps(value).decode()) if value not in ({}, []) else None
        case _:
            return _text(value)


def _lines(part: Part, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Cell]]:
    # The heads are the keys: two columns of one name would be one.
    heads = [(column, column_name(part, column), part.kind(column)) for column in part.shown]
    for one in rows:
        yield {head: cell(part.name, column, kind, one[column]) for column, head, kind in heads}


def _read(path: Path, skip: int, most: int, tell: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for place, line in enumerate(file):
            if place >= skip + most:
                return
            if place >= skip:
                tell(len(line))
                yield orjson.loads(line)


def write_book(
    target: Path, parts: Iterable[tuple[Part, Path, int]], about: Iterable[tuple[str, str]], tell: Callable[[int], None]
) -> None:
    """Write the workbook. ``parts``: each with the file of its rows, one JSON object a line, and their number. Blocks for seconds.

    ``tell`` hears how many bytes of rows were read more; what it raises ends the writing.
    """
    parts = list(parts)
    book = FastExcel(target).freeze(row=1)
    head = Format().set_bold().set_text_wrap()
    kept, named, amount = (say(f"export.about.{one}") for one in ("what", "says", "rows"))
    first: list[dict[str, Cell]] = [{kept: name, named: text, amount: None} for name, text in about]
    first += [{kept: part_name(part), named: say(f"export.group.{part.group}.name"), amount: number} for part, _, number in parts]
    book.sheet(say("export.about.sheet"), iter(first), column_widths=[34, 60, 12], header_format=head)
    for part, path, number in parts:
        columns = {column_name(part, column): part.kind(column) for column in part.shown}
        for place in range(-(-number // MOST_ROWS)):
            book.sheet(
                part_name(part)[:LONGEST_NAME] if not place else f"{part_name(part)[: LONGEST_NAME - 4]} {place + 1}",
                _lines(part, _read(path, place * MOST_ROWS, MOST_ROWS, tell)),
                column_widths={name: WIDTHS[kind] for name, kind in columns.items()},
                column_formats={name: Format().set_num_format(FORMATS[kind]) for name, kind in columns.items() if kind in FORMATS},
                header_format=head,
                autofilter=True,
                page_setup={"landscape": True, "paper_size": 9, "fit_to_pages": (1, 0), "repeat_rows": 0},
            )
    book.save()
