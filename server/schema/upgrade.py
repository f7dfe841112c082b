"""Bringing the database of the engine in use up to the newest migration."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

from server.storage.engine import is_sqlite, row, rows
from server.storage.ids import utc_now
from server.storage.transaction import together

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
#: The advisory lock of upgrades on PostgreSQL: of two servers that start together one upgrades and the other waits.
UPGRADE_LOCK = 5_717_718
_ID = re.compile(r"^ID = [\"']([^\"']+)[\"']", re.MULTILINE)


class UpgradeFailed(Exception):
    """A migration could not be run; nothing of it was kept."""


def known() -> list[str]:
    """The identifiers of all migrations, oldest first, read without importing them."""
    found = (_ID.search(path.read_text(encoding="utf-8")) for path in MIGRATIONS.glob("*.py"))
    return sorted(match.group(1) for match in found if match)


async def pending() -> list[str]:
    """The identifiers of migrations that the database has not seen, oldest first."""
    table = await row(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
        if is_sqlite()
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migration'"
    )
    ran = {one["name"] for one in await rows("SELECT name FROM migration WHERE app_name = 'soviec'")} if table else set()
    return [name for name in known() if name not in ran]


async def upgrade() -> list[str]:
    """Run what is pending, all or nothing, and return its identifiers. Quick when nothing is."""
    if not await pending():
        return []
    async with together():
        if not is_sqlite():
            await rows("SELECT pg_advisory_xact_lock($1)", UPGRADE_LOCK)
        # Another server may have been first while this one waited.
        todo = await pending()
        if todo:
            await _run()
            await _begin()
    return todo


async def _begin() -> None:
    """What every office begins with: the rule sets of scores."""
    from server.kpi.commands.ruleset import ensure_rules

    await ensure_rules(utc_now())


async def _run() -> None:
    from piccolo.apps.migrations.commands.forwards import run_forwards

    said = io.StringIO()
    with redirect_stdout(said):
        result = await run_forwards("soviec")
    if not result.success:
        raise UpgradeFailed(result.message or said.getvalue())
