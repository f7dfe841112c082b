"""The calendar of a report on paper: a line a month, a column a day, the numbers in them shaded by how many there are."""

from datetime import date
from typing import Any

from server.reports.document.cells import shown
from server.reports.shape import Section
from server.words import say

#: Steps of the shade.
STEPS = 4


def months_of(section: Section) -> list[dict[str, Any]] | None:
    """The months of a calendar section, whose rows have days as keys; None where they have not."""
    assert section.chart is not None
    place = next((at for at, one in enumerate(section.table.columns) if one.key in section.chart.columns), None)
    if place is None:
        return None
    counts: dict[date, float] = {}
    for row in section.table.rows:
        value = row.values[place]
        try:
            day = date.fromisoformat(row.key)
        except ValueError:
            return None
        counts[day] = value if isinstance(value, int | float) else 0
    most = max(counts.values(), default=0)
    months: dict[tuple[int, int], dict[int, float]] = {}
    for day, count in sorted(counts.items()):
        months.setdefault((day.year, day.month), {})[day.day] = count
    return [
        {
            "label": say("report_paper.month", number=month, year=year),
            "days": [_cell(days.get(one), most) for one in range(1, 32)],
            "sum": shown(sum(days.values()), "count"),
        }
        for (year, month), days in months.items()
    ]


def _cell(count: float | None, most: float) -> dict[str, Any]:
    if count is None:
        return {"text": "", "shade": "out"}
    step = 0 if not count else min(STEPS, 1 + int(STEPS * count / (most + 1)))
    return {"text": shown(count, "count") if count else "", "shade": f"s{step}"}
