"""What the commands on plans share."""

from server.errors import Refusal
from server.people.directory import Directory
from server.people.rules import Person, may
from server.plans.queries import PlanFacts, plan
from server.storage.transaction import Transaction
from server.tasks.commands.common import actor_of, refuse, today_of


async def importer(tx: Transaction) -> tuple[Directory, Person]:
    """Whoever acts, if he may enter plans. Raises Refusal ``not_allowed``."""
    directory, actor = await actor_of(tx)
    verdict = may(actor, "enter", None, today_of(tx))
    if not verdict:
        raise refuse(verdict)
    return directory, actor


async def own(tx: Transaction, plan_id: str) -> tuple[PlanFacts, Directory, Person]:
    """The actor's own plan, under lock. Raises Refusal ``not_found`` for anybody else's."""
    directory, actor = await importer(tx)
    found = await plan(plan_id, lock=True)
    if found is None or found.created_by != actor.id:
        raise Refusal("not_found", "plans.not_found")
    return found, directory, actor


def require_draft(found: PlanFacts) -> None:
    """Raises Refusal ``conflict`` for a plan whose rows can't be changed: done already, not read yet, or failed."""
    if found.state == "done":
        raise Refusal("conflict", "plans.done_already", count=found.task_count)
    if found.state != "draft":
        raise Refusal("conflict", "plans.not_read")
