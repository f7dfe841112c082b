"""Numbers of days as months on a wall: weeks below each other, the more the darker, each with its number."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from math import ceil
from typing import Any, Final

from server.insight.trends.charts import text
from server.reports.shape import Report
from server.reports.words import last_day, number
from server.words import say

DAYS: Final = 7
#: Pixels: the names of the weekdays, a week where a month has the whole width, and where several stand side by side.
HEAD: Final = 18
TALL: Final = 40
LOW: Final = 26
GAP: Final = 3
#: How many shades there are above nothing.
SHADES: Final = 4


def shades(most: float) -> list[int]:
    """The largest number of each shade: as many shades as there are different numbers, four at most.

    >>> shades(3), shades(4), shades(10), shades(0)
    ([1, 2, 3], [1, 2, 3, 4], [3, 5, 8, 10], [])
    """
    count = min(SHADES, int(most))
    return [ceil(most * (place + 1) / count) for place in range(count)]


def shade(value: float, edges: list[int]) -> int:
    """Which shade a number has; 0 is none. The darkest is the fourth, however many there are."""
    if value <= 0:
        return 0
    return SHADES - len(edges) + 1 + next(place for place, edge in enumerate(edges) if value <= edge)


def calendar(values: Mapping[str, float], report: Report) -> dict[str, Any]:
    """The months of the report's period; days that have not come stand empty."""
    edges = shades(max(values.values(), default=0))
    days = [report.first + timedelta(days=n) for n in range((report.last - report.first).days + 1)]
    months = [list(one) for _, one in groupby(days, key=lambda day: (day.year, day.month))]
    until = last_day(report)
    tall = len(months) == 1
    key = [{"shape": "cell", "kind": "heat-0", "label": "0"}]
    low = 1
    for edge in edges:
        label = str(edge) if low >= edge else say("report_page.range", low=low, high=edge)
        key.append({"shape": "cell", "kind": f"heat-{shade(edge, edges)}", "label": label})
        low = edge + 1
    return {"months": [_month(one, values, edges, until, tall=tall) for one in months], "key": key, "tall": tall}


def _month(days: list[date], values: Mapping[str, float], edges: list[int], until: date, *, tall: bool) -> dict[str, Any]:
    wide, high = 100 / DAYS, TALL if tall else LOW
    monday = days[0] - timedelta(days=days[0].weekday())
    cells = []
    for day in days:
        value = values.get(day.isoformat(), 0)
        x, y = day.weekday() * wide, HEAD + (day - monday).days // DAYS * (high + GAP)
        cells.append(
            {
                "x": text(x),
                "w": text(wide - 1),
                "y": str(y),
                "h": str(high),
                "kind": "ahead" if day > until else f"heat-{shade(value, edges)}",
                "mid": text(x + (wide - 1) / 2),
                "low": str(y + (high - 9 if tall else high // 2 + 4)),
                "day": str(day.day) if tall else "",
                "left": text(x + 0.8),
                "top": str(y + 12),
                "text": number(value, "count") if value else "",
                "label": say("report_page.day", day=f"{day:%d/%m/%Y}", number=number(value, "count")),
            }
        )
    weeks = (days[-1] - monday).days // DAYS + 1
    total = sum(values.get(day.isoformat(), 0) for day in days)
    name = say("report_page.month_year", number=days[0].month, year=days[0].year)
    return {
        "name": name,
        "label": say("report_page.month_said", month=name, number=number(total, "count")),
        "height": str(HEAD + weeks * (high + GAP)),
        "heads": [{"x": text(n * wide + (wide - 1) / 2), "text": say(f"report_page.weekday.{n}")} for n in range(DAYS)],
        "cells": cells,
    }
