"""Versions of the rule set: drafted, then in force, then replaced."""

from datetime import date
from typing import Any

from server.storage.door import Command, handles
from server.storage.transaction import Transaction


class DraftRules(Command, tag="kpi.rules.draft"):
    """Write a draft, a new one or in place of the draft of this id. ``data`` are fields of ``RuleSet`` that differ from the default.

    Answers ``{"id", "version"}``. Refused by field for whatever ``problems`` names.
    """

    id: str
    data: dict[str, Any]


class PutRulesInForce(Command, tag="kpi.rules.put_in_force"):
    """From that day on new periods take it; the one before is replaced. What is in force never changes. Answers ``{"id", "version"}``."""

    rules: str
    since: date


@handles(DraftRules)
async def draft(tx: Transaction, given: DraftRules) -> dict[str, Any]:
    """By the director, or whoever holds the centre by delegation."""
    raise NotImplementedError


@handles(PutRulesInForce)
async def put_in_force(tx: Transaction, given: PutRulesInForce) -> dict[str, Any]:
    """By the director, or whoever holds the centre by delegation."""
    raise NotImplementedError


async def ensure_rules(tx: Transaction) -> str:
    """The id of the rule set in force; the first ones (Nghị định 335/2025, and a draft for 233/2026) are made if there is none yet."""
    raise NotImplementedError
