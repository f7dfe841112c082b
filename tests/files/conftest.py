"""A store, a database with the tables of files, and a small cast: an officer, his colleague, a stranger."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.testing import TestClient

from server.audit.tables import AuditEntry
from server.errors import Refusal
from server.files.api import Files, router
from server.files.store import Store
from server.files.tables import Attachment, File, Upload
from server.storage import engine
from server.storage.tables import Change, Outbox

TABLES = (File, Upload, Attachment, AuditEntry, Change, Outbox)
NOW = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
LIMIT = 1_000_000

OFFICER, COLLEAGUE, STRANGER = "officer", "colleague", "stranger"
TASK = "task-of-officer-and-colleague"


class Person:
    def __init__(self, id: str) -> None:
        self.id = id


async def may_see(viewer: str, tasks: Sequence[str]) -> set[str]:
    return {task for task in tasks if task == TASK and viewer in (OFFICER, COLLEAGUE)}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"


@pytest.fixture
def database(database_url: str) -> Iterator[engine.Engine]:
    before = engine._Holder.engine
    opened = engine.use(engine.make(database_url))
    yield opened
    if before is not None:
        engine.use(before)


async def open_database(opened: engine.Engine) -> None:
    await opened.open()
    for table in TABLES:
        await table.create_table(if_not_exists=True)


@pytest.fixture
def client(store: Store, database: engine.Engine) -> Iterator[TestClient[Litestar]]:
    """The routes of files; the header ``who`` says who is signed in."""

    def viewer(request: Request[Any, Any, Any]) -> Person:
        return Person(request.headers["who"])

    def refused(_: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
        return Response({"code": refusal.code, "message": refusal.message, "field": refusal.field}, status_code=refusal.status)

    async def start() -> None:
        await open_database(database)

    app = Litestar(
        [router(Files(store, may_see, LIMIT))],
        dependencies={"viewer": Provide(viewer, sync_to_thread=False)},
        exception_handlers={Refusal: refused},
        on_startup=[start],
        on_shutdown=[database.close],
    )
    with TestClient(app) as opened:
        yield opened
