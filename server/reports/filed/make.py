"""A unit's report with its text, from the figures of this moment."""

from datetime import datetime

from server.ledger.grains import Period
from server.people.queries import directory as read_directory
from server.reports import build
from server.reports.filed.draft import Material, drafted
from server.reports.filed.late import done_late, due_next, overdue
from server.reports.shape import Report, Writing
from server.storage.ids import LOCAL


async def made(unit: str, period: Period, now: datetime) -> tuple[Report, Writing]:
    """The report and the text that its figures suggest; while the period runs, as of now."""
    report = await build.report_of(unit, period, now)
    day = min(period.last, now.astimezone(LOCAL).date())
    if report.running:
        # While a day runs, what is due on it is not overdue yet.
        late_now = [one for one in await overdue(unit, day) if one.due < day]
    else:
        late_now = await overdue(unit, day)
    known = await read_directory()
    names = {one.id: one.name for one in known.people.values()}
    return report, drafted(Material(report, await done_late(unit, period), late_now, await due_next(unit, period), names))
