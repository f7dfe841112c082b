"""The person's own trend: it is stored nowhere, it is counted from his tasks whenever somebody looks."""

from datetime import date
from typing import Any

from server.insight.trends.queries import Asked, trend_of
from server.people.directory import Directory
from server.reports.person.shapes import Part

#: No table has it: the part is there for its place, its columns and its name.
TREND = Part(
    name="trend",
    group="foresight",
    table="task",
    columns=("month", "tasks", "share", "adjusted"),
    kinds={"month": "text", "share": "share", "adjusted": "share"},
)


async def trend_rows(person: str, known: Directory, today: date) -> list[dict[str, Any]]:
    """Months with work that ended in them: how much, the share on time, and what it is without the mix of his work."""
    centre = known.actor(person).centre
    if centre is None:
        return []
    found = await trend_of(Asked("person", person, centre, today), known, crowd_only=False)
    return [
        {"month": one.period, "tasks": one.tasks, "share": one.share, "adjusted": one.adjusted} for one in found.trend.points if one.tasks
    ]
