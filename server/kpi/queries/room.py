"""A room's month: a row a person."""

from datetime import datetime
from fractions import Fraction

import msgspec

from server.kpi.queries.periods import PeriodFacts
from server.kpi.rules.ruleset import Band
from server.kpi.rules.score import Duty


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One person's month. a, b and c are ratios (1 is 100 %), None without data; points in thousandths.

    ``missing``: names of what is not there yet: self, confirm, work, general, led, organising, uniting, support.
    """

    person: str
    sheet: str | None
    unit: str | None
    duty: Duty
    state: str
    a: Fraction | None
    b: Fraction | None
    c: Fraction | None
    general: int | None
    total: int | None
    band: Band | None
    away: str
    lines: int
    waiting: int
    outside: int
    late: int
    missing: tuple[str, ...]
    may_confirm: bool


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """The rows that the reader may see of a unit, or of everybody he may see. ``counts`` by state."""

    period: PeriodFacts
    unit: str | None
    rows: tuple[Row, ...]
    counts: dict[str, int]
    bands: dict[str, int]


async def room(actor: str, period: str, now: datetime, unit: str | None = None) -> Room:
    """Whom the actor rates or may see in that period, in a unit and below or in all. Raises Refusal ``not_found`` if that is nobody."""
    raise NotImplementedError


async def units_of(actor: str, now: datetime) -> list[str]:
    """The units of which the actor sees somebody else's sheets, in their order."""
    raise NotImplementedError
