"""Working days by number, and moments within office hours."""

from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

#: Office hours in minutes from midnight: morning and afternoon.
_HOURS = ((450, 690), (785, 1015))


class WorkDays:
    """The working days around ``today``, numbered; number 0 is the last working day before ``today``.

    A story's steps all lie on numbers <= 0: everything in it has happened before ``today`` begins.
    """

    def __init__(self, today: date, is_working_day: Callable[[date], bool], back: int = 430, ahead: int = 240) -> None:
        days = (today + timedelta(days=n) for n in range(-back, ahead))
        self._days = [day for day in days if is_working_day(day)]
        self._zero = bisect_left(self._days, today) - 1

    def day(self, number: int) -> date:
        """The working day with this number."""
        return self._days[self._zero + number]

    def number(self, day: date) -> int:
        """The number of the first working day on or after ``day``."""
        return bisect_left(self._days, day) - self._zero


def moment(days: WorkDays, number: int, after: datetime | None, rng: Random) -> datetime:
    """A moment (aware, UTC) in office hours of working day ``number``, later than ``after``; it may slip to a following day."""
    morning, afternoon = _HOURS
    minute = rng.randint(*morning) if rng.random() < 0.55 else rng.randint(*afternoon)
    chosen = _at(days, number, minute, rng)
    while after is not None and chosen <= after:
        local = after.astimezone(LOCAL)
        minute = local.hour * 60 + local.minute + rng.randint(3, 25)
        number = max(number, days.number(local.date()))
        if morning[1] < minute < afternoon[0]:
            minute = afternoon[0] + rng.randint(0, 20)
        if minute > afternoon[1]:
            number += 1
            minute = morning[0] + rng.randint(0, 40)
        chosen = _at(days, number, minute, rng)
    return chosen


def _at(days: WorkDays, number: int, minute: int, rng: Random) -> datetime:
    clock = time(minute // 60, minute % 60, rng.randint(0, 59), rng.randint(0, 999) * 1000)
    return datetime.combine(days.day(number), clock, LOCAL).astimezone(UTC)
