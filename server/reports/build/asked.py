"""What somebody asks for: a period and a unit, or the sentence that says why there is no such report."""

from datetime import datetime
from typing import Final

from server.errors import Refusal
from server.ledger.grains import Period
from server.people.directory import Directory, UnitFacts
from server.reports.words import period_label
from server.storage.ids import LOCAL

#: So much of what somebody typed is said again.
SAID: Final = 40


def asked_for(code: str, unit: str, now: datetime, directory: Directory) -> tuple[UnitFacts, Period]:
    """The unit and the period of a code (``2026-11``); the current month without a code.

    Raises Refusal ``invalid`` for a code that is none and for a period that has not begun, ``not_found`` for an unknown unit and in an
    office that has none yet.
    """
    today = now.astimezone(LOCAL).date()
    try:
        period = Period.read(code) if code else Period.of("m", today)
    except ValueError:
        raise Refusal("invalid", "reports.period_bad", field="period", given=code[:SAID]) from None
    if period.start > today:
        raise Refusal("invalid", "reports.period_future", field="period", period=period_label(period))
    known = directory.units.get(unit)
    if known is None:
        raise Refusal("not_found", "reports.unit_unknown" if directory.units else "reports.no_units", field="unit")
    return known, period
