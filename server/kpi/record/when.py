"""In which period accepted work counts: never twice, and never nowhere."""

from datetime import date, datetime, timedelta

from server.kpi.record.facts import Facts, local_day
from server.storage.engine import Row


def counted_day(done: date, reviews: list[Row], person: str, facts: Facts) -> date:
    """The day that says where it counts: when it was handed in, unless that period was closed for this person before it was accepted.

    What was accepted when a period was closed counts there, though it was taken back and accepted again since: it never counts twice.
    A period that was reopened has what was accepted since it was closed, unless a later one was closed with it meanwhile.
    """
    for when, versions in facts.versions.items():
        if when.holds(done):
            before: datetime | None = None
            for version in versions:
                if version.people is not None and person not in version.people:
                    continue
                then = [one for one in reviews if version.closed is None or one["at"] <= version.closed]
                if then and then[-1]["verdict"] == "accept":
                    if before is None:
                        return done
                    moved = _moved(done, then[-1]["at"], facts)
                    return moved if _closed_between(moved, then[-1]["at"], version.opened, person, facts) else done
                before = version.closed
            if before is not None:
                return _moved(done, reviews[-1]["at"], facts)
    return done


def _moved(done: date, accepted: datetime, facts: Facts) -> date:
    """The day of the acceptance, or the first one of the period after it, where that day's was closed already (before its end)."""
    day = max(done, local_day(accepted))
    for when in sorted(facts.versions):
        first = facts.versions[when][0].closed
        if when.holds(day) and first is not None and first < accepted:
            day = when.ends + timedelta(days=1)
    return day


def _closed_between(day: date, since: datetime, until: datetime, person: str, facts: Facts) -> bool:
    """Whether the period of that day was closed for this person between two moments."""
    return any(
        one.closed is not None and since <= one.closed < until and (one.people is None or person in one.people)
        for when, versions in facts.versions.items()
        if when.holds(day)
        for one in versions
    )
