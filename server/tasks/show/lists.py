"""The contexts of Hôm nay, Việc and the bin."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl, urlencode

from server.calendar.rules import WorkingDays
from server.people.directory import Directory, Profile
from server.people.rules import Person
from server.tasks import rules
from server.tasks.queries.lists import DEFAULTS, PAGE, Filters, Found
from server.tasks.show.cards import card
from server.tasks.show.values import day, long_day, moment, name_of, people_groups
from server.words import say

STATUS_CHOICES = (
    "open",
    "overdue",
    "soon",
    "submitted",
    "in_progress",
    "not_started",
    "paused",
    "proposed",
    "completed",
    "cancelled",
    "declined",
    "all",
)
QUICK = ("open", "overdue", "soon", "submitted", "completed", "all")
WHOSE_CHOICES = ("all", "mine", "lead", "given", "room", "followed")
PRIORITIES = ("normal", "urgent", "critical")
SORT_CHOICES = ("due", "new", "changed", "priority")


def query_of(filters: Filters, **changes: Any) -> str:
    """The filters as the part of an address after the question mark; what is default is left out."""
    said = {**{name: _plain(getattr(filters, name)) for name in DEFAULTS}, **changes}
    return urlencode({name: value for name, value in said.items() if value not in (None, "", 0) and value != DEFAULTS[name]})


def list_context(
    found: Found, filters: Filters, actor: Person, directory: Directory, today: date, days: WorkingDays, current: str = ""
) -> dict[str, Any]:
    """The context of the list, without what only some may do with it.

    ``tasks`` (cards), ``q`` (the words looked for), ``quick`` (filter links), ``filter_href`` (the form of all filters),
    ``set_filters`` (what narrows the list, each with the address without it), ``keep`` (what a new search keeps), ``pages`` (for the
    macro ``pager``; ``first`` is where the list begins, empty on its first page), ``empty``, ``query``.
    """
    query = query_of(filters, start=0)
    tasks = [card(one, directory, today, days, query=query) for one in found.rows]
    for one in tasks:
        one["current"] = one["id"] == current
    shown = filters.start + len(tasks)
    following = f"/tasks?{query_of(filters, start=filters.start + PAGE)}" if found.more else ""
    quick = [
        {"href": f"/tasks?{query_of(filters, status=one, start=0)}", "label": say(f"tasks.filter.{one}"), "current": filters.status == one}
        for one in QUICK
    ]
    return {
        "tasks": tasks,
        "q": filters.q,
        "filter_href": f"/tasks/filter{'?' + query if query else ''}",
        "set_filters": _set_filters(filters, directory),
        "keep": [{"name": name, "value": value} for name, value in parse_qsl(query_of(filters, q="", start=0))],
        "quick": quick,
        "pages": {
            "next": following,
            "first": f"/tasks?{query}" if filters.start else "",
            "label": say("tasks.show.shown_more" if found.more else "tasks.show.shown_all", count=shown),
        },
        "empty": _empty(filters),
        "query": query,
        "list_href": f"/tasks{'?' + query if query else ''}",
    }


def filter_context(filters: Filters, directory: Directory) -> dict[str, Any]:
    """The form of all filters: ``filters`` (every parameter as a field shows it), ``choices``, ``list_href`` (the list as it is now)."""
    query = query_of(filters, start=0)
    shown = {name: _plain(getattr(filters, name)) for name in DEFAULTS}
    return {
        "filters": {name: ("" if value is None else value) for name, value in shown.items()},
        "choices": _choices(directory),
        "list_href": f"/tasks{'?' + query if query else ''}",
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _set_filters(filters: Filters, directory: Directory) -> list[dict[str, str]]:
    """What the list is narrowed by besides words and status, in words, each with the address that leaves it out."""
    unit, field = directory.units.get(filters.unit), directory.fields.get(filters.field)
    said = {
        "whose": say(f"tasks.whose.{filters.whose}") if filters.whose != "all" else "",
        "person": name_of(directory, filters.person) or filters.person,
        "unit": unit.name if unit else filters.unit,
        "field": field.name if field else filters.field,
        "priority": say(f"tasks.priority.{filters.priority}") if filters.priority in PRIORITIES else filters.priority,
        "plan": filters.plan,
        "parent": filters.parent,
        "due_from": day(filters.due_from),
        "due_to": day(filters.due_to),
    }
    without = {"whose": "all", "due_from": None, "due_to": None}
    return [
        {"label": say(f"tasks.set.{name}", value=value), "href": f"/tasks?{query_of(filters, start=0, **{name: without.get(name, '')})}"}
        for name, value in said.items()
        if value
    ]


def _choices(directory: Directory) -> dict[str, Any]:
    """The choices of the filter's form, the same for everybody."""
    if "task_filter" not in directory.derived:
        directory.derived["task_filter"] = _made_choices(directory)
    kept: dict[str, Any] = directory.derived["task_filter"]
    return kept


def _made_choices(directory: Directory) -> dict[str, Any]:
    def options(prefix: str, names: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"value": name, "label": say(f"tasks.{prefix}.{name}")} for name in names]

    return {
        "status": options("filter", STATUS_CHOICES),
        "whose": options("whose", WHOSE_CHOICES),
        "sort": options("sort", SORT_CHOICES),
        "priority": options("priority", PRIORITIES),
        "units": [{"value": one.id, "label": one.name} for one in rooms(directory)],
        "fields": [
            {"group": group, "options": list(some)} for group, some in groupby(field_options(directory), key=lambda one: one["group"])
        ],
        "people": people_groups([one for one in directory.people.values() if one.active and one.position != "admin"], directory),
    }


def rooms(directory: Directory) -> list[Any]:
    """The units that do work: everything below a centre."""
    return [one for one in directory.units.values() if one.kind in ("room", "leadership") and one.active]


def field_options(directory: Directory) -> list[dict[str, str]]:
    """Fields of work as a choice, each with its group."""
    return [{"value": one.id, "label": one.name, "group": one.field_group} for one in directory.fields.values() if one.active]


def _empty(filters: Filters) -> dict[str, Any]:
    """What an empty list says, and the address that may show more: the same words among all tasks, or no filter at all."""
    query = query_of(filters, start=0)
    key = "search" if filters.q else "filtered" if query else "nothing"
    wider = query_of(Filters(q=filters.q, status="all")) if filters.q else ""
    says_wider = wider not in ("", query)
    return {
        "title": say(f"tasks.empty.{key}_title"),
        "text": say(f"tasks.empty.{key}_text", q=filters.q),
        "href": f"/tasks?{wider}" if says_wider else "/tasks",
        "label": say("tasks.empty.wider" if says_wider else "tasks.empty.clear"),
    }


def today_context(
    mine: list[dict[str, Any]],
    waiting: dict[str, list[Any]],
    me: Profile,
    directory: Directory,
    today: date,
    days: WorkingDays,
    *,
    assigns: bool,
) -> dict[str, Any]:
    """``stats`` and ``sections``: what is overdue, due soon, returned to me, waiting for me, and the rest of my open work."""
    week_end = today + timedelta(days=6 - today.weekday())
    late, soon, returned, rest, submitted = [], [], [], [], []
    for task in mine:
        role = say(f"tasks.role.{task['role']}")
        came_back = task["last_verdict"] == "return" and task["status"] == "in_progress"
        why = say("tasks.show.returned") if came_back else say("tasks.show.handed_back") if task["part_state"] == "handed_back" else ""
        shown = card(
            {**task, "percent": task["part"] if task["role"] != "lead" else task["percent"]}, directory, today, days, role=role, why=why
        )
        if task["status"] == "submitted":
            submitted.append(shown)
        elif rules.overdue(task["status"], task["due"], today):
            late.append(shown)
        elif came_back:
            returned.append(shown)
        elif task["due"] is not None and task["due"] <= max(week_end, days.add(today, 2)) and task["status"] != "paused":
            soon.append(shown)
        else:
            rest.append(shown)
    decisions = sum(len(some) for some in waiting.values())
    stats = [
        {
            "number": str(len(late)),
            "label": say("tasks.today.late"),
            "href": "/tasks?whose=mine&status=overdue",
            "kind": "late" if late else "",
        },
        {
            "number": str(len(soon)),
            "label": say("tasks.today.soon"),
            "href": "/tasks?whose=mine&status=soon",
            "kind": "soon" if soon else "",
        },
    ]
    if assigns:
        stats.append(
            {"number": str(decisions), "label": say("tasks.today.waiting"), "href": "/reviews", "kind": "review" if decisions else ""}
        )
    else:
        stats.append({"number": str(len(mine)), "label": say("tasks.today.open"), "href": "/tasks?whose=mine", "kind": ""})
    sections = [
        {"key": key, "title": say(f"tasks.today.{key}_title"), "tasks": some[:12], "more": max(0, len(some) - 12), "href": href}
        for key, some, href in (
            ("late", late, "/tasks?whose=mine&status=overdue"),
            ("returned", returned, "/tasks?whose=mine"),
            ("soon", soon, "/tasks?whose=mine&status=soon"),
            ("rest", rest, "/tasks?whose=mine"),
            ("submitted", submitted, "/tasks?whose=mine&status=submitted"),
        )
        if some
    ]
    return {
        "day": long_day(today),
        "hello": me.name,
        "stats": stats,
        "decisions": decisions,
        "decision_kinds": [
            {"label": say(f"tasks.waiting.{kind}"), "count": len(some), "href": f"/reviews#{kind}"}
            for kind, some in waiting.items()
            if some
        ],
        "sections": sections,
        "empty": {"title": say("tasks.today.empty_title"), "text": say("tasks.today.empty_text")},
    }


def bin_context(found: list[dict[str, Any]], directory: Directory, today: date, now: datetime, days: WorkingDays) -> dict[str, Any]:
    """``tasks`` in the bin, each with who put it there and how many days it stays."""
    tasks = []
    for task in found:
        left = rules.BIN_DAYS - (now - task["deleted_at"]).days
        tasks.append(
            {
                **card(task, directory, today, days),
                "by": name_of(directory, task["deleted_by"]),
                "when": moment(task["deleted_at"], now),
                "left": say("tasks.show.bin_left", days=left),
            }
        )
    return {"tasks": tasks, "empty": {"title": say("tasks.empty.bin_title"), "text": say("tasks.empty.bin_text")}}
