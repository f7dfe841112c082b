"""Numbers, periods and changes as people read them: the same in the page, the workbook, the document and the sentences."""

from datetime import date
from typing import Final

from server.ledger.grains import Period
from server.reports.shape import Kind, Report, Value
from server.storage.ids import LOCAL
from server.words import say
from server.words.numbers import number as written

#: What is said where there is nothing to say.
NOTHING: Final = "–"
#: From so many times as much on, a change is told without its percentage.
MANIFOLD: Final = 10
ROMAN: Final = ("I", "II", "III", "IV")


def number(value: Value, kind: Kind) -> str:
    """A value of a report as text.

    >>> number(1234.5, "days"), number(0.864, "share"), number("2026-11-22", "date"), number(None, "count"), number(12, "count")
    ('1.234,5', '86,4 %', '22/11/2026', '–', '12')
    """
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return day(date.fromisoformat(value)) if kind == "date" and value else value
    if kind == "share":
        return say("reports.percent", number=written(value * 100))
    return written(value)


def day(one: date) -> str:
    """``22/11/2026``."""
    return f"{one:%d/%m/%Y}"


def days(first: date, last: date) -> str:
    """``16/11–22/11/2026``; both years where they differ; one day alone.

    >>> days(date(2026, 12, 28), date(2027, 1, 3)), days(date(2026, 11, 30), date(2026, 11, 30))
    ('28/12/2026–03/01/2027', '30/11/2026')
    """
    if first == last:
        return day(last)
    return f"{first:%d/%m}–{day(last)}" if first.year == last.year else f"{day(first)}–{day(last)}"


def period_label(period: Period) -> str:
    """``Tuần 47 năm 2026 (16/11–22/11/2026)``, ``Tháng 11 năm 2026``, ``Quý IV năm 2026``, ``Năm 2026``."""
    if period.grain == "w":
        return say("reports.week", number=period.number, year=period.year, days=days(period.start, period.last))
    if period.grain == "m":
        return say("reports.month", number=period.number, year=period.year)
    if period.grain == "q":
        return say("reports.quarter", number=ROMAN[period.number - 1], year=period.year)
    return say("reports.year", year=period.year)


def short_label(period: Period) -> str:
    """``Tuần 47/2026``, ``Tháng 11/2026``, ``Quý IV/2026``, ``Năm 2026``."""
    if period.grain == "w":
        return say("reports.week_short", number=period.number, year=period.year)
    if period.grain == "m":
        return say("reports.month_short", number=period.number, year=period.year)
    if period.grain == "q":
        return say("reports.quarter_short", number=ROMAN[period.number - 1], year=period.year)
    return say("reports.year_short", year=period.year)


def compared(now: Value, before: Value, kind: Kind) -> str:
    """How a value has changed, in words that can be read aloud; "" where one of the two is missing.

    >>> compared(162, 150, "count"), compared(0.8, 0.85, "share"), compared(3, 0, "count"), compared(4, 4, "count")
    ('tăng 12 (+8 %)', 'giảm 5 điểm phần trăm', 'tăng 3', 'không đổi')
    >>> compared(6.5, 8, "days"), compared(86.4, 85, "points"), compared(3, None, "count")
    ('giảm 1,5 ngày', 'tăng 1,4 điểm', '')
    """
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return ""
    by = written(abs(now - before) * 100) if kind == "share" else written(abs(now - before))
    if by == "0":
        return say("reports.compared.same")
    way = "up" if now > before else "down"
    unit = {"share": "shares", "points": "points", "days": "days"}.get(kind)
    if unit is not None:
        return say(f"reports.compared.{way}", by=say(f"reports.compared.{unit}", number=by))
    if not before or abs(now - before) > MANIFOLD * abs(before):
        return say(f"reports.compared.{way}", by=by)
    percent = say("reports.percent", number=written(abs(now - before) / abs(before) * 100, 0))
    return say(f"reports.compared.{way}_by", by=by, percent=percent)


def as_of(report: Report) -> str:
    """Until when the numbers are: the period's last day, or the moment of making while it runs."""
    if not report.running:
        return say("reports.as_of_end", day=day(report.last))
    moment = report.as_of.astimezone(LOCAL)
    return say("reports.as_of_now", time=f"{moment:%H:%M}", day=day(moment.date()))


def last_day(report: Report) -> date:
    """The day that the numbers reach to."""
    return report.last if not report.running else report.as_of.astimezone(LOCAL).date()
