"""The rule set: each field with its value and where the law says so, or leaves it open."""

from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from server.kpi.queries.ruleset import RulesFacts
from server.kpi.rules.ruleset import CapReading, LateBy, PeriodKind, RuleSet
from server.kpi.show import values
from server.people.directory import Directory
from server.tasks.show.values import day, moment, name_of
from server.words import say

Kind = Literal["choice", "points", "whole", "amount", "flag", "day"]

#: Each field in the order of the page, and how it is written.
FIELDS: Final[dict[str, Kind]] = {
    "period": "choice",
    "general_most": "points",
    "tasks_most": "points",
    "penalty": "whole",
    "late_by": "choice",
    "cap_ratios": "flag",
    "led_floor": "points",
    "carries_unfinished": "flag",
    "k_outside": "amount",
    "away_share": "whole",
    "excellent_from": "points",
    "good_from": "points",
    "fair_from": "points",
    "excellent_cap": "whole",
    "excellent_cap_by_decision": "whole",
    "cap_reading": "choice",
    "months_to_rate": "whole",
    "carries_over_after": "day",
    "petition_days": "whole",
}
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "period": get_args(PeriodKind),
    "late_by": get_args(LateBy),
    "cap_reading": get_args(CapReading),
}


def text_of(name: str, rules: RuleSet) -> str:
    """The value of a field in words."""
    value = getattr(rules, name)
    kind = FIELDS[name]
    if kind == "choice":
        return say(f"kpi.basis.value.{value}")
    if kind == "flag":
        return say("kpi.page.yes") if value else say("kpi.page.no")
    if kind in ("points", "amount"):
        return values.amount(value)
    if kind == "day":
        return f"{value[1]:02d}/{value[0]:02d}"
    return str(value)


def typed(name: str, rules: RuleSet) -> str:
    """The value as the field of a form holds it."""
    value = getattr(rules, name)
    kind = FIELDS[name]
    if kind == "choice":
        return str(value)
    if kind == "flag":
        return "1" if value else "0"
    return text_of(name, rules)


def field_rows(rules: RuleSet, compared: RuleSet | None = None) -> list[dict[str, Any]]:
    """The rows of the page; ``differs`` from the rule set it is compared with."""
    return [
        {
            "name": name,
            "label": say(f"kpi.basis.field.{name}"),
            "law": say(f"kpi.basis.law.{name}"),
            "kind": kind,
            "text": text_of(name, rules),
            "value": typed(name, rules),
            "was": text_of(name, compared) if compared is not None and getattr(compared, name) != getattr(rules, name) else "",
            "options": [{"value": one, "label": say(f"kpi.basis.value.{one}")} for one in CHOICES.get(name, ())],
        }
        for name, kind in FIELDS.items()
    ]


def version_line(one: RulesFacts, directory: Directory, now: datetime) -> dict[str, Any]:
    """A version in the list of them."""
    return {
        "id": one.id,
        "version": one.version,
        "name": one.rules.name or say("kpi.page.rules_version", version=one.version),
        "basis": one.rules.basis,
        "state": one.state,
        "state_label": say(f"kpi.basis.value.{one.state}"),
        "since": day(one.since),
        "until": day(one.until),
        "made": moment(one.made_at, now),
        "by": name_of(directory, one.made_by),
    }


def first_day_after(today: date) -> date:
    """The first day of the next month: rules change between periods."""
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)
