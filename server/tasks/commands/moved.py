"""When somebody changes his room, other leaders see the tasks that he is on."""

from server.people.commands import EditPerson
from server.people.queries import directory as read_directory
from server.storage.door import follows
from server.storage.engine import rows
from server.storage.transaction import Transaction
from server.tasks.commands.common import rescope


@follows(EditPerson)
async def rescope_tasks_of(tx: Transaction, given: EditPerson) -> None:
    """Bring ``TaskScope`` of every task that he is on in line with his new room."""
    if given.unit is None:
        return
    directory = await read_directory()
    found = await rows(
        "SELECT t.id, t.creator, t.assigner, t.delegate, t.unit FROM task t "
        "JOIN assignment a ON a.task = t.id WHERE a.person = $1 AND a.until IS NULL",
        given.person,
    )
    for task in found:
        people = await rows("SELECT person FROM assignment WHERE task = $1 AND until IS NULL", task["id"])
        followers = await rows("SELECT person FROM follower WHERE task = $1", task["id"])
        await rescope(tx, task, [one["person"] for one in people], [one["person"] for one in followers], directory)
        tx.change("task", task["id"])
