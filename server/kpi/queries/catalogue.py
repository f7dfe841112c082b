"""Reading the catalogue: its versions, their products, and the work that it does not name yet."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from server.kpi.rules.catalogue import MOST_POINTS
from server.kpi.rules.entries import Entry, counted
from server.people.directory import Directory
from server.people.rules import Person
from server.storage.engine import is_sqlite, row, rows
from server.storage.ids import LOCAL
from server.tasks import rules as task_rules
from server.tasks.queries.scope import Where, visible
from server.tasks.search import plain

State = Literal["draft", "in_force", "replaced"]
HANDBOOK = Path(__file__).parent.parent / "handbook.toml"
_HEAD = (
    "c.id, c.number, c.name, c.document, c.document_date, c.since, c.until, c.state, c.standard, c.note, c.made_by, c.made_at, "
    "(SELECT count(*) FROM kpi_product p WHERE p.catalogue = c.id) AS size"
)
#: Work of so many days is looked at for the next version: the handbook counts a year.
OUTSIDE_DAYS = 365
#: Tasks without a product that are read for that, the newest first.
OUTSIDE_TASKS = 20_000


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version without its rows; ``size`` is how many it has, ``standard`` the product whose coefficient is 1."""

    id: str
    number: int
    name: str
    document: str
    document_date: date | None
    since: date | None
    until: date | None
    state: State
    standard: str | None
    note: str
    made_by: str | None
    made_at: datetime
    size: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A stored product; ``parent`` is the product that it is a part of, ``k`` and points in thousandths."""

    id: str
    catalogue: str
    code: str
    duty: str
    detail: str
    name: str
    unit_of_count: str
    complexity: int
    most_points: int
    points: int
    k: int
    parent: str | None
    note: str
    sort: int

    @property
    def label(self) -> str:
        """What it is called in one line."""
        return task_rules.product_name(self.duty, self.name)


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """Work that no product names: what people call it, how often, in which units, and a few of its tasks (identifier, number, title)."""

    key: str
    name: str
    count: int
    units: list[str]
    tasks: list[tuple[str, str, str]]


async def versions() -> list[Version]:
    """Every version, the newest first."""
    return [Version(**one) for one in await rows(f"SELECT {_HEAD} FROM kpi_catalogue c ORDER BY c.number DESC")]


async def version(number: int) -> Version | None:
    """One version by its number."""
    found = await row(f"SELECT {_HEAD} FROM kpi_catalogue c WHERE c.number = $1", number)
    return Version(**found) if found else None


async def of_state(state: State, *, lock: bool = False) -> Version | None:
    """The version in force, or the draft; there is at most one of each."""
    end = " FOR UPDATE" if lock and not is_sqlite() else ""
    found = await row(f"SELECT {_HEAD} FROM kpi_catalogue c WHERE c.state = $1 ORDER BY c.number DESC LIMIT 1{end}", state)
    return Version(**found) if found else None


async def products_of(catalogue: str) -> list[Row]:
    """The rows of a version in their order."""
    return [Row(**one) for one in await rows("SELECT * FROM kpi_product WHERE catalogue = $1 ORDER BY sort, id", catalogue)]


async def product_row(product: str) -> Row | None:
    """One row of any version."""
    found = await row("SELECT * FROM kpi_product WHERE id = $1", product)
    return Row(**found) if found else None


async def codes_ever() -> set[str]:
    """Every code that a row of any version has: a new product gets none of them."""
    return {one["code"] for one in await rows("SELECT DISTINCT code FROM kpi_product")}


async def uses_of(catalogue: str) -> dict[str, int]:
    """How many tasks name each product of a version."""
    sql = (
        "SELECT t.product, count(*) AS n FROM task t JOIN kpi_product p ON p.id = t.product "
        "WHERE p.catalogue = $1 AND t.deleted_at IS NULL GROUP BY t.product"
    )
    return {one["product"]: one["n"] for one in await rows(sql, catalogue)}


def entries_of(found: Sequence[Row]) -> list[Entry]:
    """Stored rows as rows of a draft: parts name their whole by its code, and keep the coefficient that they were given."""
    codes = {one.id: one.code for one in found}
    return [
        Entry(
            code=one.code,
            duty=one.duty,
            detail=one.detail,
            name=one.name,
            unit_of_count=one.unit_of_count,
            complexity=one.complexity,
            most_points=one.most_points,
            points=one.points,
            k=one.k,
            parent=codes.get(one.parent or "", ""),
            note=one.note,
            row=place,
        )
        for place, one in enumerate(found, 1)
    ]


@lru_cache(maxsize=1)
def handbook() -> tuple[list[Entry], str]:
    """The rows that a first catalogue starts from, and the code of the standard product."""
    given = tomllib.loads(HANDBOOK.read_text(encoding="utf-8"))["products"]
    entries = [
        Entry(
            code=f"SP{place:02d}",
            duty=one["duty"],
            name=one["name"],
            unit_of_count=one["name"].lower(),
            complexity=one["complexity"],
            most_points=MOST_POINTS[one["complexity"]],
            points=one["points"] * 1000,
            row=place,
        )
        for place, one in enumerate(given, 1)
    ]
    return counted(entries, "SP01"), "SP01"


async def outside_work(actor: Person, today: date, directory: Directory) -> list[Outside]:
    """Work of the last year that no product names, as far as ``actor`` sees it: the most frequent first."""
    where = visible(Where(), actor, today, directory)
    where.add("t.product IS NULL AND t.status NOT IN ('proposed', 'declined', 'cancelled')")
    since = datetime.combine(today - timedelta(days=OUTSIDE_DAYS), time(), LOCAL)
    where.add("t.created_at >= {}", since.astimezone(UTC))
    head = "SELECT t.id, t.ordinal, t.title, t.product_text, t.unit FROM task t"
    sql = f"{head} WHERE {where.sql} ORDER BY t.ordinal DESC LIMIT {OUTSIDE_TASKS}"
    return grouped_work(await rows(sql, *where.values), directory)


def grouped_work(tasks: Sequence[dict[str, Any]], directory: Directory) -> list[Outside]:
    """Tasks by what they make, in their own words; a task that does not say it stands for itself by its title."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for task in tasks:
        groups.setdefault(work_key(task["product_text"] or task["title"]), []).append(task)
    found = []
    for key, some in groups.items():
        units = Counter(task["unit"] for task in some)
        named = [directory.units[unit].name for unit, _ in units.most_common() if unit in directory.units]
        shown = [(task["id"], task_rules.number(task["ordinal"]), task["title"]) for task in some[:3]]
        name = " ".join((some[0]["product_text"] or some[0]["title"]).split())
        found.append(Outside(key=key, name=name, count=len(some), units=named, tasks=shown))
    return sorted(found, key=lambda one: (-one.count, one.name))


def work_key(text: str) -> str:
    """What makes two pieces of work the same: their words without marks, capitals and stops."""
    return " ".join(plain(text).replace(".", " ").replace(",", " ").split())
