"""Stored plans → the context of their pages."""

from datetime import date, datetime
from typing import Any

import msgspec

from server.people.directory import Directory
from server.people.rules import Person
from server.plans.commands.confirm import MOST_WITH_PARENTS, RowsRefused, short
from server.plans.queries import Made
from server.plans.review import Review, Reviewed
from server.plans.working import Work
from server.storage.ids import LOCAL
from server.tasks import rules
from server.tasks.show.values import people_groups
from server.words import say

#: Rows of one page of the grid.
PAGE = 50
#: Refused rows that are named at once; the grid shows the others.
NAMED = 8
#: The chip of each state: colour and icon.
CHIPS = {"reading": ("doing", "clock"), "draft": ("review", "edit"), "done": ("done", "done"), "failed": ("late", "late")}
CADENCES = ("once", "recurring", "ongoing")


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the grid: ``show`` is all, doubt or wrong; ``page`` starts at 1; ``refused``: a confirmation has just failed."""

    show: str = "all"
    page: int = 1
    refused: bool = False


def chip(state: str) -> dict[str, str]:
    """The state as a chip."""
    kind, icon = CHIPS[state]
    return {"kind": kind, "icon": icon, "label": say(f"plans.state.{state}")}


def moment(at: datetime) -> str:
    """A moment in the office's clock."""
    return f"{at.astimezone(LOCAL):%H:%M %d/%m/%Y}"


def listed(found: list[dict[str, Any]], directory: Directory, me: str, lost: set[str]) -> list[dict[str, Any]]:
    """The list of plans. ``lost``: those whose reading ended with the server."""
    cards = []
    for one in found:
        author = directory.people.get(one["created_by"])
        state = "failed" if one["id"] in lost else one["state"]
        cards.append(
            {
                "href": f"/plans/{one['id']}",
                "name": one["name"],
                "title": short(one["title"] or "", 160),
                "chip": chip(state),
                "rows": one["row_count"],
                "tasks": one["task_count"],
                "when": moment(one["created_at"]),
                "author": author.name if author and author.id != me else "",
                "message": say("plans.lost_work") if one["id"] in lost else one["message"],
            }
        )
    return cards


def working_context(work: Work) -> dict[str, Any]:
    """How far it is."""
    return {
        "stage": say(f"plans.stage.{work.stage}"),
        "creating": work.stage == "creating",
        "done": work.done,
        "total": work.total,
        "percent": round(100 * work.done / work.total) if work.total else 0,
    }


def _link(made: Made) -> dict[str, str]:
    return {"number": rules.number(made.ordinal), "href": f"/tasks/{made.id}", "title": short(made.title, 120)}


def row_context(one: Reviewed, whole: Review, today: date, *, refused: bool) -> dict[str, Any]:
    """One row of the grid."""
    row, chosen = one.row, one.chosen
    doubts: dict[str, list[str]] = {}
    for doubt in row.doubts:
        doubts.setdefault(doubt.field, []).append(doubt.message)
    wrong: dict[str, list[str]] = {}
    if one.made is None and chosen.keep:
        for problem in one.problems:
            if refused or problem.field != "lead" or chosen.lead:
                wrong.setdefault(problem.field, []).append(problem.message)
    made = whole.seen.get(one.made.id) if one.made else None
    alike = whole.seen.get(one.alike) if one.alike and not one.made else None
    return {
        "n": row.row,
        "number": row.number,
        "group": " › ".join(row.group_path),
        "where": row.where,
        "originals": [{"header": header, "text": text} for header, text in row.originals.items()],
        "made": _link(made) if made else None,
        "is_made": one.made is not None,
        "alike": _link(alike) if alike else None,
        "is_alike": one.alike is not None and one.made is None,
        "keep": chosen.keep,
        "title": chosen.title,
        "lead": chosen.lead or "",
        "lead_name": whole.staff.names.get(chosen.lead or "", ""),
        "lead_known": chosen.lead is None or chosen.lead in whole.staff.assignable,
        "helpers": ", ".join(whole.staff.names.get(person, "?") for person in chosen.collaborators),
        "start": chosen.start.isoformat() if chosen.start else "",
        "start_text": f"{chosen.start:%d/%m/%Y}" if chosen.start else "",
        "due": chosen.due.isoformat() if chosen.due else "",
        "past": chosen.due is not None and chosen.due < today and one.todo,
        "cadence": chosen.cadence,
        "product": chosen.product,
        "note": chosen.note,
        "outside": row.lead_text,
        "partners": row.partners_text,
        "doubts": doubts,
        "wrong": wrong,
    }


def _shown(whole: Review, view: View) -> list[Reviewed]:
    if view.show == "doubt":
        return [one for one in whole.rows if one.doubtful or (one.wrong and view.refused)]
    if view.show == "wrong":
        return [one for one in whole.rows if one.wrong]
    return whole.rows


def counts(whole: Review, today: date) -> dict[str, int]:
    """What the head of the grid sums up."""
    todo = whole.todo
    return {
        "rows": len(whole.rows),
        "groups": len(whole.plan.groups),
        "doubtful": sum(one.doubtful for one in whole.rows),
        "made": sum(one.made is not None for one in whole.rows),
        "alike": sum(one.alike is not None and one.made is None for one in whole.rows),
        "todo": len(todo),
        "leaderless": sum(one.chosen.lead is None for one in todo),
        "past": sum(one.chosen.due is not None and one.chosen.due < today for one in todo),
        "wrong": sum(one.wrong for one in whole.rows),
    }


def grid_context(
    whole: Review, view: View, author: Person, directory: Directory, today: date, *, problem: Exception | None = None
) -> dict[str, Any]:
    """The review grid; ``problem`` is why the confirmation was refused."""
    shown = _shown(whole, view)
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(1, view.page), pages)
    facts = whole.facts
    named = []
    if isinstance(problem, RowsRefused):
        named = [
            {"n": one.row, "title": short(problem.titles.get(one.row, ""), 80), "message": one.message} for one in problem.problems[:NAMED]
        ]
    return {
        "plan": {
            "id": facts.id,
            "name": facts.name,
            "title": facts.title,
            "number": facts.number,
            "day": facts.day.isoformat() if facts.day else "",
            "issuer": facts.issuer,
            "default_lead": facts.default_lead or "",
            "past_to": facts.past_to.isoformat() if facts.past_to else "",
            "parents": facts.parents,
            "when": moment(facts.created_at),
        },
        "warnings": whole.plan.warnings,
        "counts": counts(whole, today),
        "may_parents": bool(whole.plan.groups) and len(whole.rows) <= MOST_WITH_PARENTS,
        "rows": [row_context(one, whole, today, refused=view.refused) for one in shown[(page - 1) * PAGE : page * PAGE]],
        "people": people_groups(directory.may_assign(author, today), directory),
        "cadences": [{"value": name, "label": say(f"plans.cadence.{name}")} for name in CADENCES],
        "show": view.show,
        "page_at": page,
        "pages": pages,
        "first": (page - 1) * PAGE + 1 if shown else 0,
        "last": min(page * PAGE, len(shown)),
        "shown": len(shown),
        "problem": problem.message if problem is not None and hasattr(problem, "message") else "",
        "named": named,
        "named_more": max(0, len(problem.problems) - NAMED) if isinstance(problem, RowsRefused) else 0,
        "today": today.isoformat(),
    }


def done_context(whole_name: str, count: int, when: datetime | None, made: list[Made], plan_id: str) -> dict[str, Any]:
    """What became of a plan."""
    return {
        "plan": {"id": plan_id, "name": whole_name, "count": count, "when": moment(when) if when else ""},
        "made": [{"number": rules.number(one.ordinal), "title": one.title, "href": f"/tasks/{one.id}"} for one in made],
        "more": max(0, count - len(made)),
        "all": f"/tasks?plan={plan_id}&status=all",
    }
