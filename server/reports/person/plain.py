"""A row of the database as the person gets it: names instead of other people's identifiers, no secret, nothing that is another's."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson

from server.people.directory import Directory
from server.reports.person.shapes import Part
from server.storage.engine import Row
from server.tasks.rules import number
from server.words import catalogue, say

#: Letters of an address that are shown.
LAST: Final = 4
#: Of a frozen sheet: the result and the person's own work. The lines of a leader's sheet name those whom he leads.
OF_FROZEN: Final = ("duty", "general", "result", "own", "group", "away", "away_days", "working_days")
#: What the rater wrote is shown to nobody before he confirmed it.
BEFORE_CONFIRMED: Final = {"points": "{}", "reason": "", "comment": "", "confirmed_by": None, "organising": None, "uniting": None,
                           "leading_reason": "", "support": "{}"}  # fmt: skip
#: Kinds of the log whose details are of the work or of the office; of everything else a person gets those about himself alone.
PLAIN: Final = frozenset(
    {"task", "file", "report", "comment", "plan", "leave", "duty", "estimate"}
    | {"catalogue", "product", "kpi_rules", "kpi_period", "calendar", "unit", "channel", "model"}
)
#: Acts that are a judgement on somebody's work.
JUDGING: Final = frozenset({"accept", "return", "take_back"})


class Reader:
    """Makes plain rows of one person. ``paths``: where in the ZIP the files are that he sent, by content."""

    def __init__(self, person: str, known: Directory, paths: Mapping[str, str]) -> None:
        self.person = person
        self.known = known
        self.paths = paths
        self._special: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "tasks": _task, "sheets": _sheet, "addresses": _address, "notices": _notice, "audit": self._entry,
            "uploads": self._file, "attachments": self._file,
        }  # fmt: skip

    def plain(self, part: Part, row: Row) -> dict[str, Any]:
        """The row as JSON takes it; moments are UTC."""
        special = self._special.get(part.name)
        given = special(dict(row)) if special else row
        return {column: self._value(part.kind(column), given.get(column)) for column in part.shown}

    def _value(self, kind: str, value: Any) -> Any:
        if value is None:
            return None
        match kind:
            case "person":
                return self.name(value)
            case "unit":
                return self.known.units[value].name if value in self.known.units else value
            case "field":
                return self.known.fields[value].name if value in self.known.fields else value
            case "json" | "people":
                return self._named(_read(value))
            case "moment":
                return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
            case "day":
                return value.isoformat() if isinstance(value, date) else str(value)
            case "yes_no":
                return bool(value)
            case "ordinal":
                return number(value)
            case "text":
                return str(value)
            case _:
                return value

    def name(self, person: str) -> str:
        """Somebody's name, as pages say it."""
        found = self.known.people.get(person)
        return found.name if found else say("export.somebody")

    def _named(self, value: Any) -> Any:
        """The same with names in the place of people."""
        if isinstance(value, str):
            return self.known.people[value].name if value in self.known.people else value
        if isinstance(value, list):
            return [self._named(one) for one in value]
        if isinstance(value, dict):
            return {self._named(key): self._named(one) for key, one in value.items()}
        return value

    def _entry(self, row: dict[str, Any]) -> dict[str, Any]:
        withheld = not row["own"] and not self._harmless(row)
        if withheld:
            row |= {"before": "{}", "after": "{}"}
        if row["subject"] in self.known.people:
            row["subject"] = self.name(row["subject"])
        return row | {"withheld": withheld}

    def _harmless(self, row: dict[str, Any]) -> bool:
        """Whether the details of an act say nothing of somebody else but that he has to do with the work."""
        if row["kind"] not in PLAIN or row["action"] in JUDGING:
            return False
        said = [_read(row[side]) for side in ("before", "after")]
        return all(one.get("person") in (None, self.person) and "score" not in one for one in said if isinstance(one, dict))

    def _file(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {"path": self.paths.get(row["file"])}


def masked(address: str) -> str:
    """``…1234``: enough to know it again, not enough to write to it."""
    return f"…{address[-LAST:]}" if len(address) > LAST * 2 else "…"


def _read(text: Any) -> Any:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError):
        return text


def _address(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"address": masked(row["address"])}


def _notice(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"said": catalogue().get(f"notify.text.kind.{row['kind']}", "")}


def _task(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"roles": row["roles"].split()}


def _sheet(row: dict[str, Any]) -> dict[str, Any]:
    if row["confirmed_at"] is None:
        row |= BEFORE_CONFIRMED
    frozen = _read(row["frozen"])
    kept = {name: frozen[name] for name in OF_FROZEN if name in frozen} if isinstance(frozen, dict) else {}
    return row | {"frozen": orjson.dumps(kept).decode()}
