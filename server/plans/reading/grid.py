"""Merged cells laid out on a grid, and the places of lines in words."""

from collections.abc import Iterable, Sequence

from server.plans.shapes import Cell, Line
from server.words import say

COVERED_ABOVE = Cell(above=True)
COVERED_LEFT = Cell(left=True)


def at_line(number: int) -> str:
    """ "dòng 12"."""
    return say("plans.at.line", number=number)


def spread(rows: Iterable[Sequence[tuple[str, int, int]]], columns: int) -> list[Line]:
    """Rows of (text, columns taken, rows taken), as HTML gives them, on a grid at most ``columns`` wide."""
    lines: list[Line] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    for number, row in enumerate(rows, 1):
        cells: list[Cell] = []
        waiting = list(reversed(row))
        while (waiting or len(cells) in hanging) and len(cells) < columns:
            at = len(cells)
            if at in hanging:
                left, cell = hanging.pop(at)
                cells.append(cell)
                if left > 1:
                    hanging[at] = (left - 1, cell)
                continue
            text, wide, high = waiting.pop()
            for offset in range(max(1, min(wide, columns - at))):
                cells.append(Cell(text) if offset == 0 else COVERED_LEFT)
                if high > 1:
                    hanging[at + offset] = (high - 1, COVERED_ABOVE if offset == 0 else Cell(above=True, left=True))
        lines.append(Line(cells, at_line(number)))
    return lines
