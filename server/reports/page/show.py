"""A report as the context of its page."""

from collections.abc import Set
from typing import Any, Final

from server.reports.page.asked import Asked
from server.reports.page.behind import HAS_LIST
from server.reports.page.draw import drawing
from server.reports.page.table import table_of
from server.reports.shape import Headline, Report, Section, Value
from server.reports.words import as_of, compared, number
from server.words import say

#: An arrow with each word; colour only says again which way is the good one.
ICONS: Final = {1: "up", -1: "down", 0: "right"}

WHICH: Final = ("before", "year_before")


def report_context(report: Report, asked: Asked, seen: Set[str] = frozenset()) -> dict[str, Any]:
    """Head, first numbers and sections; ``seen``: the tasks of plans that the reader may open.

    A report that nothing was counted in has neither, and ``empty``.
    """
    counted = any(one.value for one in report.headlines)
    return {
        "period_label": report.period_label,
        "unit_label": report.unit_label,
        "as_of": as_of(report),
        "running": report.running,
        "empty": not counted,
        "headlines": [_tile(one, asked) for one in report.headlines] if counted else [],
        "sections": [_section(one, report, asked, seen) for one in report.sections if one.table.rows or one.key == "people"]
        if counted
        else [],
    }


def _shown(one: Section) -> bool:
    """A section without lines is left out, but where the people of a large unit are listed is said."""
    return bool(one.table.rows) or one.key == "people"


def _tile(one: Headline, asked: Asked) -> dict[str, Any]:
    href = asked.behind(one.key, one.drill) if one.key in HAS_LIST and one.value else ""
    return {
        "label": one.label,
        "text": number(one.value, one.kind),
        "href": href,
        # The year before is of a year the period before.
        "changes": [_change(one, getattr(one, which), which) for which in WHICH[: 1 if asked.period.grain == "y" else 2]],
    }


def _change(one: Headline, other: Value, which: str) -> dict[str, str]:
    """How it stands against another period: an arrow, the word, both numbers."""
    said = compared(one.value, other, one.kind)
    if not said or not isinstance(one.value, int | float) or not isinstance(other, int | float):
        return {"icon": "", "kind": "", "text": say(f"report_page.nothing.{which}")}
    way = 1 if one.value > other else -1 if one.value < other else 0
    kind = {1: "done", -1: "soon", 0: ""}[way * one.good]
    text = say(f"report_page.than.{which}", change=said[0].upper() + said[1:], value=number(other, one.kind))
    return {"icon": ICONS[way], "kind": kind, "text": held(text)}


def held(text: str) -> str:
    """The same with each percent sign on the line of its number."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _section(one: Section, report: Report, asked: Asked, seen: Set[str]) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "said": held(one.said),
        "note": one.note,
        "drawing": drawing(one, report),
        "table": table_of(one, asked, seen),
    }
