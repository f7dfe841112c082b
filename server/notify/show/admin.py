"""Kênh gửi tin: what an administrator sees of channels and of letters that went wrong; never what they say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.notify.channels import OUTSIDE
from server.notify.queries import Figures, Letters, Standing
from server.notify.rules.choices import ABROAD
from server.notify.rules.kinds import KINDS
from server.notify.show.channels import ICONS, name_of, standing_of, why_text
from server.people.directory import Directory
from server.tasks.show.values import moment
from server.tasks.show.values import name_of as person_name
from server.words import say

CHIPS = {"on": ("done", "check"), "off": ("wait", "stop"), "absent": ("wait", "x")}


def channel_lines(
    standings: Mapping[str, Standing], set_up: Mapping[str, Any], addresses: Mapping[str, int], directory: Directory, now: datetime
) -> list[dict[str, Any]]:
    """Every outside channel: its state, who decided it, what the service said last, how many addresses it reaches."""
    return [_channel(name, standings[name], set_up, addresses.get(name, 0), directory, now) for name in OUTSIDE]


def _channel(
    name: str, standing: Standing, set_up: Mapping[str, Any], addresses: int, directory: Directory, now: datetime
) -> dict[str, Any]:
    state = standing_of(name, standing, set_up)
    kind, icon = CHIPS[state]
    paused = standing.paused_until if standing.paused_until and standing.paused_until > now else None
    checked_at = _moment(standing.data.get("checked_at"))
    return {
        "key": name,
        "name": name_of(name),
        "icon": ICONS[name],
        "state": state,
        "chip": {"kind": kind, "icon": icon, "label": say(f"notify.admin.state.{state}")},
        "abroad": name in ABROAD,
        "where": say(f"notify.admin.where.{name}"),
        "settings": say(f"notify.admin.settings.{name}"),
        "by": person_name(directory, standing.by),
        "at": moment(standing.at, now),
        "addresses": addresses,
        "paused": moment(paused, now),
        "trouble": why_text(standing.trouble) if standing.trouble else "",
        "trouble_at": moment(standing.trouble_at, now),
        "checked": str(standing.data.get("checked") or ""),
        "checked_at": moment(checked_at, now),
    }


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def figure_rows(day: Mapping[str, Figures], week: Mapping[str, Figures]) -> list[dict[str, Any]]:
    """A line a channel: 24 hours beside 7 days, and what waits now."""
    return [
        {
            "name": name_of(name),
            "icon": ICONS[name],
            "waiting": whole(day[name].waiting),
            "day": _figures(day[name]),
            "week": _figures(week[name]),
        }
        for name in OUTSIDE
    ]


def _figures(found: Figures) -> dict[str, Any]:
    return {"sent": whole(found.sent), "failed": whole(found.failed + found.unknown), "median": seconds(found.median)}


def whole(count: int) -> str:
    """``4.426``."""
    return f"{count:,}".replace(",", ".")


def seconds(value: float | None) -> str:
    """``0,8 giây``, ``12 giây``, ``5 phút``, ``3 giờ``; nothing without a letter."""
    if value is None:
        return ""
    if value < 10:
        return say("notify.admin.seconds", count=f"{value:.1f}".replace(".", ","))
    if value < 120:
        return say("notify.admin.seconds", count=round(value))
    if value < 7200:
        return say("notify.admin.minutes", count=round(value / 60))
    return say("notify.admin.hours", count=round(value / 3600))


def letter_lines(letters: list[Letters], directory: Directory, now: datetime) -> list[dict[str, Any]]:
    """Letters that went wrong: where to, whom for, of what kind, why; ``may_retry`` where the address is still in use."""
    return [_letter(one, directory, now) for one in letters]


def _letter(one: Letters, directory: Directory, now: datetime) -> dict[str, Any]:
    unit = directory.units.get(one.unit or "")
    kinds = [say(f"notify.text.kind.{kind}") if kind in KINDS else say("notify.text.kind.other") for kind in dict.fromkeys(one.kinds)]
    return {
        "id": one.id,
        "channel": name_of(one.channel),
        "icon": ICONS[one.channel],
        "state": one.state,
        "chip": {"kind": "late", "icon": "late", "label": say("notify.prefs.fare.failed").capitalize()}
        if one.state == "failed"
        else {"kind": "soon", "icon": "help", "label": say("notify.prefs.fare.unknown").capitalize()},
        "who": person_name(directory, one.person) or (unit.name if unit else say("notify.admin.nobody")),
        "label": one.label,
        "kinds": ", ".join(kinds),
        "numbers": ", ".join(dict.fromkeys(one.numbers)),
        "why": why_text(one.why),
        "attempts": one.attempts,
        "doubled": one.maybe_doubled,
        "made": moment(one.made_at, now),
        "ended": moment(one.ended_at, now),
        "may_retry": one.address_state == "active",
    }
