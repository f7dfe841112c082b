"""What changes a file that is on its way. A person asks for it and fetches it; all the rest is said by who makes it."""

from typing import Any

from server.errors import Refusal
from server.ledger.hook import day_of
from server.people.queries import directory
from server.reports.build.asked import asked_for
from server.reports.making.queries import scopes_of
from server.reports.making.rules import FRESH, KEPT, LEASE, MOST_AT_ONCE, MOST_TRIES, REMEMBERED, WHATS, What
from server.reports.tables import ReportFile
from server.storage.door import Command, handles
from server.storage.engine import insert, is_sqlite, row, rows
from server.storage.ids import is_id
from server.storage.transaction import Transaction
from server.words import say


class AskFile(Command, tag="report.file.ask"):
    """Have a file made of a unit's report of a period; ``filed``: of this fixed one."""

    id: str
    what: What
    unit: str
    period: str
    filed: str | None = None


class FetchFile(Command, tag="report.file.fetch"):
    """The one who asked takes it away, for the first time."""

    id: str


class TakeFile(Command, tag="report.file.take"):
    """By a job: ``maker`` begins to make it, where nobody is at it."""

    id: str
    maker: str


class StepFile(Command, tag="report.file.step"):
    """By a job: its maker is still there, and so far."""

    id: str
    maker: str
    done: int
    of: int


class ReadyFile(Command, tag="report.file.ready"):
    """By a job: the file is in its place."""

    id: str
    maker: str
    name: str
    size: int
    sha256: str


class FailFile(Command, tag="report.file.fail"):
    """By a job: there will be no file; ``said`` tells the person why."""

    id: str
    maker: str
    said: str


class DropFile(Command, tag="report.file.drop"):
    """By a job: its day is over. Answers whether the content may go."""

    id: str


class ForgetFiles(Command, tag="report.file.forget"):
    """By a job: what is long over is forgotten."""


@handles(AskFile)
async def ask(tx: Transaction, given: AskFile) -> dict[str, Any]:
    """Asked again while it is under way, or a moment after it was made, it is the same file. Raises Refusal for what can't be reported."""
    known = await directory()
    if tx.actor is None or tx.actor not in known.people or tx.source == "sync":
        raise Refusal("not_allowed", "making.by_page")
    if not is_id(given.id) or given.what not in WHATS:
        raise Refusal("invalid", "making.unknown_format", field="format")
    unit, period = asked_for(given.period, given.unit, tx.now, known)
    if given.filed is not None:
        fixed = await row("SELECT unit, grain, start FROM filed_report WHERE id = $1 AND state = 'fixed'", given.filed)
        if fixed is None or given.what == "listing" or (fixed["unit"], fixed["grain"], fixed["start"]) != (unit.id, *_when(period)):
            raise Refusal("not_found", "making.no_fixed")
    seen = scopes_of(known.actor(tx.actor), day_of(tx.now))
    if not is_sqlite():
        # Two presses at the same moment: the second waits here and finds the file of the first.
        await row("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"report.file:{tx.actor}")
    same = await row(
        "SELECT id FROM report_file WHERE person = $1 AND what = $2 AND unit = $3 AND period = $4 AND coalesce(filed, '') = $5 "
        "AND scopes = $7 AND (state IN ('waiting', 'making') OR (state = 'ready' AND ready_at > $6)) ORDER BY asked_at DESC LIMIT 1",
        tx.actor,
        given.what,
        unit.id,
        period.code,
        given.filed or "",
        tx.now - FRESH,
        seen,
    )
    if same is not None:
        return {"id": same["id"], "made": False}
    if await row("SELECT id FROM report_file WHERE id = $1", given.id):
        raise Refusal("conflict", "making.asked_already")
    open_now = await row("SELECT count(*) AS files FROM report_file WHERE person = $1 AND state IN ('waiting', 'making')", tx.actor)
    if open_now is not None and open_now["files"] >= MOST_AT_ONCE:
        raise Refusal("conflict", "making.too_many", count=MOST_AT_ONCE)
    await insert(
        ReportFile,
        {
            "id": given.id,
            "person": tx.actor,
            "what": given.what,
            "period": period.code,
            "unit": unit.id,
            "filed": given.filed,
            "scopes": seen,
            "asked_at": tx.now,
        },
    )
    # Who takes which numbers and lists out of the house.
    tx.audit("report.file.ask", "report_file", given.id, after={"what": given.what, "unit": unit.id, "period": period.code})
    return {"id": given.id, "made": True}


@handles(FetchFile)
async def fetch(tx: Transaction, given: FetchFile) -> dict[str, Any]:
    """Whether it was the first time. Another's file is not there."""
    taken = await rows(
        "UPDATE report_file SET fetched_at = $1 WHERE id = $2 AND person = $3 AND state = 'ready' AND fetched_at IS NULL RETURNING id",
        tx.now,
        given.id,
        tx.actor or "",
    )
    return {"first": bool(taken)}


@handles(TakeFile)
async def take(tx: Transaction, given: TakeFile) -> dict[str, Any]:
    """Whether it is this maker's now. One whose makers have vanished again and again fails."""
    _by_job(tx)
    free = "(state = 'waiting' OR (state = 'making' AND alive_at < $2))"
    taken = await rows(
        "UPDATE report_file SET state = 'making', maker = $3, alive_at = $4, tries = tries + 1, done = 0 "
        f"WHERE id = $1 AND tries < $5 AND {free} RETURNING id",
        given.id,
        tx.now - LEASE,
        given.maker,
        tx.now,
        MOST_TRIES,
    )
    if taken:
        return {"taken": True}
    await rows(
        f"UPDATE report_file SET state = 'failed', said = $3, maker = NULL WHERE id = $1 AND tries >= $4 AND {free}",
        given.id,
        tx.now - LEASE,
        say("making.gave_up"),
        MOST_TRIES,
    )
    return {"taken": False}


@handles(StepFile)
async def step(tx: Transaction, given: StepFile) -> dict[str, Any]:
    """Whether it is still this maker's."""
    _by_job(tx)
    return await _own(tx, given.id, given.maker, {"alive_at": tx.now, "done": given.done, "of": given.of})


@handles(ReadyFile)
async def ready(tx: Transaction, given: ReadyFile) -> dict[str, Any]:
    """It may be fetched from now on, for a day."""
    _by_job(tx)
    values = {"state": "ready", "ready_at": tx.now, "gone_at": tx.now + KEPT, "name": given.name, "size": given.size, "said": ""}
    return await _own(tx, given.id, given.maker, {**values, "sha256": given.sha256})


@handles(FailFile)
async def fail(tx: Transaction, given: FailFile) -> dict[str, Any]:
    """The person reads why."""
    _by_job(tx)
    return await _own(tx, given.id, given.maker, {"state": "failed", "said": given.said})


@handles(DropFile)
async def drop(tx: Transaction, given: DropFile) -> dict[str, Any]:
    """From now on nobody fetches it."""
    _by_job(tx)
    gone = await rows(
        "UPDATE report_file SET state = 'gone' WHERE id = $1 AND state = 'ready' AND gone_at <= $2 RETURNING id", given.id, tx.now
    )
    return {"gone": bool(gone)}


@handles(ForgetFiles)
async def forget(tx: Transaction, given: ForgetFiles) -> dict[str, Any]:
    """That it was asked for stays in the log."""
    _by_job(tx)
    found = await rows("DELETE FROM report_file WHERE state IN ('failed', 'gone') AND asked_at < $1 RETURNING id", tx.now - REMEMBERED)
    return {"forgotten": len(found)}


def _when(period: Any) -> tuple[Any, Any]:
    return period.grain, period.start


def _by_job(tx: Transaction) -> None:
    if tx.source != "job" or tx.actor is not None:
        raise Refusal("not_allowed", "making.by_job")


async def _own(tx: Transaction, file: str, maker: str, values: dict[str, Any]) -> dict[str, Any]:
    """A maker who was silent for too long, and has been followed by another, changes nothing any more."""
    listed = ", ".join(f'"{name}" = ${place}' for place, name in enumerate(values, 3))
    found = await rows(
        f"UPDATE report_file SET {listed} WHERE id = $1 AND maker = $2 AND state = 'making' RETURNING id", file, maker, *values.values()
    )
    return {"mine": bool(found)}
