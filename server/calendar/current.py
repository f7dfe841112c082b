"""The calendar in force in this process."""

from functools import cache

from server.calendar.rules import WorkingDays


@cache
def working_days() -> WorkingDays:
    """The law's holidays with the notices that the product ships."""
    return WorkingDays()
