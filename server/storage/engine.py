"""The engine in use, and plain SQL for the queries that matter."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from piccolo.table import Table

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


class _Columns:
    """The columns of a table and what stands in them where a row says nothing; read once, because Piccolo's way takes 300 µs an insert."""

    def __init__(self, table: type[Table]) -> None:
        columns = table._meta.columns
        self.names = [column._meta.db_column_name for column in columns]
        self.defaults = [column.get_default_value() for column in columns]
        listed = ", ".join(f'"{name}"' for name in self.names)
        self.sql = f'INSERT INTO "{table._meta.tablename}" ({listed}) VALUES '


_columns_of = lru_cache(maxsize=None)(_Columns)


@lru_cache(maxsize=256)
def _values(columns: int, count: int) -> str:
    return ", ".join(f"({places(columns, 1 + n * columns)})" for n in range(count))


#: Rows of one statement: both engines take some 32,000 values at a time.
ROWS_AT_ONCE = 400


async def insert(table: type[Table], *given: Mapping[str, Any]) -> None:
    """Store rows; a column that a row does not name gets its default. Inside the open transaction, as every write."""
    known = _columns_of(table)
    for start in range(0, len(given), ROWS_AT_ONCE):
        some = given[start : start + ROWS_AT_ONCE]
        values = [row.get(name, default) for row in some for name, default in zip(known.names, known.defaults, strict=True)]
        await rows(known.sql + _values(len(known.names), len(some)), *values)


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
