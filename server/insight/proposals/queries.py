"""Proposals that wait for one person's decision."""

from datetime import date, datetime
from typing import Any

import msgspec

from server.insight.proposals.read import facts_for, may_decide
from server.people.directory import Directory
from server.storage.engine import row, rows
from server.tasks.queries.lists import OPEN_SQL, RISK


class Waiting(msgspec.Struct, frozen=True):
    """A proposal that this person may accept or decline, with its task's row."""

    id: str
    giver: str
    receiver: str
    reasons: str
    effect: dict[str, int]
    sort: int
    task: dict[str, Any]


async def waiting_for(actor: str, directory: Directory, today: date, now: datetime) -> list[Waiting]:
    """Those whose task still is the giver's, the most helpful first."""
    if not directory.may_assign(directory.actor(actor), today):
        return []
    found = await rows("SELECT * FROM proposal WHERE state = 'waiting' ORDER BY sort, id")
    tasks = list(dict.fromkeys(one["task"] for one in found))
    facts = await facts_for(tasks, directory)
    mine = [
        one
        for one in found
        if one["task"] in facts
        and one["receiver"] in directory.people
        and may_decide(directory, actor, facts[one["task"]], one["receiver"], today, now)
    ]
    stored = {}
    for one in mine:
        task = await row(f"SELECT t.*, {RISK} FROM task t WHERE t.id = $1 AND t.status IN {OPEN_SQL}", one["task"])
        if task is not None and task["lead"] == one["giver"]:
            stored[one["task"]] = task
    return [
        Waiting(
            one["id"], one["giver"], one["receiver"], one["reasons"], msgspec.json.decode(one["effect"], type=dict[str, int]), one["sort"],
            stored[one["task"]],
        )
        for one in mine
        if one["task"] in stored
    ]  # fmt: skip
