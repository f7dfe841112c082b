"""Which periods there are."""

from datetime import date, datetime
from typing import Any

import msgspec

from server.errors import Refusal
from server.kpi.rules.calendar import Period
from server.kpi.rules.ruleset import PeriodKind
from server.storage.engine import Row, row, rows


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


#: No newer version names this one as replaced.
CURRENT = "NOT EXISTS (SELECT 1 FROM kpi_period n WHERE n.replaces = k.id)"
SELECT = (
    "SELECT k.id, k.kind, k.year, k.number, k.starts, k.ends, k.state, k.version, k.replaces, k.reason, k.rules, k.opened_at, k.closed_at, "
    "(SELECT count(*) FROM kpi_period n WHERE n.replaces = k.id) AS newer FROM kpi_period k"
)


def _facts(found: Row) -> PeriodFacts:
    return PeriodFacts(**{name: value for name, value in found.items() if name != "newer"}, current=found["newer"] == 0)


async def period(period_id: str) -> PeriodFacts:
    """One period. Raises Refusal ``not_found``."""
    found = await row(f"{SELECT} WHERE k.id = $1", period_id)
    if found is None:
        raise Refusal("not_found", "kpi.period.unknown")
    return _facts(found)


async def period_row(period_id: str) -> dict[str, Any]:
    """One period as stored. Raises Refusal ``not_found``."""
    found = await row("SELECT * FROM kpi_period WHERE id = $1", period_id)
    if found is None:
        raise Refusal("not_found", "kpi.period.unknown")
    return found


async def periods(year: int | None = None, *, every_version: bool = False) -> list[PeriodFacts]:
    """The periods, newest first; old versions only where asked for."""
    wanted = "TRUE" if every_version else CURRENT
    order = "ORDER BY k.starts DESC, k.kind, k.version DESC"
    if year is None:
        found = await rows(f"{SELECT} WHERE {wanted} {order}")
    else:
        found = await rows(f"{SELECT} WHERE {wanted} AND k.year = $1 {order}", year)
    return [_facts(one) for one in found]


async def period_at(when: Period) -> PeriodFacts | None:
    """The current version of that month or quarter, if it was opened."""
    found = await row(f"{SELECT} WHERE {CURRENT} AND k.year = $1 AND k.kind = $2 AND k.number = $3", when.year, when.kind, when.number)
    return _facts(found) if found else None


async def open_periods() -> list[PeriodFacts]:
    """What is open now, the newest first."""
    return [_facts(one) for one in await rows(f"{SELECT} WHERE k.state = 'open' ORDER BY k.starts DESC, k.version DESC")]
