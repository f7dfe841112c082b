"""Which days are worked in Viet Nam: the law's holidays, and above them the notices of each year."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from itertools import accumulate

import holidays
import msgspec


class DayNotice(msgspec.Struct, frozen=True):
    """What a notice says of one day: ``working`` or off, and which notice said it."""

    day: date
    working: bool
    notice: str = ""


#: Notices that the holidays package does not know. An administrator's table comes on top of them.
KNOWN_NOTICES: tuple[DayNotice, ...] = (
    DayNotice(date(2026, 1, 2), False, "Hoán đổi ngày làm việc dịp Tết Dương lịch 2026"),
    DayNotice(date(2026, 1, 10), True, "Làm bù cho ngày 02/01/2026"),
)


class _Year:
    """The working days of one year, in order, and how many there are up to each day of the year."""

    def __init__(self, year: int, notices: dict[date, bool]) -> None:
        known = holidays.country_holidays("VN", years=year)
        first = date(year, 1, 1)
        length = (date(year, 12, 31) - first).days + 1
        days = [date.fromordinal(first.toordinal() + offset) for offset in range(length)]
        flags = [notices.get(day, known.is_working_day(day)) for day in days]
        self.first = first.toordinal()
        self.flags = flags
        self.counts = list(accumulate(int(flag) for flag in flags))
        self.working = [day for day, flag in zip(days, flags, strict=True) if flag]


class WorkingDays:
    """Monday to Friday, less the holidays of Viet Nam, plus make-up days; ``notices`` win over all of that.

    Every question is answered from a table of its year that is made once, so it may be asked for each row of each list.
    Outside the years 1 to 9998 an ``OverflowError`` may come, as from ``datetime`` itself.
    """

    def __init__(self, notices: Iterable[DayNotice] = ()) -> None:
        #: What an administrator entered.
        self.entered = tuple(notices)
        self._notices = {notice.day: notice.working for notice in (*KNOWN_NOTICES, *self.entered)}
        self._years: dict[int, _Year] = {}

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = _Year(year, self._notices)
        return found

    def is_working(self, day: date) -> bool:
        """Whether people work on ``day``."""
        year = self._year(day.year)
        return year.flags[day.toordinal() - year.first]

    def last_working(self, on_or_before: date) -> date:
        """The last working day that is not after ``on_or_before``."""
        year = self._year(on_or_before.year)
        place = bisect_right(year.working, on_or_before)
        return year.working[place - 1] if place else self._year(on_or_before.year - 1).working[-1]

    def add(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``; before it when ``n`` is negative; ``day`` itself when 0."""
        if n == 0:
            return day
        # The place that ``day`` has, or would have, among the working days of its year.
        year = self._year(day.year)
        target = bisect_right(year.working, day) - 1 + n
        if n < 0 and not self.is_working(day):
            target += 1
        number = day.year
        while target < 0:
            number -= 1
            target += len(self._year(number).working)
        while target >= len(self._year(number).working):
            target -= len(self._year(number).working)
            number += 1
        return self._year(number).working[target]

    def between(self, a: date, b: date) -> int:
        """Working days after ``a`` up to and with ``b``; negative when ``b`` is earlier (so many days late)."""
        if b < a:
            return -self.between(b, a)
        whole = sum(self._year(year).counts[-1] for year in range(a.year, b.year))
        return whole + self._count(b) - self._count(a)

    def _count(self, day: date) -> int:
        year = self._year(day.year)
        return year.counts[day.toordinal() - year.first]
