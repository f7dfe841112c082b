"""The versions of the rule set."""

from datetime import date, datetime

import msgspec

from server.errors import Refusal
from server.kpi.rules.ruleset import RuleSet
from server.storage.engine import Row, row, rows


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


def facts_of(found: Row) -> RulesFacts:
    """A stored row, with the rule set as the rules know it."""
    return RulesFacts(
        id=found["id"],
        version=found["version"],
        state=found["state"],
        rules=msgspec.json.decode(found["data"], type=RuleSet),
        since=found["since"],
        until=found["until"],
        made_by=found["made_by"],
        made_at=found["made_at"],
    )


async def rule_sets() -> list[RulesFacts]:
    """All of them, newest first."""
    return [facts_of(one) for one in await rows("SELECT * FROM kpi_rules ORDER BY version DESC")]


async def rule_set(rules_id: str) -> RulesFacts:
    """One version. Raises Refusal ``not_found``."""
    found = await row("SELECT * FROM kpi_rules WHERE id = $1", rules_id)
    if found is None:
        raise Refusal("not_found", "kpi.rule.unknown")
    return facts_of(found)


async def in_force(at: date) -> RulesFacts:
    """The rule set that holds on that day; the oldest one that ever was in force for days before it. Refusal where there is none."""
    found = await rows("SELECT * FROM kpi_rules WHERE state <> 'draft' ORDER BY since, version")
    if not found:
        raise Refusal("not_found", "kpi.rule.none")
    holding = [one for one in found if one["since"] <= at]
    return facts_of(holding[-1] if holding else found[0])
