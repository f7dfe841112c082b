"""Sections → what ``templates/shared/parts/charts.html`` draws. Counts nothing: every number stands in the section's table."""

import contextlib
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import msgspec

from server.insight.trends import charts
from server.ledger.grains import PARTS, Period
from server.reports.page.calendar import calendar
from server.reports.shape import Column, Report, Row, Section, Value
from server.reports.words import number
from server.words import say

#: Pixels of a drawing of columns, of a lying bar, and between two of one line.
INNER: Final = 160
BAR: Final = 12
GAP: Final = 3
#: A piece of a column that is lower has no room for its number.
ROOM: Final = 15
#: So many lying bars are shown at once, and what is only a few more is not folded away.
LINES: Final = 12
FEW: Final = 3
#: The colour of a figure; red is for overdue alone (docs/design-system.md).
KINDS: Final = {
    "assigned": "ink", "done": "done", "on_time": "done", "late": "soon", "undated": "do", "open": "do", "overdue": "late",
    "not_started": "edge", "in_progress": "do", "submitted": "review", "paused": "soon", "cancelled": "edge", "undated_open": "edge",
    "on_time_share": "done", "done_share": "do", "load": "do", "load_before": "edge", "in_time": "edge",
    "kpi_band_excellent": "done", "kpi_band_good": "do", "kpi_band_fair": "soon", "kpi_band_failed": "ink",
}  # fmt: skip
#: What comes next where two of one drawing would look alike.
OTHERS: Final = ("do", "done", "review", "soon", "edge", "ink")


class Line(msgspec.Struct, frozen=True):
    """One line of a table with its values by the keys of the columns."""

    row: Row
    values: dict[str, float]


def kinds_of(columns: Sequence[Column]) -> dict[str, str]:
    """A colour for each column, none twice while there are enough."""
    found: dict[str, str] = {}
    for one in columns:
        wanted = KINDS.get(one.key, OTHERS[0])
        if wanted in found.values():
            wanted = next((kind for kind in OTHERS if kind not in found.values()), wanted)
        found[one.key] = wanted
    return found


def drawing(section: Section, report: Report) -> dict[str, Any] | None:
    """How a section is drawn: ``shape`` is lying, upright or calendar. None where it is not drawn or has nothing but zeros."""
    if section.chart is None:
        return None
    known = {one.key: one for one in section.table.columns}
    columns = [known[key] for key in section.chart.columns if key in known]
    place = {one.key: at for at, one in enumerate(section.table.columns)}
    lines = [Line(row, {one.key: _amount(row.values[place[one.key]]) for one in columns}) for row in section.table.rows if not row.level]
    if not any(value for line in lines for value in line.values.values()):
        return None
    if section.chart.shape == "calendar":
        return {
            "shape": "calendar",
            "title": section.title,
            **calendar({line.row.key: line.values[columns[0].key] for line in lines}, report),
        }
    if section.chart.shape == "lines" or all(_day(line.row.key) for line in lines):
        return {"shape": "upright", "title": section.title, **_upright(lines, columns, report, stacked=section.chart.shape == "stacked")}
    return {"shape": "lying", "title": section.title, **_lying(lines, columns, stacked=section.chart.shape == "stacked")}


def _amount(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _day(key: str) -> date | None:
    """The first day of a line that is a day or a period."""
    for read in (date.fromisoformat, lambda code: Period.read(code).start):
        with contextlib.suppress(ValueError):
            return read(key)
    return None


def _key(columns: Sequence[Column], kinds: dict[str, str], shapes: dict[str, str] | None = None) -> list[dict[str, str]]:
    found = [{"shape": (shapes or {}).get(one.key, "bar"), "kind": kinds[one.key], "label": one.label} for one in columns]
    return found if len(found) > 1 else []


def _lying(lines: Sequence[Line], columns: Sequence[Column], *, stacked: bool) -> dict[str, Any]:
    """A line of its own for each name, which may be long, with a bar below it. What has nothing to draw is in the table alone."""
    kinds = kinds_of(columns)
    most = {one.key: max((line.values[one.key] for line in lines), default=0) or 1 for one in columns}
    counts = max((most[one.key] for one in columns if one.kind == "count"), default=1)
    for one in columns:
        most[one.key] = 1 if one.kind == "share" else counts if one.kind == "count" else most[one.key]
    whole = max(sum(line.values.values()) for line in lines) or 1
    rows = []
    for line in (one for one in lines if any(one.values.values())):
        bars: list[dict[str, str]] = []
        at = 0.0
        for place, one in enumerate(columns):
            value = line.values[one.key]
            if value > 0:
                width = 100 * value / (whole if stacked else max(most[one.key], value))
                top = 0 if stacked else place * (BAR + GAP)
                bars.append({"x": charts.text(at), "w": charts.text(width), "y": str(top), "h": str(BAR), "kind": kinds[one.key]})
                at += width if stacked else 0
        rows.append({"name": line.row.label, "note": line.row.note, "bars": bars, "said": _said(line, columns)})
    height = BAR if stacked else len(columns) * (BAR + GAP) - GAP
    cut = len(rows) if len(rows) <= LINES + FEW else LINES
    rest = rows[cut:]
    return {
        "rows": rows[:cut],
        "rest": rest,
        "more": say("report_page.more", count=len(rest)),
        "height": str(height),
        "key": _key(columns, kinds),
    }


def _said(line: Line, columns: Sequence[Column]) -> str:
    """The numbers of a line: one alone, or each with its name."""
    if len(columns) == 1:
        return number(line.values[columns[0].key], columns[0].kind)
    said = [f"{one.label} {number(line.values[one.key], one.kind)}" for one in columns if line.values[one.key]]
    return " · ".join(said) or "0"


def _upright(lines: Sequence[Line], columns: Sequence[Column], report: Report, *, stacked: bool) -> dict[str, Any]:
    """Columns, or lines, over time. What was given is no part of what was done: it is a line over the columns."""
    kinds = kinds_of(columns)
    drawn = [one for one in columns if stacked and one.key != "assigned"]
    over = [one for one in columns if one not in drawn]
    shares = all(one.kind == "share" for one in columns)
    tops = [sum(line.values[one.key] for one in drawn) for line in lines]
    most = 1.0 if shares else max([*tops, *(line.values[one.key] for line in lines for one in over)]) or 1.0
    scale = charts.Scale(len(lines), 0.0, most, INNER)
    bars: list[dict[str, str]] = []
    texts: list[dict[str, str]] = []
    width = 100 / len(lines)
    for slot, line in enumerate(lines):
        below = 0.0
        for one in drawn:
            value = line.values[one.key]
            if not value:
                continue
            top, foot = scale.down(below + value), scale.down(below)
            below += value
            label = f"{line.row.label}: {one.label} {number(value, one.kind)}"
            x, wide = scale.across(slot) - width * charts.FILL / 2, width * charts.FILL
            place = {"x": charts.text(x), "w": charts.text(wide), "y": charts.text(top), "h": charts.text(max(1.0, foot - top - 1))}
            bars.append({**place, "kind": kinds[one.key], "label": label})
            if foot - top >= ROOM and len(lines) <= 14:
                middle = charts.text((top + foot) / 2 + 4)
                texts.append({"x": charts.text(scale.across(slot)), "y": middle, "text": number(value, one.kind), "on": "1"})
    found, dots = [], []
    for one in over:
        values = [line.values[one.key] for line in lines]
        labels = [f"{line.row.label}: {one.label} {number(line.values[one.key], one.kind)}" for line in lines]
        found += charts.line(scale, values, kinds[one.key])
        dots += charts.dots(scale, values, kinds[one.key], labels)
    levels = [(most, number(most, "share" if shares else "count")), (0.0, "0")]
    plot = charts.plot(scale, levels=levels, lines=found, bars=bars, dots=dots, texts=texts, names=_names(lines, report))
    shapes = {one.key: "line" for one in over}
    return {"plots": [{"name": "", "plot": plot}], "key": _key(columns, kinds, shapes)}


def _names(lines: Sequence[Line], report: Report) -> list[tuple[str, bool]]:
    """What stands below the columns: weekdays of a week, the first days of the weeks of a month, the months of a quarter or year."""
    grain = PARTS[Period.read(report.period).grain]
    found: list[tuple[str, bool]] = []
    for line in lines:
        day = _day(line.row.key)
        if day is None:
            found.append((line.row.label, False))
        elif grain == "d":
            found.append((say(f"report_page.weekday.{day.weekday()}"), False))
        elif grain == "w":
            found.append((f"{max(day, report.first):%d/%m}", False))
        else:
            found.append((say("report_page.month_name", number=day.month) if len(lines) <= FEW else str(day.month), False))
    return found
