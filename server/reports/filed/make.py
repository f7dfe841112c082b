"""A unit's report with its text, from the figures of this moment."""

from datetime import datetime

import msgspec

from server.ledger.grains import Period
from server.people.queries import directory as read_directory
from server.reports import build
from server.reports.filed.draft import Material, drafted
from server.reports.filed.late import Named, done_late, due_next, overdue
from server.reports.shape import Report, Writing
from server.storage.ids import LOCAL
from server.tasks.queries.scope import may_see
from server.words import say


async def made(unit: str, period: Period, now: datetime, reader: str | None = None) -> tuple[Report, Writing]:
    """The report and the text that its figures suggest; while the period runs, as of now.

    For a ``reader`` the text names those tasks alone that he may see, and counts the others. None: for those who write the unit's reports.
    """
    report = await build.report_of(unit, period, now)
    day = min(period.last, now.astimezone(LOCAL).date())
    late_now = await overdue(unit, day)
    if report.running:
        # While a day runs, what is due on it is not overdue yet.
        late_now = [one for one in late_now if one.due < day]
    late, coming = await done_late(unit, period), await due_next(unit, period)
    known = await read_directory()
    names = {one.id: one.name for one in known.people.values()}
    if reader is None:
        return report, drafted(Material(report, late, late_now, coming, names))
    seen = await may_see(reader, [one.task for one in (*late, *late_now, *coming)])

    def shown(some: list[Named]) -> list[Named]:
        return [one for one in some if one.task in seen]

    text = drafted(Material(report, shown(late), shown(late_now), shown(coming), names))
    return report, text if seen.issuperset(one.task for one in (*late, *late_now)) else _unsaid(text)


def _unsaid(text: Writing) -> Writing:
    """Without the sentence that nobody gave a reason: the tasks that are not named may have one."""
    none = say("filed.text.no_causes")
    return Writing([msgspec.structs.replace(part, paragraphs=[line for line in part.paragraphs if line != none]) for part in text.parts])
