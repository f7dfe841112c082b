"""How a task stands, in the words of who brought it there; read from its timeline."""

from datetime import datetime
from typing import Any

import orjson

from server.people.directory import Directory
from server.tasks.show.values import moment, name_of
from server.words import say

#: Of a task in such a state, which entry says why.
CAUSES = {"paused": "pause", "cancelled": "cancel", "declined": "decline", "proposed": "propose"}
#: The steps of a result; the newest of them says whether it came back.
RESULT = ("submit", "accept", "return", "take_back")


def standing(status: str, history: list[dict[str, Any]], directory: Directory, now: datetime) -> dict[str, Any] | None:
    """``title``, ``reason``, ``by``, ``when`` and whether it ``warns``: why the task is paused, cancelled, declined, proposed or returned.

    None for a task that simply goes on, and where the entry is older than ``history`` (rows of the audit, newest first).
    """
    if status == "in_progress":
        found = next((one for one in history if one["action"] in RESULT), None)
        if found is None or found["action"] != "return":
            return None
        title = say("tasks.show.returned")
    elif status in CAUSES:
        found = next((one for one in history if one["action"] == CAUSES[status]), None)
        if found is None:
            return None
        title = say("tasks.timeline.propose") if status == "proposed" else say(f"tasks.status.{status}")
    else:
        return None
    return {
        "title": title,
        "reason": reason_of(found),
        "by": name_of(directory, found["actor"]),
        "when": moment(found["at"], now),
        "warns": status != "proposed",
    }


def reason_of(entry: dict[str, Any]) -> str:
    """Why somebody did what the entry tells of, in his words; empty where he gave no reason."""
    after = orjson.loads(entry["after"])
    return str(after.get("reason") or after.get("note") or "")


def shows_form(move: str, values: dict[str, str], context: dict[str, Any]) -> bool:
    """Whether the page has the form that was refused, so that the refusal stands there and not at the top."""
    can = context["can"]
    if move == "review":
        return any(one["id"] == values.get("person") for one in context["reviewable"])
    if move == "decide":
        return bool(can["decide"] or can["decide_extension"] or can["assign_handed_back"])
    if move == "status":
        return bool({"paused": can["pause"], "cancelled": can["cancel"]}.get(values.get("to", "")))
    if move in ("item", "check"):
        return bool(can["check"] or context["checklist"])
    return move in ("progress", "submit", "extend", "hand_back", "bin", "comment") and bool(can[move])
