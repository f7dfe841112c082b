"""Copies and works as templates show them."""

from datetime import date
from typing import Any, Final

from server.people.directory import Directory
from server.reports.person.kept import Copy
from server.reports.person.making import Work
from server.storage.ids import LOCAL
from server.words import say

MEGA, KILO = 1024 * 1024, 1024
PATH: Final = "/me/data"


def size_text(size: int) -> str:
    """``1,2 MB``."""
    if size < MEGA:
        return f"{max(1, round(size / KILO))} KB"
    return f"{size / MEGA:.1f} MB".replace(".", ",")


def copy_line(copy: Copy, known: Directory) -> dict[str, Any]:
    """A finished copy with its address."""
    return {
        "href": f"{PATH}/copies/{copy.id}",
        "name": known.people[copy.person].name if copy.person in known.people else say("export.somebody"),
        "other": copy.person != copy.made_by,
        "reason": copy.reason,
        "made": copy.made_at.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y"),
        "until": copy.until.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y"),
        "size": size_text(copy.size),
        "rows": f"{copy.rows:,}".replace(",", "."),
        "files": copy.files,
        "missing": copy.missing,
    }


def file_name(copy: Copy, known: Directory, today: date) -> str:
    """``du-lieu-cntt.cv1-2026-11-23.zip``."""
    username = known.people[copy.person].username if copy.person in known.people else copy.person
    return say("export.file_name", username=username, day=today.isoformat())


def work_line(work: Work, known: Directory) -> dict[str, Any]:
    """How far a copy is."""
    reading = work.stage == "reading"
    done, total = (f"{one:,}".replace(",", ".") if reading else size_text(one) for one in (work.done, work.total))
    return {
        "href": f"{PATH}/making/{work.id}",
        "stage": say("export.reading" if reading else "export.packing"),
        "done": work.done,
        "total": work.total,
        "percent": 100 * work.done // work.total if work.total else 0,
        "amount": say("export.rows" if reading else "export.bytes", done=done, total=total) if work.total else "",
        "title": say("export.for_whom", name=known.people[work.person].name),
    }
