"""The list of tasks behind a number as the context of its page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.ledger.listing import Listing, Stood
from server.ledger.rules import DONE, OWED
from server.people.directory import Directory
from server.reports.build.lines import NOBODY
from server.reports.page.asked import UNDER
from server.reports.page.behind import PAGE, Question, running
from server.reports.words import day, period_label
from server.storage.engine import Row, places, rows
from server.tasks.rules import number
from server.tasks.show.values import CHIPS, person_in
from server.words import say


async def tasks_of(found: Listing) -> dict[str, Row]:
    """What the tasks of a list are called, and how they stand now."""
    ids = list({one.task for one in found.rows})
    if not ids:
        return {}
    told = await rows(f"SELECT id, ordinal, title, status, due, deleted_at FROM task WHERE id IN ({places(len(ids))})", *ids)
    return {one["id"]: one for one in told}


def list_context(question: Question, found: Listing, now: Mapping[str, Row], directory: Directory, today: date) -> dict[str, Any]:
    """Title, lines, and how many more there are."""
    period, unit = question.asked.period, question.asked.unit
    # What was carried over is listed as it stood before the period began.
    at = period.before if question.of == "carried" else period
    shown = min(found.seen, question.start + len(found.rows))
    return {
        "title": say(f"reports.figure.{question.of}"),
        "narrowed": narrowed(question, directory),
        "unit_label": directory.units[unit].name,
        "period_label": period_label(period),
        "as_of": "" if running(at, today) else say("reports.as_of_end", day=day(at.last)),
        "total": found.total,
        "others": found.total - found.seen,
        "others_said": say("report_page.others" if found.seen else "report_page.all_others", count=found.total - found.seen),
        "entries": [_entry(one, question, now.get(one.task), directory, today) for one in found.rows],
        "pages": {"shown": shown, "total": found.seen, "next": question.address(question.start + PAGE) if shown < found.seen else None},
        "report": question.asked.address(),
    }


def narrowed(question: Question, directory: Directory) -> list[str]:
    """What the list is narrowed to, by name."""
    names: dict[str, dict[str, str]] = {
        "lead": {one.id: one.name for one in directory.people.values()},
        "overseer": {one.id: one.name for one in directory.people.values()},
        "field": {one.id: one.name for one in directory.fields.values()},
        UNDER: {one.id: one.name for one in directory.units.values()},
        "home": {one.id: say("reports.label.unit_itself", unit=one.name) for one in directory.units.values()},
        "priority": {one: say(f"tasks.priority.{one}") for one in ("normal", "urgent", "critical")},
        "origin": {one: say(f"tasks.kind.{one}") for one in ("planned", "ad_hoc")},
    }
    none = {"lead": "reports.label.nobody", "overseer": "reports.label.not_overseen", "field": "reports.label.no_field"}
    found = []
    for name, value in question.narrowed.items():
        if value == NOBODY and name in none:
            found.append(say(none[name]))
        else:
            found.append(names[name].get(value, say("report_page.unknown")))
    return found


def state_of(state: str, due: date | None, cut: date) -> dict[str, str]:
    """A chip of a state; what is owed and was due before ``cut`` is overdue."""
    if state in OWED and due is not None and due < cut:
        return {"kind": "late", "icon": "late", "label": say("tasks.status.overdue")}
    kind, icon = CHIPS[state]
    return {"kind": kind, "icon": icon, "label": say(f"tasks.status.{state}")}


def _happened(one: Stood, of: str) -> str:
    """What happened on which day; of a done task also when its result was handed in, for by that it was on time or late."""
    if one.happened is None:
        return ""
    if of in ("total", "done", *DONE, "excused"):
        of = "cancelled" if one.state == "cancelled" else "done"
    handed = one.handed if of == "done" else None
    if handed is not None:
        return say("report_page.happened.done", handed=day(handed), day=day(one.happened))
    return say("report_page.happened.other", figure=say(f"reports.figure.{of}"), day=day(one.happened))


def _entry(one: Stood, question: Question, task: Row | None, directory: Directory, today: date) -> dict[str, Any]:
    """A line: the task as it stood, and how it stands now where that is another way."""
    then = state_of(one.state, one.due, date.max if one.overdue else date.min)
    gone = task is None or task["deleted_at"] is not None
    now = say("report_page.binned") if gone or task is None else state_of(task["status"], task["due"], today)["label"]
    lead = person_in(directory, one.lead) if one.lead else None
    unit = directory.units.get(one.unit)
    return {
        "href": "" if gone else f"/tasks/{one.task}",
        "number": number(task["ordinal"]) if task else "",
        "title": task["title"] if task else say("report_page.gone"),
        "chip": then,
        "now": "" if now == then["label"] else now,
        "due": day(one.due) if one.due else say("tasks.due.none"),
        "lead": lead,
        "unit": unit.name if unit else "",
        "happened": _happened(one, question.of),
    }
