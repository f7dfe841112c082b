"""Reading the record of a period for many people in a constant number of questions."""

from collections.abc import Collection
from datetime import datetime

from server.kpi.record.entries import Entry
from server.kpi.rules.calendar import Period
from server.kpi.rules.lines import Line
from server.kpi.rules.ruleset import RuleSet


async def entries_of(people: Collection[str], period: Period, rules: RuleSet, now: datetime) -> dict[str, list[Entry]]:
    """Every person's entries of the period as of ``now``, in order of due date; a person without work has an empty list."""
    raise NotImplementedError


async def lines_of(people: Collection[str], period: Period, rules: RuleSet, now: datetime) -> dict[str, list[Line]]:
    """The same without what made them: ``{person: [Line]}``. A leader's own lines only; ``book_of`` adds those of the people he leads."""
    return {person: [one.line for one in entries] for person, entries in (await entries_of(people, period, rules, now)).items()}
