"""What the tests of warnings and digests share: a morning on which the workers ask, and what was said."""

from datetime import date, datetime
from typing import Any

import orjson

import server.notify.commands  # noqa: F401  (registers the commands)
from server.notify import schedule
from server.settings import Settings
from server.storage.engine import rows
from tests.office import CAST
from tests.tasks.desk import Desk, local

NAMES: dict[str, str] = {getattr(CAST, name): name for name in CAST.usernames}


def name_of(owner: str) -> str:
    """The name of somebody of the cast; a unit's identifier stays what it is."""
    return NAMES.get(owner, owner)


def at(day: str, hour: int = 7, minute: int = 30) -> datetime:
    """``2026-11-23`` at half past seven of the office's clock."""
    found = date.fromisoformat(day)
    return local(found.year, found.month, found.day, hour, minute)


def desk_at(day: str, hour: int = 9) -> Desk:
    """A desk at which people give commands from that moment on."""
    return Desk(now=at(day, hour, 0))


async def morning(day: str, hour: int = 7, minute: int = 30, **settings: Any) -> int:
    """A worker that has just started asks at this moment: how many things were said."""
    schedule._Kept.mark = ""
    return await schedule.tick(at(day, hour, minute), Settings(**settings))


async def alerts(task: str) -> list[tuple[str, str]]:
    """The alerts of a task that stand: (kind without its area, to whom)."""
    found = await rows("SELECT kind, person FROM outbox WHERE subject = $1 AND slot = 'alert' AND replaced_at IS NULL", task)
    return sorted((one["kind"].removeprefix("task."), NAMES[one["person"]]) for one in found)


async def digests(kind: str = "digest.daily") -> dict[str, dict[str, Any]]:
    """The digests that stand, by whom they are for."""
    found = await rows("SELECT person, data FROM outbox WHERE kind = $1 AND replaced_at IS NULL", kind)
    return {name_of(one["person"]): orjson.loads(one["data"]) for one in found}
