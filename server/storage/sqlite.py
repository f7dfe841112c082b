"""SQLite as this product uses it: kept connections, WAL, one writer.

Piccolo's own engine opens a connection, and a thread, for each query: 500 µs beside the 20 µs of the query. Here one connection reads
and one writes, both on the event loop's thread. In WAL a reader never waits; a writer waits for its turn in a fair queue inside the
process and, against another process, in a thread with SQLite's busy timeout. ``synchronous=FULL`` because an acknowledged report must
outlive a power cut; it costs 0.2 ms a commit on a solid-state disk.
"""

import asyncio
import contextvars
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString

Row = dict[str, Any]

BUSY_SECONDS = 20
#: Seconds; below this, on the average of the last commits, a commit runs on the event loop.
QUICK_COMMIT = 0.002
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA mmap_size=134217728",
)


def _moment(stored: bytes) -> datetime:
    return datetime.fromisoformat(stored.decode())


# Piccolo's own converters, the same in effect, take 3 µs a value; a list of tasks has hundreds of values.
sqlite3.register_converter("INTEGER", int)
sqlite3.register_converter("BIGINT", int)
sqlite3.register_converter("BOOLEAN", lambda stored: stored == b"1")
sqlite3.register_converter("TIMESTAMPTZ", _moment)
sqlite3.register_converter("DATE", lambda stored: date.fromisoformat(stored.decode()))


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


async def _to_the_end(work: Coroutine[Any, Any, object]) -> None:
    """Wait for work in a thread to end even when the waiter is cancelled: until then nobody else may have the connection."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as asked:
            cancelled = asked
    if cancelled is not None:
        # What the work itself met is of no use to somebody who has left.
        task.exception()
        raise cancelled
    task.result()


class KeptTransaction:
    """The one write transaction; Piccolo's queries join it through ``connection``."""

    def __init__(self, engine: "KeptSQLite", connection: sqlite3.Connection) -> None:
        self.engine = engine
        self.connection = connection

    async def __aenter__(self) -> "KeptTransaction":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


class KeptSQLite(SQLiteEngine):
    """Piccolo's engine on kept connections."""

    __slots__ = ("_commit_seconds", "_lock", "_reader", "_writer", "on_query", "statements")

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._lock: asyncio.Lock | None = None
        self._commit_seconds = 0.0
        #: Called with each statement; tests count queries with it.
        self.on_query: Callable[[str], None] | None = None
        super().__init__(path=str(path))
        self.current_transaction = contextvars.ContextVar("soviec_sqlite_transaction", default=None)

    async def check_version(self) -> None:
        """Nothing to ask: the library is part of Python."""

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            detect_types=sqlite3.PARSE_DECLTYPES,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_SECONDS,
            cached_statements=512,
        )
        connection.row_factory = _as_dict
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    @property
    def reader(self) -> sqlite3.Connection:
        """The connection of queries outside a transaction."""
        if self._reader is None:
            self._reader = self._connect()
            self._reader.execute("PRAGMA query_only=ON")
        return self._reader

    @property
    def writer(self) -> sqlite3.Connection:
        """The connection of the one writer."""
        if self._writer is None:
            self._writer = self._connect()
        return self._writer

    async def open(self) -> None:
        """Open both connections, so that a wrong path is known at the start."""
        self._lock = asyncio.Lock()
        _ = self.writer, self.reader

    async def close(self) -> None:
        """Close both connections; the write-ahead log is folded in."""
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[KeptTransaction]:
        """One write transaction; inside another one it joins it."""
        joined = cast("KeptTransaction | None", self.current_transaction.get())
        if joined is not None:
            yield joined
            return
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            connection = self.writer
            await self._begin(connection)
            opened = KeptTransaction(self, connection)
            token = self.current_transaction.set(cast(Any, opened))
            try:
                yield opened
                await self._commit(connection)
            except BaseException:
                # A commit that failed (a full disk) is undone too: the next writer must find the connection free.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                self.current_transaction.reset(token)

    @staticmethod
    async def _begin(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA busy_timeout=0")
        try:
            connection.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in ("SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"):
                raise
        finally:
            connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        # Another process writes: wait in a thread, the loop goes on serving readers.
        try:
            await _to_the_end(asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE"))
        except asyncio.CancelledError:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    async def _commit(self, connection: sqlite3.Connection) -> None:
        # The commit waits for the disk. A quick disk answers before a thread would have begun; a slow one must not hold up the readers.
        began = time.perf_counter()
        if self._commit_seconds < QUICK_COMMIT:
            connection.execute("COMMIT")
        else:
            await _to_the_end(asyncio.to_thread(connection.execute, "COMMIT"))
        self._commit_seconds += (time.perf_counter() - began - self._commit_seconds) / 8

    def transaction(self, *_: Any, **__: Any) -> Any:
        """Piccolo's name for ``write``; migrations call it."""
        return self.write()

    async def rows(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """The rows of ``sql``; places are ``?1``, ``?2``. Outside a transaction a statement that writes is its own transaction."""
        if self.on_query is not None:
            self.on_query(sql)
        current = cast("KeptTransaction | None", self.current_transaction.get())
        if current is not None:
            return current.connection.execute(sql, arguments).fetchall()
        if sql.lstrip()[:6].upper() in ("SELECT", "WITH  ", "PRAGMA", "EXPLAI") or sql.lstrip()[:4].upper() == "WITH":
            return self.reader.execute(sql, arguments).fetchall()
        async with self.write() as opened:
            return opened.connection.execute(sql, arguments).fetchall()

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> list[Row]:
        """What Piccolo's queries call."""
        sql, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self.rows(sql, arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> list[Row]:
        """What Piccolo's migrations call."""
        return await self.rows(ddl)
