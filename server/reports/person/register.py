"""The register of processing for one person: what is kept of him, since when, how much, why, how long, who gets it."""

from datetime import datetime
from typing import Any, Final, get_args

from server.reports.person.parts import PARTS
from server.reports.person.read import begun, count
from server.reports.person.shapes import Group
from server.storage.engine import rows
from server.storage.ids import LOCAL
from server.words import say

GROUPS: Final[tuple[Group, ...]] = get_args(Group)
#: Channels whose servers stand abroad (a transfer across borders, Điều 20 of the law): off until an administrator turns them on.
ABROAD: Final = ("telegram", "webpush")


async def counts(person: str) -> dict[Group, tuple[int, datetime | None]]:
    """How many rows each group has, and since when. Reads much: ask for it beside the page, not before it."""
    found: dict[Group, tuple[int, datetime | None]] = dict.fromkeys(GROUPS, (0, None))
    for part in PARTS:
        number = await count(part, person)
        since = await begun(part, person) if number else None
        before, earliest = found[part.group]
        found[part.group] = before + number, min((one for one in (earliest, since) if one is not None), default=None)
    return found


def lines(counted: dict[Group, tuple[int, datetime | None]] | None) -> list[dict[str, Any]]:
    """The groups as the page shows them; without figures where nothing was counted yet."""
    return [
        {
            "name": say(f"export.group.{group}.name"),
            "what": say(f"export.group.{group}.what"),
            "why": say(f"export.group.{group}.why"),
            "kept": say(f"export.group.{group}.kept"),
            "seen": say(f"export.group.{group}.seen"),
            "amount": amount_text(counted[group]) if counted else "",
        }
        for group in GROUPS
    ]


def amount_text(counted: tuple[int, datetime | None]) -> str:
    """``12 mục từ 05/01/2026``."""
    number, since = counted
    if not number:
        return say("export.nothing")
    said = say("export.counted", count=f"{number:,}".replace(",", "."))
    return f"{said}, {say('export.begun', day=since.astimezone(LOCAL).strftime('%d/%m/%Y'))}" if since else said


async def channels() -> list[str]:
    """To which services messages go, besides the page: those that the administrator turned on."""
    found = await rows("SELECT channel FROM channel_state WHERE \"on\" = $1 AND channel <> 'inbox' ORDER BY channel", True)
    named = {one["channel"]: say(f"export.code.{one['channel']}") for one in found}
    return [say("export.abroad", name=name) if channel in ABROAD else name for channel, name in named.items()]
