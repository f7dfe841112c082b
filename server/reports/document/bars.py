"""A section's chart on paper: lying bars, in shades that differ in black and white too. All measures are millimetres of the paper."""

from typing import Any

from server.reports.document.cells import shortened, shown
from server.reports.shape import Column, Row, Section

#: Fills by what is shown, each darker or lighter than its neighbours.
FILLS = {"on_time": "#1f4e79", "undated": "#9dc3e6", "late": "#e08a2c", "overdue": "#a61c1c", "cancelled": "#d9d9d9", "assigned": "#8c8c8c"}
OTHERS = ("#1f4e79", "#e08a2c", "#9dc3e6", "#6b6b6b", "#d9d9d9", "#a61c1c")
DARK = frozenset({"#1f4e79", "#a61c1c", "#6b6b6b"})
#: More lines than that are not drawn: the table says it better, and the chart would not fit a page.
MOST_LINES, FEWEST_LINES = 20, 3
MOST_COLUMNS = 6
WIDTH, LABEL, RIGHT = 244.0, 70.0, 14.0
LINE, BAR, TOP = 6.4, 4.4, 8.0
#: Letters of the label of a line, and a letter's width where the type is 3.4 mm high.
MOST_LETTERS, LETTER = 39, 1.8


def bars_of(section: Section) -> dict[str, Any] | None:
    """The bars for the template; None where a drawing shows nothing that the table does not."""
    chart = section.chart
    if chart is None or chart.shape == "calendar":
        return None
    columns = [(place, one) for key in chart.columns for place, one in enumerate(section.table.columns) if one.key == key][:MOST_COLUMNS]
    rows = [one for one in section.table.rows if one.level == 0]
    if not columns or not FEWEST_LINES <= len(rows) <= MOST_LINES:
        return None
    stacked = chart.shape == "stacked"
    sums = [_numbers(row, columns) for row in rows]
    most = max(sum(one) if stacked else max(one) for one in sums)
    if most <= 0:
        return None
    fills = _fills([one for _, one in columns])
    if most < 1 and all(one.kind == "share" for _, one in columns):
        most = 1.0
    scale = (WIDTH - LABEL - RIGHT) / most
    step = LINE if stacked else LINE - BAR + BAR * len(columns)
    lines = [
        _line(row, values, columns, fills, TOP + at * step, scale, stacked=stacked)
        for at, (row, values) in enumerate(zip(rows, sums, strict=True))
    ]
    return {
        "width": WIDTH,
        "height": round(TOP + step * len(rows), 1),
        "label": LABEL,
        "top": TOP - 1,
        "key": _key([one for _, one in columns], fills),
        "lines": lines,
    }


def _numbers(row: Row, columns: list[tuple[int, Column]]) -> list[float]:
    return [max(0.0, float(value)) if isinstance(value := row.values[place], int | float) else 0.0 for place, _ in columns]


def _fills(columns: list[Column]) -> list[str]:
    wanted = [FILLS.get(one.key, "") for one in columns]
    rest = [one for one in OTHERS if one not in wanted]
    return [one or rest.pop(0) for one in wanted]


def _key(columns: list[Column], fills: list[str]) -> list[dict[str, Any]]:
    found, at = [], LABEL
    for column, fill in zip(columns, fills, strict=True):
        text = shortened(column.label, MOST_LETTERS)
        found.append({"x": round(at, 1), "fill": fill, "text": text})
        at += 8 + LETTER * len(text)
    return found


def _line(
    row: Row, values: list[float], columns: list[tuple[int, Column]], fills: list[str], top: float, scale: float, *, stacked: bool
) -> dict[str, Any]:
    parts, texts = [], []
    at, y = LABEL, top
    for value, (place, column), fill in zip(values, columns, fills, strict=True):
        length = value * scale
        text = shown(row.values[place], column.kind)
        if value:
            parts.append({"x": round(at, 2), "y": round(y, 2), "w": round(length, 2), "fill": fill})
        if stacked:
            if value and length >= LETTER * len(text) + 1:
                texts.append(_text(at + length / 2, y, text, "in-dark" if fill in DARK else "in"))
            at += length
        else:
            texts.append(_text(at + length + 1, y, text, "end"))
            y += BAR
    if stacked and len(columns) > 1:
        texts.append(_text(at + 1, y, shown(round(sum(values), 3), columns[0][1].kind), "end"))
    middle = top + (BAR if stacked else BAR * len(columns)) / 2
    return {"label": shortened(row.label, MOST_LETTERS), "y": round(middle + 1.2, 2), "parts": parts, "texts": texts}


def _text(x: float, y: float, text: str, place: str) -> dict[str, Any]:
    return {"x": round(x, 2), "y": round(y + BAR / 2 + 1.2, 2), "text": text, "place": place}
