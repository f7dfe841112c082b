"""The sections of a report as annexes: which stand together, and their tables as rows of ready texts."""

from typing import Any

import msgspec

from server.reports.document.bars import bars_of
from server.reports.document.cells import clean, shortened, shown
from server.reports.document.days import months_of
from server.reports.document.widths import columns_below, widths_of
from server.reports.shape import Column, Report, Row, Section, Table
from server.words import say

#: Sections that stand in one annex. A section of another key has an annex of its own, behind these.
GROUPS = {
    "course": ("summary", "course", "calendar"),
    "units": ("units", "people", "leaders", "flow", "load"),
    "fields": ("fields", "priorities", "origins"),
    "kpi": ("kpi",),
    "plans": ("plans",),
}
#: More lines than that are for the workbook: nobody reads them on paper.
MOST_ROWS = 150
#: A section of so few lines, and no text in them longer than this, is not broken over pages.
WHOLE, WHOLE_LETTERS = 12, 120


class Annex(msgspec.Struct, frozen=True):
    """Sections under one title."""

    key: str
    title: str
    sections: list[Section]


def annexes_of(report: Report) -> list[Annex]:
    """The report's sections in their annexes. What nothing was counted for has no place in them."""
    told = [one for one in report.sections if one.table.rows]
    known = {key for keys in GROUPS.values() for key in keys}
    found = [
        Annex(key=group, title=say(f"report_paper.group.{group}"), sections=sections)
        for group, keys in GROUPS.items()
        if (sections := [one for one in told if one.key in keys])
    ]
    return found + [Annex(key=one.key, title=clean(one.title), sections=[one]) for one in told if one.key not in known]


def roman(number: int) -> str:
    """1 to 39 as numerals.

    >>> [roman(one) for one in (1, 4, 9, 14, 20)]
    ['I', 'IV', 'IX', 'XIV', 'XX']
    """
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (number // 10) + ones[number % 10]


def drawn(annexes: list[Annex]) -> list[dict[str, Any]]:
    """The annexes for the template. Tables and charts are counted through."""
    tables = charts = 0
    found = []
    for place, annex in enumerate(annexes, 1):
        only = len(annexes) == 1
        sections = []
        for section in annex.sections:
            tables += 1
            chart = bars_of(section)
            charts += chart is not None
            sections.append(_section(section, tables, chart, charts))
        found.append(
            {
                "id": f"annex-{place}",
                "label": say("report_paper.annex_only") if only else say("report_paper.annex", numeral=roman(place)),
                "short": f"{say('report_paper.annex_short_only') if only else say('report_paper.annex_short', numeral=roman(place))} ",
                "title": annex.title,
                "sections": sections,
            }
        )
    return found


def _section(section: Section, place: int, chart: dict[str, Any] | None, chart_place: int) -> dict[str, Any]:
    title = clean(section.title)
    table = _table(section.table)
    months = months_of(section) if section.chart is not None and section.chart.shape == "calendar" else None
    return {
        "id": f"table-{place}",
        "title": say("report_paper.table", place=place, title=title),
        "said": clean(section.said),
        "months": months,
        "table": table,
        "whole": months is not None or table["whole"],
        "chart": chart and {**chart, "title": say("report_paper.chart", place=chart_place, title=title), "said": clean(section.said)},
        "note": say("report_paper.note", note=clean(section.note)) if section.note.strip() else "",
    }


def _table(table: Table) -> dict[str, Any]:
    kept = table.rows[:MOST_ROWS]
    folded = columns_below(table.columns)
    places = [place for place in range(len(table.columns)) if place not in folded]
    rows = [{**_row(one, table.columns, places), "rank": rank} for one, rank in zip(kept, _ranks(kept), strict=True)]
    total = _row(table.total, table.columns, places) if table.total is not None else None
    columns = [table.columns[place] for place in places]
    values = [one["values"] for one in (*rows, total) if one is not None]
    size, widths = widths_of(columns, values)
    return {
        "head": clean(table.head),
        "columns": [
            {"label": clean(one.label), "kind": one.kind if one.kind in ("text", "date") else "num", "width": f"w{width}"}
            for one, width in zip(columns, widths, strict=True)
        ],
        "size": size,
        "rows": rows,
        "total": total,
        "more": say("report_paper.more", count=shown(len(table.rows) - MOST_ROWS, "count")) if len(table.rows) > MOST_ROWS else "",
        "span": len(columns) + 2,
        "whole": len(kept) <= WHOLE and all(len(text) <= WHOLE_LETTERS for row in rows for text in (row["label"], *row["values"])),
    }


def _row(row: Row, columns: list[Column], places: list[int]) -> dict[str, Any]:
    # What a line below a line has no numbers of is not missing: a plan's tasks.
    unasked = row.level > 0 and all(value is None for value, one in zip(row.values, columns, strict=True) if one.kind == "count")
    values = ["" if unasked and value is None else shown(value, one.kind) for value, one in zip(row.values, columns, strict=True)]
    below = [value for place, value in enumerate(values) if place not in places and value]
    return {
        "label": shortened(row.label),
        "below": ", ".join(below),
        "note": shortened(row.note),
        "values": [values[place] for place in places],
        "level": min(row.level, 2),
    }


def _ranks(rows: list[Row]) -> list[str]:
    """1, 2, 3; below a line 2.1, 2.2."""
    counts: list[int] = []
    found = []
    for row in rows:
        level = min(row.level, len(counts))
        counts[level:] = [(counts[level] if level < len(counts) else 0) + 1]
        found.append(".".join(str(one) for one in counts))
    return found
