"""The context of Chờ duyệt: what waits for a leader, and what is said about it."""

from datetime import date, datetime
from typing import Any

from server.calendar.rules import WorkingDays
from server.people.directory import Directory
from server.people.rules import Person, may
from server.storage.ids import LOCAL
from server.tasks import rules
from server.tasks.facts import facts_of
from server.tasks.show.cards import card
from server.tasks.show.values import amount, day, moment, name_of, person
from server.words import say


def sorted_waiting(
    found: list[dict[str, Any]], parts: dict[str, list[dict[str, Any]]], actor: Person, directory: Directory, today: date
) -> dict[str, list[dict[str, Any]]]:
    """What waits for this person: ``results``, ``proposals``, ``extensions``, ``hand_backs``; what others decide is left out."""
    waiting: dict[str, list[dict[str, Any]]] = {"results": [], "proposals": [], "extensions": [], "hand_backs": []}
    for task in found:
        people = [part["person"] for part in parts.get(task["id"], [])]
        facts = facts_of(task, people, (), directory, extension_waiting=task["extension"] is not None)
        if task["status"] == "submitted":
            if may(actor, "review", facts.matter, today):
                waiting["results"].append(task)
        elif task["status"] == "proposed":
            if rules.decides(actor, facts, today):
                waiting["proposals"].append(task)
        elif task["extension"] is not None:
            if rules.decides_extension(actor, facts, today):
                waiting["extensions"].append(task)
        elif task["handed_back"] and task["lead"] != actor.id and rules.reassigns(actor, facts, today):
            waiting["hand_backs"].append(task)
    return waiting


#: How many of each kind the page shows at first, and how many where one kind alone is asked for.
FEW, MANY = 4, 20
Waiting = dict[str, list[dict[str, Any]]]


def shown_of(waiting: Waiting, kind: str = "", start: int = 0) -> Waiting:
    """The part of what waits that one page shows: a few of each kind or, from ``start`` on, many of one."""
    if kind in waiting:
        return {kind: waiting[kind][start : start + MANY]}
    return {name: some[:FEW] for name, some in waiting.items()}


def more_of(waiting: Waiting, kind: str, shown: int, start: int = 0) -> dict[str, Any] | None:
    """The link to the next ones of a kind, or None."""
    following = start + shown
    left = len(waiting[kind]) - following
    if left <= 0:
        return None
    return {"href": f"/reviews?kind={kind}&start={following}", "label": say("tasks.waiting.more", count=left)}


def reviews_context(
    everything: Waiting,
    parts: dict[str, list[dict[str, Any]]],
    submissions: dict[str, dict[str, Any]],
    files: dict[str, list[dict[str, Any]]],
    directory: Directory,
    today: date,
    now: datetime,
    days: WorkingDays,
    kind: str = "",
    start: int = 0,
) -> dict[str, Any]:
    """``groups``, each with ``key``, ``title``, ``count`` of all, ``entries`` of this page and ``more``.

    An entry has its ``task`` (card), who asks, when, and the words. ``jumps`` leads to the groups, ``ready`` are the ready phrases by move.
    """
    groups = []
    alone = kind in everything
    waiting = shown_of(everything, kind, start)
    for kind, some in waiting.items():
        entries = []
        for task in some:
            entry: dict[str, Any] = {
                "id": task["id"],
                "uid": f"-{task['id']}",
                "task": card(task, directory, today, days),
                "others": [name_of(directory, part["person"]) for part in parts.get(task["id"], []) if part["role"] != "lead"],
            }
            said = submissions.get(task["id"])
            if kind == "results":
                by = directory.people.get(task["lead"] or "")
                entry |= {
                    "by": person(by),
                    "lead_id": task["lead"] or "",
                    "when": moment(task["submitted_at"], now),
                    "note": said["note"] if said else "",
                    "quantity": amount(said["quantity"]) if said else "",
                    "amounts": _amounts(said, task),
                    "files": files.get(said["id"], []) if said else [],
                    "in_time": task["due"] is None
                    or task["submitted_at"] is None
                    or task["submitted_at"].astimezone(LOCAL).date() <= task["due"],
                }
            elif kind == "proposals":
                entry |= {
                    "by": person(directory.people.get(task["creator"])),
                    "when": moment(task["created_at"], now),
                    "has_lead": bool(task["lead"]),
                    "lead_id": task["lead"] or "",
                    "due": day(task["due"]),
                    "due_iso": task["due"].isoformat() if task["due"] else "",
                }
            elif kind == "extensions":
                entry |= {
                    "by": person(directory.people.get(task["asked_by"])),
                    "note": task["asked_reason"],
                    "old_due": day(task["due"]),
                    "due": day(task["asked_due"]),
                }
            else:
                entry |= {"by": person(directory.people.get(task["lead"] or "")), "note": task["handed_back_reason"]}
            entries.append(entry)
        if entries:
            groups.append(
                {
                    "key": kind,
                    "title": say(f"tasks.waiting.{kind}"),
                    "count": len(everything[kind]),
                    "entries": entries,
                    "more": more_of(everything, kind, len(some), start if alone else 0),
                }
            )
    return {
        "groups": groups,
        "whole": "/reviews" if alone else "",
        "jumps": [{"href": f"#{one['key']}", "label": one["title"], "count": one["count"], "current": False} for one in groups],
        "ready": {name: say(f"tasks.phrases.{name}").split("|") for name in ("accept", "return", "decline", "keep")},
        "empty": {"title": say("tasks.waiting.empty_title"), "text": say("tasks.waiting.empty_text")},
    }


def _amounts(said: dict[str, Any] | None, task: dict[str, Any]) -> str:
    """``3 trên 5 được giao``; nothing where one thing was asked for and one was made."""
    if said is None or said["quantity"] is None or said["quantity"] == task["quantity"] == 1000:
        return ""
    return say("tasks.show.amounts", done=amount(said["quantity"]), asked=amount(task["quantity"]))
