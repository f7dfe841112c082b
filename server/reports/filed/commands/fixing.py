"""A report is fixed: it gets its number and its frame, and never changes again."""

from typing import Any, Final

from server.errors import Refusal
from server.ledger.grains import Period
from server.reports.filed.commands.held import by_job, held, lock, open_for, store, today_of, writing_json
from server.reports.filed.commands.told import readers, told
from server.reports.filed.frame import frame_json, framed
from server.reports.filed.rules import code_of, numbered, seal
from server.reports.shape import Writing, decoded
from server.storage.door import Command, handles
from server.storage.engine import row, rows
from server.storage.transaction import Transaction

#: What a job may keep of a fixed report.
FILES: Final = ("pdf", "xlsx")


class FixReport(Command, tag="report.fix"):
    """Fix a draft, with the text that stands in the form where one is given; ``place``: from where the office dates its papers."""

    id: str
    version: int
    writing: Writing | None = None
    place: str = ""


class KeepFile(Command, tag="report.keep_file"):
    """The file that was made of a fixed report, once."""

    id: str
    what: str
    sha256: str


@handles(FixReport)
async def fix(tx: Transaction, given: FixReport) -> dict[str, Any]:
    """The number is the next of the unit in the year of the fixing; the hash of all that it says goes into the audit chain."""
    known, found, right = await held(tx, given.id)
    writing = found["writing"] if given.writing is None else writing_json(given.writing)
    if found["state"] == "fixed" and found["fixed_by"] == tx.actor and writing == found["writing"]:
        # The same person pressed twice.
        return {"id": given.id, "version": found["version"], "number": numbered(found["number"], found["code"])}
    open_for(known, found, given.version)
    report = decoded(found["report"])
    today = today_of(tx)
    if report.running:
        raise Refusal("conflict", "filed.still_running" if report.last >= today else "filed.stale", when=report.period_label)
    assert tx.actor is not None
    counted = await row(
        "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        f"report:{found['unit']}:{today.year}",
    )
    assert counted is not None
    unit, count = known.units[found["unit"]], int(counted["value"])
    code = code_of(unit.short, unit.name)
    number = numbered(count, code)
    frame = frame_json(framed(unit.id, known, given.place, code, signer=tx.actor, behalf=right.on_behalf, number=count, day=today))
    sha = seal(found["report"], writing, frame, count, code, tx.now)
    values = {
        "state": "fixed",
        "writing": writing,
        "frame": frame,
        "fixed_by": tx.actor,
        "fixed_behalf": right.on_behalf,
        "fixed_at": tx.now,
        "number": count,
        "number_year": today.year,
        "code": code,
        "sha256": sha,
    }
    version = await store(tx, found, values)
    if writing != found["writing"]:
        tx.audit("report.write", "report", given.id, before={"writing": found["writing"]}, after={"writing": writing})
    tx.audit("report.fix", "report", given.id, after={"number": number, "sha256": sha}, on_behalf=right.on_behalf)
    data = told(known, found["unit"], Period(found["grain"], found["start"])) | {"number": number}
    tx.message("report.fixed", readers(known, found["unit"]), subject=given.id, data=data)
    return {"id": given.id, "version": version, "number": number}


@handles(KeepFile)
async def keep_file(tx: Transaction, given: KeepFile) -> dict[str, Any]:
    """By a job, and the first one stays: the paper that was handed out is the paper of record."""
    by_job(tx)
    if given.what not in FILES:
        raise Refusal("invalid", "filed.gone")
    found = await row(f"SELECT state, {given.what} AS kept FROM filed_report WHERE id = $1{lock()}", given.id)
    if found is None or found["state"] != "fixed":
        raise Refusal("not_found", "filed.gone")
    if found["kept"]:
        return {"id": given.id, "sha256": found["kept"]}
    await rows(f"UPDATE filed_report SET {given.what} = $1 WHERE id = $2", given.sha256, given.id)
    tx.audit("report.keep_file", "report", given.id, after={given.what: given.sha256})
    return {"id": given.id, "sha256": given.sha256}
