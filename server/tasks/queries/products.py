"""The products that tasks name: rows of the catalogue. Its area stands above this one, so they are read by the names of its tables."""

from collections.abc import Iterable
from typing import Any

import msgspec

from server.storage.engine import places, row, rows
from server.tasks.rules import product_name

_SQL = (
    "SELECT p.id, p.code, p.duty, p.name, p.complexity, p.k, p.unit_of_count, p.sort, c.state "
    "FROM kpi_product p JOIN kpi_catalogue c ON c.id = p.catalogue"
)


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a version that is or was in force. ``group`` is 1 to 5, ``k`` in thousandths; ``active``: of the version in force."""

    id: str
    code: str
    name: str
    group: int
    k: int
    unit: str
    sort: int
    active: bool


def _product(found: dict[str, Any]) -> Product:
    return Product(
        id=found["id"],
        code=found["code"],
        name=product_name(found["duty"], found["name"]),
        group=found["complexity"],
        k=found["k"],
        unit=found["unit_of_count"],
        sort=found["sort"],
        active=found["state"] == "in_force",
    )


async def active_products() -> list[Product]:
    """What a task may be given now, by complexity, each group in the order of the catalogue."""
    return [_product(one) for one in await rows(f"{_SQL} WHERE c.state = 'in_force' ORDER BY p.complexity, p.sort, p.id")]


async def product(product_id: str | None) -> Product | None:
    """One product; rows of a draft are none yet."""
    if not product_id:
        return None
    found = await row(f"{_SQL} WHERE p.id = $1 AND c.state <> 'draft'", product_id)
    return _product(found) if found else None


async def product_by_code(code: str) -> Product | None:
    """The row of that code in the version in force."""
    found = await row(f"{_SQL} WHERE p.code = $1 AND c.state = 'in_force'", code)
    return _product(found) if found else None


async def products(ids: Iterable[str] | None = None, after: str = "", limit: int | None = None) -> list[Product]:
    """Every product that is or was in force, by identifier: those named, or the next ``limit`` after one."""
    if ids is not None:
        wanted = list(dict.fromkeys(ids))
        found = await rows(f"{_SQL} WHERE c.state <> 'draft' AND p.id IN ({places(len(wanted))}) ORDER BY p.id", *wanted)
    else:
        end = f" LIMIT {int(limit)}" if limit is not None else ""
        found = await rows(f"{_SQL} WHERE c.state <> 'draft' AND p.id > $1 ORDER BY p.id{end}", after)
    return [_product(one) for one in found]
