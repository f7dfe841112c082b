"""A look that was refused leaves an entry."""

from typing import Any

from server.storage.door import Command, handles
from server.storage.engine import row
from server.storage.transaction import Transaction


class Refused(Command, tag="task.look_refused"):
    """Somebody asked for a task that he may not see."""

    task: str


@handles(Refused)
async def refused_look(tx: Transaction, given: Refused) -> dict[str, Any]:
    """Written down only for tasks that exist: addresses that never were tell nothing."""
    if await row("SELECT id FROM task WHERE id = $1", given.task):
        tx.audit("refused_look", "task", given.task)
    return {}
