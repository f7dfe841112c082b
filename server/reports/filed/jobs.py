"""Reports that are made on time: when a week, month, quarter or year is over, on the morning of the first working day after it."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from server.calendar.current import working_days
from server.ledger.grains import GRAINS, Grain, Period
from server.ledger.read import sums
from server.people.queries import directory as read_directory
from server.reports.filed.commands import FileReport
from server.reports.filed.make import made
from server.settings import Settings
from server.storage.door import Command, carry_out, handles
from server.storage.engine import row, rows
from server.storage.ids import LOCAL, new_id
from server.storage.transaction import Transaction

log = logging.getLogger("soviec.reports")

#: Kinds of units that hand in reports.
REPORTING: Final = ("centre", "room")


class PeriodFiled(Command, tag="report.period_filed"):
    """Every unit's report of this period was made: a draft that somebody throws away is not made again."""

    period: str


@handles(PeriodFiled)
async def period_filed(tx: Transaction, given: PeriodFiled) -> dict[str, object]:
    """Kept once."""
    await rows("INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO NOTHING", _mark(given.period))
    return {}


def _mark(period: str) -> str:
    return f"filed:{period}"


def grains_of(text: str) -> tuple[Grain, ...]:
    """The grains that a setting names ("w,m,q,y"); what is none of them is left out."""
    named = {one.strip() for one in text.split(",")}
    return tuple(one for one in GRAINS if one in named)


class Filer:
    """What one worker knows of the periods that are done."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.grains, self.time, self.clock = grains_of(settings.scheduled_reports), settings.digest_time, clock
        self._done: set[str] = set()

    async def tick(self) -> int:
        """Make what is due by now; answers how many reports. A unit whose report can't be made keeps no other from its own."""
        now = self.clock()
        local = now.astimezone(LOCAL)
        today = local.date()
        if not working_days().is_working(today) or local.time() < self.time:
            return 0
        filed = 0
        for grain in self.grains:
            period = Period.of(grain, today).before
            if period.code not in self._done:
                filed += await self._file(period, now, today)
        return filed

    async def _file(self, period: Period, now: datetime, today: date) -> int:
        if await row("SELECT value FROM counter WHERE name = $1", _mark(period.code)):
            self._done.add(period.code)
            return 0
        known = await read_directory()
        units = [one.id for one in known.units.values() if one.active and one.kind in REPORTING]
        found = await sums(units, period, today)
        filed, failed = 0, False
        for unit in units:
            if not found[unit]["total"]:
                continue
            try:
                filed += await self._file_one(unit, period, now)
            except Exception:
                log.exception("the report %s of %s", period.code, unit)
                failed = True
        if not failed:
            await carry_out(PeriodFiled(period=period.code), actor=None, now=now, source="job")
            self._done.add(period.code)
        return filed

    async def _file_one(self, unit: str, period: Period, now: datetime) -> int:
        there = await row(
            "SELECT id FROM filed_report WHERE unit = $1 AND grain = $2 AND start = $3 LIMIT 1", unit, period.grain, period.start
        )
        if there is not None:
            return 0
        report, writing = await made(unit, period, now)
        asked = FileReport(id=new_id(), unit=unit, period=period.code, report=report, writing=writing, scheduled=True)
        answer = await carry_out(asked, actor=None, now=now, source="job")
        return int(answer["made"])
