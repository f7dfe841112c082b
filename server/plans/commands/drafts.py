"""A plan before its tasks: taken in, read, changed, thrown away."""

from datetime import date
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from server.errors import Refusal
from server.plans.commands.common import importer, own, require_draft
from server.plans.queries import plan as stored_plan
from server.plans.rules.review import Edit
from server.plans.shapes import Limits, Plan
from server.plans.tables import PlanImport
from server.storage.door import Command, handles
from server.storage.transaction import Transaction
from server.tasks.commands.common import Source, check_id

SOURCE_LENGTH = 300


class TakePlan(Command, tag="plan.take"):
    """Somebody gave a document; it is being read."""

    id: str
    name: str
    sha256: str


class KeepPlan(Command, tag="plan.keep"):
    """What was understood of a document. ``alike``: row → the open task whose title is much like it."""

    id: str
    name: str
    sha256: str
    plan: Plan
    alike: dict[int, str] = {}


class FailPlan(Command, tag="plan.fail"):
    """A document could not be read."""

    id: str
    message: str


class EditPlan(Command, tag="plan.edit"):
    """What its reader changed: rows (an edit takes the place of the one before it), the document's own data, what holds for all rows."""

    id: str
    rows: list[Edit] = []
    source: Source | None = None
    default_lead: str | UnsetType | None = UNSET
    past_to: date | UnsetType | None = UNSET
    parents: bool | UnsetType = UNSET


class DropPlan(Command, tag="plan.drop"):
    """Throw away a plan that has no tasks yet."""

    id: str


@handles(TakePlan)
async def take(tx: Transaction, given: TakePlan) -> dict[str, Any]:
    """The plan, before anything of it is known."""
    _, actor = await importer(tx)
    if await stored_plan(check_id(given.id)):
        raise Refusal("conflict", "plans.id_taken")
    made = PlanImport(id=given.id, name=given.name, sha256=given.sha256, state="reading", created_by=actor.id, created_at=tx.now)
    await PlanImport.insert(made)
    return {"id": given.id}


@handles(KeepPlan)
async def keep(tx: Transaction, given: KeepPlan) -> dict[str, Any]:
    """The draft, to be reviewed."""
    _, actor = await importer(tx)
    if not 0 < len(given.plan.rows) <= Limits().rows:
        raise Refusal("invalid", "plans.too_many_rows", name=given.name, count=len(given.plan.rows), limit=Limits().rows)
    found = await stored_plan(check_id(given.id), lock=True)
    if found is not None and (found.created_by != actor.id or found.state != "reading"):
        raise Refusal("conflict", "plans.id_taken")
    heading = given.plan.heading
    values: dict[str, Any] = {
        "state": "draft",
        "title": heading.title,
        "number": heading.number[:SOURCE_LENGTH],
        "day": heading.day,
        "issuer": heading.issuer[:SOURCE_LENGTH],
        "understood": msgspec.json.encode(given.plan).decode(),
        "row_count": len(given.plan.rows),
        "alike": msgspec.json.encode(given.alike).decode(),
    }
    if found is None:
        values |= {"id": given.id, "name": given.name, "sha256": given.sha256, "created_by": actor.id, "created_at": tx.now}
        await PlanImport.insert(PlanImport(**values))
    else:
        await PlanImport.update({getattr(PlanImport, name): value for name, value in values.items()}).where(PlanImport.id == given.id)
    return {"id": given.id, "rows": len(given.plan.rows)}


@handles(FailPlan)
async def fail(tx: Transaction, given: FailPlan) -> dict[str, Any]:
    """The sentence stays, for whoever left and comes back."""
    found, _, _ = await own(tx, given.id)
    if found.state == "reading":
        await PlanImport.update({PlanImport.state: "failed", PlanImport.message: given.message}).where(PlanImport.id == given.id)
    return {"id": given.id}


@handles(EditPlan)
async def edit(tx: Transaction, given: EditPlan) -> dict[str, Any]:
    """Remember the changes; nothing is judged before the plan is confirmed."""
    found, directory, _ = await own(tx, given.id)
    require_draft(found)
    edits = dict(found.edits)
    for one in given.rows:
        if not 1 <= one.row <= found.row_count:
            raise Refusal("invalid", "plans.no_such_row", row=one.row)
        edits.pop(one.row, None)
        if one != Edit(row=one.row):
            edits[one.row] = one
    values: dict[str, Any] = {"edits": msgspec.json.encode(list(edits.values())).decode()}
    if given.source is not None:
        source = given.source
        for name, text in (("number", source.number), ("issuer", source.issuer)):
            if len(text) > SOURCE_LENGTH:
                raise Refusal("invalid", "plans.row.text_long", field=f"source_{name}", limit=SOURCE_LENGTH)
        values |= {"number": source.number.strip(), "day": source.date, "issuer": source.issuer.strip()}
    if given.default_lead is not UNSET:
        if given.default_lead is not None and given.default_lead not in directory.people:
            raise Refusal("invalid", "people.unknown_person", field="default_lead")
        values["default_lead"] = given.default_lead
    for name in ("past_to", "parents"):
        if getattr(given, name) is not UNSET:
            values[name] = getattr(given, name)
    await PlanImport.update({getattr(PlanImport, name): value for name, value in values.items()}).where(PlanImport.id == given.id)
    return {"id": given.id}


@handles(DropPlan)
async def drop(tx: Transaction, given: DropPlan) -> dict[str, Any]:
    """Nothing is lost: the document is where it came from."""
    found, _, _ = await own(tx, given.id)
    if found.state == "done":
        raise Refusal("conflict", "plans.done_already", count=found.task_count)
    await PlanImport.delete().where(PlanImport.id == given.id)
    return {"id": given.id}
