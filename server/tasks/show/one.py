"""The context of a task's page and of its forms."""

from collections.abc import Collection
from datetime import date, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from server.calendar.rules import WorkingDays
from server.files.queries import Attached
from server.people.directory import Directory, Profile
from server.people.rules import Person, may, review_of
from server.tasks import rules
from server.tasks.queries.one import Whole
from server.tasks.queries.products import Product
from server.tasks.show import timeline
from server.tasks.show.cards import card
from server.tasks.show.lists import field_options, rooms
from server.tasks.show.standing import standing
from server.tasks.show.values import amount, day, due_text, file_size, local_day, moment, name_of, people_groups, person
from server.words import say

MOVES: tuple[rules.Move, ...] = (
    "decide", "edit", "assign", "progress", "submit", "review", "pause", "resume", "cancel", "reopen", "hand_back", "extend", "comment",
    "check", "follow", "bin", "restore", "split",
)  # fmt: skip
#: What stands under "Thêm" on the page.
MENU: tuple[str, ...] = (
    "progress", "submit", "extend", "hand_back", "edit", "assign", "split", "pause", "resume", "reopen", "follow", "cancel", "bin",
    "decide_extension",
)  # fmt: skip
#: The one next thing, the first that is allowed.
NEXT: tuple[str, ...] = ("review", "decide", "decide_extension", "progress", "submit", "assign_handed_back", "resume", "restore")

#: How many of those who may review a result are named to who waits for it.
REVIEWERS_NAMED = 3


def can_do(whole: Whole, actor: Person, today: date, now: datetime) -> dict[str, bool]:
    """Every move with whether this person may make it now; computed by the rules, for pages and replicas alike."""
    can: dict[str, bool] = {move: bool(rules.allowed(move, actor, whole.facts, today, now)) for move in MOVES}
    can["decide_extension"] = whole.facts.extension_waiting and bool(rules.decides_extension(actor, whole.facts, today))
    can["assign_handed_back"] = whole.facts.handed_back and can["assign"] and whole.task["lead"] != actor.id
    return can


def next_of(can: dict[str, bool]) -> str:
    """The one large button of the page."""
    return next((move for move in NEXT if can.get(move)), "")


def file_context(file: Attached) -> dict[str, Any]:
    """The context of ``file_item``."""
    return {
        "href": f"/files/{file.file}?name={quote(file.name)}",
        "name": file.name,
        "size": file_size(file.size),
        "kind_icon": "image" if file.media_type.startswith("image/") else "file",
        "thumb": f"/files/{file.file}/thumb" if file.thumb else None,
        "note": "",
    }


def files_by_origin(files: list[Attached]) -> dict[str, list[dict[str, Any]]]:
    """Attachments by the report or comment that they came with."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        found.setdefault(file.report or file.comment or "", []).append(file_context(file))
    return found


def task_context(
    whole: Whole,
    history: list[dict[str, Any]],
    files: list[Attached],
    actor: Person,
    directory: Directory,
    today: date,
    now: datetime,
    days: WorkingDays,
    *,
    query: str = "",
    more_history: bool = False,
) -> dict[str, Any]:
    """Everything that ``shared/tasks/task.html`` shows."""
    task = whole.task
    can = can_do(whole, actor, today, now)
    by_origin = files_by_origin(files)
    shown = card(task, directory, today, days)
    mine = next((part for part in whole.parts if part["person"] == actor.id), None)
    people = _people(whole, directory, actor, today)
    reviewable = [one for one in people if one["can_review"]]
    shown_history = timeline.entries(history, directory, actor, today, now, by_origin)
    coming = next_of(can)
    return {
        "task": {
            **shown,
            "status": task["status"],
            "status_label": say(f"tasks.status.{task['status']}"),
            "description": task["description"],
            "version": task["version"],
            "deleted": task["deleted_at"] is not None,
            "handed_back": task["handed_back"],
            "handed_back_reason": task["handed_back_reason"],
            "demo": task["demo"],
        },
        "can": can,
        "next": coming,
        "has_menu": bool(reviewable) or any(can[move] for move in MENU if move != coming),
        "my_percent": mine["percent"] if mine else task["percent"],
        "my_role": say(f"tasks.role.{mine['role']}") if mine else "",
        "facts": _facts(whole, directory, today, days),
        "people": people,
        "reviewable": reviewable,
        "submission": next((one for one in shown_history if one["action"] == "submit"), None),
        "standing": None if task["deleted_at"] else standing(task["status"], history, directory, now),
        "leads": people_groups(directory.may_assign(actor, today), directory) if can["decide"] else [],
        "due_iso": task["due"].isoformat() if task["due"] else "",
        "followers": [person(directory.people.get(one)) for one in whole.followers],
        "following": actor.id in whole.followers,
        "checklist": [
            {
                "id": item["id"],
                "text": item["text"],
                "done": bool(item["done"]),
                "by": f"{name_of(directory, item['done_by'])}, {moment(item['done_at'], now)}" if item["done"] and item["done_by"] else "",
            }
            for item in whole.checklist
        ],
        "checklist_done": sum(bool(item["done"]) for item in whole.checklist),
        "children": [card(one, directory, today, days) for one in whole.children],
        "parent": {"number": rules.number(whole.parent["ordinal"]), "title": whole.parent["title"], "href": f"/tasks/{whole.parent['id']}"}
        if whole.parent
        else None,
        "extension": {
            "by": name_of(directory, whole.extension["person"]),
            "due": day(whole.extension["due"]),
            "due_iso": whole.extension["due"].isoformat(),
            "old_due": day(whole.extension["old_due"]) or say("tasks.due.none"),
            "reason": whole.extension["reason"],
        }
        if whole.extension
        else None,
        "source": _source(task),
        "files": by_origin.get("", []),
        "history": shown_history,
        "history_more": f"/tasks/{task['id']}/history?before={history[-1]['seq']}" if more_history and history else "",
        "phrases": {
            name: say(f"tasks.phrases.{name}").split("|") for name in ("progress", "submit", "return", "accept", "extend", "hand_back")
        },
        "list_href": f"/tasks{'?' + query if query else ''}",
        "query": query,
        "min_due": max(today, task["due"] or today).isoformat(),
        "refused": "" if coming or task["deleted_at"] else _waits_for(whole, directory, actor, today),
    }


def _facts(whole: Whole, directory: Directory, today: date, days: WorkingDays) -> list[dict[str, str]]:
    task = whole.task
    overseer = directory.overseer(task["unit"], task["field"], today)
    unit = directory.units.get(task["unit"] or "")
    field = directory.fields.get(task["field"] or "")
    due = day(task["due"]) or say(f"tasks.due.{task['no_due'] or 'none'}")
    if task["due"] and task["status"] not in rules.CLOSED:
        due = f"{due} ({due_text(task['due'], None, today, days)})"
    assigner = name_of(directory, task["assigner"])
    if task["delegate"]:
        assigner = say("tasks.show.by_delegation", name=name_of(directory, task["delegate"]), giver=assigner)
    found = {
        "due": due,
        "due_text": task["due_text"] if task["due_text"] and not task["due"] else "",
        "start": day(task["start"]),
        "completed": local_day(task["completed_at"]),
        "assigner": assigner,
        "creator": name_of(directory, task["creator"]) if task["creator"] not in (task["assigner"], task["delegate"]) else "",
        "overseer": f"{overseer.name} ({overseer.title})" if overseer else "",
        "unit": unit.name if unit else "",
        "field": f"{field.name} – {field.field_group}" if field else "",
        "product": _product(task),
        "product_text": task["product_text"],
        "quantity": amount(task["quantity"]) if task["quantity"] != 1000 else "",
        "kind": say(f"tasks.kind.{task['kind']}"),
        "priority": say(f"tasks.priority.{task['priority']}"),
        "outside_leads": task["outside_leads"],
        "outside_partners": task["outside_partners"],
    }
    return [{"label": say(f"tasks.field.{name}"), "text": text} for name, text in found.items() if text]


def _product(task: dict[str, Any]) -> str:
    if task.get("product_k") is None:
        return ""
    return say("tasks.show.product", name=rules.product_name(task["product_duty"], task["product_name"]), k=amount(task["product_k"]))


def product_options(active: Collection[Product], kept: Product | None = None) -> list[dict[str, str]]:
    """The products of the version in force as a choice, by complexity; after them the one that a task keeps from an earlier version."""
    found = [_option(one, "tasks.show.product_choice") for one in active]
    return [*found, _option(kept, "tasks.show.product_old")] if kept is not None and not kept.active else found


def _option(one: Product, key: str) -> dict[str, str]:
    label = say(key, name=one.name, code=one.code, k=amount(one.k))
    return {"value": one.id, "label": label, "group": say("tasks.show.product_group", group=one.group)}


def _people(whole: Whole, directory: Directory, actor: Person, today: date) -> list[dict[str, Any]]:
    found = []
    for part in whole.parts:
        shown = person(directory.people.get(part["person"]))
        if shown is None:
            continue
        can_review = bool(rules.reviews_part(actor, whole.facts, directory.actor(part["person"]), today)) and part["state"] != "accepted"
        share = f"{part['share'] / 10:g} %".replace(".", ",")
        state = "" if part["state"] == "active" else say(f"tasks.part.{part['state']}")
        found.append(
            {
                **shown,
                "role": say(f"tasks.role.{part['role']}"),
                "is_lead": part["role"] == "lead",
                "share": share,
                "percent": part["percent"] if part["role"] != "lead" else whole.task["percent"],
                "state": state,
                "can_review": can_review,
                "note": " · ".join(
                    text for text in (say(f"tasks.role.{part['role']}"), share if len(whole.parts) > 1 else "", state) if text
                ),
            }
        )
    return found


def _source(task: dict[str, Any]) -> dict[str, str] | None:
    if not (task["source_number"] or task["source_issuer"] or task["source_date"]):
        return None
    return {"number": task["source_number"], "date": day(task["source_date"]), "issuer": task["source_issuer"]}


def awaited(facts: rules.Facts, directory: Directory, today: date) -> list[Profile]:
    """The first few who may review a result that waits; nobody where none waits."""
    lead = facts.matter.lead
    if facts.status != "submitted" or lead is None:
        return []
    leaders = (one for one in directory.people.values() if one.active and one.position not in ("officer", "admin"))
    return list(islice((one for one in leaders if review_of(directory.actor(one.id), facts.matter, lead, today)), REVIEWERS_NAMED))


def _waits_for(whole: Whole, directory: Directory, actor: Person, today: date) -> str:
    """One sentence that says whose turn it is, for whoever has no next thing to do."""
    status, lead = whole.facts.status, whole.facts.matter.lead
    if status == "submitted" and lead is not None:
        return say("tasks.show.waits_review", names=", ".join(one.name for one in awaited(whole.facts, directory, today)))
    if status == "proposed":
        return say("tasks.show.waits_decision")
    if status == "completed":
        return say("tasks.show.is_done")
    if status in ("not_started", "in_progress") and lead is not None:
        return say("tasks.show.waits_lead", name=name_of(directory, lead.id))
    return ""


def form_context(
    actor: Person,
    directory: Directory,
    today: date,
    values: dict[str, Any],
    errors: dict[str, str],
    *,
    task: dict[str, Any] | None = None,
    on_it: Collection[str] = (),
) -> dict[str, Any]:
    """The choices of the forms that create, propose, edit and reassign; ``people`` are those to whom this person may assign.

    Whoever is on the task already (``on_it``) is a choice too: he stays unless he is taken off.
    """
    mine = directory.may_assign(actor, today)
    if on_it:
        may_have = {one.id for one in mine} | set(on_it)
        mine = [one for one in directory.people.values() if one.id in may_have]
    everybody = [one for one in directory.people.values() if one.active and one.position != "admin"]
    return {
        "values": values,
        "errors": errors,
        "proposes": not mine,
        "people": people_groups(mine or everybody, directory),
        "everybody": people_groups(everybody, directory),
        "units": [{"value": one.id, "label": one.name} for one in rooms(directory)],
        "fields": field_options(directory),
        "priorities": [{"value": name, "label": say(f"tasks.priority.{name}")} for name in ("normal", "urgent", "critical")],
        "kinds": [{"value": name, "label": say(f"tasks.kind.{name}")} for name in ("planned", "ad_hoc")],
        "no_dues": [{"value": name, "label": say(f"tasks.due.{name}")} for name in ("none", "ongoing")],
        "task": {"id": task["id"], "number": rules.number(task["ordinal"]), "title": task["title"], "version": task["version"]}
        if task
        else None,
    }


def may_assign_anybody(actor: Person, directory: Directory, today: date) -> bool:
    """Whether the actor creates tasks (and does not only propose them)."""
    return any(may(actor, "assign", directory.actor(one), today) for one in directory.people)
