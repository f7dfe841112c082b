"""How wide the columns of a printed table are: the numbers what they need, the name of a line what is left of the page."""

from collections.abc import Sequence
from typing import Literal

from server.reports.shape import Column

#: What the tables of an annex are wide, and what its first columns want of it: the rank, the name of a line. Millimetres.
WIDE, RANK, LABEL = 252, 11, 70
#: What a text and a day want in a table with small type.
WORDS, DAY = 30, 22
#: The widths that a column may have, each a class of templates/print/report.css: of numbers in a table with room, and in one without.
EVEN, TIGHT = (32, 24, 18, 15), (8, 9, 10, 11, 12, 13, 15, 18)
#: What the name of a line keeps in any case: then the type becomes smaller.
LEAST_LABEL = 45
#: With more columns of numbers the texts of a line stand below its name.
MOST_NUMBERS = 12
#: Millimetres of a letter of a head (bold, 9.5 pt), of a value (10.5 pt), and what a cell keeps free.
HEAD_LETTER, LETTER, ROOM = 1.8, 1.85, 1.2
OTHER_LETTERS = {",": 1.0, ".": 1.0, " ": 1.0, "%": 3.1}
Size = Literal["", "narrow", "tiny"]


def columns_below(columns: Sequence[Column]) -> list[int]:
    """The places of the texts that stand below the name of a line, for their columns would leave it no room."""
    if sum(1 for one in columns if one.kind != "text") <= MOST_NUMBERS:
        return []
    return [place for place, one in enumerate(columns) if one.kind == "text"]


def widths_of(columns: Sequence[Column], values: Sequence[Sequence[str]]) -> tuple[Size, list[int]]:
    """The size of the table's type, and the width of every column, of ``EVEN``, ``TIGHT``, ``WORDS`` and ``DAY``."""
    texts = sum(1 for one in columns if one.kind in ("text", "date"))
    room = (WIDE - RANK - LABEL) / max(1, len(columns))
    even = next((one for one in EVEN if one <= room), None)
    if even is not None and not texts:
        return "", [even] * len(columns)
    needed = [_needed(one, [row[place] for row in values]) for place, one in enumerate(columns)]
    if sum(needed) <= WIDE - RANK - LEAST_LABEL:
        return "narrow", needed
    share = (WIDE - RANK - LEAST_LABEL) / len(columns)
    return "tiny", [min(one, max(width for width in TIGHT if width <= max(share, TIGHT[0]))) for one in needed]


def _needed(column: Column, values: Sequence[str]) -> int:
    if column.kind == "text":
        return WORDS
    if column.kind == "date":
        return DAY
    head = max((len(word) for word in column.label.split()), default=0) * HEAD_LETTER
    widest = max((sum(OTHER_LETTERS.get(letter, LETTER) for letter in value) for value in values), default=0.0)
    return next((one for one in TIGHT if one >= max(head, widest) + ROOM), TIGHT[-1])
