"""Units of a year as templates show them."""

from typing import Any

from server.kpi.papers import texts
from server.kpi.queries.units import UnitList, UnitOf
from server.kpi.rules.ruleset import BANDS
from server.kpi.rules.units import UnitYear
from server.kpi.show import values
from server.kpi.show.year import moment, quota_line
from server.people.directory import Directory
from server.words import say

#: The conditions of Đ8 that are answered with yes or no.
ANSWERS = ("mended", "misconduct", "force_majeure")


def share(thousandths: int | None) -> str:
    """A share in percent, or nothing."""
    return "" if thousandths is None else values.amount(thousandths * 100)


def unit_line(one: UnitOf, directory: Directory, year: int) -> dict[str, Any]:
    """A unit in the list, with its details where the reader sees them."""
    entered, computed = one.entered, one.computed
    return {
        "id": one.unit,
        "name": directory.units[one.unit].name,
        "address": f"/kpi/units/{year}/{one.unit}",
        "depth": one.depth,
        "band": values.band(one.band),
        "sees": one.sees,
        "may_rate": one.may_rate,
        "outside": one.outside,
        "waits_for": [directory.units[other].name for other in one.waits_for],
        "below_failed": one.below_failed,
        "figures": {
            "total": one.figures.total,
            "done": one.figures.done,
            "in_time": one.figures.in_time,
            "not_due": one.figures.not_due,
            "done_share": share(one.figures.done_share),
            "in_time_share": share(one.figures.in_time_share),
        },
        "general": values.amount(entered.general) if entered else "",
        "tasks": values.amount(entered.tasks) if entered else "",
        "total": values.amount(computed.total) if computed else "",
        "computed": values.band(computed.band) if computed else None,
        "differs": computed is not None and computed.band != one.band,
        "kept_by": [say(f"kpi.unit.kept.{name}") for name in computed.kept_by] if computed else [],
        "reason": one.reason,
        "document": one.document,
        "decided_by": directory.people[one.decided_by].name if one.decided_by in directory.people else "",
        "decided_at": moment(one.decided_at),
        "raised": one.raised,
    }


def form_values(one: UnitOf) -> dict[str, str]:
    """What the form of a unit holds at first: what was entered before, else what the tasks say."""
    known = one.entered
    shares = {
        "done": share(known.done if known else one.figures.done_share),
        "in_time": share(known.in_time if known else one.figures.in_time_share),
        "beyond": share(known.beyond if known else 0),
    }
    return {
        **shares,
        "general": values.amount(known.general) if known else "",
        "tasks": values.amount(known.tasks) if known else "",
        "reason": one.reason,
        "document": one.document,
        "band": one.band or "",
        **{name: "1" if getattr(known or _UNKNOWN, name) else "" for name in ANSWERS},
    }


#: Before anything is answered: nothing to mend, no finding, no excuse.
_UNKNOWN = UnitYear(general=0, tasks=0, done=0, in_time=0, beyond=0)


def list_context(found: UnitList) -> dict[str, Any]:
    """The units of the year and the cap over them (Đ8.5)."""
    return {
        "year": found.year,
        "units": [unit_line(one, found.directory, found.year) for one in found.units],
        "quota": quota_line(found.quota, found.directory) if found.quota and any(one.may_rate for one in found.units) else None,
    }


def band_options() -> list[dict[str, str]]:
    """The ratings to choose from; nothing chosen: what the points and conditions make."""
    return [{"value": one, "label": texts.band(one)} for one in BANDS]
