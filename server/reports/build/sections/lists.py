"""Lists by unit, person, leader, field, priority and origin: the same columns, the sum below, and what stands out."""

from collections.abc import Sequence
from typing import Final

from server.ledger.read import Counts
from server.reports.build.facts import Facts
from server.reports.build.figures import LISTED, column, value_of
from server.reports.build.lines import (
    Line,
    field_lines,
    leader_lines,
    origin_lines,
    people_lines,
    priority_lines,
    unit_lines,
    working_in,
)
from server.reports.build.telling import NOTHING, counted, joined, most, of_these_overdue, owing, share_of
from server.reports.shape import Chart, Row, Section, Table, Value
from server.words import say

STACKED: Final = Chart("stacked", ["on_time", "late", "undated", "in_time", "overdue"])
BARS: Final = Chart("bars", ["done", "overdue"])


def listed(lines: Sequence[Line], total: Counts, head: str, texts: Sequence[str] = ()) -> Table:
    """The table of lines with their sum; ``texts`` are the columns that stand in front of the figures. Empty where nothing was counted."""
    columns = [column(key) for key in (*texts, *LISTED)]
    if not total:
        return Table(head, columns, [])
    rows = [Row(one.key, one.label, [*one.texts, *_values(one.counts)], one.drill, one.note) for one in lines]
    blank: list[Value] = [None] * len(texts)
    return Table(head, columns, rows, Row("", say("reports.label.sum"), [*blank, *_values(total)]))


def _values(counts: Counts) -> list[Value]:
    return [value_of(key, counts) for key in LISTED]


def units(facts: Facts) -> Section | None:
    """The units directly below; None of a unit that has none."""
    lines = unit_lines(facts)
    if not lines:
        return None
    said = joined([most(lines, "done", "unit"), owing(lines, "unit")]) if facts.total else say(NOTHING)
    return Section("units", say("reports.section.units"), said, listed(lines, facts.total, say("reports.head.unit")), STACKED)


def people(facts: Facts) -> Section:
    """Who leads; where they are too many for a page, where to read of them."""
    if not facts.people:
        many = say("reports.said.people_elsewhere", people=counted(working_in(facts.directory, facts.unit.id)))
        return Section(
            "people", say("reports.section.people"), many, listed([], facts.total, say("reports.head.person"), ("position", "unit"))
        )
    lines = people_lines(facts)
    table = listed(lines, facts.total, say("reports.head.person"), ("position", "unit"))
    if not facts.total:
        return Section("people", say("reports.section.people"), say(NOTHING), table, STACKED)
    leading = sum(1 for one in lines if one.key and one.counts.total)
    parts = [
        say("reports.said.leading", people=counted(leading), total=counted(facts.total.total)),
        most(lines, "done", "person"),
        owing(lines, "person"),
    ]
    note = say("reports.note.people")
    return Section("people", say("reports.section.people"), joined(parts), table, STACKED, note)


def leaders(facts: Facts) -> Section:
    """Who oversees."""
    lines = leader_lines(facts)
    table = listed(lines, facts.total, say("reports.head.person"))
    if not facts.total:
        return Section("leaders", say("reports.section.leaders"), say(NOTHING), table, BARS)
    parts = [most(lines, "total", "person"), owing(lines, "person")]
    loose = next((one.counts.total for one in lines if not one.key), 0)
    if loose:
        parts.append(say("reports.said.not_overseen", count=counted(loose)))
    return Section("leaders", say("reports.section.leaders"), joined(parts), table, BARS, say("reports.note.leaders"))


def fields(facts: Facts) -> Section:
    """The fields of work."""
    lines = field_lines(facts)
    table = listed(lines, facts.total, say("reports.head.field"))
    said = joined([most(lines, "total", "field"), owing(lines, "field")]) if facts.total else say(NOTHING)
    return Section("fields", say("reports.section.fields"), said, table, BARS)


def priorities(facts: Facts) -> Section:
    """The priorities."""
    lines = priority_lines(facts)
    table = listed(lines, facts.total, say("reports.head.priority"))
    said = say(NOTHING)
    if facts.total:
        pressing = [one for one in lines if one.key in ("critical", "urgent")]
        total = sum(one.counts.total for one in pressing)
        overdue = of_these_overdue(sum(one.counts.overdue for one in pressing))
        share = share_of(total, facts.total.total)
        text = say("reports.said.pressing", count=counted(total), share=share, overdue=overdue)
        said = joined([text if total else say("reports.said.none_pressing")])
    return Section("priorities", say("reports.section.priorities"), said, table, BARS)


def origins(facts: Facts) -> Section:
    """Planned work and ad hoc work."""
    lines = origin_lines(facts)
    table = listed(lines, facts.total, say("reports.head.origin"))
    said = say(NOTHING)
    if facts.total:
        planned, ad_hoc = (next(one.counts for one in lines if one.key == key) for key in ("planned", "ad_hoc"))
        parts = [say("reports.said.ad_hoc", count=counted(ad_hoc.total), share=share_of(ad_hoc.total, facts.total.total))]
        parts += [
            say(f"reports.said.{key}_done", share=share_of(cell.done, cell.total - cell.cancelled))
            for key, cell in (("planned", planned), ("ad_hoc", ad_hoc))
            if cell.total - cell.cancelled > 0
        ]
        said = joined(parts)
    return Section("origins", say("reports.section.origins"), said, table, BARS)
