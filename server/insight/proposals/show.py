"""The context of proposals: who might take over what, why, and what it does to both."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.calendar.rules import WorkingDays
from server.insight import reasons
from server.insight.load.show import effect_of
from server.insight.proposals.queries import Waiting
from server.people.directory import Directory
from server.tasks.show.cards import card
from server.tasks.show.values import name_of, person_in
from server.words import say


def proposals_context(
    waiting: Sequence[Waiting], directory: Directory, today: date, days: WorkingDays, most: int, tried: dict[str, str] | None = None
) -> dict[str, Any]:
    """``entries`` (at most ``most``), ``more`` in words where there are others, ``ready`` phrases for a refusal, ``empty``.

    ``tried``: what somebody had typed when his refusal of a proposal was refused: ``{proposal, reason, message}``.
    """
    left = len(waiting) - most
    return {
        "entries": [_entry(one, directory, today, days, tried or {}) for one in waiting[:most]],
        "more": say("insight.proposal.more", count=left) if left > 0 else "",
        "ready": say("insight.proposal.reasons").split("|"),
        "empty": {"title": say("insight.proposal.empty_title"), "text": say("insight.proposal.empty_text")},
    }


def _entry(one: Waiting, directory: Directory, today: date, days: WorkingDays, tried: dict[str, str]) -> dict[str, Any]:
    effect = one.effect
    mine = tried.get("proposal") == one.id
    return {
        "id": one.id,
        "uid": f"-{one.id}",
        "task": card(one.task, directory, today, days),
        "giver": person_in(directory, one.giver),
        "receiver": person_in(directory, one.receiver),
        "reasons": reasons.of_proposal(one.reasons),
        "effect": [
            effect_of(name_of(directory, one.giver), effect["giver_before"], effect["giver_after"]),
            effect_of(name_of(directory, one.receiver), effect["receiver_before"], effect["receiver_after"]),
        ],
        "reason": tried.get("reason", "") if mine else "",
        "message": tried.get("message", "") if mine else "",
    }
