"""The versions of the rule set."""

from datetime import date, datetime

import msgspec

from server.kpi.rules.ruleset import RuleSet


class RulesFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A stored version: draft, in_force or replaced."""

    id: str
    version: int
    state: str
    rules: RuleSet
    since: date | None
    until: date | None
    made_by: str | None
    made_at: datetime


async def rule_sets() -> list[RulesFacts]:
    """All of them, newest first."""
    raise NotImplementedError


async def rule_set(rules_id: str) -> RulesFacts:
    """One version. Raises Refusal ``not_found``."""
    raise NotImplementedError


async def in_force(at: date) -> RulesFacts:
    """The rule set that holds on that day; the first one if none says so."""
    raise NotImplementedError
