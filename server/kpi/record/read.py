"""The lines of a period for many people."""

from collections.abc import Collection
from datetime import datetime

from server.calendar.current import working_days
from server.kpi.record.entries import Entry
from server.kpi.record.facts import facts_of
from server.kpi.record.make import entries
from server.kpi.rules.calendar import Period
from server.kpi.rules.lines import Line
from server.kpi.rules.ruleset import RuleSet


async def entries_of(
    people: Collection[str], period: Period, rules: RuleSet, now: datetime, *, evidence: bool | Collection[str] = True
) -> dict[str, list[Entry]]:
    """Every person's entries of the period as of ``now``, in order of due date; a person without work has an empty list.

    A constant number of questions, however many people. ``evidence``: whose entries have their events, everybody's (True) or nobody's.
    """
    listed = list(dict.fromkeys(people))
    facts = await facts_of(listed, period, rules, evidence=bool(evidence))
    return entries(facts, listed, period, rules, now, working_days().between, set(listed) if evidence is True else set(evidence or ()))


async def lines_of(people: Collection[str], period: Period, rules: RuleSet, now: datetime) -> dict[str, list[Line]]:
    """The same without what made them: ``{person: [Line]}``. A leader's own lines only; ``book_of`` adds those of the people he leads."""
    found = await entries_of(people, period, rules, now, evidence=False)
    return {person: [one.line for one in some] for person, some in found.items()}
