"""What the calendar makes the product say: on working days, from the hour of the setting, each thing once."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from server.calendar.current import refresh, working_days
from server.calendar.rules import WorkingDays
from server.notify.commands import digest, warn
from server.notify.commands.digest import SayDaily, SayRooms, SayWeekly
from server.notify.commands.said import DayDone, was_said
from server.notify.commands.warn import Warn
from server.notify.due import near
from server.notify.rules.warn import window
from server.people.queries import directory
from server.settings import Settings
from server.storage.door import Command, carry_out
from server.storage.engine import current
from server.storage.ids import LOCAL

log = logging.getLogger("soviec.notify")
T = TypeVar("T")
#: The summary of a week is said on its first working day, or on the second if the server stood still on the first.
WEEKLY_DAYS = 2


class _Kept:
    """The day that is done, as this process knows it, and in which database."""

    engine: object = None
    mark: str = ""


async def tick(now: datetime, settings: Settings) -> int:
    """Say what is due by now; answers how many things were said.

    Asked every half minute by every worker: when the day is done it costs one question. Any number of workers may ask at once, and one may
    die in the middle: what is said is claimed in the transaction that says it, and whoever asks next goes on. A day begins anew when the
    calendar changes, for then other dates may be owed.
    """
    version = await refresh()
    days, local = working_days(), now.astimezone(LOCAL)
    today = local.date()
    mark = f"day:{today.isoformat()}:{version}"
    if _Kept.mark == mark and _Kept.engine is current():
        return 0
    if local.time() < settings.digest_time or not days.is_working(today):
        return 0
    said, failed = 0, False
    if not await was_said([mark]):
        for command in await _all_of(today, days, settings.warn_offsets):
            try:
                said += (await carry_out(command, actor=None, now=now, source="job"))["said"]
            except Exception:
                # One task or one person that can't be told keeps nobody else from hearing; the next turn tries again.
                log.exception("schedule: %s", type(command).__name__)
                failed = True
        if failed:
            return said
        await carry_out(DayDone(mark=mark), actor=None, now=now, source="job")
    _Kept.engine, _Kept.mark = current(), mark
    return said


async def _all_of(today: date, days: WorkingDays, offsets: Sequence[int]) -> list[Command]:
    found: list[Command] = []
    owing = await near(*window(today, offsets, days))
    found += [Warn(tasks=list(tasks), offsets=list(offsets)) for tasks in _some(owing, warn.AT_ONCE)]
    known = await directory()
    people = [one.id for one in known.people.values() if one.active and one.position != "admin"]
    found += [SayDaily(people=list(some)) for some in _some(people, digest.AT_ONCE)]
    found.append(SayRooms())
    monday = today - timedelta(days=today.weekday())
    if days.between(monday - timedelta(days=1), today) <= WEEKLY_DAYS:
        found.append(SayWeekly())
    return found


def _some(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))
