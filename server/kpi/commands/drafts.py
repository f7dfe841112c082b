"""The rows of the draft: added, changed, taken out; coefficients follow points."""

from collections.abc import Iterable
from typing import Any

import msgspec

from server.errors import Refusal
from server.kpi.queries.catalogue import Row, Version, codes_ever, of_state, product_row, products_of
from server.kpi.rules.catalogue import MOST_POINTS, coefficient
from server.kpi.rules.entries import LENGTHS, MOST_ROWS, Entry, next_code, tidy, too_long
from server.kpi.rules.keepers import keeps_catalogue
from server.kpi.tables import KpiProduct
from server.people.rules import Verdict
from server.storage.door import Command, handles
from server.storage.engine import insert, is_sqlite, rows
from server.storage.transaction import Transaction
from server.tasks.commands.common import actor_of, check_id, refuse, today_of
from server.words import say

#: The advisory lock on PostgreSQL: one at a time changes the catalogue.
CATALOGUE_LOCK = 5_717_721


class Given(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a row of the draft says. Points and ``k`` in thousandths; ``k`` counts only for a part (``parent``: a product of the draft)."""

    code: str = ""
    duty: str = ""
    detail: str = ""
    name: str
    unit_of_count: str = ""
    complexity: int
    most_points: int = 0
    points: int
    k: int | None = None
    parent: str | None = None
    note: str = ""


class AddProduct(Command, tag="kpi.product.add"):
    """A new row at the end of the draft; without a code it gets the next one."""

    id: str
    given: Given


class ChangeProduct(Command, tag="kpi.product.change"):
    """Other values of a row of the draft."""

    product: str
    given: Given


class RemoveProduct(Command, tag="kpi.product.remove"):
    """Take a row out of the draft."""

    product: str


async def locked() -> None:
    """Wait for whoever changes the catalogue now; SQLite has one writer anyway."""
    if not is_sqlite():
        await rows("SELECT pg_advisory_xact_lock($1)", CATALOGUE_LOCK)


async def drafter(tx: Transaction) -> Verdict:
    """The right to keep the catalogue, under its lock. Raises Refusal ``not_allowed``."""
    await locked()
    _, actor = await actor_of(tx)
    right = keeps_catalogue(actor, today_of(tx))
    if not right:
        raise refuse(right)
    return right


async def the_draft(catalogue: str) -> Version:
    """The draft. Raises Refusal ``gone`` where it is not the one that was looked at: put in force or thrown away meanwhile."""
    found = await of_state("draft", lock=True)
    if found is None or found.id != catalogue:
        raise Refusal("gone", "kpi.catalogue.no_draft")
    return found


async def insert_entries(tx: Transaction, catalogue: str, entries: list[Entry], ids: dict[str, str] | None = None) -> dict[str, str]:
    """Store rows in their order; the identifiers by code. Parts name their whole by its code."""
    ids = ids or {one.code: tx.new_id() for one in entries}
    stored = [
        {
            **{name: getattr(one, name) for name in (*LENGTHS, "complexity", "most_points", "points")},
            "id": ids[one.code],
            "catalogue": catalogue,
            "k": one.k or 0,
            "parent": ids.get(one.parent),
            "sort": place,
        }
        for place, one in enumerate(entries, 1)
    ]
    await insert(KpiProduct, *stored)
    return ids


async def settle(catalogue: str) -> None:
    """Count the coefficients of a draft by its points; those of parts are what was given."""
    found = await of_state("draft")
    products = await products_of(catalogue)
    base = next((one.points for one in products if found is not None and one.id == found.standard), 0)
    if base <= 0:
        return
    for one in products:
        k = coefficient(one.points, base)
        if not one.parent and one.k != k:
            await KpiProduct.update({KpiProduct.k: k}).where(KpiProduct.id == one.id)


@handles(AddProduct)
async def add(tx: Transaction, given: AddProduct) -> dict[str, Any]:
    """Faults of the whole draft are named when it is put in force; here only what can't be stored is refused."""
    right = await drafter(tx)
    found = await of_state("draft", lock=True)
    if found is None:
        raise Refusal("gone", "kpi.catalogue.no_draft")
    products = await products_of(found.id)
    if len(products) >= MOST_ROWS:
        raise Refusal("invalid", "kpi.catalogue.many_rows", count=len(products) + 1, limit=MOST_ROWS)
    made = check_id(given.id)
    if await product_row(made) is not None:
        raise Refusal("conflict", "kpi.catalogue.product_twice")
    values = _values(given.given, products, None, await codes_ever())
    sort = max((one.sort for one in products), default=0) + 1
    await insert(KpiProduct, {**values, "id": made, "catalogue": found.id, "sort": sort})
    await settle(found.id)
    tx.audit("add", "product", made, after=values, on_behalf=right.on_behalf)
    return {"id": made, "code": values["code"]}


@handles(ChangeProduct)
async def change(tx: Transaction, given: ChangeProduct) -> dict[str, Any]:
    """A row of a version that is or was in force never changes."""
    right = await drafter(tx)
    one, found = await _of_draft(given.product)
    values = _values(given.given, await products_of(found.id), one)
    changed = {name: value for name, value in values.items() if value != getattr(one, name)}
    if changed:
        await KpiProduct.update({getattr(KpiProduct, name): value for name, value in changed.items()}).where(KpiProduct.id == one.id)
        await settle(found.id)
        before = {name: getattr(one, name) for name in changed}
        tx.audit("change", "product", one.id, before=before, after=changed, on_behalf=right.on_behalf)
    return {"id": one.id, "code": values["code"]}


@handles(RemoveProduct)
async def remove(tx: Transaction, given: RemoveProduct) -> dict[str, Any]:
    """Not the standard product, and not one that others are parts of."""
    right = await drafter(tx)
    one, found = await _of_draft(given.product)
    if one.id == found.standard:
        raise Refusal("conflict", "kpi.catalogue.remove_standard", product=one.code)
    parts = [other.code for other in await products_of(found.id) if other.parent == one.id]
    if parts:
        raise Refusal("conflict", "kpi.catalogue.remove_whole", product=one.code, parts=", ".join(parts[:10]))
    await KpiProduct.delete().where(KpiProduct.id == one.id)
    tx.audit("remove", "product", one.id, before={"code": one.code, "name": one.name, "duty": one.duty}, on_behalf=right.on_behalf)
    return {"id": one.id}


async def _of_draft(product: str) -> tuple[Row, Version]:
    one = await product_row(product)
    if one is None:
        raise Refusal("not_found", "kpi.catalogue.no_product")
    found = await of_state("draft", lock=True)
    if found is None or found.id != one.catalogue:
        raise Refusal("conflict", "kpi.catalogue.frozen", product=one.code)
    return one, found


def _values(given: Given, products: list[Row], own: Row | None, ever: Iterable[str] = ()) -> dict[str, Any]:
    """The columns that a row gets. Raises Refusal at the field that can't be stored."""
    others = [one for one in products if own is None or one.id != own.id]
    taken = {one.code for one in others}
    if given.complexity not in MOST_POINTS:
        raise Refusal("invalid", "kpi.catalogue.fault.group", field="complexity", value=given.complexity)
    code = given.code if given.code.strip() else own.code if own else next_code({*taken, *ever})
    entry = tidy(Entry(**{**msgspec.structs.asdict(given), "code": code, "parent": ""}))
    for name in too_long(entry):
        raise Refusal("invalid", "kpi.catalogue.too_long", field=name, what=say(f"kpi.catalogue.field.{name}"), limit=LENGTHS[name])
    if not entry.name:
        raise Refusal("invalid", "kpi.catalogue.fault.name_missing", field="name")
    if entry.code in taken:
        raise Refusal("invalid", "kpi.catalogue.fault.code_twice", field="code", value=entry.code)
    if not 0 < entry.most_points <= MOST_POINTS[entry.complexity]:
        most = MOST_POINTS[entry.complexity] // 1000
        raise Refusal("invalid", "kpi.catalogue.most_bad", field="most_points", group=entry.complexity, most=most)
    if not 0 < entry.points <= entry.most_points:
        raise Refusal("invalid", "kpi.catalogue.points_bad", field="points", most=f"{entry.most_points / 1000:g}".replace(".", ","))
    return {**_texts(entry), "parent": _parent(given, others, own), "k": _part_k(given) if given.parent else (own.k if own else 0)}


def _texts(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in (*LENGTHS, "complexity", "most_points", "points")}


def _parent(given: Given, others: list[Row], own: Row | None) -> str | None:
    """The whole that a row is a part of; one level only, as the handbook has it."""
    if not given.parent:
        return None
    whole = next((one for one in others if one.id == given.parent), None)
    if whole is None or whole.parent or (own is not None and any(one.parent == own.id for one in others)):
        raise Refusal("invalid", "kpi.catalogue.parent_bad", field="parent")
    return whole.id


def _part_k(given: Given) -> int:
    if given.k is None or not 0 < given.k <= 1_000_000:
        raise Refusal("invalid", "kpi.catalogue.k_missing", field="k")
    return given.k
