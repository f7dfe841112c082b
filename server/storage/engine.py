"""The engine in use, and plain SQL for the queries that matter."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from server.storage.postgres import PooledPostgres
from server.storage.sqlite import KeptSQLite

Engine = KeptSQLite | PooledPostgres
Row = dict[str, Any]


class _Holder:
    engine: Engine | None = None


def make(url: str, pool_size: int = 10) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql://…``."""
    if url.startswith("sqlite:///"):
        return KeptSQLite(Path(url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        return PooledPostgres(url, pool_size)
    raise ValueError(f"neither sqlite:/// nor postgresql://: {url.split('@')[-1]!r}")


def use(engine: Engine) -> Engine:
    """Make ``engine`` the one that every table uses."""
    from piccolo.table import TABLE_REGISTRY

    from server.storage import piccolo_conf

    _Holder.engine = engine
    os.environ["PICCOLO_CONF"] = piccolo_conf.__name__
    piccolo_conf.DB = engine
    for table in TABLE_REGISTRY:
        # A table keeps the engine that it first met.
        table._meta.db = engine
    return engine


def current() -> Engine:
    """The engine in use."""
    if _Holder.engine is None:
        raise RuntimeError("no engine: call server.storage.engine.use first")
    return _Holder.engine


def is_sqlite() -> bool:
    """Whether the engine in use is SQLite."""
    return isinstance(_Holder.engine, KeptSQLite)


@lru_cache(maxsize=1024)
def _for_sqlite(sql: str) -> str:
    return re.sub(r"\$(\d+)", r"?\1", sql)


async def rows(sql: str, *arguments: Any) -> list[Row]:
    """The rows of ``sql``, written with ``$1``, ``$2`` for both engines; joins the transaction that is open."""
    engine = current()
    return await engine.rows(_for_sqlite(sql) if isinstance(engine, KeptSQLite) else sql, arguments)


async def row(sql: str, *arguments: Any) -> Row | None:
    """The first row, or None."""
    found = await rows(sql, *arguments)
    return found[0] if found else None


def places(count: int, start: int = 1) -> str:
    """``$start, …`` for ``count`` values of an IN list; never empty, so that an empty list matches nothing."""
    return ", ".join(f"${start + n}" for n in range(count)) or "NULL"


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect every statement run inside; for tests and the bench."""
    engine = current()
    seen: list[str] = []
    before, engine.on_query = engine.on_query, seen.append
    try:
        yield seen
    finally:
        engine.on_query = before
