"""Open tasks with what the model says of them, as one person may see them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec

from server.insight.risk.rules import BANDS
from server.people.directory import Directory
from server.people.rules import Person
from server.storage.engine import row, rows
from server.tasks.queries.lists import CARD
from server.tasks.queries.scope import Where, visible

PAGE: Final = 30
LONGEST: Final = 60
_FROM: Final = "FROM risk k JOIN task t ON t.id = k.id"
_ORDER: Final = "CASE k.band WHEN 'high' THEN 0 WHEN 'watch' THEN 1 ELSE 2 END, t.due, t.ordinal"


class Asked(msgspec.Struct, frozen=True):
    """What the address of the page says; every name is a parameter of it. ``band``: high, watch, low, or "" for all."""

    band: str = ""
    unit: str = ""
    person: str = ""
    start: int = 0


def asked_of(given: Mapping[str, str]) -> Asked:
    """What can't be read is left at its default, so that an old link still opens."""

    def text(name: str) -> str:
        value = given.get(name, "").strip()
        return value if len(value) <= LONGEST and "\x00" not in value else ""

    start = text("start")
    return Asked(
        band=text("band") if text("band") in BANDS else "",
        unit=text("unit"),
        person=text("person"),
        start=int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 0,
    )


class Risky(msgspec.Struct, frozen=True):
    """A page of the list, with one row more where there is another page.

    ``counts`` by band, whatever band is asked for; ``foreign``: some are said by a model that does not know this office.
    """

    rows: list[dict[str, Any]]
    counts: dict[str, int]
    foreign: bool
    at: datetime | None


async def risky(asked: Asked, actor: Person, today: date, directory: Directory, *, own: bool) -> Risky:
    """The worst first, then by due date. ``own``: only tasks that he is on himself."""
    where = visible(Where(), actor, today, directory)
    where.add("t.status IN ('not_started', 'in_progress') AND t.due >= {}", today)
    on_it = "EXISTS (SELECT 1 FROM assignment a WHERE a.task = t.id AND a.person = {} AND a.until IS NULL)"
    if own:
        where.add(on_it, actor.id)
    if asked.unit:
        where.add("EXISTS (SELECT 1 FROM task_scope x WHERE x.task = t.id AND x.scope = {})", f"u:{asked.unit}")
    if asked.person:
        where.add(on_it, asked.person)
    counted = await rows(
        "SELECT k.band, count(*) AS tasks, sum(CASE WHEN k.local THEN 0 ELSE 1 END) AS foreigners "
        f"{_FROM} WHERE {where.sql} GROUP BY k.band",
        *where.values,
    )
    last = await row(f"SELECT k.at {_FROM} WHERE {where.sql} ORDER BY k.at DESC LIMIT 1", *where.values)
    if asked.band:
        where.add("k.band = {}", asked.band)
    found = await rows(f"SELECT {CARD} {_FROM} WHERE {where.sql} ORDER BY {_ORDER} LIMIT {PAGE + 1} OFFSET {asked.start}", *where.values)
    counts = dict.fromkeys(BANDS, 0) | {one["band"]: one["tasks"] for one in counted}
    return Risky(found, counts, any(one["foreigners"] for one in counted), last["at"] if last else None)
