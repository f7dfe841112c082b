"""``doctor``: is everything as it should be, and if not, what to do."""

import asyncio
import shutil
import stat
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from server.accounts.passwords import matches
from server.audit.queries import broken_at
from server.cli.database import DEMO_FILE, open_engine
from server.cli.ending import Ending
from server.notify.webpush.keys import FILE as PUSH_KEY
from server.schema.upgrade import pending
from server.settings import Settings
from server.storage.engine import current, is_sqlite, row, rows
from server.storage.ids import LOCAL, utc_now
from server.web.assets import STATIC
from server.words import say

OLDEST_PYTHON = (3, 11)
LOW_DISK = 1024**3
MIN_SECRET = 32
LOOPBACK = ("127.0.0.1", "::1", "localhost")
#: Files without which no page looks right.
NEEDED = ("css/soviec.css", "css/fonts.css", "icons.svg", "js/app.js", "fonts/be-vietnam-pro-vietnamese-400.woff2")


class Finding(msgspec.Struct, frozen=True):
    """One line: what was looked at, and what is wrong with it and how to mend it."""

    state: Literal["ok", "warning", "wrong"]
    text: str


def ok(key: str, **values: object) -> Finding:
    """As it should be."""
    return Finding("ok", say(f"cli.doctor.{key}", **values))


def warning(key: str, **values: object) -> Finding:
    """Worth knowing, no reason to stop."""
    return Finding("warning", say(f"cli.doctor.{key}", **values))


def wrong(key: str, **values: object) -> Finding:
    """To be mended."""
    return Finding("wrong", say(f"cli.doctor.{key}", **values))


def mode_of(path: Path) -> int:
    """The permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def python() -> Finding:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    return ok("python", version=version) if sys.version_info >= OLDEST_PYTHON else wrong("python_old", version=version)


def data_folder(settings: Settings) -> list[Finding]:
    """The data folder: there, writable, for nobody else; and room on its disk."""
    folder = settings.data
    if not folder.is_dir():
        return [wrong("data_missing", folder=folder)]
    found = []
    probe = folder / ".doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        found.append(wrong("data_readonly", folder=folder))
    if mode_of(folder) & 0o077:
        found.append(wrong("data_open", folder=folder, mode=f"{mode_of(folder):o}"))
    free = shutil.disk_usage(folder).free
    gigabytes = f"{free / 1024**3:.1f}".replace(".", ",")
    disk = ok("disk_ok", gigabytes=gigabytes) if free > LOW_DISK else wrong("disk_low", gigabytes=gigabytes)
    return [*(found or [ok("data_ok", folder=folder)]), disk]


def secret(settings: Settings) -> Finding:
    """The key of form tokens."""
    if settings.secret_key:
        return ok("secret_ok") if len(settings.secret_key) >= MIN_SECRET else wrong("secret_short")
    kept = settings.data / "secret.key"
    if not kept.exists():
        return ok("secret_new")
    return wrong("secret_open", file=kept, mode=f"{mode_of(kept):o}") if mode_of(kept) & 0o077 else ok("secret_ok")


async def push_key(settings: Settings) -> Finding:
    """The key that every browser's subscription is bound to."""
    kept = settings.data / PUSH_KEY
    if kept.exists():
        return wrong("push_open", file=kept, mode=f"{mode_of(kept):o}") if mode_of(kept) & 0o077 else ok("push_ok")
    bound = await row("SELECT count(*) AS n FROM address WHERE channel = 'webpush' AND state = 'active'")
    return wrong("push_lost", file=kept, count=bound["n"]) if bound and bound["n"] else ok("push_new")


def static_files() -> Finding:
    """Fonts, style sheet, icons, scripts."""
    missing = [name for name in NEEDED if not (STATIC / name).is_file()]
    return wrong("static_missing", names=", ".join(missing)) if missing else ok("static_ok")


async def database(settings: Settings) -> AsyncIterator[Finding]:
    """Reachable, migrated, in WAL, whole, its chain unbroken. Stops at the first thing that makes the rest senseless."""
    try:
        await open_engine(settings)
        version = await row("SELECT sqlite_version() AS v" if is_sqlite() else "SELECT version() AS v")
    except Ending as problem:
        yield Finding("wrong", str(problem))
        return
    except Exception as problem:
        yield wrong("database_wrong", why=problem)
        return
    yield ok("database_ok", version=f"SQLite {version['v']}" if is_sqlite() and version else version["v"] if version else "?")
    if is_sqlite():
        mode = (await rows("PRAGMA journal_mode"))[0]["journal_mode"]
        yield ok("wal_ok") if mode == "wal" else wrong("wal_wrong", mode=mode)
        said = [next(iter(one.values())) for one in await rows("PRAGMA integrity_check")]
        if said != ["ok"]:
            yield wrong("integrity_wrong", why=said[0])
            return
        yield ok("integrity_ok")
    todo = await pending()
    if todo:
        yield wrong("migrated_wrong", count=len(todo))
        return
    yield ok("migrated_ok")
    broken = await broken_at()
    yield ok("chain_ok") if broken is None else wrong("chain_wrong", number=broken)
    yield await ledger()
    yield await clock()
    yield await push_key(settings)
    yield await demo_password(settings)


async def ledger() -> Finding:
    """Every task stands in the ledger as it is: reports count from there."""
    found = await row(
        "SELECT count(*) AS tasks FROM task t LEFT JOIN task_standing s ON s.task = t.id AND s.until IS NULL "
        "WHERE coalesce(s.state, '') <> CASE WHEN t.deleted_at IS NOT NULL OR t.assigner IS NULL OR t.status IN ('proposed', 'declined') "
        "THEN '' ELSE t.status END"
    )
    apart = int(found["tasks"]) if found else 0
    return wrong("ledger_apart", count=apart) if apart else ok("ledger_ok")


async def clock() -> Finding:
    """The machine's clock must not stand before what has happened already."""
    now = utc_now()
    said = now.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")
    last = await row("SELECT at FROM audit_entry ORDER BY seq DESC LIMIT 1")
    return wrong("clock_wrong", now=said) if last and last["at"] > now else ok("clock_ok", now=said)


async def demo_password(settings: Settings) -> Finding:
    """Everybody who has read the manual knows the demo accounts: their common password must not be in use in earnest."""
    kept = settings.data / DEMO_FILE
    password = settings.demo_password or (kept.read_text(encoding="utf-8").strip() if kept.exists() else "")
    accounts = await rows(
        "SELECT a.password_hash, count(*) AS n FROM account a JOIN person p ON p.id = a.person "
        "WHERE p.demo = $1 AND p.active = $1 AND a.disabled = $2 GROUP BY a.password_hash",
        True,
        False,
    )
    used = sum([one["n"] for one in accounts if password and await matches(one["password_hash"], password)])
    if not used:
        return ok("demo_quiet")
    public = urlsplit(settings.public_url).hostname
    outside = any(host not in LOOPBACK for host in (*settings.hosts, *([public] if public else [])))
    return wrong("demo_outside", count=used) if outside else warning("demo_used", count=used)


def port(settings: Settings) -> Finding:
    """Whether the port is free, or ours, or somebody else's."""
    from server.cli.run import listen

    try:
        for host in settings.hosts:
            made = listen(host, settings.port)
            if made is not None:
                made.close()
    except Ending:
        return ok("port_ours", port=settings.port) if ours(settings) else wrong("port_other", port=settings.port)
    return ok("port_free", port=settings.port)


def ours(settings: Settings) -> bool:
    """Whether Sổ Việc answers on the port."""
    for host in settings.hosts:
        address = f"[{host}]" if ":" in host else ("127.0.0.1" if host == "0.0.0.0" else host)  # noqa: S104 - it is compared, not bound
        try:
            with urllib.request.urlopen(f"http://{address}:{settings.port}/healthz", timeout=3) as answer:
                return bool(answer.read(100) == b'{"ok":true}')
        except (OSError, urllib.error.URLError, ValueError):
            continue
    return False


async def doctor(settings: Settings) -> int:
    """Look at everything and say it; 1 if something is to be mended."""
    found = [python(), *data_folder(settings), secret(settings), static_files(), await asyncio.to_thread(port, settings)]
    if settings.data.is_dir():
        found += [finding async for finding in database(settings)]
        await current().close()
    for finding in found:
        print(say(f"cli.doctor.{finding.state}", what=finding.text))
    count = sum(finding.state == "wrong" for finding in found)
    print(say("cli.doctor.found", count=count) if count else say("cli.doctor.all_well"))
    return 1 if count else 0
