"""Cách nhận thông báo: what a person chose, his addresses, the channels of the office."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.notify.channels import OUTSIDE
from server.notify.commands.link import BY_CODE
from server.notify.queries import Standing
from server.notify.rules.choices import ABROAD, MODES, Preferences, modes
from server.notify.rules.kinds import DEFAULT_MODE, GROUPS, Group, Mode
from server.notify.rules.quiet import Quiet, clock
from server.notify.show.channels import ICONS, name_of, standing_of, why_text
from server.tasks.show.values import moment
from server.words import say

#: The morning's summary and the week's are letters of their own: nothing can be kept for them.
OWN_LETTERS: tuple[Group, ...] = ("daily", "weekly")
#: Addresses that ended and are still named, so that their owner learns why.
ENDED = 3


def options_of(group: Group) -> tuple[Mode, ...]:
    """What can be chosen for a group."""
    return ("now", "off") if group in OWN_LETTERS else MODES


def preferences_context(
    chosen: Preferences,
    standings: Mapping[str, Standing],
    set_up: Mapping[str, Any],
    addresses: list[dict[str, Any]],
    data: Mapping[str, Mapping[str, Any]],
    default_quiet: Quiet | None,
    now: datetime,
) -> dict[str, Any]:
    """``channels`` (each with its state and addresses), ``groups`` (each with a choice a channel), ``quiet``, ``show_content``."""
    channels = [_channel(name, standings[name], set_up, addresses, data.get(name, {}), now) for name in OUTSIDE]
    usable = [one for one in channels if one["state"] == "on"]
    hours = chosen.quiet or default_quiet or Quiet(21 * 60, 6 * 60 + 30)
    return {
        "channels": channels,
        "usable": usable,
        "groups": groups_of(chosen, usable),
        "quiet": {"on": chosen.quiet is not None, "from": clock(hours.start), "to": clock(hours.end)},
        "show_content": chosen.show_content,
    }


def groups_of(chosen: Preferences, usable: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every group with what was chosen for each channel that can be used."""
    table = modes(chosen.choices, OUTSIDE)
    found = []
    for group in GROUPS:
        choices = [_choice(group, one, table[group][one["key"]]) for one in usable]
        values = {one["value"] for one in choices}
        found.append(
            {
                "key": group,
                "name": say(f"notify.group.{group}"),
                "hint": say(f"notify.prefs.hint.{group}"),
                "choices": choices,
                "changed": any(one["value"] != DEFAULT_MODE[group] for one in choices),
                "summary": _summary(choices, values),
            }
        )
    return found


def _choice(group: Group, channel: dict[str, Any], value: Mode) -> dict[str, Any]:
    # A mode that is offered no more (a summary kept for a summary) is shown as what it does: nothing is sent.
    value = value if value in options_of(group) else "off"
    options = [{"value": one, "label": _mode(one, default=one == DEFAULT_MODE[group])} for one in options_of(group)]
    return {"name": f"c-{group}-{channel['key']}", "label": channel["name"], "value": value, "options": options}


def _mode(mode: Mode, *, default: bool) -> str:
    said = say(f"notify.prefs.mode.{mode}")
    return say("notify.prefs.default", mode=said) if default else said


def _summary(choices: list[dict[str, Any]], values: set[str]) -> str:
    if not choices:
        return ""
    if len(values) == 1:
        return say(f"notify.prefs.mode.{choices[0]['value']}")
    return " · ".join(
        say("notify.prefs.on_channel", channel=one["label"], mode=say(f"notify.prefs.mode.{one['value']}")) for one in choices
    )


def _channel(
    name: str, standing: Standing, set_up: Mapping[str, Any], addresses: list[dict[str, Any]], data: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    state = standing_of(name, standing, set_up)
    own = [one for one in addresses if one["channel"] == name]
    active = [_address(one, now) for one in own if one["state"] == "active"]
    return {
        "key": name,
        "name": name_of(name),
        "icon": ICONS[name],
        "state": state,
        "why": "" if state == "on" else say(f"notify.prefs.unusable.{state}"),
        "what": say(f"notify.prefs.what.{name}"),
        "abroad": name in ABROAD,
        "by_code": name in BY_CODE,
        "bot": str(data.get("bot") or ""),
        "addresses": active,
        "ended": [] if active else [_address(one, now) for one in own if one["state"] != "active"][-1:],
    }


def _address(one: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "id": one["id"],
        "label": one["label"] or name_of(one["channel"]),
        "since": moment(one["since"], now),
        "until": moment(one["until"], now),
        "why": why_text(one["why"]),
    }
