"""What a report is made of, once it has been read. Plain values: everything after this is arithmetic and words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from server.kpi.rules.ruleset import RuleSet
from server.ledger.grains import Period
from server.ledger.listing import PlanState
from server.ledger.read import NONE, Counts
from server.people.directory import Directory, UnitFacts

#: dimension → value → counts.
Dims = Mapping[str, Mapping[str, Counts]]


class Sheet(msgspec.Struct, frozen=True):
    """A published sheet of a month or a quarter; ``total`` in thousandths."""

    unit: str
    person: str
    total: int
    band: str
    starts: date


class PlanTask(msgspec.Struct, frozen=True):
    """A task of a plan as of the period's end."""

    id: str
    plan: str
    title: str
    state: str
    due: date | None
    lead: str
    product: str


class Plan(msgspec.Struct, frozen=True):
    """A plan with tasks in the unit, and those of its tasks that are listed."""

    title: str
    state: PlanState
    tasks: Sequence[PlanTask]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a unit in a period. ``before`` and ``year_before`` are the periods compared with."""

    directory: Directory
    #: Whether who leads was read.
    people: bool = True
    unit: UnitFacts
    period: Period
    now: datetime
    #: The local day of ``now``.
    today: date
    current: Dims
    before: Dims
    year_before: Dims
    #: Of the period before, by unit directly below.
    below_before: Mapping[str, Counts]
    #: What each day and each smaller period did.
    days: Mapping[date, Counts]
    parts: Mapping[date, Counts]
    #: By unit, of this one and those below; and of this unit in the periods compared with.
    medians: Mapping[str, float]
    median_before: float | None
    median_year_before: float | None
    #: By period: this one, the one before, the year before.
    sheets: Mapping[Period, Sequence[Sheet]]
    rules: RuleSet
    plans: Sequence[Plan]

    @property
    def total(self) -> Counts:
        """The unit's own sum."""
        return total_of(self.current)

    @property
    def running(self) -> bool:
        """Whether the period is not over."""
        return self.period.last >= self.today

    @property
    def last_day(self) -> date:
        """The last day that the numbers reach to."""
        return min(self.period.last, self.today)

    def below(self, unit: str | None) -> bool:
        """Whether a unit is this one or below it, as the tree stands now."""
        return self.unit.id in self.directory.path(unit)


def total_of(dims: Dims) -> Counts:
    """The sum of a period."""
    return dims["total"].get("", NONE)
