"""A task in a list."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.calendar.rules import WorkingDays
from server.people.directory import Directory
from server.tasks import rules
from server.tasks.show.values import chip, day, due_text, person
from server.words import say


def card(
    task: Mapping[str, Any], directory: Directory, today: date, days: WorkingDays, *, query: str = "", role: str = "", why: str = ""
) -> dict[str, Any]:
    """The context of ``task_card``; ``query`` is what the list was filtered by, kept in the link."""
    late = rules.overdue(task["status"], task["due"], today)
    flags = []
    if task["handed_back"]:
        flags.append({"icon": "return", "label": say("tasks.show.handed_back")})
    if task["children"]:
        flags.append({"icon": "tree", "label": say("tasks.show.children", count=task["children"])})
    shown = chip(task["status"], task["due"], task["no_due"], today, days, overdue=late)
    due_label = "" if task["status"] in rules.CLOSED else due_text(task["due"], task["no_due"], today, days)
    waits_late = not late and task["due"] is not None and task["due"] < today and due_label
    if waits_late or due_label.casefold() == shown["label"].casefold():
        # The chip says how long already, or a result waits in time: the day itself is what is left to know.
        due_label = say("tasks.due.on", day=day(task["due"]))
    return {
        "id": task["id"],
        "number": rules.number(task["ordinal"]),
        "title": task["title"],
        "href": f"/tasks/{task['id']}{'?' + query if query else ''}",
        "chip": shown,
        "due_label": due_label,
        "percent": task["percent"],
        "lead": person(directory.people.get(task["lead"] or "")),
        "role": role or "",
        "why": why,
        "priority_label": "" if task["priority"] == "normal" else say(f"tasks.priority.{task['priority']}"),
        "overdue": late,
        "flags": flags,
    }
