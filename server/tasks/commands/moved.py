"""When somebody changes his room or his position, leaves or returns, other people see his tasks or may do other things with them."""

from server.people.commands import DisablePerson, EditPerson, EnablePerson
from server.people.queries import directory as read_directory
from server.storage.door import follows
from server.storage.engine import rows
from server.storage.transaction import Transaction
from server.tasks.commands.common import rescope


@follows(EditPerson)
async def place_changed(tx: Transaction, given: EditPerson) -> None:
    """Bring ``TaskScope`` of every task that he is on in line with his new room."""
    if given.unit is not None or given.position is not None:
        await look_again(tx, given.person)


@follows(DisablePerson)
async def person_left(tx: Transaction, given: DisablePerson) -> None:
    """Nothing more may be assigned to him: what others may do with his tasks changes."""
    await look_again(tx, given.person)


@follows(EnablePerson)
async def person_returned(tx: Transaction, given: EnablePerson) -> None:
    """And back."""
    await look_again(tx, given.person)


async def look_again(tx: Transaction, person: str) -> None:
    """Every task that he is on: who sees it now, and tell the replicas."""
    directory = await read_directory()
    found = await rows(
        "SELECT t.id, t.creator, t.assigner, t.delegate, t.unit FROM task t "
        "JOIN assignment a ON a.task = t.id WHERE a.person = $1 AND a.until IS NULL",
        person,
    )
    for task in found:
        people = await rows("SELECT person FROM assignment WHERE task = $1 AND until IS NULL", task["id"])
        followers = await rows("SELECT person FROM follower WHERE task = $1", task["id"])
        await rescope(tx, task, [one["person"] for one in people], [one["person"] for one in followers], directory)
        tx.change("task", task["id"])
