"""Points, ratios and periods in the office's own words."""

from datetime import date
from fractions import Fraction
from typing import Any

from server.calendar.rules import WorkingDays
from server.kpi.queries.periods import PeriodFacts
from server.kpi.rules.ruleset import Band, PeriodKind
from server.words import say

#: The kind of chip and the icon of each state of a sheet.
STATES: dict[str, tuple[str, str]] = {
    "open": ("wait", "edit"),
    "self_scored": ("review", "eye"),
    "confirmed": ("done", "check"),
    "closed": ("wait", "lock"),
}
BANDS: dict[Band, tuple[str, str]] = {
    "excellent": ("done", "star"),
    "good": ("doing", "check"),
    "fair": ("soon", "check"),
    "failed": ("late", "alert"),
}


def rounded(value: Fraction, digits: int) -> str:
    """Half up to so many decimals, with a comma: ``76,7``.

    >>> rounded(Fraction(1, 8), 2)
    '0,13'
    """
    scale = 10**digits
    whole = (abs(value) * scale + Fraction(1, 2)).__floor__()
    text = str(whole // scale) + (f",{whole % scale:0{digits}d}" if digits else "")
    return f"-{text}" if value < 0 and whole else text


def plain(value: Fraction, digits: int = 4) -> str:
    """The same without the zeros at its end: ``15,06``, ``16,8``, ``5``."""
    text = rounded(value, digits)
    return text.rstrip("0").rstrip(",") if "," in text else text


def amount(thousandths: int | None) -> str:
    """An amount in thousandths as it is written, or nothing."""
    return "" if thousandths is None else plain(Fraction(thousandths, 1000), 3)


def points(thousandths: int | None, digits: int = 1) -> str:
    """Points with their decimals: ``76,7``, or nothing."""
    return "" if thousandths is None else rounded(Fraction(thousandths, 1000), digits)


def percent(ratio: Fraction | None) -> str:
    """``89,6 %``, or nothing where there is no ratio."""
    return "" if ratio is None else say("kpi.page.percent", number=rounded(ratio * 100, 1))


def period_name(kind: PeriodKind | str, year: int, number: int) -> str:
    """``Tháng 11/2026`` or ``Quý IV/2026``."""
    if kind == "quarter":
        return say("kpi.page.quarter", number=("I", "II", "III", "IV")[number - 1], year=year)
    return say("kpi.page.month", number=number, year=year)


def period(facts: PeriodFacts) -> dict[str, Any]:
    """A period as templates show it."""
    return {
        "id": facts.id,
        "name": period_name(facts.kind, facts.year, facts.number),
        "open": facts.state == "open",
        "version": facts.version,
        "current": facts.current,
        "starts": f"{facts.starts:%d/%m/%Y}",
        "ends": f"{facts.ends:%d/%m/%Y}",
        "year": facts.year,
        "number": facts.number,
    }


def band(name: Band | None) -> dict[str, str] | None:
    """A rating as a chip."""
    if name is None:
        return None
    kind, icon = BANDS[name]
    return {"kind": kind, "icon": icon, "label": say(f"kpi.page.band.{name}")}


def state(name: str) -> dict[str, str]:
    """A sheet's state as a chip."""
    kind, icon = STATES[name]
    return {"kind": kind, "icon": icon, "label": say(f"kpi.page.state.{name}")}


def unrated(state: str) -> bool:
    """Whether the points are on their way: as long as nobody confirmed them they are no rating, and no one is called failed by them."""
    return state in ("open", "self_scored")


def missing(names: tuple[str, ...]) -> list[str]:
    """What is not there yet, each in a sentence of its own."""
    return [say(f"kpi.page.missing.{name}") for name in names]


def left(due: date, today: date, days: WorkingDays) -> str:
    """How many working days are left to answer, or by how many that day has passed."""
    number = days.between(today, due)
    if due < today:
        return say("kpi.page.answer_late", days=(today - due).days)
    return say("kpi.page.answer_today") if number <= 0 else say("kpi.page.answer_left", days=number)
