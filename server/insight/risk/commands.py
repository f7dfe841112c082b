"""Keeping what the model says of tasks. A job's command: no person may send it."""

from datetime import date
from typing import Any

import msgspec

from server.errors import Refusal
from server.insight.risk import rules
from server.insight.risk.rules import Told
from server.insight.tables import Risk, RiskMark
from server.people.queries import directory
from server.storage.door import Command, handles
from server.storage.engine import insert, is_sqlite, places, rows
from server.storage.transaction import Transaction, as_json
from server.tasks import rules as task_rules


class Reasoned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why: a group of features, how much of the probability it carries, and its values."""

    group: str
    drop: float
    values: dict[str, float]


class Scored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model said of one task; ``mark`` is the share of the term at which it is kept for judging, None: not at one."""

    task: str
    probability: int
    band: str
    reasons: list[Reasoned]
    mark: int | None = None


class KeepRisks(Command, tag="insight.risk.keep"):
    """The scores of a batch of tasks, and those that are none any more (closed, overdue, without a date)."""

    model: str
    local: bool
    scores: list[Scored]
    over: list[str] = []
    #: The first scores of all: what was so before anybody looked is no rise, and nobody is told.
    first: bool = False


@handles(KeepRisks)
async def keep(tx: Transaction, given: KeepRisks) -> dict[str, Any]:
    """Scores of tasks that were closed meanwhile are left out. Who leads the task and who heads his room hear when the band rises."""
    if tx.source != "job":
        raise Refusal("not_allowed", "insight.only_jobs")
    if not is_sqlite():
        # Two workers may come with the same tasks: the second finds what the first kept, and tells nobody twice.
        await rows("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", "insight.risk")
    if given.over:
        gone = await rows(f"DELETE FROM risk WHERE id IN ({places(len(given.over))}) RETURNING id", *given.over)
        for one in gone:
            tx.change("risk", one["id"], "drop")
    if not given.scores:
        return {"kept": 0, "told": 0}
    ids = [one.task for one in given.scores]
    here = places(len(ids))
    tasks = {
        one["id"]: one
        for one in await rows(
            f"SELECT id, ordinal, title, due, lead, status FROM task WHERE id IN ({here}) AND deleted_at IS NULL AND due IS NOT NULL", *ids
        )
    }
    before = {one["id"]: one for one in await rows(f"SELECT * FROM risk WHERE id IN ({here})", *ids)}
    found = [one for one in given.scores if one.task in tasks and tasks[one.task]["status"] in rules.SCORED]
    told = await _keep(tx, given, found, tasks, before)
    return {"kept": len(found), "told": told}


async def _keep(tx: Transaction, given: KeepRisks, found: list[Scored], tasks: dict[str, Any], before: dict[str, Any]) -> int:
    if not found:
        return 0
    ids = [one.task for one in found]
    count, stored, marks = 0, [], []
    for one in found:
        task, old = tasks[one.task], before.get(one.task)
        known = Told(old["told"], old["told_due"]) if old else None
        other_model = old is not None and old["model"] != given.model
        if not given.first and rules.rises(known, one.band, task["due"], other_model=other_model):
            await _tell(tx, one, task)
            count += 1
        told = rules.next_told(known, one.band, task["due"])
        reasons = as_json([msgspec.to_builtins(reason) for reason in one.reasons])
        stored.append(
            {
                "id": one.task,
                "probability": one.probability,
                "band": one.band,
                "reasons": reasons,
                "model": given.model,
                "local": given.local,
                "at": tx.now,
                "told": told.band,
                "told_due": told.due,
            }
        )
        if one.mark is not None:
            marks.append(_mark(one, task["due"], given.model, tx))
        if _worth_hearing(old, one):
            tx.change("risk", one.task)
    await rows(f"DELETE FROM risk WHERE id IN ({places(len(ids))})", *ids)
    await insert(Risk, *stored)
    if marks:
        there = await rows(f"SELECT id FROM risk_mark WHERE id IN ({places(len(marks))})", *[one["id"] for one in marks])
        known_marks = {one["id"] for one in there}
        await insert(RiskMark, *[one for one in marks if one["id"] not in known_marks])
    return count


def _mark(one: Scored, due: date, model: str, tx: Transaction) -> dict[str, Any]:
    return {
        "id": f"{one.task}:{due.isoformat()}:{one.mark}:{model}"[:140],
        "task": one.task,
        "due": due,
        "share": one.mark,
        "probability": one.probability,
        "model": model,
        "at": tx.now,
    }


def _worth_hearing(old: Any, new: Scored) -> bool:
    """A probability that trembles is no news for three thousand phones."""
    if old is None:
        return True
    groups = [reason.group for reason in new.reasons]
    was = [reason["group"] for reason in msgspec.json.decode(old["reasons"])]
    return old["band"] != new.band or abs(old["probability"] - new.probability) >= rules.MOVED or groups != was


async def _tell(tx: Transaction, one: Scored, task: dict[str, Any]) -> None:
    known = await directory()
    lead = known.people.get(task["lead"] or "")
    if lead is None:
        return
    heads = [one.id for one in known.people.values() if one.active and one.unit == lead.unit and one.position == "head"]
    data = {
        "number": task_rules.number(task["ordinal"]),
        "title": task["title"],
        "due": task["due"].isoformat(),
        "band": one.band,
        "reasons": [msgspec.to_builtins(reason) for reason in one.reasons],
    }
    tx.message("task.risk", [lead.id, *heads], subject=one.task, data=data, slot="alert")
