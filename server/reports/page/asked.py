"""What an address asks for: a period and a unit, and the addresses of everything that hangs on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

import msgspec

from server.ledger.grains import Period
from server.people.directory import Directory
from server.people.rules import CENTRE_LEADERS, Person
from server.reports.build.asked import asked_for

PATH: Final = "/reports"
TASKS: Final = "/reports/tasks"
#: What a line narrows a list to; its "unit" would hide that of the report.
UNDER: Final = "under"
NO_MORE: Final[Mapping[str, str]] = {}


class Asked(msgspec.Struct, frozen=True):
    """A report: of which period, of which unit."""

    period: Period
    unit: str

    def address(self, *, period: Period | None = None, path: str = PATH, more: Mapping[str, str] = NO_MORE) -> str:
        """The address of this report, or of the same of another period."""
        query = {"period": (period or self.period).code, "unit": self.unit, **more}
        return f"{path}?{urlencode(query)}"

    def behind(self, of: str, drill: str = "", period: Period | None = None) -> str:
        """The address of the list behind a number: ``of`` is the figure, ``drill`` what a line of the report narrows it to."""
        narrowed = {UNDER if name == "unit" else name: value for name, value in parse_qsl(drill)}
        query = {"period": (period or self.period).code, "unit": self.unit, **narrowed, "of": of}
        return f"{TASKS}?{urlencode(query)}"


def own_unit(actor: Person, directory: Directory) -> str:
    """Whose report one opens first: leaders the centre's, everybody else his own unit's; "" in an office without any."""
    if actor.position in CENTRE_LEADERS or actor.unit is None:
        return actor.centre or next((one.id for one in directory.units.values() if one.kind == "centre"), "")
    return actor.unit


def asked_of(query: Mapping[str, str], actor: Person, directory: Directory, now: datetime) -> Asked:
    """What the address asks for. Raises Refusal with a sentence about what is wrong with it."""
    given = query.get("unit", "").strip() or own_unit(actor, directory)
    unit, period = asked_for(query.get("period", "").strip(), given, now, directory)
    return Asked(period, unit.id)
