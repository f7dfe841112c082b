"""The whole unit: the first numbers, and the form that every office reports by."""

from collections.abc import Sequence
from typing import Final

from server.ledger.read import Counts
from server.reports.build.facts import Facts, total_of
from server.reports.build.figures import DRILLED, GOOD, kind_of, label_of, value_of
from server.reports.build.sections.kpi import mean_of_unit
from server.reports.build.telling import NOTHING, counted, joined, of_these_overdue, share_of
from server.reports.shape import Column, Headline, Row, Section, Table, Value
from server.reports.words import compared, short_label
from server.words import say

FIRST: Final = ("total", "assigned", "done", "on_time_share", "late", "open", "overdue", "due_next")
#: The figures of the form, each with how far it stands in: a level more is a part of the one above.
FORM: Final = (
    ("carried", 0),
    ("assigned", 0),
    ("moved", 0),
    ("total", 0),
    ("done", 0),
    ("on_time", 1),
    ("excused", 2),
    ("late", 1),
    ("undated", 1),
    ("open", 0),
    ("in_time", 1),
    ("overdue", 1),
    ("submitted", 1),
    ("paused", 1),
    ("undated_open", 1),
    ("due_next", 1),
    ("cancelled", 0),
)


def headlines(facts: Facts) -> list[Headline]:
    """The first numbers; the mean of scores only where there is one."""
    before, year = total_of(facts.before), total_of(facts.year_before)
    found = [_headline(key, _compared(key, facts.total, before, year)) for key in (*FIRST, "done_share")]
    found.append(_headline("median_days", (facts.medians.get(facts.unit.id), facts.median_before, facts.median_year_before)))
    means = [mean_of_unit(facts, period) for period in (facts.period, facts.period.before, facts.period.year_before)]
    if means[0] is not None:
        found.append(_headline("kpi_mean", means))
    return found


def _compared(key: str, now: Counts, *others: Counts) -> list[Value]:
    """A figure now and then: in a period that nothing was counted in there is none."""
    return [value_of(key, now), *(value_of(key, one) if one else None for one in others)]


def _headline(key: str, values: Sequence[Value]) -> Headline:
    now, before, year_before = values
    drill = f"of={key}" if key in DRILLED else ""
    return Headline(key, label_of(key), kind_of(key), now, before, year_before, drill, GOOD.get(key, 0))


def summary(facts: Facts) -> Section:
    """The form: now, in the period before, a year before. The drill of a line is of its first number."""
    cells = [
        (facts.period, facts.total),
        (facts.period.before, total_of(facts.before)),
        (facts.period.year_before, total_of(facts.year_before)),
    ]
    if facts.period.grain == "y":
        # The year before is the period before.
        del cells[2]
    columns = [Column(key, short_label(period)) for key, (period, _) in zip(("now", "before", "year_before"), cells, strict=False)]
    rows = []
    for key, level in FORM:
        values = _compared(key, *(counts for _, counts in cells))
        rows.append(Row(key, label_of(key), values, f"of={key}" if key in DRILLED else "", level=level))
    said = _said(facts.total, total_of(facts.before), facts) if facts.total else say(NOTHING)
    return Section("summary", say("reports.section.summary"), said, Table(say("reports.head.figure"), columns, rows), note=_note(facts))


def _said(now: Counts, before: Counts, facts: Facts) -> str:
    share = share_of(now.done, now.total - now.cancelled)
    first = say("reports.said.total", total=counted(now.total), done=counted(now.done), share=share)
    if now.cancelled:
        # The share is of the others: whoever works it out from the two numbers finds why.
        first = say(
            "reports.said.total_cancelled", total=counted(now.total), done=counted(now.done), share=share, cancelled=counted(now.cancelled)
        )
    if not now.done:
        first = say("reports.said.total_undone", total=counted(now.total))
    change = compared(now.done, before.done, "count") if before and now.done else ""
    parts = [first + (say("reports.said.than_before", change=change, period=_inside(short_label(facts.period.before))) if change else "")]
    if now.on_time + now.late:
        parts.append(say("reports.said.on_time", share=share_of(now.on_time, now.on_time + now.late)))
    if now.open:
        parts.append(say("reports.said.left", open=counted(now.open), overdue=of_these_overdue(now.overdue)))
    else:
        parts.append(say("reports.said.none_left"))
    return joined(parts)


def _inside(label: str) -> str:
    return label[:1].lower() + label[1:]


def _note(facts: Facts) -> str:
    return say("reports.note.running") if facts.running else ""
