"""How long work takes and what holds it up, and how much everybody carries."""

from typing import Final

from server.ledger.read import NONE, Counts
from server.reports.build.facts import Facts, total_of
from server.reports.build.figures import column, share, value_of
from server.reports.build.lines import people_lines, unit_lines, working_in
from server.reports.build.telling import NOTHING, counted, joined, named
from server.reports.shape import Chart, Row, Section, Table, Value
from server.reports.words import compared, number
from server.words import say

MOVED: Final = ("asked", "extended", "returned")


def flow(facts: Facts) -> Section:
    """By unit; of a unit with none below, by person, of whom no median is kept."""
    lines = unit_lines(facts)
    keys = ("done", "median_days", "mean_days", *MOVED) if lines else ("done", "mean_days", *MOVED)
    columns = [column(key) for key in keys]
    head = say("reports.head.unit" if lines else "reports.head.person")
    title, total = say("reports.section.flow"), facts.total
    if not total:
        return Section("flow", title, say(NOTHING), Table(head, columns, []))

    def values(unit: str, counts: Counts) -> list[Value]:
        # The unit's median is of all below it too; of what is its own alone, as of a person, none is kept.
        return [(facts.medians.get(unit) if counts.done else None) if key == "median_days" else value_of(key, counts) for key in keys]

    rows = [
        Row(one.key, one.label, values(one.key if one.key != facts.unit.id else "", one.counts), one.drill, one.note)
        for one in lines or people_lines(facts)
    ]
    table = Table(head, columns, rows, Row("", say("reports.label.sum"), values(facts.unit.id, total)))
    median = facts.medians.get(facts.unit.id)
    parts = []
    if median is not None:
        change = compared(median, facts.median_before, "days")
        parts.append(
            say("reports.said.median", days=number(median, "days")) + (say("reports.said.than_last", change=change) if change else "")
        )
    if total.asked or total.extended:
        parts.append(say("reports.said.extensions", asked=counted(total.asked), extended=counted(total.extended)))
    parts.append(say("reports.said.returned", count=counted(total.returned)) if total.returned else say("reports.said.none_returned"))
    return Section("flow", title, joined(parts), table, note=say("reports.note.flow"))


def load(facts: Facts) -> Section:
    """What is open for each person who works there, now and in the period before; of a unit with none below, by person."""
    lines = unit_lines(facts)
    rows = _by_unit(facts) if lines else _by_person(facts)
    title, chart = say("reports.section.load"), Chart("bars", ["load", "load_before"])
    columns = [column(key) for key in (("people", "open", "load", "load_before") if lines else ("load", "load_before"))]
    head = say("reports.head.unit" if lines else "reports.head.person")
    if not facts.total:
        return Section("load", title, say(NOTHING), Table(head, columns, []), chart)
    people = working_in(facts.directory, facts.unit.id)
    now, before = facts.total.open, total_of(facts.before)
    values: list[Value] = [now, before.open if before else None]
    if lines:
        values = [people, now, share(now, people), share(before.open, people) if before else None]
    table = Table(head, columns, rows, Row("", say("reports.label.sum"), values))
    at = 2 if lines else 0
    known = [(value, row.label) for row in rows if row.key and isinstance(value := row.values[at], int | float)]
    top = max((value for value, _ in known), default=0)
    parts = []
    if top and len(known) > 1:
        names = named([label for value, label in known if value == top], "unit" if lines else "person")
        parts.append(say("reports.said.heaviest_each" if lines else "reports.said.heaviest", names=names, load=counted(top)))
    if people:
        parts.append(say("reports.said.load", open=counted(now), people=counted(people), load=counted(now / people)))
    return Section("load", title, joined(parts), table, chart, say("reports.note.load") if lines else "")


def _own(facts: Facts) -> int:
    return sum(1 for one in facts.directory.people.values() if one.active and one.position != "admin" and one.unit == facts.unit.id)


def _by_unit(facts: Facts) -> list[Row]:
    before = facts.below_before
    compared_with = bool(total_of(facts.before))
    own_before = total_of(facts.before).open - sum(one.open for one in before.values())
    rows = []
    for one in unit_lines(facts):
        people = _own(facts) if one.key == facts.unit.id else working_in(facts.directory, one.key)
        then = own_before if one.key == facts.unit.id else before.get(one.key, NONE).open
        values: list[Value] = [people, one.counts.open, share(one.counts.open, people), share(then, people) if compared_with else None]
        rows.append(Row(one.key, one.label, values, one.drill, one.note))
    return rows


def _by_person(facts: Facts) -> list[Row]:
    before = facts.before["lead"]
    compared_with = bool(total_of(facts.before))
    return [
        Row(one.key, one.label, [one.counts.open, before.get(one.key, NONE).open if compared_with else None], one.drill, one.note)
        for one in people_lines(facts)
    ]
