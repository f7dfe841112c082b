"""Quiet hours: when nobody is woken for what he could not act on anyway."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

DAY = 24 * 60
#: The clock of the office.
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class Quiet(msgspec.Struct, frozen=True):
    """Local minutes of the day: from the first, up to and without the second; it may go over midnight."""

    start: int
    end: int


def quiet_of(minutes: tuple[int, int] | None) -> Quiet | None:
    """The quiet hours of a pair of minutes, as the settings have them."""
    return Quiet(*minutes) if minutes else None


def clock(minutes: int) -> str:
    """Minutes of the day as ``06:30``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def is_quiet(quiet: Quiet | None, at: datetime) -> bool:
    """Whether that moment lies in the quiet hours."""
    return after_quiet(quiet, at) != at


def after_quiet(quiet: Quiet | None, at: datetime) -> datetime:
    """That moment, or the end of the quiet hours that it lies in."""
    if quiet is None or quiet.start == quiet.end:
        return at
    local = at.astimezone(LOCAL)
    minute = local.hour * 60 + local.minute
    # Minutes since the quiet hours began and how many there are, both counted over midnight.
    since, long = (minute - quiet.start) % DAY, (quiet.end - quiet.start) % DAY
    if since >= long:
        return at
    return (local.replace(second=0, microsecond=0) + timedelta(minutes=long - since)).astimezone(at.tzinfo)
