"""Dates, numbers and people in the office's own words."""

from datetime import date, datetime, timedelta
from typing import Any

from server.calendar.rules import WorkingDays
from server.people.directory import Directory, Profile
from server.storage.ids import LOCAL
from server.words import say

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SOON_DAYS = 3
#: Beyond so many days nobody counts working days: they would be counted year by year, as far as somebody mistyped.
FAR_DAYS = 60

#: The kind of chip and the icon of each status.
CHIPS: dict[str, tuple[str, str]] = {
    "proposed": ("review", "help"),
    "not_started": ("wait", "clock"),
    "in_progress": ("doing", "play"),
    "submitted": ("review", "eye"),
    "completed": ("done", "check"),
    "paused": ("soon", "pause"),
    "cancelled": ("wait", "x"),
    "declined": ("wait", "x"),
}


def day(value: date | None) -> str:
    """``23/11/2026``, or nothing."""
    return f"{value:%d/%m/%Y}" if value else ""


def moment(value: datetime | None, now: datetime | None = None) -> str:
    """``08:15 hôm nay``, ``08:15, 23/11`` in the year of ``now``, else ``08:15, 23/11/2025``."""
    if value is None:
        return ""
    local = value.astimezone(LOCAL)
    if now is not None:
        today = now.astimezone(LOCAL).date()
        if local.date() == today:
            return say("tasks.show.today_at", time=f"{local:%H:%M}")
        if local.date() == today - timedelta(days=1):
            return say("tasks.show.yesterday_at", time=f"{local:%H:%M}")
        if local.year == today.year:
            return f"{local:%H:%M, %d/%m}"
    return f"{local:%H:%M, %d/%m/%Y}"


def local_day(value: datetime | None) -> str:
    """The day of a moment, by the office's clock."""
    return day(value.astimezone(LOCAL).date()) if value else ""


def long_day(value: date) -> str:
    """``Thứ Hai, 23/11``."""
    return f"{say(f'tasks.weekday.{WEEKDAYS[value.weekday()]}')}, {value:%d/%m}"


def amount(thousandths: int | None) -> str:
    """``1.234,5`` from thousandths; nothing from nothing."""
    if thousandths is None:
        return ""
    whole, part = divmod(thousandths, 1000)
    text = f"{whole:,}".replace(",", ".")
    return f"{text},{part:03d}".rstrip("0") if part else text


def file_size(size: int) -> str:
    """``1,2 MB``."""
    if size < 1000:
        return f"{size} B"
    for unit, factor in (("kB", 1000), ("MB", 1000**2)):
        if size < factor * 1000 or unit == "MB":
            return f"{size / factor:.1f} {unit}".replace(".0 ", " ").replace(".", ",")
    return ""


def due_text(due: date | None, no_due: str | None, today: date, days: WorkingDays) -> str:
    """``còn 2 ngày làm việc``, ``quá hạn 3 ngày``, or why there is no due date."""
    if due is None:
        return say(f"tasks.due.{no_due or 'none'}")
    if due < today:
        return say("tasks.due.late", days=(today - due).days)
    if due == today:
        return say("tasks.due.today")
    if (due - today).days > FAR_DAYS:
        return say("tasks.due.far", day=day(due))
    left = days.between(today, due)
    if left <= 0:
        return say("tasks.due.next_day", day=day(due))
    if left > 20:
        return say("tasks.due.far", day=day(due))
    return say("tasks.due.left", days=left)


def _soon(due: date, today: date, days: WorkingDays) -> bool:
    return (due - today).days <= FAR_DAYS and days.between(today, due) <= SOON_DAYS


def chip(status: str, due: date | None, no_due: str | None, today: date, days: WorkingDays, *, overdue: bool) -> dict[str, str]:
    """The chip of a task: its state or, where the due date presses, what presses."""
    if overdue and due is not None:
        return {"kind": "late", "icon": "late", "label": say("tasks.due.late_chip", days=(today - due).days)}
    if status in ("not_started", "in_progress") and due is not None and _soon(due, today, days):
        return {"kind": "soon", "icon": "clock", "label": due_text(due, no_due, today, days).capitalize()}
    kind, icon = CHIPS[status]
    return {"kind": kind, "icon": icon, "label": say(f"tasks.status.{status}")}


def person(profile: Profile | None) -> dict[str, Any] | None:
    """Somebody as templates show him."""
    if profile is None:
        return None
    return {"id": profile.id, "name": profile.name, "initials": profile.initials, "position": profile.title}


def person_in(directory: Directory, person_id: str | None) -> dict[str, Any] | None:
    """``person`` of this directory, made once a version of it: whoever gets it reads it and never changes it."""
    known: dict[str | None, dict[str, Any] | None] = directory.derived.setdefault("people_shown", {})
    if person_id not in known:
        profile = directory.people.get(person_id or "")
        if profile is None:
            return None
        known[person_id] = person(profile)
    return known[person_id]


def name_of(directory: Directory, person_id: str | None) -> str:
    """A name, or nothing for nobody."""
    profile = directory.people.get(person_id or "")
    return profile.name if profile else ""


def people_groups(people: list[Profile], directory: Directory) -> list[dict[str, Any]]:
    """People as a choice by room, rooms in their order and people in order of rank."""
    groups: dict[str, dict[str, Any]] = {}
    for profile in people:
        unit = directory.units.get(profile.unit or "")
        key = unit.id if unit else ""
        group = groups.setdefault(key, {"unit": unit.name if unit else "", "sort": unit.sort if unit else 0, "people": []})
        group["people"].append({"id": profile.id, "name": profile.name, "position": profile.title, "note": ""})
    return sorted(groups.values(), key=lambda group: int(group["sort"]))
