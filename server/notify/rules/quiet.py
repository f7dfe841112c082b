"""Quiet hours: when nobody is woken for what he could not act on anyway."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

DAY = 24 * 60
#: The clock of the office.
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")


class Quiet(msgspec.Struct, frozen=True):
    """Local minutes of the day: from the first, up to and without the second; it may go over midnight."""

    start: int
    end: int


def parse(text: str) -> Quiet | None:
    """``21:00-06:30``; None for ``none``: no quiet hours. Raises ValueError for anything else."""
    if text.strip() in ("", "none"):
        return None
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"neither none nor like 21:00-06:30: {text!r}")
    hours, minutes, to_hours, to_minutes = (int(part) for part in match.groups())
    if hours > 23 or to_hours > 23 or minutes > 59 or to_minutes > 59:
        raise ValueError(f"no time of the day: {text!r}")
    start, end = hours * 60 + minutes, to_hours * 60 + to_minutes
    if start == end:
        raise ValueError(f"ends when it begins: {text!r}")
    return Quiet(start, end)


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
