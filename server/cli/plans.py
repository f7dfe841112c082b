"""``import-plan``: what the program understands of a plan, and the tasks from it."""

import hashlib
import sqlite3
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from asyncpg.exceptions import PostgresError

from server.calendar.current import refresh, working_days
from server.cli.database import opened
from server.cli.ending import Ending
from server.errors import Refusal
from server.people.directory import Profile
from server.people.queries import directory
from server.people.rules import may
from server.plans.commands.confirm import ConfirmPlan, RowsRefused
from server.plans.commands.drafts import EditPlan, KeepPlan
from server.plans.plan import read_plan
from server.plans.rules.own_units import OWN_UNITS
from server.plans.shapes import Limits, Plan, Unit
from server.plans.show import as_json as plan_as_json
from server.plans.show import as_text
from server.plans.staff import units_of
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.ids import LOCAL, new_id, utc_now
from server.storage.transaction import together
from server.words import say

#: Refused rows that are named.
NAMED = 20


def content(file: Path) -> bytes:
    """The file's bytes. Raises Ending if it can't be read; of a file that is too large only as much as shows it."""
    try:
        with file.open("rb") as opened_file:
            return opened_file.read(Limits().file_bytes + 1)
    except OSError as problem:
        raise Ending(say("cli.no_file", file=file, why=problem.strerror), 2) from None


def today() -> date:
    """The day of the office."""
    return utc_now().astimezone(LOCAL).date()


def understood(file: Path, data: bytes, units: Sequence[Unit]) -> Plan:
    """The plan in the file. Raises Ending with the sentence if it is none."""
    try:
        return read_plan(data, file.name, units, working_days().is_working, today())
    except Refusal as refusal:
        raise Ending(refusal.message, 2) from None


def is_there(database: str) -> bool:
    """Whether it is worth asking this database: a SQLite file that does not exist is not made just to read a plan."""
    return not database.startswith("sqlite:///") or Path(database.removeprefix("sqlite:///")).exists()


async def own_units(settings: Settings) -> Sequence[Unit]:
    """The stored organisation's units; the office that the law names where nothing is stored, or nothing answers."""
    if not is_there(settings.database):
        return OWN_UNITS
    try:
        async with opened(settings, up_to_date=False):
            await refresh()
            return units_of(await directory()) or OWN_UNITS
    except (Ending, OSError, sqlite3.Error, PostgresError):
        return OWN_UNITS


async def import_plan(settings: Settings, file: Path, *, as_json: bool, create: bool, username: str | None) -> int:
    """Show what is understood, as text or JSON; create the tasks only with ``--yes --as USERNAME``."""
    if create and not username:
        raise Ending(say("cli.as_missing"), 2)
    if username and not create:
        raise Ending(say("cli.yes_missing"), 2)
    data = content(file)
    plan = understood(file, data, await own_units(settings))
    print(orjson.dumps(plan_as_json(plan), option=orjson.OPT_INDENT_2).decode() if as_json else as_text(plan))
    if create and username:
        sys.stdout.flush()
        async with opened(settings):
            # Beside JSON, which a program may read, what was done is for the person.
            print(await _create(file, data, username), file=sys.stderr if as_json else sys.stdout)
    return 0


async def _create(file: Path, data: bytes, username: str) -> str:
    """Create the tasks and say which. Raises Ending if there is none then."""
    known = await directory()
    importer = known.by_username(username)
    if importer is None or not importer.active:
        raise Ending(say("cli.no_user", username=username), 2)
    await refresh()
    plan = understood(file, data, units_of(known) or OWN_UNITS)
    try:
        made = await _carry_out(file, data, plan, importer)
    except RowsRefused as refused:
        lines = [say("cli.row_refused", row=one.row, why=one.message) for one in refused.problems[:NAMED]]
        raise Ending("\n".join([refused.message, *lines]), 2) from None
    except Refusal as refusal:
        if refusal.key == "plans.all_created":
            return refusal.message
        raise Ending(refusal.message, 2) from None
    return say("cli.tasks_made", count=made["count"], first=made["numbers"][0], last=made["numbers"][-1])


async def _carry_out(file: Path, data: bytes, plan: Plan, importer: Profile) -> dict[str, Any]:
    """The draft and its tasks, both or neither. Rows that name nobody go to the importer, if he may give himself work."""
    actor = (await directory()).actor(importer.id)
    plan_id, now = new_id(), utc_now()
    lead = importer.id if may(actor, "assign", actor, today()) else None
    keep = KeepPlan(id=plan_id, name=file.name, sha256=hashlib.sha256(data).hexdigest(), plan=plan)
    async with together():
        await carry_out(keep, actor=importer.id, now=now, source="import")
        await carry_out(EditPlan(id=plan_id, default_lead=lead), actor=importer.id, now=now, source="import")
        return await carry_out(ConfirmPlan(id=plan_id), actor=importer.id, now=now, source="import")
