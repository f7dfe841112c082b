"""One point of time in words ("Quý III, Năm 2026", "30.9.2026", "cuối năm") → the days it spans."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Literal

import msgspec

from server.words import say

Span = Literal["day", "month", "quarter", "half", "year"]


class Period(msgspec.Struct, frozen=True):
    """The calendar days from ``first`` to ``last``; ``vague`` when the words only point near ``last``."""

    span: Span
    first: date
    last: date
    vague: bool = False
    short_year: bool = False


class Impossible(ValueError):
    """The words name a time that does not exist, or lack a year; ``problem`` is the Vietnamese clause."""

    def __init__(self, problem: str, *, lacks_year: bool = False) -> None:
        self.problem = problem
        self.lacks_year = lacks_year
        super().__init__(problem)


_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_MAYBE_YEAR = rf"(?:\s*[,./-]?\s*(?:cua\s+)?(?:nam\s*)?{_YEAR}|\s*[./-]\s*(?P<short>\d\d))?"
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "nhat": 1, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4}
_MONTH_WORDS = ("gieng", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "chap")
_MONTHS = {word: number for number, word in enumerate(_MONTH_WORDS, 1)} | {"mot": 1, "bon": 4, "muoi hai": 12}
_ROMAN_MONTHS = {word: n for n, word in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), 1)}
_PART = r"(?:(?P<part>dau|giua|cuoi|het)\s+)?"
_MONTH_NAMES = "|".join(sorted((*_MONTHS, *_ROMAN_MONTHS), key=len, reverse=True))


def end_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _day(found: re.Match[str], year: int, text: str) -> Period:
    number, month = int(found["day"]), int(found["month"])
    try:
        day = date(year, month, number)
    except ValueError:
        raise Impossible(say("plans.doubt.no_such_day", day=f"{number:02d}/{month:02d}/{year}")) from None
    return Period("day", day, day)


def _month(found: re.Match[str], year: int, text: str) -> Period:
    word = found["month"]
    month = int(word) if word.isdigit() else _MONTHS.get(word) or _ROMAN_MONTHS[word]
    if not 1 <= month <= 12:
        raise Impossible(say("plans.doubt.no_such_month", month=month, text=text))
    part = found.groupdict().get("part")
    last = {"dau": date(year, month, 10), "giua": date(year, month, 20)}.get(part or "", end_of_month(year, month))
    return Period("month", date(year, month, 1), last, vague=part in ("dau", "giua"))


def _quarter(found: re.Match[str], year: int, text: str) -> Period:
    word = found["quarter"].replace("l", "i")  # a small L for a capital I, as people and scanners write it
    quarter = int(word) if word.isdigit() else _QUARTERS.get(word, 0)
    if not 1 <= quarter <= 4:
        raise Impossible(say("plans.doubt.no_such_quarter", quarter=word.upper(), text=text))
    part, first = found["part"], quarter * 3 - 2
    last = {"dau": end_of_month(year, first), "giua": end_of_month(year, first + 1)}.get(part or "", end_of_month(year, first + 2))
    return Period("quarter", date(year, first, 1), last, vague=part in ("dau", "giua"))


def _bare_quarter(found: re.Match[str], year: int, text: str) -> Period:
    """ "IV/2026": most likely a quarter, but nothing says so."""
    return msgspec.structs.replace(_quarter(found, year, text), vague=True)


def _week(found: re.Match[str], year: int, text: str) -> Period:
    """ "Tuần cuối tháng 5", and the thirds of a month: thượng tuần, trung tuần, hạ tuần."""
    month = int(found["month"])
    if not 1 <= month <= 12:
        raise Impossible(say("plans.doubt.no_such_month", month=month, text=text))
    last = {"thuong": date(year, month, 10), "trung": date(year, month, 20)}.get(found["part"], end_of_month(year, month))
    return Period("month", date(year, month, 1), last, vague=True)


def _months_of_year(found: re.Match[str], year: int, text: str) -> Period:
    count = {"sau": 6, "chin": 9, "ba": 3, "nua": 6}.get(found["count"]) or int(found["count"])
    if not 1 <= count <= 12:
        raise Impossible(say("plans.doubt.no_such_month", month=count, text=text))
    if found["half"] == "cuoi":
        return Period("half", date(year, 13 - count, 1), date(year, 12, 31))
    return Period("half", date(year, 1, 1), end_of_month(year, count))


def _year(found: re.Match[str], year: int, text: str) -> Period:
    part = found["part"]
    last = {"dau": date(year, 3, 31), "giua": date(year, 6, 30)}.get(part or "", date(year, 12, 31))
    return Period("year", date(year, 1, 1), last, vague=part in ("dau", "giua"))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int, str], Period]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_YEAR}(?P<mark>[-/])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?:[t\s]\d\d?:\d\d(?::\d\d)?)?", _day),
        (rf"(?:ngay\s*)?(?P<day>\d\d?)\s*(?P<mark>[./-])\s*(?P<month>\d\d?)\s*(?:(?P=mark)|,?\s*nam)\s*(?:{_YEAR}|(?P<short>\d\d))", _day),
        (rf"(?:ngay\s*)?(?:mung\s*)?(?P<day>\d\d?)\s*[/,-]?\s*thang\s*(?P<month>\d\d?){_MAYBE_YEAR}", _day),
        (rf"{_PART}(?:thang\s*|thg\.?\s*|t\.?(?=\d))(?P<month>\d\d?|{_MONTH_NAMES}){_MAYBE_YEAR}", _month),
        (rf"{_PART}(?P<month>\d\d?)\s*[./-]\s*{_YEAR}", _month),
        (r"(?:ngay\s*)?(?P<day>\d\d?)\s*[/.-]\s*(?P<month>\d\d?)", _day),
        (rf"{_PART}(?:qu[yi]\s*|q\.?\s*(?=[1-4iv]))(?P<quarter>[ivxl]+|\d+|nhat|mot|hai|ba|bon|tu){_MAYBE_YEAR}", _quarter),
        (rf"(?P<part>)(?P<quarter>i{{1,3}}|iv)\s*/\s*{_YEAR}", _bare_quarter),
        (rf"tuan\s*(?:le\s*)?(?P<part>cuoi)(?:\s*cua)?\s*thang\s*(?P<month>\d\d?){_MAYBE_YEAR}", _week),
        (rf"(?P<part>thuong|trung|ha)\s*tuan\s*(?:cua\s*)?thang\s*(?P<month>\d\d?){_MAYBE_YEAR}", _week),
        (rf"(?P<count>\d\d?|sau|chin|ba)\s*thang\s*(?P<half>dau|cuoi)\s*(?:cua\s*)?(?:nam)?{_MAYBE_YEAR}", _months_of_year),
        (rf"(?P<count>nua)\s*(?P<half>dau|cuoi)\s*(?:cua\s*)?(?:nam)?{_MAYBE_YEAR}", _months_of_year),
        (rf"{_PART}(?:(?:ca\s+)?nam\s*)?{_YEAR}", _year),
        (r"(?P<part>dau|giua|cuoi|het)\s*nam(?:\s*nay)?", _year),
        (r"(?:ca\s+)?nam(?:\s*nay)?(?P<part>)", _year),
    )
)


def point(text: str, year: int | None, shown: str = "") -> Period | None:
    """The period that the folded ``text`` names as a whole, or None. ``year`` stands in where the words give none.

    ``shown`` is the text as people wrote it, for the sentence of a problem. Raises `Impossible`.
    """
    for pattern, read in _FORMS:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        given = found.groupdict()
        short = given.get("short")
        number = int(given["year"]) if given.get("year") else 2000 + int(short) if short else year
        if number is None:
            # A day or month that exists in no year is the graver problem.
            try:
                read(found, 2024, shown or text)
            except Impossible as error:
                raise Impossible(error.problem.replace("/2024", "")) from None
            raise Impossible(say("plans.doubt.no_year", text=shown or text), lacks_year=True)
        period = read(found, number, shown or text)
        return msgspec.structs.replace(period, short_year=True) if short else period
    return None
