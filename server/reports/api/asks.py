"""What may stand in an address, and reading it: what is wrong with it is said in Vietnamese, by the name of the parameter."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import Meta

from server.errors import Refusal
from server.reports.api.answers import told

#: Rows of a page.
LIMIT: Final = 100
MOST: Final = 500
#: So much of a parameter that is unknown is said again.
SAID: Final = 40

StatusAsked = Literal["", "open", "overdue", "not_started", "in_progress", "submitted", "paused", "completed", "cancelled"]
Moment = Annotated[datetime, Meta(tz=True)] | None
Limit = Annotated[int, Meta(ge=1, le=MOST)]


class Nothing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No parameters."""


class ReportAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of ``/reports``."""

    period: Annotated[str, told("api.ask.period")] = ""
    unit: Annotated[str, told("api.ask.unit")] = ""


class FiledAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of ``/reports/filed``."""

    since: Annotated[Moment, told("api.ask.since")] = None
    unit: Annotated[str, told("api.ask.unit")] = ""
    limit: Annotated[Limit, told("api.ask.limit")] = LIMIT
    cursor: Annotated[str, told("api.ask.cursor")] = ""


class TasksAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of ``/tasks``."""

    updated_since: Annotated[Moment, told("api.ask.updated_since")] = None
    unit: Annotated[str, told("api.ask.unit")] = ""
    status: Annotated[StatusAsked, told("api.ask.status")] = ""
    due_from: Annotated[date | None, told("api.ask.due_from")] = None
    due_to: Annotated[date | None, told("api.ask.due_to")] = None
    limit: Annotated[Limit, told("api.ask.limit")] = LIMIT
    cursor: Annotated[str, told("api.ask.cursor")] = ""


class ScoresAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of ``/scores``."""

    period: Annotated[str, told("api.ask.month")]


A = TypeVar("A", bound=msgspec.Struct)

#: A plus sign that a program did not escape arrives as a space.
LOST_PLUS: Final = re.compile(r"(.*T.*) (\d\d:?\d\d)", re.DOTALL)
WRONG: Final = re.compile(r"unknown field `(?P<unknown>.*)`|required field `(?P<missing>\w+)`|`\$\.(?P<bad>\w+)`", re.DOTALL)


def read(pairs: Iterable[tuple[str, str]], kind: type[A]) -> A:
    """The parameters of an address. Raises Refusal ``invalid`` with the parameter at fault."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise Refusal("invalid", "api.twice", field=name[:SAID], name=name[:SAID])
        lost = LOST_PLUS.fullmatch(value)
        given[name] = f"{lost[1]}+{lost[2]}" if lost and name.endswith("since") else value
    try:
        asked = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _refusal(str(error), kind) from None
    return _in_utc(asked)


def _in_utc(asked: A) -> A:
    """Moments in UTC; the first and the last hours of the calendar have none."""
    moments = {name: value for name in asked.__struct_fields__ if isinstance(value := getattr(asked, name), datetime)}
    changed: dict[str, Any] = {}
    for name, value in moments.items():
        try:
            changed[name] = value.astimezone(UTC)
        except OverflowError:
            raise _bad(name, type(asked)) from None
    return msgspec.structs.replace(asked, **changed) if changed else asked


def _refusal(error: str, kind: type[msgspec.Struct]) -> Refusal:
    """What msgspec says, in our words."""
    found = WRONG.search(error)
    if found and found["unknown"] is not None:
        name, known = found["unknown"][:SAID], ", ".join(kind.__struct_fields__)
        if not known:
            return Refusal("invalid", "api.no_parameters", field=name, name=name)
        return Refusal("invalid", "api.unknown_parameter", field=name, name=name, known=known)
    return _bad((found["missing"] or found["bad"] or "") if found else "", kind)


def _bad(name: str, kind: type[msgspec.Struct]) -> Refusal:
    return Refusal("invalid", "api.bad_value", field=name, name=name, about=descriptions(kind).get(name, ""))


@cache
def descriptions(kind: type[msgspec.Struct]) -> dict[str, str]:
    """What each parameter is, by name."""
    found = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"]
    return {name: one.get("description", "") for name, one in found.items()}
