"""Creating the tasks of a plan: all of them or none."""

import asyncio
import hashlib
from typing import Any

from server.errors import Refusal
from server.people.directory import Directory
from server.people.rules import Person
from server.plans import working
from server.plans.commands.common import own, require_draft
from server.plans.queries import PlanFacts, made_of
from server.plans.review import review
from server.plans.rules.review import Chosen, Problem
from server.plans.shapes import Row
from server.plans.tables import PlanImport
from server.storage.door import Command, handles, inside
from server.storage.engine import is_sqlite, rows
from server.storage.transaction import Transaction
from server.tasks import rules
from server.tasks.commands.common import Share, Source, today_of
from server.tasks.commands.create import CreateTask
from server.words import say

#: The advisory lock on PostgreSQL: of two plans that hold the same row only one creates it.
CONFIRM_LOCK = 5_717_719
#: Tasks after which others get their turn and the progress is told.
BREATH = 10
#: More groups than this are not made parents: each new task would count the whole group again.
MOST_WITH_PARENTS = 500


class ConfirmPlan(Command, tag="plan.confirm"):
    """Create the tasks of a plan that its reader has reviewed."""

    id: str


class RowsRefused(Refusal):
    """Some rows can't become tasks; nothing was created. ``problems`` says which and why."""

    def __init__(self, found: list[Problem], titles: dict[int, str]) -> None:
        self.problems = found
        self.titles = {row: title.strip() or say("plans.row.untitled") for row, title in titles.items()}
        count = len({problem.row for problem in found})
        first, named = found[0], short(self.titles[found[0].row])
        super().__init__("invalid", "plans.rows_refused", count=count, row=first.row, title=named, why=first.message)


def short(title: str, length: int = 60) -> str:
    """The beginning of a title."""
    return title if len(title) <= length else f"{title[: length - 1].rstrip()}…"


@handles(ConfirmPlan)
async def confirm(tx: Transaction, given: ConfirmPlan) -> dict[str, Any]:
    """One task for each row that is kept and not a task yet. Raises RowsRefused with every row that can't be one; then there is none."""
    found, directory, actor = await own(tx, given.id)
    if found.state == "done":
        return {"id": found.id, "count": found.task_count, "again": True}
    require_draft(found)
    if not is_sqlite():
        await rows("SELECT pg_advisory_xact_lock($1)", CONFIRM_LOCK)
    todo = await _todo(tx, found, directory, actor)
    parents = await _Parents.of(tx, found, todo) if found.parents and len(todo) <= MOST_WITH_PARENTS else None
    numbers: list[str] = []
    for place, (row, chosen) in enumerate(todo):
        try:
            above = await parents.parent(row, chosen) if parents else None
            made = await inside(tx, task_of(tx, found, row, chosen, above))
        except Refusal as refusal:
            raise RowsRefused([Problem(row.row, refusal.field or "", refusal.message)], {row.row: chosen.title}) from None
        numbers.append(made["number"])
        if place % BREATH == 0:
            working.tell(found.id, place, len(todo))
            await asyncio.sleep(0)
    made_count = len(numbers) + (parents.made if parents else 0)
    await PlanImport.update({PlanImport.state: "done", PlanImport.confirmed_at: tx.now, PlanImport.task_count: made_count}).where(
        PlanImport.id == found.id
    )
    after = {"name": found.name, "number": found.number, "tasks": made_count, "first": numbers[0], "last": numbers[-1]}
    tx.audit("confirm", "plan", found.id, after=after)
    return {"id": found.id, "count": made_count, "numbers": numbers}


async def _todo(tx: Transaction, found: PlanFacts, directory: Directory, actor: Person) -> list[tuple[Row, Chosen]]:
    seen = await review(found, directory, actor, today_of(tx))
    todo = [(one.row, one.chosen) for one in seen.todo]
    refused = [problem for one in seen.todo for problem in one.problems]
    if refused:
        raise RowsRefused(refused, {row.row: chosen.title for row, chosen in todo})
    if not todo:
        raise Refusal("invalid", "plans.all_created" if all(one.made for one in seen.rows) else "plans.nothing_to_create")
    return todo


def task_of(tx: Transaction, found: PlanFacts, row: Row, chosen: Chosen, parent: str | None) -> CreateTask:
    """The command that makes a row a task. Leads and partners of other offices stay as the plan writes them."""
    lines = [say("plans.described.group", path=" › ".join(row.group_path)) if row.group_path else "", chosen.note]
    return CreateTask(
        id=tx.new_id(),
        title=chosen.title,
        description="\n".join(line for line in lines if line),
        lead=chosen.lead,
        collaborators=[Share(person) for person in chosen.collaborators],
        start=chosen.start,
        due=chosen.due,
        no_due="ongoing" if chosen.cadence == "ongoing" else "none",
        cadence=chosen.cadence,
        due_text=row.due_text,
        product_text=chosen.product,
        source=Source(number=found.number, date=found.day, issuer=found.issuer),
        outside_leads=row.lead_text,
        outside_partners=row.partners_text,
        parent=parent,
        plan=found.id,
        plan_row=row.key,
    )


class _Parents:
    """A task above the rows of each group, made when its first row comes."""

    def __init__(self, tx: Transaction, found: PlanFacts, known: dict[str, str]) -> None:
        self.tx, self.found, self.known = tx, found, known
        self.made = 0

    @classmethod
    async def of(cls, tx: Transaction, found: PlanFacts, todo: list[tuple[Row, Chosen]]) -> "_Parents":
        """With the parents that an earlier reading of the same plan made."""
        keys = list(dict.fromkeys(group_key(row) for row, _ in todo if row.group))
        return cls(tx, found, {key: made.id for key, made in (await made_of(keys)).items()})

    async def parent(self, row: Row, chosen: Chosen) -> str | None:
        """The parent of a row, or None for a row without a group."""
        if not row.group:
            return None
        key = group_key(row)
        if key not in self.known:
            made = await inside(
                self.tx,
                CreateTask(
                    id=self.tx.new_id(),
                    title=row.group[: rules.TITLE_LENGTH],
                    lead=self.found.default_lead or chosen.lead,
                    no_due="none",
                    source=Source(number=self.found.number, date=self.found.day, issuer=self.found.issuer),
                    plan=self.found.id,
                    plan_row=key,
                ),
            )
            self.known[key] = made["id"]
            self.made += 1
        return self.known[key]


def group_key(row: Row) -> str:
    """What names the parent task of a row's group, in any reading of the plan."""
    return hashlib.sha256("\x1f".join(["group", *row.group_path]).encode()).hexdigest()[:32]
