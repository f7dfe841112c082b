"""A year of the calendar as its page shows it."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

import holidays

from server.calendar.rules import KNOWN_NOTICES, WorkingDays
from server.words import say

SATURDAY = 5
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def year_context(year: int, days: WorkingDays, today: date) -> dict[str, Any]:
    """``months``: each with its ``working`` days and the days that are not as their weekday is; ``total`` working days; the years beside.

    A day has ``date`` (ISO), ``text``, ``working``, ``label``, ``why`` and ``entered``: whether the office itself set it.
    """
    first = date(year, 1, 1)
    every = [first + timedelta(days=place) for place in range((date(year, 12, 31) - first).days + 1)]
    named = holidays.country_holidays("VN", years=year, language="vi")
    own = {one.day: one.notice for one in days.entered}
    known = {one.day: one.notice for one in KNOWN_NOTICES}
    months = []
    for month, some in groupby(every, key=lambda day: day.month):
        inside = list(some)
        special = [day for day in inside if day in own or days.is_working(day) == (day.weekday() >= SATURDAY)]
        months.append(
            {
                "name": say("calendar.month", month=month),
                "working": sum(days.is_working(day) for day in inside),
                "days": [_day(day, days, own.get(day), known.get(day) or named.get(day) or "", today) for day in special],
            }
        )
    return {
        "year": year,
        "months": months,
        "total": sum(month["working"] for month in months),
        "years": [{"href": f"/calendar?year={one}", "label": str(one), "current": one == year} for one in range(year - 1, year + 2)],
    }


def _day(day: date, days: WorkingDays, own: str | None, otherwise: str, today: date) -> dict[str, Any]:
    working = days.is_working(day)
    # What has no name is half of a swap.
    usual = "calendar.source.made_up" if working and day.weekday() >= SATURDAY else "calendar.source.swapped"
    return {
        "date": day.isoformat(),
        "text": day_text(day),
        "working": working,
        "label": say("calendar.label.on" if working else "calendar.label.off"),
        "why": say("calendar.source.entered", notice=own) if own is not None else otherwise or say(usual),
        "entered": own is not None,
        "today": day == today,
    }


def day_text(day: date) -> str:
    """``Thứ Hai, 16/02/2026``."""
    return f"{say(f'tasks.weekday.{WEEKDAYS[day.weekday()]}')}, {day:%d/%m/%Y}"
