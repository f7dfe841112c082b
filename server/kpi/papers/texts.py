"""Numbers, days and names as a paper says them."""

import textwrap
from datetime import date
from fractions import Fraction

from server.kpi.papers.shapes import When
from server.kpi.rules.ruleset import Band
from server.words import say


def number(value: Fraction | int, most: int = 3, least: int = 0) -> str:
    """With a decimal comma, rounded half up to ``most`` places; zeros at the end go, down to ``least`` places.

    >>> number(Fraction(5, 2)), number(30, least=1), number(Fraction(11555, 1000))
    ('2,5', '30,0', '11,555')
    """
    scaled = int((abs(value) * 10**most + Fraction(1, 2)).__floor__())
    whole, rest = divmod(scaled, 10**most)
    places = str(rest).rjust(most, "0")
    while len(places) > least and places.endswith("0"):
        places = places[:-1]
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{whole}" + (f",{places}" if places else "")


def points(value: int | None, least: int = 0) -> str:
    """Thousandths as points, "" if not known."""
    return "" if value is None else number(Fraction(value, 1000), least=least)


def percent(value: int | None) -> str:
    """Thousandths of a percent, to one decimal."""
    return "" if value is None else number(Fraction(value, 1000), most=1, least=1)


def day(value: date | None) -> str:
    """15/11/2026."""
    return "" if value is None else f"{value:%d/%m/%Y}"


def place_and_date(place: str, value: date | None) -> str:
    """As Nghị định 30/2020 writes it: days below 10 and January and February take a zero. What is not known stays dotted."""
    shown = place or "....."
    if value is None:
        return say("kpi.paper.date_open", place=shown)
    month = f"{value.month:02d}" if value.month in (1, 2) else str(value.month)
    return say("kpi.paper.date", place=shown, day=f"{value.day:02d}", month=month, year=value.year)


def when(period: When) -> str:
    """tháng 11 năm 2026 · quý 4 năm 2026 · năm 2026."""
    if period.kind is None:
        return say("kpi.paper.when.year", year=period.year)
    return say(f"kpi.paper.when.{period.kind}", number=period.number, year=period.year)


def band(value: Band | None) -> str:
    """The rating as the decree names it, "" if there is none."""
    return "" if value is None else say(f"kpi.paper.band.{value}")


def balanced(name: str, most: int = 23) -> list[str]:
    """A name in capitals as lines of nearly one length, as few as hold ``most`` letters each.

    >>> balanced("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG")
    ['TRUNG TÂM PHỤC VỤ', 'HÀNH CHÍNH CÔNG']
    """
    fewest = len(textwrap.wrap(name, most, break_long_words=False))
    shapes = (textwrap.wrap(name, width, break_long_words=False) for width in range(1, most + 1))
    return next(lines for lines in shapes if len(lines) == fewest)
