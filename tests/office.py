"""The small office of the tests: two rooms, nine people, both engines, a clock that stands still.

    async def test_it_lets_the_head_assign_in_the_room(engine, cast): ...      # a database with the cast in it
    async def test_it_shows_the_office(visit): page = await (await visit("giamdoc")).get("/people")   # a signed-in browser

Async tests want ``pytestmark = pytest.mark.anyio``. Every test gets a database of its own, copied from one that is filled once a session.
"""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from litestar import Litestar

from server.accounts.commands import SetPassword
from server.people.commands import AddPerson, AddUnit, GrantDelegation, SetOversight
from server.schema.upgrade import upgrade
from server.settings import Settings
from server.storage import engine as engines
from server.storage.door import carry_out
from tests.routes import application

#: Monday, 23 November 2026, 08:15 in Bắc Ninh.
NOW = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PASSWORD = "Thu-nghiem-2026!x"
SECRET = "khóa của các bài kiểm thử, dài hơn 32 ký tự"


def fixed_id(name: str) -> str:
    """The same identifier for a name in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"soviec-tests:{name}"))


@dataclass(frozen=True)
class Cast:
    """Identifiers of units and people. ``stranger`` is an officer of the other room; ``delegate``, head of HCTH, acts for the director."""

    ministry: str = fixed_id("van-phong")
    centre: str = fixed_id("trung-tam")
    leadership: str = fixed_id("lanh-dao")
    hcth: str = fixed_id("hcth")
    cntt: str = fixed_id("cntt")
    director: str = fixed_id("giamdoc")
    deputy: str = fixed_id("pgd1")
    delegate: str = fixed_id("hcth.truong")
    stranger: str = fixed_id("hcth.cv1")
    head: str = fixed_id("cntt.truong")
    deputy_head: str = fixed_id("cntt.pho1")
    officer: str = fixed_id("cntt.cv1")
    colleague: str = fixed_id("cntt.cv2")
    admin: str = fixed_id("quantri")
    delegation: str = fixed_id("delegation")
    usernames: dict[str, str] = field(
        default_factory=lambda: {
            "director": "giamdoc",
            "deputy": "pgd1",
            "delegate": "hcth.truong",
            "stranger": "hcth.cv1",
            "head": "cntt.truong",
            "deputy_head": "cntt.pho1",
            "officer": "cntt.cv1",
            "colleague": "cntt.cv2",
            "admin": "quantri",
        }
    )


CAST = Cast()

UNITS = [
    AddUnit(id=CAST.ministry, name="Văn phòng UBND tỉnh", short="VP", kind="outer", sort=1),
    AddUnit(id=CAST.centre, name="Trung tâm Phục vụ hành chính công", short="Trung tâm", parent=CAST.ministry, kind="centre", sort=2),
    AddUnit(id=CAST.leadership, name="Ban Lãnh đạo", short="BLĐ", parent=CAST.centre, kind="leadership", sort=3),
    AddUnit(id=CAST.hcth, name="Phòng Hành chính - Tổng hợp", short="HCTH", parent=CAST.centre, sort=4),
    AddUnit(id=CAST.cntt, name="Phòng Ứng dụng CNTT", short="CNTT", parent=CAST.centre, sort=5),
]
PEOPLE = [
    AddPerson(id=CAST.admin, username="quantri", name="Quản trị hệ thống", position="admin", unit=CAST.centre, rank=99),
    AddPerson(id=CAST.director, username="giamdoc", name="Đỗ Khắc Tường", position="director", unit=CAST.leadership, rank=1),
    AddPerson(id=CAST.deputy, username="pgd1", name="Ngô Thị Hạnh Dung", position="deputy_director", unit=CAST.leadership, rank=2),
    AddPerson(id=CAST.delegate, username="hcth.truong", name="Phùng Thế Vịnh", position="head", unit=CAST.hcth, rank=3),
    AddPerson(id=CAST.stranger, username="hcth.cv1", name="Nguyễn Thị Thu Uyển", position="officer", unit=CAST.hcth, rank=4),
    AddPerson(id=CAST.head, username="cntt.truong", name="Đặng Hoài Sang", position="head", unit=CAST.cntt, rank=5),
    AddPerson(id=CAST.deputy_head, username="cntt.pho1", name="Ông Thị Thùy Mây", position="deputy_head", unit=CAST.cntt, rank=6),
    AddPerson(id=CAST.officer, username="cntt.cv1", name="Trần Bảo Kha", position="officer", unit=CAST.cntt, rank=7),
    AddPerson(id=CAST.colleague, username="cntt.cv2", name="Nông Thị Quế Anh", position="officer", unit=CAST.cntt, rank=8),
]
DELEGATION = GrantDelegation(
    id=CAST.delegation,
    receiver=CAST.delegate,
    powers=["enter", "assign"],
    unit=CAST.centre,
    since=TODAY - timedelta(days=30),
    until=TODAY + timedelta(days=300),
    document="118/QĐ-TTPVHCC",
)
OVERSIGHT = SetOversight(id=fixed_id("oversight"), person=CAST.deputy, unit=CAST.cntt, since=TODAY - timedelta(days=30))


async def _fill(url: str, now: datetime) -> None:
    used = engines.use(engines.make(url))
    await used.open()
    await upgrade()
    for asked in (*UNITS, *PEOPLE):
        await carry_out(asked, actor=None, now=now, source="cli")
    # The least that argon2 can cost: a hash says its own cost, and several hundred tests sign in.
    password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    for person in PEOPLE:
        await carry_out(SetPassword(person=person.id, password_hash=password_hash), actor=None, now=now, source="cli")
    for asked in (DELEGATION, OVERSIGHT):
        await carry_out(asked, actor=CAST.director, now=now, source="page")
    await used.close()


def fill(url: str, now: datetime = NOW) -> None:
    """Migrate an empty database and put the cast into it at this moment."""
    asyncio.run(_fill(url, now))


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **much: float) -> None:
        """Go on: ``later(minutes=15)``."""
        self.now += timedelta(**much)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def cast() -> Cast:
    return CAST


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file with the cast in it, to be copied."""
    path = tmp_path_factory.mktemp("office") / "office.sqlite3"
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own with the cast in it, on both engines."""
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        url: str = server.copy("office", fill)
        yield url
        server.drop(url)
    else:
        yield sqlite_copy(request.getfixturevalue("filled_sqlite"), tmp_path)


@pytest.fixture
def sqlite_url(filled_sqlite: Path, tmp_path: Path) -> str:
    """The same on SQLite only, for tests that have nothing to do with the engine."""
    return sqlite_copy(filled_sqlite, tmp_path)


def sqlite_copy(filled: Path, folder: Path) -> str:
    """A copy of the filled file."""
    copy = folder / "soviec.sqlite3"
    shutil.copy(filled, copy)
    return f"sqlite:///{copy}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, on both engines."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture
async def engine(office_url: str, anyio_backend: str) -> AsyncIterator[engines.Engine]:
    """The engine in use, open, over a database with the cast; the test runs once on each engine."""
    used = engines.use(engines.make(office_url, 20))
    await used.open()
    yield used
    await used.close()


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """The settings of the application under test."""
    return Settings(data_dir=str(tmp_path), database_url=sqlite_url, secret_key=SECRET)


@pytest.fixture
async def app(settings: Settings, clock: Clock, anyio_backend: str) -> AsyncIterator[Litestar]:
    """The whole application, started, on SQLite; the engine in use is its own."""
    made = application(settings, clock)
    async with made.lifespan():
        yield made


Visit = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def visit(app: Litestar) -> AsyncIterator[Visit]:
    """``await visit()``: a browser at the door; ``await visit("giamdoc")``: one that is signed in, its form token in the headers."""
    opened: list[httpx.AsyncClient] = []

    async def browser(username: str | None = None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("192.0.2.7", 4711))  # type: ignore[arg-type]
        client = httpx.AsyncClient(transport=transport, base_url="http://soviec.test")
        opened.append(client)
        if username is not None:
            await sign_in(client, username)
        return client

    yield browser
    for client in opened:
        await client.aclose()


async def sign_in(client: httpx.AsyncClient, username: str, password: str = PASSWORD) -> httpx.Response:
    """Sign a browser in as a program does; later requests carry the cookie and the token of forms."""
    answer = await client.post("/api/v1/session", json={"username": username, "password": password})
    if answer.status_code == 201:
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return answer
