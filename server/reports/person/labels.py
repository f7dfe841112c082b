"""What parts, columns and codes are called in the workbook."""

from functools import cache
from typing import Final

from server.reports.person.shapes import Part
from server.words import catalogue, say

#: Where the words of a column's codes are that other pages say as well; ``part.column`` before ``column``.
ELSEWHERE: Final = {
    "status": "tasks.status",
    "paused_from": "tasks.status",
    "priority": "tasks.priority",
    "tasks.kind": "tasks.kind",
    "no_due": "tasks.due",
    "assignments.role": "tasks.role",
    "position": "people.position",
    "assigner_position": "people.position",
    "sheets.state": "kpi.page.state",
    "sheets.band": "kpi.page.band",
    "years.band": "kpi.page.band",
    "self_band": "kpi.page.band",
    "decided_band": "kpi.page.band",
    "duty": "kpi.page.duty",
    "sheets.away": "kpi.page.away",
    "away.kind": "kpi.page.away",
    "case_of": "kpi.page.case",
    "leave.kind": "insight.leave.kind",
    "leave.part": "insight.leave.part",
    "risks.band": "insight.risk.band",
    "load.band": "insight.load.band",
    "notices.kind": "notify.text.kind",
    "addresses.why": "",
}


def part_name(part: Part) -> str:
    """The name of a part: that of its sheet."""
    return say(f"export.part.{part.name}")


def column_name(part: Part, column: str) -> str:
    """The head of a column."""
    return say(f"export.column.{column}")


@cache
def code_name(part: str, column: str, code: str) -> str:
    """A code in words; itself where nobody has words for it."""
    place = ELSEWHERE.get(f"{part}.{column}", ELSEWHERE.get(column))
    if place is None:
        return catalogue().get(f"export.code.{code}", code)
    if not place:
        return catalogue().get(code, code)
    return catalogue().get(f"{place}.{code}", code)


def roles_named(roles: list[str]) -> str:
    """Roles on a task in words."""
    return ", ".join(say(f"export.role.{one}") for one in roles)
