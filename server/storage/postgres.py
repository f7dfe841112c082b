"""PostgreSQL as this product uses it: a pool from the start, row locks, and no question to the server at import time."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from piccolo.engine.postgres import PostgresEngine

Row = dict[str, Any]


def address(url: str) -> dict[str, Any]:
    """What asyncpg wants to know, from ``postgresql://user:password@host:port/name?host=/socket/folder``."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    known = {
        "host": asked.get("host", [parts.hostname or ""])[0],
        "port": parts.port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path.lstrip("/"),
    }
    return {name: value for name, value in known.items() if value}


class PooledPostgres(PostgresEngine):
    """Piccolo's engine with a pool that is started before the first request."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.pool_size = pool_size
        #: Called with each statement; tests count queries with it.
        self.on_query: Callable[[str], None] | None = None
        super().__init__(config=address(url), extensions=())

    async def check_version(self) -> None:
        """The version is looked at by ``doctor``; an import must not need a server."""

    async def prep_database(self) -> None:
        """No extension is needed."""

    async def open(self) -> None:
        """Start the pool."""
        if self.pool is None:
            await self.start_connection_pool(min_size=min(2, self.pool_size), max_size=self.pool_size)

    async def close(self) -> None:
        """Close the pool."""
        if self.pool is not None:
            await self.close_connection_pool()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        """One transaction; inside another one it joins it."""
        joined = self.current_transaction.get()
        if joined is not None:
            yield joined
            return
        async with self.transaction() as opened:
            yield opened

    async def rows(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """The rows of ``sql``; places are ``$1``, ``$2``."""
        if self.on_query is not None:
            self.on_query(sql)
        current = self.current_transaction.get()
        if current is not None:
            found = await current.connection.fetch(sql, *arguments)
        elif self.pool is not None:
            async with self.pool.acquire() as connection:
                found = await connection.fetch(sql, *arguments)
        else:
            connection = await self.get_new_connection()
            try:
                found = await connection.fetch(sql, *arguments)
            finally:
                await connection.close()
        return [dict(row) for row in found]

    async def run_querystring(self, querystring: Any, in_pool: bool = True) -> list[Row]:
        """What Piccolo's queries call."""
        sql, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self.rows(sql, arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:
        """What Piccolo's migrations call."""
        return await self.rows(ddl)
