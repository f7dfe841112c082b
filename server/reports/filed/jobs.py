"""Reports that are made on time: when a week, month, quarter or year is over, on the morning of the first working day after it."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from server.calendar.current import refresh, working_days
from server.ledger.grains import GRAINS, Grain, Period
from server.ledger.read import sums
from server.people.queries import directory as read_directory
from server.reports.filed.commands import FileReport
from server.reports.filed.commands.held import by_job
from server.reports.filed.make import made
from server.reports.filed.rules import owed
from server.settings import Settings
from server.storage.door import Command, carry_out, handles
from server.storage.engine import rows
from server.storage.ids import LOCAL, new_id
from server.storage.transaction import Transaction

log = logging.getLogger("soviec.reports")

#: Kinds of units that hand in reports.
REPORTING: Final = ("centre", "room")
#: Counters that say which periods are done: "filed:2026-11".
MARK: Final = "filed:"
#: A report that could not be made is tried again after so long.
AGAIN: Final = timedelta(minutes=10)


class PeriodFiled(Command, tag="report.period_filed"):
    """Every unit's report of this period was made: a draft that somebody throws away is not made again."""

    period: str


@handles(PeriodFiled)
async def period_filed(tx: Transaction, given: PeriodFiled) -> dict[str, object]:
    """Kept once."""
    by_job(tx)
    await rows("INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO NOTHING", MARK + given.period)
    return {}


async def marked() -> set[str]:
    """The codes of the periods whose reports were made."""
    return {one["name"].removeprefix(MARK) for one in await rows("SELECT name FROM counter WHERE name LIKE $1", f"{MARK}%")}


def grains_of(text: str) -> tuple[Grain, ...]:
    """The grains that a setting names ("w,m,q,y"); what is none of them is left out."""
    named = {one.strip() for one in text.split(",")}
    return tuple(one for one in GRAINS if one in named)


class Filer:
    """What one worker knows of the periods that are done."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.grains, self.time, self.clock = grains_of(settings.scheduled_reports), settings.digest_time, clock
        #: The periods that are owed as of which day, the oldest first; None: to be asked for.
        self._owed: list[Period] | None = None
        self._day = date.min
        self._again = datetime.min.replace(tzinfo=UTC)

    async def tick(self) -> int:
        """Make what is due by now; answers how many reports. A unit whose report can't be made keeps no other from its own."""
        now = self.clock()
        local = now.astimezone(LOCAL)
        today = local.date()
        if local.time() < self.time or not self.grains:
            return 0
        if self._day != today:
            self._day, self._owed, self._again = today, None, now
        if self._owed == [] or now < self._again:
            return 0
        await refresh()
        if not working_days().is_working(today):
            return 0
        if self._owed is None:
            marks = await marked()
            self._owed = sorted((one for grain in self.grains for one in owed(grain, today, marks)), key=lambda one: one.last)
        return await self._make(now, today)

    async def _make(self, now: datetime, today: date) -> int:
        # Whatever goes wrong now goes wrong again in a moment.
        self._again = now + AGAIN
        filed, left = 0, []
        for period in self._owed or ():
            many, whole = await self._file(period, now, today)
            filed += many
            if not whole:
                left.append(period)
        self._owed = left
        return filed

    async def _file(self, period: Period, now: datetime, today: date) -> tuple[int, bool]:
        """How many were made, and whether every unit has its own."""
        known = await read_directory()
        units = [one.id for one in known.units.values() if one.active and one.kind in REPORTING]
        found = await sums(units, period, today)
        filed, whole = 0, True
        for unit in units:
            if not found[unit]["total"]:
                continue
            try:
                filed += await self._file_one(unit, period, now)
            except Exception:
                log.exception("the report %s of %s", period.code, unit)
                whole = False
        if whole:
            await carry_out(PeriodFiled(period=period.code), actor=None, now=now, source="job")
        return filed, whole

    async def _file_one(self, unit: str, period: Period, now: datetime) -> int:
        there = await rows("SELECT state FROM filed_report WHERE unit = $1 AND grain = $2 AND start = $3", unit, period.grain, period.start)
        if any(one["state"] == "fixed" for one in there):
            return 0
        report, writing = await made(unit, period, now)
        asked = FileReport(id=new_id(), unit=unit, period=period.code, report=report, writing=writing, scheduled=True)
        answer = await carry_out(asked, actor=None, now=now, source="job")
        return int(answer["made"])
