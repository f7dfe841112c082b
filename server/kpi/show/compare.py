"""Two versions of one sheet beside each other."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from server.kpi.queries.sheets import Difference, Sheet, differences
from server.kpi.show import values
from server.people.directory import Directory
from server.tasks.show.values import moment, person_in
from server.words import say

#: Which fields of a line are amounts in thousandths.
AMOUNTS = ("k", "assigned", "accepted")
POINTS = ("total", "general")


def version_line(one: Sheet, current: Sheet, directory: Directory, now: datetime) -> dict[str, Any]:
    """A version in the list of them."""
    return {
        "id": one.id,
        "version": one.version,
        "current": one.id == current.id,
        "state": values.state(one.state),
        "total": values.points(one.total),
        "reason": one.version_reason,
        "when": moment(one.period.closed_at or one.period.opened_at, now),
        "compare": f"/kpi/sheets/{one.id}/compare/{current.id}" if one.id and current.id and one.id != current.id else "",
    }


def compared(before: Sheet, after: Sheet, directory: Directory, now: datetime) -> dict[str, Any]:
    """What the page of a comparison shows."""
    rows = [_row(one) for one in differences(before, after)]
    return {
        "person": person_in(directory, after.person),
        "period": values.period(after.period),
        "before": version_line(before, after, directory, now),
        "after": version_line(after, after, directory, now),
        "reason": after.version_reason or after.period.reason,
        "rows": rows,
        "href": f"/kpi/sheets/{after.id}",
    }


def _row(one: Difference) -> dict[str, Any]:
    where = say(f"kpi.page.what.{one.what}")
    title = one.title
    if one.what == "criterion":
        title = say(f"kpi.paper.criterion.{one.name}")
    return {"where": where, "title": title, "lines": _sides(one)}


def _sides(one: Difference) -> list[dict[str, str]]:
    """Each value that differs, by its name; a whole line that came or went is said in one."""
    if isinstance(one.before, dict) and isinstance(one.after, dict):
        names = [name for name in one.after if one.before.get(name) != one.after.get(name)]
        return [
            {"name": _named(name), "before": text_of(name, one.before.get(name)), "after": text_of(name, one.after[name])} for name in names
        ]
    return [{"name": "", "before": text_of(one.what, one.before), "after": text_of(one.what, one.after)}]


def _named(name: str) -> str:
    return say(f"kpi.page.column.{name}") if name in COLUMNS else name


COLUMNS = ("k", "assigned", "accepted", "kind", "late", "failed", "late_excused", "failed_excused", "due", "done", "product", "title")


def text_of(name: str, value: Any) -> str:
    """A value of a frozen sheet in words; nothing for none."""
    if value is None:
        return say("kpi.page.nothing")
    if isinstance(value, bool):
        return say("kpi.page.yes") if value else say("kpi.page.no")
    if isinstance(value, dict):
        return say("kpi.page.there")
    if name == "band":
        return say(f"kpi.page.band.{value}")
    if name == "kind":
        return say(f"kpi.page.kind.{value}")
    if isinstance(value, Fraction):
        return values.percent(value)
    if isinstance(value, list | tuple) and len(value) == 2 and name in ("a", "b", "c"):
        return values.percent(Fraction(value[0], value[1]))
    if isinstance(value, int) and (name in AMOUNTS or name in POINTS or name in ("criterion", "line")):
        return values.amount(value)
    text = str(value)
    if name in ("due", "done") and len(text) == len("2026-11-23"):
        return f"{text[8:10]}/{text[5:7]}/{text[:4]}"
    return text
