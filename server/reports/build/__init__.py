"""Figures → one report of a unit in a period (docs/reports.md)."""

from datetime import datetime, time, timedelta

from server.ledger.grains import Period
from server.people.queries import directory as read_directory
from server.reports.build.asked import asked_for
from server.reports.build.facts import Facts
from server.reports.build.lines import working_in
from server.reports.build.read import read
from server.reports.build.sections import course, kpi, lists, plans, whole, work
from server.reports.build.then import directory_at
from server.reports.shape import VERSION, Report
from server.reports.words import period_label
from server.storage.ids import LOCAL

__all__ = ["asked_for", "made_of", "report_of"]


async def report_of(unit: str, period: Period, now: datetime, *, most_people: int | None = None) -> Report:
    """The report as of the period's end, or as of ``now`` while it runs. Raises KeyError for an unknown unit (see ``asked_for``).

    Where more than ``most_people`` work in the unit, the list of people is left out and its section says where it is: no page is for
    reading three thousand lines.
    """
    known, end = await read_directory(), _end(period)
    directory = await directory_at(end, known) if end <= now else known
    few = most_people is None or working_in(directory, unit) <= most_people
    return made_of(await read(unit, period, now, directory, people=few))


def made_of(facts: Facts) -> Report:
    """The report of what was read."""
    period = facts.period
    sections = [
        whole.summary(facts),
        course.course(facts),
        course.calendar(facts),
        lists.units(facts),
        lists.people(facts),
        lists.leaders(facts),
        lists.fields(facts),
        lists.priorities(facts),
        lists.origins(facts),
        work.flow(facts),
        work.load(facts),
        kpi.kpi(facts),
        plans.plans(facts),
    ]
    return Report(
        version=VERSION,
        period=period.code,
        period_label=period_label(period),
        first=period.start,
        last=period.last,
        as_of=facts.now if facts.running else _end(period),
        running=facts.running,
        unit=facts.unit.id,
        unit_label=facts.unit.name,
        headlines=whole.headlines(facts),
        sections=[one for one in sections if one is not None],
    )


def _end(period: Period) -> datetime:
    """Midnight after the period's last day."""
    return datetime.combine(period.last + timedelta(days=1), time(), LOCAL)
