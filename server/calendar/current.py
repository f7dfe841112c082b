"""The calendar in force: the law's holidays, and above them the days that an administrator entered."""

from server.calendar.rules import DayNotice, WorkingDays
from server.storage.engine import current, row, rows

VERSION_COUNTER = "calendar"

_LAW = WorkingDays()


def _engine() -> object:
    try:
        return current()
    except RuntimeError:
        # A plan may be read at the command line where there is no database.
        return None


class _Kept:
    """The calendar that was read last: from which engine, at which version."""

    engine: object = None
    version: int = 0
    days: WorkingDays = _LAW


def working_days() -> WorkingDays:
    """The calendar as this process read it last: ``refresh`` brings it up to date, and every request and every turn of a job asks it to."""
    return _Kept.days if _Kept.engine is not None and _Kept.engine is _engine() else _LAW


async def version() -> int:
    """The version of the calendar; each command on it raises it by one."""
    found = await row("SELECT value FROM counter WHERE name = $1", VERSION_COUNTER)
    return int(found["value"]) if found else 0


async def refresh(known_version: int | None = None) -> int:
    """Read the calendar again if it changed in any process; answers its version.

    ``known_version`` saves the question where it was just read. In an open transaction nothing is read: what
    it wrote may never be committed.
    """
    engine = current()
    if engine.current_transaction.get() is not None:
        return _Kept.version if _Kept.engine is engine else 0
    now = await version() if known_version is None else known_version
    if _Kept.engine is not engine or _Kept.version != now:
        days = WorkingDays(await notices()) if now else _LAW
        _Kept.days, _Kept.engine, _Kept.version = days, engine, now
    return now


async def notices() -> list[DayNotice]:
    """The days that an administrator entered, in order."""
    found = await rows("SELECT day, working, notice FROM office_day ORDER BY day")
    return [DayNotice(one["day"], bool(one["working"]), one["notice"]) for one in found]
