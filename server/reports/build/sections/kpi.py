"""What the published sheets of the period say of crowds: never of one person, and not of two."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

import msgspec

from server.kpi.rules.ruleset import BANDS, RuleSet, band_of
from server.kpi.rules.score import rounded
from server.ledger.grains import Period
from server.people.directory import Directory
from server.reports.build.crowds import told_of
from server.reports.build.facts import Facts, Sheet
from server.reports.build.figures import column
from server.reports.build.telling import counted, joined, named
from server.reports.shape import Chart, Row, Section, Table, Value
from server.reports.words import compared, number
from server.words import say

KEYS: Final = ("kpi_band_excellent", "kpi_band_good", "kpi_band_fair", "kpi_band_failed")
#: Points are stored in thousandths.
THOUSAND: Final = 1000


class Scored(msgspec.Struct, frozen=True):
    """A person in the period: his unit by the last of his sheets, and his band."""

    unit: str
    band: str


class Crowd(msgspec.Struct):
    """A unit that may be told of: everybody who is in it or below it, and the points of every sheet that was made there."""

    people: list[Scored]
    points: list[int]

    @property
    def mean(self) -> float | None:
        """Of 100."""
        return sum(self.points) / len(self.points) / THOUSAND if self.points else None


def scored(sheets: Sequence[Sheet], rules: RuleSet) -> list[Scored]:
    """Everybody with a published sheet. The band of several months is that of their mean."""
    by_person: dict[str, list[Sheet]] = defaultdict(list)
    for one in sorted(sheets, key=lambda one: one.starts):
        by_person[one.person].append(one)
    found = []
    for mine in by_person.values():
        points = [one.total for one in mine]
        band = mine[0].band if len(mine) == 1 else band_of(rounded(Fraction(sum(points), len(points))), rules)
        found.append(Scored(mine[-1].unit, band))
    return found


def told(directory: Directory, sheets: Sequence[Sheet], rules: RuleSet) -> dict[str, Crowd]:
    """Every unit that may be told of.

    Nothing that a month keeps back comes out as the difference of a quarter and its other months: a unit is told of where each month
    with sheets of it tells of it, and points count where they were given, also those of somebody who has moved since.
    """
    people = scored(sheets, rules)
    parents = {one.id: one.parent for one in directory.units.values()}
    order = list(parents)
    units = set(told_of(Counter(one.unit for one in people), parents, order))
    months: dict[date, Counter[str]] = defaultdict(Counter)
    for sheet in sheets:
        months[sheet.starts][sheet.unit] += 1
    for own in months.values():
        here = {unit for one in own for unit in directory.path(one)}
        units -= here - told_of(own, parents, order)
    found = {one: Crowd([], []) for one in units if units.issuperset(directory.path(one))}
    for one in people:
        for unit in found.keys() & set(directory.path(one.unit)):
            found[unit].people.append(one)
    for sheet in sheets:
        for unit in found.keys() & set(directory.path(sheet.unit)):
            found[unit].points.append(sheet.total)
    return found


def mean_of_unit(facts: Facts, period: Period) -> float | None:
    """The unit's mean in a period; None where there is none, or of too few."""
    crowd = _told(facts, period).get(facts.unit.id)
    return crowd.mean if crowd else None


def _told(facts: Facts, period: Period) -> Mapping[str, Crowd]:
    return told(facts.directory, facts.sheets.get(period, ()), facts.rules)


def kpi(facts: Facts) -> Section | None:
    """By the units directly below, or of the unit alone; None of a week, for scores are of months."""
    if facts.period.grain == "w":
        return None
    title, head = say("reports.section.kpi"), say("reports.head.unit")
    columns = [column(key) for key in ("kpi_people", "kpi_mean", *KEYS)]
    chart = Chart("stacked", list(KEYS))
    here = [one for one in facts.sheets.get(facts.period, ()) if facts.below(one.unit)]
    if not here:
        return Section("kpi", title, say("reports.said.kpi_none"), Table(head, columns, []), chart)
    groups = _told(facts, facts.period)
    below = [one for one in facts.directory.units.values() if one.parent == facts.unit.id]
    below = [one for one in below if any(one.id in facts.directory.path(sheet.unit) for sheet in here)]
    rows = [_row(one.id, one.name, groups.get(one.id)) for one in below]
    mine = groups.get(facts.unit.id)
    total = _row("", say("reports.label.sum"), mine)
    table = Table(head, columns, rows, total) if rows else Table(head, columns, [_row(facts.unit.id, facts.unit.name, mine)])
    return Section("kpi", title, _said(facts, mine, rows), table, chart, say("reports.note.kpi"))


def _row(key: str, label: str, crowd: Crowd | None) -> Row:
    if crowd is None:
        return Row(key, label, [None] * (2 + len(BANDS)), note=say("reports.note.few"))
    bands = Counter(one.band for one in crowd.people)
    return Row(key, label, [len(crowd.people), crowd.mean, *(bands[one] for one in BANDS)])


def _said(facts: Facts, mine: Crowd | None, rows: Sequence[Row]) -> str:
    if mine is None:
        return say("reports.said.kpi_few")
    mean = mine.mean
    change = compared(mean, mean_of_unit(facts, facts.period.before), "points")
    text = say("reports.said.kpi", mean=number(mean, "points"), people=counted(len(mine.people)))
    parts = [text + (say("reports.said.than_last", change=change) if change else "")]
    bands = Counter(one.band for one in mine.people)
    parts.append(", ".join(say(f"reports.said.band_{band}", count=counted(bands[band])) for band in BANDS if bands[band]))
    means: list[tuple[Value, str]] = [(row.values[1], row.label) for row in rows if row.values[1] is not None]
    if len(means) > 1:
        top = max(value for value, _ in means if isinstance(value, float))
        parts.append(
            say("reports.said.kpi_best", names=named([label for value, label in means if value == top], "unit"), mean=number(top, "points"))
        )
    return joined(parts)
