"""Keys as pages show them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from server.keys import rules
from server.keys.queries import scopes_of
from server.people.directory import Directory
from server.people.rules import Person
from server.storage.engine import Row
from server.storage.ids import LOCAL
from server.tasks.show.values import day, moment, name_of
from server.words import say

#: The kind of chip and the icon of each state.
CHIPS: dict[str, tuple[str, str]] = {
    "live": ("done", "check"),
    "early": ("wait", "clock"),
    "over": ("wait", "stop"),
    "revoked": ("wait", "x"),
    "stopped": ("late", "alert"),
}


def feed_address(base: str, secret: str) -> str:
    """The address of a calendar, to be put into a program."""
    return f"{base}/calendar/feed/{secret}.ics"


def opened_by(kind: str, base: str, secret: str) -> str:
    """What the other side is given: the address of a screen, or the token of a system."""
    return f"{base}/wall/{secret}" if kind == "wall" else secret


def calendar_context(stored: Row | None, now: datetime) -> dict[str, Any]:
    """``made``, ``used``, ``followed`` of one's own address; ``has`` False where there is none."""
    if stored is None:
        return {"has": False, "made": "", "used": "", "followed": False, "hint": ""}
    return {
        "has": True,
        "made": moment(stored["created_at"], now),
        "used": moment(stored["last_used_at"], now),
        "followed": bool(stored["followed"]),
        "hint": stored["hint"],
    }


def makes(actor: Person, known: Directory, at: date) -> list[rules.Kind]:
    """Which kinds of keys the actor may make for his centre or for his own unit."""
    kinds: tuple[rules.Kind, ...] = ("api", "wall")
    return [kind for kind in kinds if _units(kind, actor, known, at)]


def _units(kind: rules.Kind, actor: Person, known: Directory, at: date) -> list[str]:
    """Units that a key of the actor's may be limited to, the whole centre first."""
    return [one.id for one in known.units.values() if one.active and rules.may_make(kind, actor, known.path(one.id), at)]


def new_context(kind: rules.Kind, actor: Person, known: Directory, at: date) -> dict[str, Any]:
    """Choices of the form of a new key. Dates as the browser's field wants them."""
    return {
        "kind": kind,
        "units": [{"value": one, "label": known.units[one].name} for one in _units(kind, actor, known, at)],
        "scopes": [
            {"value": one, "label": say(f"keys.scope.{one}"), "hint": say(f"keys.scope_hint.{one}")}
            for one in rules.SCOPES
            if kind == "api"
        ],
        "today": at.isoformat(),
        "last": (at + timedelta(days=rules.API_DAYS)).isoformat() if kind == "api" else "",
        "days": rules.API_DAYS,
    }


def key_lines(found: Sequence[tuple[Row, bool]], known: Directory, actor: Person, now: datetime) -> list[dict[str, Any]]:
    """Keys, each with whether its holder still has a right to it, as lines of the list."""
    today = now.astimezone(LOCAL).date()
    return [_line(stored, holder, known, actor, today, now) for stored, holder in found]


def _line(stored: Row, holder: bool, known: Directory, actor: Person, today: date, now: datetime) -> dict[str, Any]:
    state = rules.state_of(stored["since"], stored["until"], stored["revoked_at"], holder, today)
    chip_kind, chip_icon = CHIPS[state]
    unit = known.units.get(stored["unit"] or "")
    ended = state in ("revoked", "over")
    return {
        "id": stored["id"],
        "kind": stored["kind"],
        "icon": "table" if stored["kind"] == "wall" else "link",
        "kind_name": say(f"keys.kind.{stored['kind']}"),
        "name": stored["name"],
        "unit": unit.name if unit else "",
        "scopes": [say(f"keys.scope.{one}") for one in rules.SCOPES if one in scopes_of(stored)],
        "span": _span(stored["since"], stored["until"]),
        "holder": name_of(known, stored["person"]),
        "hint": stored["hint"],
        "used": moment(stored["last_used_at"], now),
        "revoked": _revoked(stored, known, now),
        "state": {"kind": chip_kind, "icon": chip_icon, "label": say(f"keys.state.{state}")},
        "stopped": state == "stopped",
        "stops": say(f"keys.stops.{stored['kind']}", name=stored["name"]),
        "can_revoke": not ended,
        "can_renew": not ended and bool(rules.may_make(stored["kind"], actor, known.path(stored["unit"]), today)),
    }


def _span(since: date, until: date | None) -> str:
    return f"{day(since)} – {day(until)}" if until else say("keys.from_on", day=day(since))


def _revoked(stored: Row, known: Directory, now: datetime) -> str:
    if stored["revoked_at"] is None:
        return ""
    return say("keys.revoked_by", name=name_of(known, stored["revoked_by"]), when=moment(stored["revoked_at"], now))
