"""Weeks, months, quarters, years: their first days, their codes, what comes before and after. Local days of the office.

>>> Period.of("m", date(2026, 11, 22)).code, Period.of("w", date(2026, 11, 22)).code
('2026-11', '2026-W47')
"""

import re
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

Grain = Literal["w", "m", "q", "y"]
#: What a report may be about.
GRAINS: Final[tuple[Grain, ...]] = ("w", "m", "q", "y")
#: Every grain that sums are kept in: also days, the years that weeks belong to (ISO 8601), and eight weeks of such a year.
BITS: Final = {"d": 1, "w": 2, "v": 4, "m": 8, "q": 16, "y": 32, "u": 64}
#: Where a stock is counted, where a flow is.
STOCKS: Final = sum(bit for grain, bit in BITS.items() if grain != "d")
FLOWS: Final = ("d", "w", "m", "q", "y")
#: Larger grains that hold the smaller ones whole: a stock is read as whole years, what is left as quarters, what is left as months.
CHAINS: Final = {"w": ("v", "u", "w"), "m": ("y", "q", "m"), "q": ("y", "q"), "y": ("y",)}
#: Weeks of the grain between a week and its year.
EIGHT: Final = 8
#: The smaller grain that a period is drawn in.
PARTS: Final[dict[str, str]] = {"w": "d", "m": "w", "q": "m", "y": "m"}
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199
CODE: Final = re.compile(r"([0-9]{4})(?:-(?:W([0-9]{2})|Q([1-4])|([0-9]{2})))?")


def start_of(grain: str, day: date) -> date:
    """The first day of the period of this grain that ``day`` lies in."""
    if grain == "d":
        return day
    if grain == "w":
        return day - timedelta(days=day.weekday())
    if grain == "v":
        return date.fromisocalendar(day.isocalendar()[0], 1, 1)
    if grain == "u":
        year, week, _ = day.isocalendar()
        return date.fromisocalendar(year, week - (week - 1) % EIGHT, 1)
    if grain == "m":
        return day.replace(day=1)
    if grain == "q":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    return date(day.year, 1, 1)


def next_start(grain: str, start: date) -> date:
    """The first day of the period after the one that begins on ``start``."""
    if grain == "d":
        return start + timedelta(days=1)
    if grain == "w":
        return start + timedelta(days=7)
    if grain == "v":
        return start_of("v", start + timedelta(days=380))
    return start_of(grain, start.replace(day=1) + timedelta(days={"m": 32, "q": 95, "y": 370}[grain]))


def same_period(grain: str, one: date, other: date) -> bool:
    """Whether two days lie in one period of this grain."""
    return start_of(grain, one) == start_of(grain, other)


class Period(msgspec.Struct, frozen=True, order=True):
    """One week, month, quarter or year."""

    grain: Grain
    start: date

    @staticmethod
    def of(grain: Grain, day: date) -> "Period":
        """The one that ``day`` lies in."""
        return Period(grain, start_of(grain, day))

    @staticmethod
    def read(code: str) -> "Period":
        """Of its code: ``2026``, ``2026-Q4``, ``2026-11``, ``2026-W47``. Raises ValueError for anything else, or a year far off."""
        match = CODE.fullmatch(code)
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise ValueError(f"no period: {code!r}")
        year = int(match[1])
        try:
            if match[2]:
                return Period("w", date.fromisocalendar(year, int(match[2]), 1))
            if match[3]:
                return Period("q", date(year, int(match[3]) * 3 - 2, 1))
            if match[4]:
                return Period("m", date(year, int(match[4]), 1))
        except ValueError:
            raise ValueError(f"no period: {code!r}") from None
        return Period("y", date(year, 1, 1))

    @property
    def code(self) -> str:
        """As it stands in addresses."""
        if self.grain == "w":
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02d}"
        if self.grain == "m":
            return f"{self.start:%Y-%m}"
        if self.grain == "q":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return str(self.start.year)

    @property
    def number(self) -> int:
        """Of the week, month or quarter in its year; 1 of a year."""
        return {"w": self.start.isocalendar()[1], "m": self.start.month, "q": (self.start.month + 2) // 3, "y": 1}[self.grain]

    @property
    def year(self) -> int:
        """The year that it is counted to: of a week, the year of its Thursday."""
        return self.start.isocalendar()[0] if self.grain == "w" else self.start.year

    @property
    def last(self) -> date:
        """Its last day."""
        return next_start(self.grain, self.start) - timedelta(days=1)

    @property
    def after(self) -> "Period":
        """The next one."""
        return Period(self.grain, next_start(self.grain, self.start))

    @property
    def before(self) -> "Period":
        """The one before."""
        return Period.of(self.grain, self.start - timedelta(days=1))

    @property
    def year_before(self) -> "Period":
        """The same one a year before; of a week 53 that the year before has not, its last week."""
        if self.grain != "w":
            return Period(self.grain, self.start.replace(year=self.start.year - 1))
        try:
            return Period("w", date.fromisocalendar(self.year - 1, self.number, 1))
        except ValueError:
            return Period("w", date.fromisocalendar(self.year - 1, self.number - 1, 1))

    def parts(self) -> list[date]:
        """The first days of the smaller periods that it is drawn in; of a month, the weeks that hold a day of it."""
        grain = PARTS[self.grain]
        found, at = [], start_of(grain, self.start)
        while at <= self.last:
            found.append(at)
            at = next_start(grain, at)
        return found
