"""How the period went: its smaller periods, and its days."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from server.ledger.grains import PARTS, Grain, Period, next_start
from server.ledger.read import Counts
from server.reports.build.facts import Facts
from server.reports.build.figures import added, column, value_of
from server.reports.build.telling import NOTHING, Noun, counted, joined, named
from server.reports.shape import Chart, Row, Section, Table
from server.reports.words import day, days, short_label
from server.words import say

COLUMNS: Final = ("assigned", "done", "on_time", "late", "undated", "cancelled")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def course(facts: Facts) -> Section:
    """The smaller periods that have begun; each counted by itself."""
    columns = [column(key) for key in COLUMNS]
    rows, done = [], []
    for key, label, counts in parts_of(facts):
        rows.append(Row(key, label, [value_of(one, counts) for one in COLUMNS]))
        done.append((counts.done, label))
    table = Table(say(f"reports.head.part_{facts.period.grain}"), columns, rows if facts.total else [])
    note = say("reports.note.weeks" if facts.period.grain == "m" else "reports.note.parts")
    return Section(
        "course", say("reports.section.course"), _most(done, "part"), table, Chart("stacked", ["on_time", "late", "undated"]), note
    )


def parts_of(facts: Facts) -> list[tuple[str, str, Counts]]:
    """Each part's key (its code, or its day), its label and what it did. A week that a month cuts is made of its days in the month."""
    period, found = facts.period, []
    for start in period.parts():
        if start > facts.today:
            break
        last = next_start(PARTS[period.grain], start) - timedelta(days=1)
        if period.grain == "w":
            label = say("reports.label.weekday", weekday=say(f"tasks.weekday.{WEEKDAYS[start.weekday()]}"), day=f"{start:%d/%m}")
            found.append((start.isoformat(), label, facts.parts.get(start, Counts())))
        elif period.grain == "m":
            cut = max(start, period.start), min(last, period.last)
            counts = facts.parts.get(start, Counts()) if cut == (start, last) else _within(facts.days, *cut)
            key = Period("w", start).code
            found.append((key, say("reports.label.week", number=Period("w", start).number, days=days(*cut)), counts))
        else:
            grain: Grain = "m"
            month = Period(grain, start)
            found.append((month.code, short_label(month), facts.parts.get(start, Counts())))
    return found


def _within(found: Mapping[date, Counts], first: date, last: date) -> Counts:
    return added([Counts(), *(counts for one, counts in found.items() if first <= one <= last)])


def calendar(facts: Facts) -> Section | None:
    """The days on which anything was done; None of a week, whose days are its course."""
    if facts.period.grain == "w":
        return None
    counts = {one: cell.done for one, cell in facts.days.items() if cell.done and facts.period.start <= one <= facts.period.last}
    rows = [Row(one.isoformat(), day(one), [done]) for one, done in sorted(counts.items())]
    said = _most([(done, day(one)) for one, done in counts.items()], "day")
    if counts:
        said = joined([said.removesuffix("."), say("reports.said.days", days=counted(len(counts)))])
    table = Table(say("reports.head.day"), [column("done")], rows)
    return Section("calendar", say("reports.section.calendar"), said, table, Chart("calendar", ["done"]))


def _most(done: Sequence[tuple[int, str]], noun: Noun) -> str:
    top = max((count for count, _ in done), default=0)
    if not top:
        return say(NOTHING if not done else "reports.said.none_done_part")
    names = [label for count, label in done if count == top]
    return joined([say("reports.said.best_part", names=named(names, noun), count=counted(top))])
