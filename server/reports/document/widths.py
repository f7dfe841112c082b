"""How wide the columns of a printed table are: the numbers what they need, the name of a line what is left of the page."""

from collections.abc import Sequence

from server.reports.shape import Column

#: What the tables of an annex are wide, and what its first columns want of it: the rank, the name of a line. Millimetres.
WIDE, RANK, LABEL = 252, 11, 70
#: What a text and a day want in a table with small type.
WORDS, DAY = 30, 22
#: The widths that a column may have, each a class of templates/print/report.css: of numbers in a table with room, and in one without.
EVEN, TIGHT = (32, 24, 18, 15), (9, 10, 11, 12, 13, 15, 18)
#: With more columns of numbers the texts of a line stand below its name.
MOST_NUMBERS = 12
#: Millimetres of a letter of a head (bold, 9.5 pt) and of a value (10.5 pt), with what a cell keeps free.
HEAD_LETTER, HEAD_ROOM, LETTER, NARROW_LETTER, ROOM = 1.95, 0.8, 1.9, 1.0, 2.6


def columns_below(columns: Sequence[Column]) -> list[int]:
    """The places of the texts that stand below the name of a line, for their columns would leave it no room."""
    if sum(1 for one in columns if one.kind != "text") <= MOST_NUMBERS:
        return []
    return [place for place, one in enumerate(columns) if one.kind == "text"]


def widths_of(columns: Sequence[Column], values: Sequence[Sequence[str]]) -> tuple[bool, list[int]]:
    """Whether the table needs small type, and the width of every column, of ``EVEN``, ``TIGHT``, ``WORDS`` and ``DAY``."""
    texts = sum(1 for one in columns if one.kind in ("text", "date"))
    room = (WIDE - RANK - LABEL) / max(1, len(columns))
    even = next((one for one in EVEN if one <= room), None)
    if even is not None and not texts:
        return False, [even] * len(columns)
    return True, [_needed(one, [row[place] for row in values]) for place, one in enumerate(columns)]


def _needed(column: Column, values: Sequence[str]) -> int:
    if column.kind == "text":
        return WORDS
    if column.kind == "date":
        return DAY
    head = max((len(word) for word in column.label.split()), default=0) * HEAD_LETTER + HEAD_ROOM
    widest = max((sum(NARROW_LETTER if letter in ",. –" else LETTER for letter in value) for value in values), default=0.0) + ROOM
    return next((one for one in TIGHT if one >= max(head, widest)), TIGHT[-1])
