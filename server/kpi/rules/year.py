"""From months to a quarter, half a year and a year, and the rating (Đ11, Đ17.3, Đ19, Đ20)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from server.kpi.rules.ruleset import Band, RuleSet, band_of, worse
from server.kpi.rules.score import rounded

#: The cases of Đ20.4 that force the lowest rating whatever the points.
Forced = Literal["decline", "discipline", "corruption"]


#: Why somebody did not work in a month: sick or maternity leave by social insurance, leave without pay, or not in service (Đ11.1, Đ11.2).
Away = Literal["", "sick", "unpaid", "not_in_service"]


class Month(msgspec.Struct, frozen=True):
    """One month: its stored total in thousandths, or None, and why it was not worked."""

    number: int
    total: int | None
    away: Away = ""


class Decision(msgspec.Struct, frozen=True):
    """A case of Đ20.4 with the number of the decision that found it."""

    case: Forced
    document: str


class Rating(msgspec.Struct, frozen=True):
    """``mean`` in thousandths to one decimal.

    ``why`` there is no band: ``short`` (under six months worked), ``missing`` (a month has no total); or why the points alone did not make
    it: ``forced`` (Đ20.4), ``unit`` (Đ20.6).
    """

    mean: int | None
    band: Band | None
    months: int
    why: Literal["", "short", "missing", "forced", "unit"] = ""


def mean_of(months: Sequence[Month]) -> int | None:
    """The mean of the months worked, to one decimal; None if one of them has no total, or none was worked."""
    worked = [one.total for one in months if not one.away]
    totals = [one for one in worked if one is not None]
    if not totals or len(totals) < len(worked):
        return None
    return rounded(Fraction(sum(totals), len(totals)))


def rate(months: Sequence[Month], rules: RuleSet, decision: Decision | None = None, unit: Band | None = None) -> Rating:
    """A person's rating of a year. ``unit`` is the rating of the unit that he heads: his own is never above it (Đ20.6).

    Whoever was in service for less than six months is not rated (Đ11.1), nor whoever worked less for leave without pay; sick and maternity
    leave shorten nothing: the months really worked are the year (Đ11.2).
    """
    worked = sum(not one.away for one in months)
    excused = sum(one.away == "sick" for one in months) if worked else 0
    mean = mean_of(months)
    if decision is not None:
        return Rating(mean, "failed", worked, "forced")
    if worked + excused < rules.months_to_rate:
        return Rating(mean, None, worked, "short")
    if mean is None:
        return Rating(None, None, worked, "missing")
    band = band_of(mean, rules)
    if unit is not None and worse(band, unit) != band:
        return Rating(mean, unit, worked, "unit")
    return Rating(mean, band, worked)


class Quota(msgspec.Struct, frozen=True):
    """How many of a group are rated excellent, of how many that counts (``base``), how many may be, and by how many that is passed."""

    group: str
    excellent: int
    base: int
    allowed: int

    @property
    def over(self) -> int:
        """By how many the cap is passed."""
        return max(0, self.excellent - self.allowed)


def quota(group: str, bands: Sequence[Band], rules: RuleSet, *, by_decision: bool = False) -> Quota:
    """The cap of Đ20.5 within one unit or one group of similar duties. What it is a part of is the rule set's reading."""
    excellent, good = bands.count("excellent"), bands.count("good")
    base = good + excellent if rules.cap_reading == "good_and_better" else good
    percent = rules.excellent_cap_by_decision if by_decision else rules.excellent_cap
    return Quota(group, excellent, base, base * percent // 100)


def quotas(people: Mapping[str, Sequence[Band]], rules: RuleSet, *, by_decision: bool = False) -> list[Quota]:
    """``quota`` of each group, by its name."""
    return [quota(group, bands, rules, by_decision=by_decision) for group, bands in sorted(people.items())]
