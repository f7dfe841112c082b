"""What a task may say of the product that it makes (Đ13, Đ18.1)."""

from server.errors import Refusal
from server.storage.engine import is_sqlite, row
from server.tasks.queries.products import Product, product, product_by_code
from server.tasks.show.values import amount
from server.words import say

#: Children that make nothing of their parent's product.
IDLE = "('cancelled', 'declined')"


def product_text(one: Product | None) -> str:
    """``Tên sản phẩm (hệ số 1,6)``, or nothing."""
    return say("tasks.show.product", name=one.name, k=amount(one.k)) if one else ""


async def product_of(given: str | None, has: str | None = None) -> str | None:
    """The product that a task gets: a row of the version in force, or the one that it ``has`` already.

    A row of an earlier version, chosen before the next one came into force (a form left open, a device without a network), is the row of
    the same code now. Raises Refusal ``invalid`` for any other.
    """
    if not given or given == has:
        return given or None
    found = await product(given)
    if found is not None and not found.active:
        found = await product_by_code(found.code)
    if found is None:
        raise Refusal("invalid", "tasks.product_unknown", field="product")
    return found.id


async def check_parts(task_id: str | None) -> None:
    """Raises Refusal where the children of a task make more than its own product is worth: each coefficient × quantity (Đ18.1c)."""
    if not task_id:
        return
    # Under lock, as every roll-up goes upwards: two children that come at once are counted one after the other.
    whole = await row(f"SELECT product, quantity FROM task WHERE id = $1{'' if is_sqlite() else ' FOR UPDATE'}", task_id)
    above = await product(whole["product"]) if whole else None
    if whole is None or above is None:
        return
    parts = await row(
        "SELECT sum(CAST(c.quantity AS bigint) * p.k) AS total FROM task c JOIN kpi_product p ON p.id = c.product "
        f"WHERE c.parent = $1 AND c.deleted_at IS NULL AND c.status NOT IN {IDLE}",
        task_id,
    )
    total, most = int((parts or {}).get("total") or 0), whole["quantity"] * above.k
    if total > most:
        said = {"name": above.name[:80], "sum": amount(round(total / 1000)), "most": amount(round(most / 1000))}
        raise Refusal("invalid", "tasks.parts_over", field="product", **said)
