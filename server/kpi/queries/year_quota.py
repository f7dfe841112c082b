"""How many are rated excellent, and how many may be (Đ8.5, Đ20.5): counted and said, never enforced."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from server.kpi.rules.ruleset import Band, CapReading, RuleSet
from server.kpi.rules.year import Quota, quota

#: Within the whole centre, within one unit, within one group of similar duties; or of the units themselves.
Within = Literal["centre", "unit", "group", "units"]
READINGS: tuple[CapReading, ...] = ("good_only", "good_and_better")


class Reading(msgspec.Struct, frozen=True):
    """The cap by one way to read it; ``usual`` by 20 %, ``raised`` by 25 %; ``holds``: the rule set reads it so."""

    name: CapReading
    usual: Quota
    raised: Quota
    holds: bool


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A group that is counted. ``document``: the decision that raised its cap (Đ20.5b), or "". ``people`` are those rated excellent."""

    within: Within
    name: str
    people: tuple[str, ...]
    readings: tuple[Reading, ...]
    document: str = ""

    @property
    def holds(self) -> Quota:
        """What the rule set and the decision say."""
        reading = next(one for one in self.readings if one.holds)
        return reading.raised if self.document else reading.usual


def counted(within: Within, name: str, bands: Mapping[str, Band | None], rules: RuleSet, document: str = "") -> Counted:
    """One group: ``bands`` by person or unit, None for whoever has none."""
    known: Sequence[Band] = [one for one in bands.values() if one is not None]
    readings = []
    for name_of in READINGS:
        read = msgspec.structs.replace(rules, cap_reading=name_of)
        readings.append(
            Reading(name_of, quota(name, known, read), quota(name, known, read, by_decision=True), name_of == rules.cap_reading)
        )
    people = tuple(person for person, band in bands.items() if band == "excellent")
    return Counted(within=within, name=name, people=people, readings=tuple(readings), document=document)
