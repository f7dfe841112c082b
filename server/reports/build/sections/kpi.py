"""What the published sheets of the period say of crowds: never of one person, and not of two."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
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
    """A person in the period: the points of his sheets, his unit by the last of them, and his band."""

    unit: str
    points: tuple[int, ...]
    band: str


def scored(sheets: Sequence[Sheet], rules: RuleSet) -> list[Scored]:
    """Everybody with a published sheet. The band of several months is that of their mean."""
    by_person: dict[str, list[Sheet]] = defaultdict(list)
    for one in sorted(sheets, key=lambda one: one.starts):
        by_person[one.person].append(one)
    found = []
    for mine in by_person.values():
        points = tuple(one.total for one in mine)
        band = mine[0].band if len(mine) == 1 else band_of(rounded(Fraction(sum(points), len(points))), rules)
        found.append(Scored(mine[-1].unit, points, band))
    return found


def told(directory: Directory, people: Sequence[Scored]) -> dict[str, list[Scored]]:
    """Of each unit that may be told of, everybody who is in it or below it."""
    own = Counter(one.unit for one in people)
    parents = {one.id: one.parent for one in directory.units.values()}
    found: dict[str, list[Scored]] = {one: [] for one in told_of(own, parents, list(parents))}
    for one in people:
        for unit in directory.path(one.unit):
            if unit in found:
                found[unit].append(one)
    return found


def mean_of(people: Sequence[Scored]) -> float | None:
    """The mean of all their sheets, of 100."""
    points = [one for person in people for one in person.points]
    return sum(points) / len(points) / THOUSAND if points else None


def mean_of_unit(facts: Facts, period: Period) -> float | None:
    """The unit's mean in a period; None where there is none, or of too few."""
    return mean_of(_told(facts, period).get(facts.unit.id, ()))


def _told(facts: Facts, period: Period) -> Mapping[str, list[Scored]]:
    return told(facts.directory, scored(facts.sheets.get(period, ()), facts.rules))


def kpi(facts: Facts) -> Section | None:
    """By the units directly below, or of the unit alone; None of a week, for scores are of months."""
    if facts.period.grain == "w":
        return None
    title, head = say("reports.section.kpi"), say("reports.head.unit")
    columns = [column(key) for key in ("kpi_people", "kpi_mean", *KEYS)]
    chart = Chart("stacked", list(KEYS))
    everybody = scored(facts.sheets.get(facts.period, ()), facts.rules)
    here = [one for one in everybody if facts.below(one.unit)]
    if not here:
        return Section("kpi", title, say("reports.said.kpi_none"), Table(head, columns, []), chart)
    groups = told(facts.directory, everybody)
    below = [one for one in facts.directory.units.values() if one.parent == facts.unit.id]
    below = [one for one in below if any(one.id in facts.directory.path(person.unit) for person in here)]
    rows = [_row(one.id, one.name, groups.get(one.id)) for one in below]
    mine = groups.get(facts.unit.id)
    total = _row("", say("reports.label.sum"), mine)
    table = Table(head, columns, rows, total) if rows else Table(head, columns, [_row(facts.unit.id, facts.unit.name, mine)])
    return Section("kpi", title, _said(facts, mine, rows), table, chart, say("reports.note.kpi"))


def _row(key: str, label: str, people: Sequence[Scored] | None) -> Row:
    if not people:
        return Row(key, label, [None] * (2 + len(BANDS)), note=say("reports.note.few"))
    bands = Counter(one.band for one in people)
    return Row(key, label, [len(people), mean_of(people), *(bands[one] for one in BANDS)])


def _said(facts: Facts, mine: Sequence[Scored] | None, rows: Sequence[Row]) -> str:
    if not mine:
        return say("reports.said.kpi_few")
    mean = mean_of(mine)
    change = compared(mean, mean_of_unit(facts, facts.period.before), "points")
    text = say("reports.said.kpi", mean=number(mean, "points"), people=counted(len(mine)))
    parts = [text + (say("reports.said.than_last", change=change) if change else "")]
    bands = Counter(one.band for one in mine)
    parts.append(", ".join(say(f"reports.said.band_{band}", count=counted(bands[band])) for band in BANDS if bands[band]))
    means: list[tuple[Value, str]] = [(row.values[1], row.label) for row in rows if row.values[1] is not None]
    if len(means) > 1:
        top = max(value for value, _ in means if isinstance(value, float))
        parts.append(
            say("reports.said.kpi_best", names=named([label for value, label in means if value == top], "unit"), mean=number(top, "points"))
        )
    return joined(parts)
