"""``import-plan``: what the program understands of a plan, and the tasks from it."""

from pathlib import Path

import orjson

from server.calendar.rules import WorkingDays
from server.cli.database import opened
from server.cli.ending import Ending
from server.people.directory import Directory
from server.people.queries import directory
from server.plans.plan import read_plan
from server.plans.shapes import Plan, Unit
from server.plans.show import as_json as plan_as_json
from server.plans.show import as_text
from server.settings import Settings
from server.storage.ids import LOCAL, utc_now
from server.words import say


def units_of(known: Directory) -> list[Unit]:
    """The units that a plan may name."""
    return [
        Unit(id=one.id, name=one.name, short=one.short, office=one.kind == "centre")
        for one in known.units.values()
        if one.active and one.kind in ("centre", "room")
    ]


def understood(file: Path, known: Directory) -> Plan:
    """The plan in the file. Raises Ending if there is no such file, Refusal if it is no plan."""
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise Ending(say("cli.no_file", file=file, why=problem.strerror), 2) from None
    return read_plan(data, file.name, units_of(known), WorkingDays().is_working, utc_now().astimezone(LOCAL).date())


async def import_plan(settings: Settings, file: Path, *, as_json: bool, create: bool, username: str | None) -> int:
    """Show what is understood, as text or JSON."""
    async with opened(settings):
        known = await directory()
        plan = understood(file, known)
    print(orjson.dumps(plan_as_json(plan), option=orjson.OPT_INDENT_2).decode() if as_json else as_text(plan))
    if create or username:
        raise Ending(say("cli.create_on_page"), 2)
    return 0
