"""Write the initial migrations anew from the tables, until the first release: ``python -m server.schema.fresh``.

Two files: the tables as Piccolo writes them, then the indexes (``INDEXES`` of each area's ``tables.py``) and the full-text tables. After
the first release nobody runs this again: changes get a migration of their own (``docs/changing.md``).
"""

import asyncio
import re
import tempfile
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from piccolo.apps.migrations.auto import AlterStatements

from server.schema.piccolo_app import APP_CONFIG, MIGRATIONS, table_modules
from server.storage import engine

TABLES_AT = datetime(2026, 11, 22, 0, 0, 0)
INDEXES_ID = "2026-11-22T00:00:01:000000"

INDEXES_FILE = '''"""Indexes that Piccolo can't say, and the full-text tables; written by ``server.schema.fresh``."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.storage.engine import rows
from server.tasks.search import create_search

ID = "{id}"
VERSION = "1.38.0"
DESCRIPTION = "Indexes and full-text tables"

INDEXES = [
{indexes}]


async def run():
    for statement in INDEXES:
        await rows(statement)
    await create_search()


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="soviec", description=DESCRIPTION)
    manager.add_raw(run)
    return manager
'''


def indexes() -> list[str]:
    """The SQL of every index that an area's tables want."""
    return [statement for module in table_modules() for statement in getattr(module, "INDEXES", [])]


def _table_of(statement: str) -> str:
    match = re.search(r"class_name=['\"](\w+)", statement)
    return match.group(1) if match else ""


async def write_tables() -> None:
    """The migration that makes every table, by Piccolo's own comparison with nothing."""
    from piccolo.apps.migrations.commands import new

    found = await new.AutoMigrationManager().get_alter_statements(APP_CONFIG)
    for part in found:
        # Piccolo compares sets: without an order of ours the file would be another one each time.
        part.statements.sort(key=_table_of)

    async def in_order(*_: object, **__: object) -> list[AlterStatements]:
        return found

    with patch.object(new, "now", lambda: TABLES_AT), patch.object(new.AutoMigrationManager, "get_alter_statements", in_order):
        await new._create_new_migration(APP_CONFIG, auto=True, description="Every table")


def write_indexes() -> None:
    """The migration that makes every index."""
    lines = "".join(f"    {statement!r},\n" if '"' in statement else f'    "{statement}",\n' for statement in indexes())
    stamp = INDEXES_ID.replace(":", "_").replace("-", "_").lower()
    (MIGRATIONS / f"soviec_{stamp}.py").write_text(INDEXES_FILE.format(id=INDEXES_ID, indexes=lines), encoding="utf-8")


def main() -> None:
    """Remove the old files and write the new."""
    for old in MIGRATIONS.glob("soviec_*.py"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        engine.use(engine.make(f"sqlite:///{Path(folder) / 'fresh.sqlite3'}"))
        asyncio.run(write_tables())
    write_indexes()


if __name__ == "__main__":
    main()
