"""Creating and proposing tasks."""

import uuid
from datetime import date
from typing import Any, Literal

from server.errors import Refusal
from server.people.directory import Directory
from server.people.rules import Person, Verdict, may
from server.storage.door import Command, handles
from server.storage.engine import insert, is_sqlite, places, row, rows
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction
from server.tasks import rules
from server.tasks.commands.common import (
    Share,
    Source,
    actor_of,
    check_id,
    load,
    quantity_of,
    refuse,
    reindex,
    rescope,
    roll_up,
    text_of,
    today_of,
)
from server.tasks.commands.products import check_parts, product_of
from server.tasks.tables import Assignment, ChecklistItem, Follower, Task

#: The smallest quantity of work that a task is about.
LEAST_QUANTITY = 0.001

#: What a report counts a task by, besides its people and its dates: on record from its first entry on.
COUNTED_BY = ("unit", "field", "priority", "kind", "plan")

NoDue = Literal["none", "ongoing"]


class NewTask(Command):
    """What a new task says. ``no_due`` says why it has no due date; the outside texts and ``plan`` come from an imported plan."""

    id: str
    title: str
    description: str = ""
    lead: str | None = None
    collaborators: list[Share] = []
    followers: list[str] = []
    start: date | None = None
    due: date | None = None
    no_due: NoDue | None = None
    cadence: Literal["once", "recurring", "ongoing"] | None = None
    due_text: str = ""
    priority: rules.Priority = "normal"
    unit: str | None = None
    field: str | None = None
    parent: str | None = None
    product: str | None = None
    product_text: str = ""
    quantity: float | None = 1
    kind: rules.Kind = "planned"
    checklist: list[str] = []
    source: Source | None = None
    outside_leads: str = ""
    outside_partners: str = ""
    plan: str | None = None
    plan_row: str | None = None


class CreateTask(NewTask, tag="task.create"):
    """Create a task and give it to people."""


class ProposeTask(NewTask, tag="task.propose"):
    """Propose a task; somebody who may assign decides (R6)."""


@handles(CreateTask)
async def create(tx: Transaction, given: CreateTask) -> dict[str, Any]:
    """A task with its lead, at once. Refused to whoever may not assign to the people it names (R4)."""
    directory, actor = await actor_of(tx)
    if given.lead is None:
        raise Refusal("invalid", "tasks.lead_missing", field="lead")
    check_people(directory, given.lead, given.collaborators, given.followers)
    behalf = assigning(actor, given.lead, given.collaborators, directory, today_of(tx))
    return await _store(tx, given, directory, actor, "not_started", behalf.on_behalf)


@handles(ProposeTask)
async def propose(tx: Transaction, given: ProposeTask) -> dict[str, Any]:
    """A proposal: nobody is given anything until it is approved."""
    directory, actor = await actor_of(tx)
    if actor.position == "admin" or not actor.active:
        raise refuse(may(actor, "enter", None, today_of(tx)))
    check_people(directory, given.lead, given.collaborators, given.followers)
    return await _store(tx, given, directory, actor, "proposed", None)


def check_people(directory: Directory, lead: str | None, collaborators: list[Share], followers: list[str]) -> list[int]:
    """The collaborators' shares in thousandths.

    Raises Refusal for a stranger, somebody who left, anybody named twice, shares of 100 % or more.
    """
    named = [*([lead] if lead else []), *(one.person for one in collaborators), *followers]
    if len(named) > rules.PEOPLE_LIMIT:
        raise Refusal("invalid", "tasks.people_many", field="collaborators", limit=rules.PEOPLE_LIMIT)
    seen: set[str] = set()
    for person in named:
        profile = directory.people.get(person)
        if profile is None:
            raise Refusal("invalid", "people.unknown_person", field="lead" if person == lead else "collaborators")
        if not profile.active:
            raise Refusal("invalid", "tasks.lead_left", field="lead" if person == lead else "collaborators", name=profile.name)
        if person in seen:
            raise Refusal("invalid", "tasks.person_twice", field="collaborators", name=profile.name)
        seen.add(person)
    try:
        return rules.shares([one.share for one in collaborators])
    except ValueError:
        raise Refusal("invalid", "tasks.shares_bad", field="collaborators") from None


def assigning(actor: Person, lead: str, collaborators: list[Share], directory: Directory, at: date) -> Verdict:
    """The right to assign to all of them; lent if any of it is lent. Raises Refusal naming the rule."""
    verdict = may(actor, "assign", directory.actor(lead), at)
    if not verdict:
        raise refuse(verdict)
    for one in collaborators:
        other = may(actor, "assign", directory.actor(one.person), at)
        if not other and actor.id != one.person:
            raise refuse(other)
        if other.on_behalf and not verdict.on_behalf:
            verdict = other
    return verdict


def check_dates(start: date | None, due: date | None) -> None:
    """Raises Refusal when the due date is before the start."""
    if start and due and due < start:
        raise Refusal("invalid", "tasks.due_before_start", field="due", due=f"{due:%d/%m/%Y}", start=f"{start:%d/%m/%Y}")


def code_of(given: str | None, field: str, longest: int = 36) -> str | None:
    """An identifier of something outside this area. Raises Refusal for what the column can't hold."""
    if given and len(given) > longest:
        raise Refusal("invalid", "tasks.field_value_bad", field=field, what=field, value=given[:80])
    return given or None


def title_of(text: str) -> str:
    """A title on one line. Raises Refusal when it is empty or too long."""
    title = " ".join(text.split())
    if not title:
        raise Refusal("invalid", "tasks.title_missing", field="title")
    if len(title) > rules.TITLE_LENGTH:
        raise Refusal("invalid", "tasks.title_long", field="title", length=len(title), limit=rules.TITLE_LENGTH)
    return title


def unit_of(given: Any, directory: Directory) -> str:
    """A unit inside an office. Raises Refusal for any other: no leader would see its tasks."""
    if not isinstance(given, str) or directory.centre_of(given) is None:
        raise Refusal("invalid", "people.unknown_unit", field="unit")
    return given


async def levels_below(task: str) -> int:
    """How many levels of children lie under a task."""
    levels, level = 0, [task]
    while level and levels < rules.DEPTH_LIMIT:
        level = [one["id"] for one in await rows(f"SELECT id FROM task WHERE parent IN ({places(len(level))})", *level)]
        levels += bool(level)
    return levels


async def check_parent(tx: Transaction, parent: str | None, below: int = 0) -> str | None:
    """The parent's id; ``below`` is how many levels the new child brings. Raises Refusal for one that can't take children.

    Everything above it is locked on the way up, as every roll-up does, and before the counter of numbers: one order, so no deadlock.
    """
    if not parent:
        return None
    above = await load(tx, parent)
    verdict = rules.allowed("split", above.actor, above.facts, above.today, tx.now)
    if not verdict:
        raise refuse(verdict)
    levels, up = 2 + below, above.task["parent"]
    while up:
        levels += 1
        found = await row(f"SELECT parent FROM task WHERE id = $1{'' if is_sqlite() else ' FOR UPDATE'}", up)
        up = found["parent"] if found else None
    if levels > rules.DEPTH_LIMIT:
        raise Refusal("invalid", "tasks.parent_deep", field="parent", limit=rules.DEPTH_LIMIT)
    return parent


async def next_ordinal(year: int) -> int:
    """The next number of the year; its row stays locked until the commit, so there are neither gaps nor doubles."""
    found = await row(
        "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        f"task:{year}",
    )
    assert found is not None
    return year * 1_000_000 + int(found["value"])


async def _store(
    tx: Transaction, given: NewTask, directory: Directory, actor: Person, status: rules.Status, behalf: str | None
) -> dict[str, Any]:
    task_id = check_id(given.id)
    check_dates(given.start, given.due)
    if given.field and given.field not in directory.fields:
        raise Refusal("invalid", "tasks.field_unknown", field="field")
    lead = directory.people.get(given.lead or "")
    unit = unit_of(given.unit or (lead.unit if lead else None) or actor.unit, directory)
    if len(given.checklist) > rules.CHECKLIST_LIMIT:
        raise Refusal("invalid", "tasks.checklist_many", field="checklist", limit=rules.CHECKLIST_LIMIT)
    parent = await check_parent(tx, given.parent)
    assigned = status != "proposed"
    assigner = (behalf or actor.id) if assigned else None
    source = given.source or Source()
    cadence = given.cadence or ("ongoing" if given.no_due == "ongoing" else "once")
    ordinal = await next_ordinal(tx.now.astimezone(LOCAL).year)
    # Asked only now: whoever was first with this identifier held the counter until he had committed.
    if await row("SELECT id FROM task WHERE id = $1", task_id):
        raise Refusal("conflict", "tasks.id_taken", field="id")
    task: dict[str, Any] = {
        "id": task_id,
        "ordinal": ordinal,
        "title": title_of(given.title),
        "description": text_of(given.description, "description"),
        "status": status,
        "percent": 0,
        "priority": given.priority,
        "kind": given.kind,
        "start": given.start,
        "due": given.due,
        "no_due": None if given.due else (given.no_due or ("ongoing" if cadence == "ongoing" else "none")),
        "cadence": cadence,
        "due_text": text_of(given.due_text, "due_text"),
        "unit": unit,
        "field": given.field,
        "parent": parent,
        "product": await product_of(code_of(given.product, "product")),
        "product_text": text_of(given.product_text, "product_text"),
        "quantity": quantity_of(given.quantity, LEAST_QUANTITY) or 1000,
        "creator": actor.id,
        "assigner": assigner,
        "assigner_position": directory.people[assigner].position if assigner else None,
        "delegate": actor.id if assigned and behalf else None,
        "lead": given.lead,
        "outside_leads": text_of(given.outside_leads, "outside_leads"),
        "outside_partners": text_of(given.outside_partners, "outside_partners"),
        "source_number": text_of(source.number, "source"),
        "source_date": source.date,
        "source_issuer": text_of(source.issuer, "source"),
        "plan": code_of(given.plan, "plan"),
        "plan_row": code_of(given.plan_row, "plan_row", 64),
        "created_at": tx.now,
        "changed_at": tx.now,
        "demo": tx.source == "demo",
    }
    await insert(Task, task)
    await store_people(tx, task_id, given.lead, given.collaborators)
    if given.followers:
        await Follower.insert(*(Follower(id=tx.new_id(), task=task_id, person=one) for one in given.followers))
    items = [text_of(text, "checklist") for text in given.checklist if text.strip()]
    if items:
        await ChecklistItem.insert(
            *(ChecklistItem(id=item_id(task_id, place), task=task_id, text=text, sort=place) for place, text in enumerate(items))
        )
    on_it = [*([given.lead] if given.lead else []), *(one.person for one in given.collaborators)]
    await rescope(tx, task, on_it, given.followers, directory)
    await reindex(task)
    if parent:
        await check_parts(parent)
        await roll_up(tx, parent)
    number = rules.number(task["ordinal"])
    tx.audit(
        "create" if assigned else "propose",
        "task",
        task_id,
        after={
            "number": number,
            "title": task["title"],
            "lead": given.lead,
            "collaborators": [one.person for one in given.collaborators],
            "followers": given.followers,
            "due": given.due,
            "status": status,
            **{name: task[name] for name in COUNTED_BY},
        },
        on_behalf=behalf,
    )
    tx.change("task", task_id)
    said = {"number": number, "title": task["title"], "due": given.due.isoformat() if given.due else None, "by": tx.actor}
    if assigned:
        tx.message("task.assigned", on_it, subject=task_id, data=said, slot="part")
    else:
        tx.message("task.proposed", deciders(directory, task, today_of(tx)), subject=task_id, data=said)
    return {"id": task_id, "number": number, "status": status, "version": 1}


async def store_people(tx: Transaction, task_id: str, lead: str | None, collaborators: list[Share]) -> None:
    """Store the lead's part and the collaborators'; the lead has what the shares leave."""
    parts = rules.shares([one.share for one in collaborators])
    found = [
        {"id": tx.new_id(), "task": task_id, "person": one.person, "role": "collaborator", "share": share, "since": tx.now}
        for one, share in zip(collaborators, parts, strict=True)
    ]
    if lead:
        found.insert(0, {"id": tx.new_id(), "task": task_id, "person": lead, "role": "lead", "share": 1000 - sum(parts), "since": tx.now})
    if found:
        await insert(Assignment, *found)


def item_id(task_id: str, place: int) -> str:
    """The identifier of a checklist item that came with its task: the same on every device that knows the task."""
    return str(uuid.uuid5(uuid.UUID(task_id), str(place)))


def deciders(directory: Directory, task: dict[str, Any], at: date) -> list[str]:
    """Who is told of a proposal: the leaders of its room or, where it has none, whoever enters tasks for the centre."""
    path = directory.path(task["unit"])
    heads = [one.id for one in directory.people.values() if one.active and one.position == "head" and one.unit in path]
    if heads and task["creator"] not in heads:
        return heads
    others = (directory.actor(one.id) for one in directory.people.values() if one.active)
    return [one.id for one in others if one.position == "director" or may(one, "enter", None, at).on_behalf]
