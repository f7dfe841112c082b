"""A task in a list."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from server.calendar.rules import WorkingDays
from server.people.directory import Directory
from server.tasks import rules
from server.tasks.show.marks import risk_mark
from server.tasks.show.values import chip, day, due_text, person_in
from server.words import say


@lru_cache(maxsize=4096)
def _state(status: str, due: date | None, no_due: str | None, today: date, days: WorkingDays) -> tuple[bool, dict[str, str], str]:
    """Whether it is overdue, its chip and the words beside it. Kept: the rows of all lists share a few hundred of them."""
    late = rules.overdue(status, due, today)
    shown = chip(status, due, no_due, today, days, overdue=late)
    due_label = "" if status in rules.CLOSED else due_text(due, no_due, today, days)
    waits_late = not late and due is not None and due < today and due_label
    if waits_late or due_label.casefold() == shown["label"].casefold():
        # The chip says how long already, or a result waits in time: the day itself is what is left to know.
        due_label = say("tasks.due.on", day=day(due))
    return late, shown, due_label


def card(
    task: Mapping[str, Any], directory: Directory, today: date, days: WorkingDays, *, query: str = "", role: str = "", why: str = ""
) -> dict[str, Any]:
    """The context of ``task_card``; ``query`` is what the list was filtered by, kept in the link."""
    late, shown, due_label = _state(task["status"], task["due"], task["no_due"], today, days)
    flags = []
    if task["handed_back"]:
        flags.append({"icon": "return", "label": say("tasks.show.handed_back")})
    if task["children"]:
        flags.append({"icon": "tree", "label": say("tasks.show.children", count=task["children"])})
    return {
        "id": task["id"],
        "number": rules.number(task["ordinal"]),
        "title": task["title"],
        "href": f"/tasks/{task['id']}{'?' + query if query else ''}",
        "chip": shown,  # shared by all cards of that state: read, never changed
        "due_label": due_label,
        "percent": task["percent"],
        "lead": person_in(directory, task["lead"]),
        "role": role or "",
        "why": why,
        "priority_label": "" if task["priority"] == "normal" else say(f"tasks.priority.{task['priority']}"),
        "overdue": late,
        "flags": flags,
        "risk": risk_mark(task, today),
    }
