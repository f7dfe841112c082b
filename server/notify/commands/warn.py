"""Warnings before a due date, and after one has passed."""

from typing import Any

from server.calendar.current import working_days
from server.notify.commands.common import by_job
from server.notify.commands.said import claim
from server.notify.due import loaded
from server.notify.rules.warn import owed
from server.people.queries import directory
from server.storage.door import Command, handles
from server.storage.engine import Row
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction
from server.tasks.rules import number

#: Tasks of one transaction.
AT_ONCE = 100
#: One alert a task at a time: a newer one takes the place of an unread older one.
SLOT = "alert"


class Warn(Command, tag="notify.warn"):
    """Warn of these tasks, ``AT_ONCE`` at most, where something is owed and was not said. Answers ``{"said"}``: of how many."""

    tasks: list[str]
    offsets: list[int]


@handles(Warn)
async def warn(tx: Transaction, given: Warn) -> dict[str, Any]:
    """Decided by the tasks as they are in this transaction, not as the schedule saw them."""
    by_job(tx)
    today = tx.now.astimezone(LOCAL).date()
    days = working_days()
    alerts = []
    for case, task in await loaded(given.tasks[:AT_ONCE], await directory()):
        alert = owed(case, today, given.offsets, days)
        if alert is not None:
            alerts.append((alert, task))
    ours = await claim(tx, [key for alert, _ in alerts for key in alert.keys])
    said = [(alert, task) for alert, task in alerts if alert.keys[0] in ours]
    for alert, task in said:
        tx.message(alert.kind, alert.people, subject=alert.task, data=_told(task), slot=SLOT)
    return {"said": len(said)}


def _told(task: Row) -> dict[str, Any]:
    asked = {"asked": task["asked"].isoformat()} if task["asked"] else {}
    return {"number": number(task["ordinal"]), "title": task["title"], "due": task["due"].isoformat(), **asked}
