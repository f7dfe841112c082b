"""Which periods there are."""

from datetime import date, datetime
from typing import Any

import msgspec

from server.kpi.rules.calendar import Period
from server.kpi.rules.ruleset import PeriodKind


class PeriodFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A period. ``current``: no newer version replaces it."""

    id: str
    kind: PeriodKind
    year: int
    number: int
    starts: date
    ends: date
    state: str
    version: int
    replaces: str | None
    reason: str
    rules: str | None
    opened_at: datetime
    closed_at: datetime | None
    current: bool = True

    @property
    def when(self) -> Period:
        """The same for the rules."""
        return Period(self.year, self.number, self.kind)


async def period(period_id: str) -> PeriodFacts:
    """One period. Raises Refusal ``not_found``."""
    raise NotImplementedError


async def period_row(period_id: str) -> dict[str, Any]:
    """One period as stored. Raises Refusal ``not_found``."""
    raise NotImplementedError


async def periods(year: int | None = None, *, every_version: bool = False) -> list[PeriodFacts]:
    """The periods, newest first; old versions only where asked for."""
    raise NotImplementedError


async def period_at(when: Period) -> PeriodFacts | None:
    """The current version of that month or quarter, if it was opened."""
    raise NotImplementedError


async def open_periods() -> list[PeriodFacts]:
    """What is open now, the newest first."""
    raise NotImplementedError
