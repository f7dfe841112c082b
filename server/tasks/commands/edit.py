"""What whoever manages a task changes: its fields, its status, the bin."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from server.errors import Refusal
from server.people.directory import Directory
from server.storage.door import Command, handles
from server.storage.engine import row
from server.storage.transaction import Transaction
from server.tasks import rules
from server.tasks.commands.assign import managers_and_people
from server.tasks.commands.clash import tell_both
from server.tasks.commands.common import (
    Loaded,
    Source,
    answer,
    check_parent_open,
    load,
    quantity_of,
    reason_of,
    refuse,
    reindex,
    require,
    rescope,
    roll_up,
    save,
    text_of,
    told,
)
from server.tasks.commands.create import LEAST_QUANTITY, check_dates, check_parent, levels_below, title_of, unit_of
from server.tasks.commands.products import check_parts, product_of, product_text
from server.tasks.queries.products import product
from server.words import catalogue, say


class Edit(Command, tag="task.edit"):
    """New values of fields; ``base`` holds the values that the editor saw, so that a clash is noticed field by field."""

    task: str
    fields: dict[str, Any]
    base: dict[str, Any] = {}
    reason: str = ""


class SetStatus(Command, tag="task.status"):
    """Pause, resume, cancel, reopen."""

    task: str
    to: str
    reason: str = ""


class Bin(Command, tag="task.bin"):
    """Put a task into the bin, for 30 days."""

    task: str
    reason: str = ""


class Restore(Command, tag="task.restore"):
    """Take a task out of the bin."""

    task: str


def _date(value: Any, _: Directory) -> date | None:
    return msgspec.convert(value, date) if value else None


def _text(name: str) -> Callable[[Any, Directory], str]:
    return lambda value, _: text_of(msgspec.convert(value or "", str), name)


def _field(value: Any, directory: Directory) -> str | None:
    if value and (not isinstance(value, str) or value not in directory.fields):
        raise Refusal("invalid", "tasks.field_unknown", field="field")
    return msgspec.convert(value, str) if value else None


def _code(value: Any, _: Directory) -> str | None:
    return msgspec.convert(value, Annotated[str, msgspec.Meta(max_length=36)] | None) or None


def _one_of(kind: Any) -> Callable[[Any, Directory], Any]:
    return lambda value, _: msgspec.convert(value, kind)


#: The fields that ``task.edit`` takes, each with what makes a stored value of it.
CHANGEABLE: dict[str, Callable[[Any, Directory], Any]] = {
    "title": lambda value, _: title_of(msgspec.convert(value, str)),
    "description": _text("description"),
    "start": _date,
    "due": _date,
    "no_due": _one_of(Literal["none", "ongoing"] | None),
    "priority": _one_of(rules.Priority),
    "kind": _one_of(rules.Kind),
    "unit": unit_of,
    "field": _field,
    "product": _code,
    "product_text": _text("product_text"),
    "quantity": lambda value, _: quantity_of(msgspec.convert(value, float, strict=False), LEAST_QUANTITY) or 1000,
    "source": _one_of(Source | None),
    "parent": _code,
}


#: The fields whose words find a task.
INDEXED = {"title", "description", "source_number", "product_text"}


def _said(name: str) -> str:
    """A field as people call it."""
    return catalogue().get(f"tasks.field.{name}", name[:40])


def converted(name: str, value: Any, directory: Directory) -> dict[str, Any]:
    """The columns and values that one edited field means. Raises Refusal for an unknown field or a bad value."""
    maker = CHANGEABLE.get(name)
    if maker is None:
        raise Refusal("invalid", "tasks.field_not_editable", field=name, what=_said(name))
    try:
        made = maker(value, directory)
    except msgspec.ValidationError:
        raise Refusal("invalid", "tasks.field_value_bad", field=name, what=_said(name), value=str(value)[:80]) from None
    if name == "source":
        source = made or Source()
        return {"source_number": source.number.strip(), "source_date": source.date, "source_issuer": source.issuer.strip()}
    return {name: made}


def as_seen(name: str, value: Any, directory: Directory) -> dict[str, Any]:
    """What the editor saw. What no field can hold now (a closed unit, none at all) is still what he saw: it only differs."""
    try:
        return converted(name, value, directory)
    except Refusal:
        return {name: value}


@handles(Edit)
async def edit(tx: Transaction, given: Edit) -> dict[str, Any]:
    """Field by field: the later of two edits of one field wins, both values stay on record, and the earlier author is told."""
    loaded = await load(tx, given.task)
    right = require("edit", loaded, tx)
    values: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    for name, value in given.fields.items():
        values |= converted(name, value, loaded.directory)
        if name in given.base:
            seen |= as_seen(name, given.base[name], loaded.directory)
    if "product" in values:
        values["product"] = await product_of(values["product"], loaded.task["product"])
    before = {name: loaded.task[name] for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if "parent" in changed:
        await check_new_parent(tx, loaded, changed["parent"])
    changed |= why_no_due(changed, loaded.task)
    check_dates(changed.get("start", loaded.task["start"]), changed.get("due", loaded.task["due"]))
    if not changed:
        return answer(loaded)
    clashes = {name: before[name] for name in changed if name in seen and seen[name] != before[name]}
    old_parent = loaded.task["parent"]
    before = {name: loaded.task[name] for name in changed}
    await save(tx, loaded, changed)
    if INDEXED & changed.keys():
        await reindex(loaded.task)
    if "unit" in changed:
        await rescope(tx, loaded.task, loaded.people, loaded.followers, loaded.directory)
    await check_shares_of_product(loaded, changed)
    if "parent" in changed:
        await roll_up(tx, old_parent)
        await roll_up(tx, changed["parent"])
    named = await named_products(before, changed)
    after = {
        **changed,
        **named[1],
        **({"reason": given.reason.strip()} if given.reason.strip() else {}),
        **({"clash": list(clashes)} if clashes else {}),
    }
    tx.audit("edit", "task", loaded.id, before={**before, **named[0]}, after=after, on_behalf=right.on_behalf)
    clash_values = await tell_both(tx, loaded, clashes) if clashes else {}
    if "due" in changed:
        tx.message("task.due_changed", loaded.people, subject=loaded.id, data=told(loaded), slot="due")
    return answer(loaded, changed=list(changed), clashes=list(clashes), clash_values=clash_values)


#: What changes how much of a product a task makes.
WEIGHING = {"product", "quantity", "parent"}


async def check_shares_of_product(loaded: Loaded, changed: dict[str, Any]) -> None:
    """Raises Refusal where a stored change makes the parts of a product more than the whole, above this task or below it."""
    if not WEIGHING & changed.keys():
        return
    await check_parts(loaded.task["parent"])
    if loaded.task["children"]:
        await check_parts(loaded.id)


async def named_products(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """What the record says of another product besides its identifier: its name and coefficient, as they were that day."""
    if "product" not in after or before.get("product") == after["product"]:
        return {}, {}
    old, new = product_text(await product(before.get("product"))), product_text(await product(after["product"]))
    return {"product_label": old}, {"product_label": new}


def why_no_due(values: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    """What ``no_due`` becomes with these values: nothing beside a due date, a reason where there is none."""
    if "due" not in values and "no_due" not in values:
        return {}
    due = values.get("due", task["due"])
    reason = None if due else values.get("no_due", task["no_due"]) or "none"
    return {"no_due": reason} if "no_due" in values or reason != task["no_due"] else {}


async def check_new_parent(tx: Transaction, loaded: Loaded, parent: str | None) -> None:
    """Raises Refusal for a parent that is the task itself or below it, that takes no children, or where its own would lie too deep."""
    up = parent
    while up:
        if up == loaded.id:
            raise Refusal("invalid", "tasks.parent_cycle", field="parent")
        found = await row("SELECT parent FROM task WHERE id = $1", up)
        up = found["parent"] if found else None
    await check_parent(tx, parent, await levels_below(loaded.id))


@handles(SetStatus)
async def set_status(tx: Transaction, given: SetStatus) -> dict[str, Any]:
    """R10: creator, director, deputy directors and the delegate. A pause and a cancellation want a reason."""
    loaded = await load(tx, given.task)
    moves: dict[tuple[str, str], rules.Move] = {
        ("to", "paused"): "pause",
        ("to", "cancelled"): "cancel",
        ("paused", "in_progress"): "resume",
        ("paused", "not_started"): "resume",
        ("cancelled", "not_started"): "reopen",
        ("cancelled", "in_progress"): "reopen",
    }
    move = moves.get((loaded.task["status"], given.to)) or moves.get(("to", given.to))
    if move is None:
        if given.to == "in_progress":
            move = "resume"
        else:
            status = say(f"tasks.status.{given.to}") if given.to in rules.OPEN + rules.CLOSED else given.to[:40]
            raise Refusal("invalid", "tasks.status_unknown", field="to", status=status)
    right = require(move, loaded, tx)
    if move == "reopen":
        await check_parent_open(loaded)
    reason = reason_of(given.reason) if move in ("pause", "cancel") else given.reason.strip()
    before = loaded.task["status"]
    if move == "pause":
        values: dict[str, Any] = {"status": "paused", "paused_from": before}
    elif move == "cancel":
        values = {"status": "cancelled", "paused_from": before}
    else:
        values = {"status": _before_it_stopped(loaded.task), "paused_from": None}
    await save(tx, loaded, values)
    if loaded.task["parent"]:
        if move == "reopen":
            await check_parts(loaded.task["parent"])
        await roll_up(tx, loaded.task["parent"])
    tx.audit(
        move, "task", loaded.id, before={"status": before}, after={"status": values["status"], "reason": reason}, on_behalf=right.on_behalf
    )
    data = told(loaded, status=values["status"], reason=reason)
    tx.message("task.status", loaded.people, subject=loaded.id, data=data, slot="status")
    return answer(loaded)


def _before_it_stopped(task: dict[str, Any]) -> rules.Status:
    """The state that a paused or cancelled task goes back to. What nobody ever approved stays a proposal: reopening is no approval."""
    if task["assigner"] is None:
        return "proposed"
    return "in_progress" if task["started_at"] else "not_started"


@handles(Bin)
async def put_in_bin(tx: Transaction, given: Bin) -> dict[str, Any]:
    """Nobody sees it in a list any more; for 30 days it can come back."""
    loaded = await load(tx, given.task)
    if loaded.task["deleted_at"] is not None:
        # Somebody else was first: nothing is left to do, but only for whoever may do it.
        right = rules.right_to("bin", loaded.actor, loaded.facts, loaded.today)
        if not right:
            raise refuse(right)
        return answer(loaded)
    right = require("bin", loaded, tx)
    await save(tx, loaded, {"deleted_at": tx.now, "deleted_by": loaded.actor.id})
    tx.change("scope", loaded.id)
    await roll_up(tx, loaded.task["parent"])
    tx.audit("bin", "task", loaded.id, after={"reason": given.reason.strip()}, on_behalf=right.on_behalf)
    tx.message("task.binned", managers_and_people(loaded), subject=loaded.id, data=told(loaded))
    return answer(loaded)


@handles(Restore)
async def restore(tx: Transaction, given: Restore) -> dict[str, Any]:
    """Back as it was."""
    loaded = await load(tx, given.task)
    right = rules.allowed("restore", loaded.actor, loaded.facts, loaded.today, tx.now)
    if not right:
        raise refuse(right)
    await check_parent_open(loaded)
    await save(tx, loaded, {"deleted_at": None, "deleted_by": None})
    tx.change("scope", loaded.id)
    await check_parts(loaded.task["parent"])
    await roll_up(tx, loaded.task["parent"])
    tx.audit("restore", "task", loaded.id, on_behalf=right.on_behalf)
    return answer(loaded)
