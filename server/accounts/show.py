"""Accounts as templates show them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from server.accounts.queries import Device
from server.people.directory import Directory
from server.people.show import delegation_line
from server.storage.ids import LOCAL


def moment(at: datetime, today: date) -> str:
    """``14:05`` today, ``21/11/2026 14:05`` before."""
    local = at.astimezone(LOCAL)
    return local.strftime("%H:%M") if local.date() == today else local.strftime("%d/%m/%Y %H:%M")


def device_lines(found: Sequence[Device], current: str, today: date) -> list[dict[str, Any]]:
    """Devices, the one in hand marked."""
    return [
        {"name": one.device, "since": moment(one.created_at, today), "seen": moment(one.seen_at, today), "current": one.id == current}
        for one in found
    ]


def delegation_lines(known: Directory, today: date, *, giver: str = "", receiver: str = "") -> list[dict[str, Any]]:
    """The delegations that a person gave or holds, those in force first."""
    chosen = [one for one in known.delegations if one.giver == giver or one.receiver == receiver]
    lines = [delegation_line(known, one, today) for one in chosen]
    return sorted(lines, key=lambda line: not line["in_force"])


def demo_accounts(known: Directory) -> dict[str, Any] | None:
    """One account of each position of the demo office, or None where there is no demo office."""
    chosen: dict[str, dict[str, str]] = {}
    for one in known.people.values():
        if one.demo and one.active and one.position not in chosen:
            chosen[one.position] = {"username": one.username, "position": one.title, "name": one.name}
    return {"accounts": list(chosen.values()), "password": None} if chosen else None
