"""What the people on a task do: report, submit, hand back, ask for more time."""

from datetime import date
from typing import Any

from server.errors import Refusal
from server.files.commands import attach
from server.people.rules import may
from server.storage.door import Command, handles
from server.storage.engine import row
from server.storage.transaction import Transaction
from server.tasks.commands.common import (
    Loaded,
    answer,
    check_id,
    load,
    quantity_of,
    reason_of,
    require,
    roll_up,
    save,
    text_of,
    told,
)
from server.tasks.queries.scope import may_see
from server.tasks.tables import Assignment, Extension, Report


class Progress(Command, tag="task.progress"):
    """How far one's own part is, in percent."""

    id: str
    task: str
    percent: int
    note: str = ""
    quantity: float | None = None
    files: list[str] = []


class Submit(Command, tag="task.submit"):
    """The result is ready to be reviewed."""

    id: str
    task: str
    note: str = ""
    quantity: float | None = None
    files: list[str] = []


class HandBack(Command, tag="task.hand_back"):
    """I can't do this (Đ18.1): it waits for somebody else."""

    task: str
    reason: str


class Extend(Command, tag="task.extend"):
    """I need more time, until ``due``."""

    task: str
    due: date
    reason: str


@handles(Progress)
async def progress(tx: Transaction, given: Progress) -> dict[str, Any]:
    """The first report of the lead begins the task by itself (R10). A collaborator's percent is his part's, not the task's."""
    loaded = await load(tx, given.task)
    require("progress", loaded, tx)
    if not 0 <= given.percent <= 100:
        raise Refusal("invalid", "tasks.percent_bad", field="percent")
    mine = _open_part_of(loaded)
    await _report(tx, loaded, given, "progress", given.percent)
    await Assignment.update({Assignment.percent: given.percent}).where(Assignment.id == mine["id"])
    before = {"percent": mine["percent"], "status": loaded.task["status"]}
    values: dict[str, Any] = {}
    if loaded.task["status"] == "not_started":
        values |= {"status": "in_progress", "started_at": tx.now}
    if mine["role"] == "lead":
        values["percent"] = given.percent
    await save(tx, loaded, values)
    if values and loaded.task["parent"]:
        await roll_up(tx, loaded.task["parent"])
    tx.audit(
        "progress",
        "task",
        loaded.id,
        before=before,
        after={
            "percent": given.percent,
            "status": loaded.task["status"],
            "note": given.note.strip(),
            "role": mine["role"],
            "report": given.id,
            "quantity": given.quantity,
            "files": given.files,
        },
    )
    return answer(loaded, report=given.id)


@handles(Submit)
async def submit(tx: Transaction, given: Submit) -> dict[str, Any]:
    """The lead hands in the result; the reviewers are told."""
    loaded = await load(tx, given.task)
    require("submit", loaded, tx)
    mine = _part_of(loaded)
    await _report(tx, loaded, given, "submit", 100)
    await Assignment.update({Assignment.percent: 100}).where(Assignment.id == mine["id"])
    before = {"percent": loaded.task["percent"], "status": loaded.task["status"]}
    started = {} if loaded.task["started_at"] else {"started_at": tx.now}
    await save(tx, loaded, {"status": "submitted", "percent": 100, "submitted_at": tx.now, **started})
    if loaded.task["parent"]:
        await roll_up(tx, loaded.task["parent"])
    tx.audit(
        "submit",
        "task",
        loaded.id,
        before=before,
        after={
            "status": "submitted",
            "percent": 100,
            "note": given.note.strip(),
            "report": given.id,
            "quantity": given.quantity,
            "files": given.files,
        },
    )
    tx.message("task.submitted", reviewers(loaded), subject=loaded.id, data=told(loaded))
    return answer(loaded, report=given.id)


@handles(HandBack)
async def hand_back(tx: Transaction, given: HandBack) -> dict[str, Any]:
    """The lead's hand-back leaves the task waiting for another lead; a collaborator's ends his part."""
    loaded = await load(tx, given.task)
    require("hand_back", loaded, tx)
    reason = reason_of(given.reason)
    mine = _open_part_of(loaded)
    if mine["role"] == "lead":
        await Assignment.update({Assignment.state: "handed_back"}).where(Assignment.id == mine["id"])
        await save(tx, loaded, {"handed_back": True, "handed_back_reason": reason})
    else:
        await Assignment.update({Assignment.state: "handed_back", Assignment.until: tx.now}).where(Assignment.id == mine["id"])
        # The lead has what the shares leave, so what comes back is his.
        lead = next((part for part in loaded.parts if part["role"] == "lead"), None)
        if lead is not None and mine["share"]:
            await Assignment.update({Assignment.share: lead["share"] + mine["share"]}).where(Assignment.id == lead["id"])
        # His past work stays his to see: he goes on as a follower.
        await _follow(tx, loaded, mine["person"])
        await save(tx, loaded, {})
    tx.audit("hand_back", "task", loaded.id, after={"reason": reason, "role": mine["role"]})
    tx.message("task.handed_back", managers(loaded), subject=loaded.id, data=told(loaded, reason=reason))
    return answer(loaded)


@handles(Extend)
async def extend(tx: Transaction, given: Extend) -> dict[str, Any]:
    """Ask for a later due date; a reviewer or the one who gave the order decides. One question at a time."""
    loaded = await load(tx, given.task)
    require("extend", loaded, tx)
    reason = reason_of(given.reason)
    if given.due < loaded.today:
        raise Refusal("invalid", "tasks.due_past", field="due", due=f"{given.due:%d/%m/%Y}")
    if loaded.task["due"] is not None and given.due <= loaded.task["due"]:
        raise Refusal("invalid", "tasks.due_earlier", field="due", due=f"{loaded.task['due']:%d/%m/%Y}")
    asked = Extension(
        id=tx.new_id(),
        task=loaded.id,
        person=loaded.actor.id,
        old_due=loaded.task["due"],
        due=given.due,
        reason=reason,
        state="waiting",
        at=tx.now,
    )
    await Extension.insert(asked)
    await save(tx, loaded, {})
    tx.audit("extend", "task", loaded.id, before={"due": loaded.task["due"]}, after={"due": given.due, "reason": reason})
    to = dict.fromkeys([*reviewers(loaded), *managers(loaded)])
    tx.message("extension.asked", to, subject=loaded.id, data=told(loaded, asked=given.due.isoformat(), reason=reason))
    return answer(loaded, extension=asked.id)


def _open_part_of(loaded: Loaded) -> dict[str, Any]:
    """One's own part. Raises Refusal when it is accepted already."""
    mine = _part_of(loaded)
    if mine["state"] == "accepted":
        raise Refusal("conflict", "tasks.part_accepted")
    return mine


def _part_of(loaded: Loaded) -> dict[str, Any]:
    return next(part for part in loaded.parts if part["person"] == loaded.actor.id)


async def _report(tx: Transaction, loaded: Loaded, given: Progress | Submit, kind: str, percent: int) -> None:
    report_id = check_id(given.id)
    if await row("SELECT id FROM report WHERE id = $1", report_id):
        raise Refusal("conflict", "tasks.id_taken", field="id")
    await Report.insert(
        Report(
            id=report_id,
            task=loaded.id,
            person=loaded.actor.id,
            kind=kind,
            percent=percent,
            note=text_of(given.note, "note"),
            quantity=quantity_of(given.quantity),
            at=tx.device_at,
            received=tx.now,
        )
    )
    if given.files:
        await attach(tx, task=loaded.id, files=given.files, by=loaded.actor.id, may_see=may_see, report=report_id)
    tx.change("report", report_id)


async def _follow(tx: Transaction, loaded: Loaded, person: str) -> None:
    from server.tasks.commands.talk import follow_now

    await follow_now(tx, loaded, person)


def reviewers(loaded: Loaded) -> list[str]:
    """Who may review the lead's result, the one who gave the order first."""
    task = loaded.facts.matter
    leaders = [one for one in loaded.directory.people.values() if one.active and one.position not in ("officer", "admin")]
    found = [one.id for one in leaders if may(loaded.directory.actor(one.id), "review", task, loaded.today)]
    return sorted(found, key=lambda one: one != task.assigner)


def managers(loaded: Loaded) -> list[str]:
    """Who gave the order: the assigner and whoever signed for him."""
    return [one for one in (loaded.task["delegate"], loaded.task["assigner"], loaded.task["creator"]) if one and one != loaded.actor.id][:2]
