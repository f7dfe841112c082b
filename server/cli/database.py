"""The data folder, the database up to date, and the demo office in an empty one."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.accounts.passwords import random_password
from server.cli.ending import Ending
from server.settings import Settings
from server.storage import engine
from server.storage.engine import row
from server.storage.ids import utc_now
from server.words import say

DEMO_FILE = "demo-password.txt"


def make_data_folder(settings: Settings) -> None:
    """The data folder, for nobody else to read."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        settings.data.chmod(0o700)
    except OSError as problem:
        raise Ending(say("cli.no_data_folder", folder=settings.data, why=problem.strerror)) from None


async def open_engine(settings: Settings) -> engine.Engine:
    """The engine of these settings, open. Raises Ending with a sentence if the database can't be reached."""
    make_data_folder(settings)
    try:
        used = engine.use(engine.make(settings.database, settings.database_pool))
    except ValueError as problem:
        raise Ending(say("cli.bad_setting", why=f"SOVIEC_DATABASE_URL: {problem}"), 2) from None
    try:
        await used.open()
    except (OSError, sqlite3.Error) as problem:
        raise Ending(say("cli.no_database", why=problem)) from None
    except Exception as problem:
        if type(problem).__module__.startswith("asyncpg"):
            raise Ending(say("cli.no_database", why=problem)) from None
        raise
    return used


@asynccontextmanager
async def opened(settings: Settings, *, up_to_date: bool = True) -> AsyncIterator[None]:
    """The database open, and migrated if asked, for the length of one command."""
    used = await open_engine(settings)
    try:
        if up_to_date:
            from server.schema.upgrade import upgrade

            await upgrade()
        yield
    finally:
        await used.close()


async def migrate(settings: Settings) -> int:
    """Run what is pending and say what it was."""
    from server.schema.upgrade import upgrade

    async with opened(settings, up_to_date=False):
        done = await upgrade()
    print(say("cli.migrated", count=len(done)) if done else say("cli.up_to_date"))
    return 0


def kept_password(path: Path) -> str:
    """The password in the file of mode 600, made on the first call."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    password = random_password()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(password + "\n")
    return password


async def is_empty() -> bool:
    """Whether nobody is stored yet."""
    return await row("SELECT id FROM person LIMIT 1") is None


async def fill(settings: Settings) -> bool:
    """Make the demo office in an empty database and say its password once. False if people are stored already."""
    if not await is_empty():
        return False
    from server.demo.make import NotEmpty, make_demo

    kept = settings.data / DEMO_FILE
    password = settings.demo_password or kept_password(kept)
    print(say("cli.demo_begins"), flush=True)
    try:
        made = await make_demo(password, utc_now())
    except NotEmpty:
        # Another process was first.
        return False
    print(say("cli.demo_made", people=made["people"], tasks=made["tasks"]))
    if not settings.demo_password:
        print(say("cli.demo_password", password=password, file=kept), flush=True)
    return True


async def demo(settings: Settings) -> int:
    """Make the demo office; where it stands already nothing is changed."""
    async with opened(settings):
        if await fill(settings):
            return 0
        if await row("SELECT id FROM person WHERE demo = $1 LIMIT 1", True) is not None:
            print(say("cli.demo_stands"))
            return 0
    raise Ending(say("cli.not_empty"))
