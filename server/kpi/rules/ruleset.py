"""What the law leaves open, as data: a closed period keeps the rule set that it was closed with."""

from datetime import date
from typing import Literal

import msgspec

LateBy = Literal["calendar_day", "working_day", "event"]
PeriodKind = Literal["month", "quarter"]
CapReading = Literal["good_only", "good_and_better"]
Band = Literal["excellent", "good", "fair", "failed"]

#: From the best to the worst.
BANDS: tuple[Band, ...] = ("excellent", "good", "fair", "failed")


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the rules. Points are in thousandths, percents whole.

    ``late_by`` is what one time of being late means (Đ14.2c leaves it open; the handbook's own example counts calendar days), ``penalty``
    what each one takes (Đ14.2b, c). ``cap_ratios`` holds each of a, b, c at 100 % before their mean; the decree caps only the sums (Đ12,
    Đ17.1). ``excellent_cap`` and ``cap_reading`` are Đ20.5: its letter counts those rated good. ``months_to_rate`` is Đ11.2,
    ``carries_over_after`` the handbook's reading of Đ19.2: what is due after that day of the year counts in the next one.
    ``carries_unfinished``: what was not accepted in its period comes again in the next one. ``k_outside`` is the coefficient of work that
    is not in the catalogue yet (Đ13.3). A month of which leave took more than ``away_share`` percent of the working days is not worked.
    ``petition_days`` are working days (Đ22).
    """

    version: int = 1
    name: str = ""
    basis: str = ""
    since: date | None = None
    until: date | None = None
    draft: bool = False
    period: PeriodKind = "month"
    general_most: int = 30_000
    tasks_most: int = 70_000
    penalty: int = 25
    late_by: LateBy = "calendar_day"
    cap_ratios: bool = False
    led_floor: int = 50_000
    excellent_from: int = 90_000
    good_from: int = 70_000
    fair_from: int = 50_000
    excellent_cap: int = 20
    excellent_cap_by_decision: int = 25
    cap_reading: CapReading = "good_only"
    months_to_rate: int = 6
    carries_over_after: tuple[int, int] = (12, 15)
    carries_unfinished: bool = True
    k_outside: int = 1000
    away_share: int = 50
    petition_days: int = 7


def problems(rules: RuleSet) -> list[str]:
    """The fields of a rule set that can't be so, by name; empty for one that may come into force."""
    found = []
    if rules.general_most + rules.tasks_most != 100_000 or min(rules.general_most, rules.tasks_most) < 0:
        found.append("tasks_most")
    if not 0 <= rules.penalty <= 100:
        found.append("penalty")
    if not 0 < rules.fair_from < rules.good_from < rules.excellent_from <= 100_000:
        found.append("excellent_from")
    if not 0 < rules.excellent_cap <= rules.excellent_cap_by_decision <= 100:
        found.append("excellent_cap")
    if rules.since and rules.until and rules.until < rules.since:
        found.append("until")
    if not 1 <= rules.months_to_rate <= 12:
        found.append("months_to_rate")
    if rules.petition_days < 1:
        found.append("petition_days")
    return found


def band_of(total: int, rules: RuleSet) -> Band:
    """The band of a stored total in thousandths (Đ20.1 to 20.4a)."""
    if total >= rules.excellent_from:
        return "excellent"
    if total >= rules.good_from:
        return "good"
    return "fair" if total >= rules.fair_from else "failed"


def worse(one: Band, other: Band) -> Band:
    """The lower of two bands."""
    return max(one, other, key=BANDS.index)
