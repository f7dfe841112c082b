"""The timeline of a task: who did what, on whose behalf, before and after."""

from datetime import date, datetime
from typing import Any

import orjson

from server.people.directory import Directory
from server.people.rules import Person, may
from server.storage.ids import LOCAL
from server.tasks.show.values import moment, name_of, person
from server.words import catalogue, say

#: The icon and the colour of each kind of entry.
LOOKS: dict[str, tuple[str, str]] = {
    "create": ("add", "doing"),
    "propose": ("help", "review"),
    "approve": ("check", "done"),
    "decline": ("x", "wait"),
    "assign": ("swap", "doing"),
    "begin": ("play", "doing"),
    "progress": ("chart", "doing"),
    "submit": ("send", "review"),
    "accept": ("check", "done"),
    "return": ("return", "soon"),
    "pause": ("pause", "soon"),
    "resume": ("play", "doing"),
    "cancel": ("x", "wait"),
    "reopen": ("restore", "doing"),
    "hand_back": ("return", "soon"),
    "refuse_hand_back": ("return", "soon"),
    "extend": ("calendar", "soon"),
    "grant_extension": ("calendar", "done"),
    "refuse_extension": ("calendar", "wait"),
    "comment": ("comment", "wait"),
    "bin": ("trash", "wait"),
    "restore": ("restore", "doing"),
}
#: Entries that a page of a task leaves out: they say what another entry of the same moment says.
SILENT = frozenset({"attach", "follow", "unfollow", "refused_look"})


def entries(
    found: list[dict[str, Any]],
    directory: Directory,
    viewer: Person,
    today: date,
    now: datetime,
    files: dict[str, list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    """The contexts of ``timeline_entry``. A score is shown only to whom it belongs and to who scores him."""
    return [_entry(one, directory, viewer, today, now, files) for one in found if one["action"] not in SILENT]


def happened(one: dict[str, Any], directory: Directory, viewer: Person, today: date) -> dict[str, Any]:
    """What an entry of the chain says to this viewer, whoever draws it: ``action``, ``icon``, ``kind``, ``title``, ``note``."""
    before, after = orjson.loads(one["before"]), orjson.loads(one["after"])
    action = one["action"]
    icon, kind = LOOKS.get(action, ("edit", "wait"))
    key = f"tasks.timeline.{action}"
    behalf = name_of(directory, one["on_behalf"])
    title = say(key, **_values(action, before, after, directory)) if key in catalogue() else say("tasks.timeline.other")
    if behalf:
        title = say("tasks.timeline.on_behalf", what=title, name=behalf)
    note = "\n".join(_notes(action, before, after, directory, viewer, today, own=one["actor"] == viewer.id))
    return {"action": action, "icon": icon, "kind": kind, "title": title, "note": note}


def _entry(
    one: dict[str, Any], directory: Directory, viewer: Person, today: date, now: datetime, files: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    after = orjson.loads(one["after"])
    return {
        "seq": one["seq"],
        **happened(one, directory, viewer, today),
        "when": moment(one["at"], now),
        "iso": one["at"].astimezone(LOCAL).isoformat(timespec="seconds"),
        "person": person(directory.people.get(one["actor"] or "")),
        "files": files.get(after.get("report") or after.get("comment") or "", []),
    }


def _values(action: str, before: dict[str, Any], after: dict[str, Any], directory: Directory) -> dict[str, Any]:
    names = {"lead": name_of(directory, after.get("lead")) or say("tasks.show.nobody")}
    names["person"] = name_of(directory, after.get("person"))
    names["item"] = str(after.get("item") or before.get("item") or "")
    return {**names, "percent": after.get("percent", ""), "due": _day(after.get("due")), "old_due": _day(before.get("due"))}


def _day(value: Any) -> str:
    if not value:
        return say("tasks.due.none")
    return f"{date.fromisoformat(str(value)[:10]):%d/%m/%Y}"


def _notes(
    action: str, before: dict[str, Any], after: dict[str, Any], directory: Directory, viewer: Person, today: date, *, own: bool
) -> list[str]:
    notes = [str(after[name]) for name in ("note", "text", "reason") if after.get(name)]
    if action == "assign":
        notes += _people_notes(before, after, directory)
    elif action in ("edit", "approve"):
        notes += _field_notes(before, after, directory)
    elif action in ("accept", "return"):
        notes += _review_notes(after, directory, viewer, today, own=own)
    if action in ("progress", "submit") and after.get("quantity"):
        notes.append(say("tasks.timeline.quantity", quantity=_number(after["quantity"])))
    return notes


def _people_notes(before: dict[str, Any], after: dict[str, Any], directory: Directory) -> list[str]:
    notes = []
    for role in ("lead", "collaborators", "followers"):
        old, new = _names(before.get(role), directory), _names(after.get(role), directory)
        if old != new:
            notes.append(say("tasks.timeline.changed", what=say(f"tasks.field.{role}"), old=old or "–", new=new or "–"))
    return notes


def _names(value: Any, directory: Directory) -> str:
    people = value if isinstance(value, list) else [value] if value else []
    return ", ".join(name_of(directory, one) for one in people)


def _field_notes(before: dict[str, Any], after: dict[str, Any], directory: Directory) -> list[str]:
    notes = []
    for name, value in after.items():
        key = f"tasks.field.{name}"
        if name in ("reason", "clash", "status", "parent", "product") or key not in catalogue() or before.get(name) == value:
            continue
        old, new = (value_text(name, one, directory) for one in (before.get(name), value))
        notes.append(say("tasks.timeline.changed", what=say(key), old=old, new=new))
    if after.get("clash"):
        notes.append(say("tasks.timeline.clash"))
    return notes


def value_text(name: str, value: Any, directory: Directory, most: int = 200) -> str:
    """A stored value of a task's field in words; what is longer than ``most`` letters ends there."""
    if value in (None, ""):
        return "–"
    if name in ("due", "start", "source_date"):
        return _day(value)
    if name == "lead":
        return name_of(directory, value)
    if name == "unit" and value in directory.units:
        return directory.units[value].name
    if name == "field" and value in directory.fields:
        return directory.fields[value].name
    if name == "quantity":
        return _number(value / 1000)
    if name in ("priority", "kind", "no_due"):
        prefix = "due" if name == "no_due" else name
        return say(f"tasks.{prefix}.{value}")
    text = str(value)
    return text if len(text) <= most else text[:most] + "…"


def sees_detail(viewer: Person, whose: str | None, directory: Directory, today: date, *, own: bool) -> bool:
    """Whether the detail of a judgement is for this viewer: it belongs to him, he scores whose it is, or he gave it (``own``)."""
    return whose in directory.people and (own or bool(may(viewer, "see_scores", directory.actor(whose), today)))


def _review_notes(after: dict[str, Any], directory: Directory, viewer: Person, today: date, *, own: bool) -> list[str]:
    notes: list[str] = []
    if not sees_detail(viewer, after.get("person"), directory, today, own=own):
        return notes
    if after.get("quantity"):
        notes.append(say("tasks.timeline.accepted_quantity", quantity=_number(after["quantity"])))
    if after.get("major_error"):
        notes.append(say("tasks.timeline.major_error"))
    if after.get("objective_cause"):
        notes.append(say("tasks.timeline.objective_cause"))
    if after.get("score") is not None:
        notes.append(say("tasks.timeline.score", score=_number(after["score"])))
    return notes


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")
