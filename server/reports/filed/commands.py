"""What changes filed reports: made, written, fixed, thrown away."""

from datetime import date
from typing import Any, Final

import msgspec

from server.errors import Refusal
from server.ledger.grains import Period
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS, Verdict
from server.reports.filed.rules import cleaned, code_of, flaw, may_file, seal
from server.reports.shape import Report, Writing, decoded, encoded
from server.reports.tables import FiledReport
from server.reports.words import period_label
from server.storage.door import Command, handles
from server.storage.engine import insert, is_sqlite, row, rows
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction, as_json
from server.words import say

#: What a job may keep of a fixed report.
FILES: Final = ("pdf", "xlsx")


class FileReport(Command, tag="report.file"):
    """Keep a unit's report of a period as a draft; ``report`` and ``writing`` are what the server made of the figures."""

    id: str
    unit: str
    period: str
    report: Report
    writing: Writing
    #: Made by the calendar, not by a person.
    scheduled: bool = False


class RenewReport(Command, tag="report.renew"):
    """New figures for a draft that was made before its period was over; ``writing`` None keeps the text."""

    id: str
    version: int
    report: Report
    writing: Writing | None = None


class WriteReport(Command, tag="report.write"):
    """Another text for a draft."""

    id: str
    version: int
    writing: Writing


class FixReport(Command, tag="report.fix"):
    """Fix a draft: it gets its number and never changes again."""

    id: str
    version: int


class DropReport(Command, tag="report.drop"):
    """Throw a draft away."""

    id: str


class KeepFile(Command, tag="report.keep_file"):
    """The file that was made of a fixed report, once."""

    id: str
    what: str
    sha256: str


@handles(FileReport)
async def file_report(tx: Transaction, given: FileReport) -> dict[str, Any]:
    """One draft a unit and period. A scheduled one stands back where any report of them is there already."""
    known = await read_directory()
    period = Period.read(given.period)
    if given.unit not in known.units:
        raise Refusal("not_found", "filed.unknown_unit")
    # A job has no actor; nobody else writes without the right.
    if tx.actor is not None or not given.scheduled:
        _require(tx, known, given.unit)
    others = await rows(
        "SELECT id, state, number, code FROM filed_report WHERE unit = $1 AND grain = $2 AND start = $3 ORDER BY fixed_at",
        given.unit,
        period.grain,
        period.start,
    )
    if given.scheduled and others:
        return {"id": others[0]["id"], "made": False}
    draft = next((one for one in others if one["state"] == "draft"), None)
    if draft is not None:
        raise Refusal("conflict", "filed.draft_there", when=period_label(period))
    fixed = [one for one in others if one["state"] == "fixed"]
    await insert(
        FiledReport,
        {
            "id": given.id,
            "unit": given.unit,
            "grain": period.grain,
            "start": period.start,
            "state": "draft",
            "version": 1,
            "report": encoded(given.report).decode(),
            "writing": as_json(msgspec.to_builtins(cleaned(given.writing))),
            "made_by": tx.actor,
            "made_at": tx.now,
            "changed_at": tx.now,
            "replaces": fixed[-1]["id"] if fixed else None,
        },
    )
    tx.audit("report.file", "report", given.id, after={"unit": given.unit, "period": given.period, "scheduled": given.scheduled})
    if given.scheduled:
        tx.message("report.filed", writers(known, given.unit, _today(tx)), subject=given.id, data=_told(known, given.unit, period))
    return {"id": given.id, "made": True}


@handles(RenewReport)
async def renew(tx: Transaction, given: RenewReport) -> dict[str, Any]:
    """The figures as of now, or as of the period's end if that has come."""
    _known, found = await _draft(tx, given.id, given.version)
    values: dict[str, Any] = {"report": encoded(given.report).decode()}
    if given.writing is not None:
        values["writing"] = as_json(msgspec.to_builtins(_writing(given.writing)))
    await _store(tx, found, values)
    tx.audit("report.renew", "report", given.id, after={"as_of": given.report.as_of, "text": given.writing is not None})
    return {"id": given.id, "version": found["version"] + 1}


@handles(WriteReport)
async def write(tx: Transaction, given: WriteReport) -> dict[str, Any]:
    """Both texts of a change stay on record."""
    _known, found = await _draft(tx, given.id, given.version)
    writing = as_json(msgspec.to_builtins(_writing(given.writing)))
    if writing == found["writing"]:
        return {"id": given.id, "version": found["version"]}
    await _store(tx, found, {"writing": writing})
    tx.audit("report.write", "report", given.id, before={"writing": found["writing"]}, after={"writing": writing})
    return {"id": given.id, "version": found["version"] + 1}


@handles(FixReport)
async def fix(tx: Transaction, given: FixReport) -> dict[str, Any]:
    """The number is the next of the unit in the year of the fixing; the hash of all that it says goes into the audit chain."""
    known, found = await _draft(tx, given.id, given.version)
    right = _require(tx, known, found["unit"])
    report = decoded(found["report"])
    if report.running:
        raise Refusal("conflict", "filed.still_running", when=report.period_label)
    today = _today(tx)
    counted = await row(
        "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        f"report:{found['unit']}:{today.year}",
    )
    assert counted is not None
    code = code_of(known.units[found["unit"]].short)
    number = f"{counted['value']}/{code}"
    sha = seal(found["report"], found["writing"], number, tx.now)
    await _store(
        tx,
        found,
        {
            "state": "fixed",
            "fixed_by": tx.actor,
            "fixed_behalf": right.on_behalf,
            "fixed_at": tx.now,
            "number": counted["value"],
            "number_year": today.year,
            "code": code,
            "sha256": sha,
        },
    )
    tx.audit("report.fix", "report", given.id, after={"number": number, "sha256": sha}, on_behalf=right.on_behalf)
    period = Period(found["grain"], found["start"])
    told = _told(known, found["unit"], period) | {"number": number}
    tx.message("report.fixed", readers(known, found["unit"]), subject=given.id, data=told)
    return {"id": given.id, "version": found["version"] + 1, "number": number}


@handles(DropReport)
async def drop(tx: Transaction, given: DropReport) -> dict[str, Any]:
    """What it said stays in the audit chain; a fixed one is never thrown away."""
    _known, found = await _draft(tx, given.id, None)
    await rows("DELETE FROM filed_report WHERE id = $1", given.id)
    before = {"unit": found["unit"], "grain": found["grain"], "start": found["start"], "writing": found["writing"]}
    tx.audit("report.drop", "report", given.id, before=before)
    return {"id": given.id}


@handles(KeepFile)
async def keep_file(tx: Transaction, given: KeepFile) -> dict[str, Any]:
    """By a job, and the first one stays: the paper that was handed out is the paper of record."""
    if tx.actor is not None or given.what not in FILES:
        raise Refusal("not_allowed", "filed.rule.not_yours")
    found = await row(f"SELECT state, {given.what} AS kept FROM filed_report WHERE id = $1{_lock()}", given.id)
    if found is None or found["state"] != "fixed":
        raise Refusal("not_found", "filed.gone")
    if found["kept"]:
        return {"id": given.id, "sha256": found["kept"]}
    await rows(f"UPDATE filed_report SET {given.what} = $1 WHERE id = $2", given.sha256, given.id)
    tx.audit("report.keep_file", "report", given.id, after={given.what: given.sha256})
    return {"id": given.id, "sha256": given.sha256}


def writers(known: Directory, unit: str, at: date) -> list[str]:
    """Who is told of a draft: of a room's, its leaders; of a centre's, the director and whoever enters for him."""
    path = known.path(unit)
    if known.units[unit].kind == "room":
        return [one.id for one in known.people.values() if one.active and one.unit == unit and one.position in ROOM_LEADERS]
    found = []
    for one in known.people.values():
        if one.active and known.centre_of(one.unit) in path:
            right = may_file(known.actor(one.id), path, at)
            if one.position == "director" or (right and right.on_behalf):
                found.append(one.id)
    return found


def readers(known: Directory, unit: str) -> list[str]:
    """Who is told of a fixed report: the leaders of the unit, of those below it, and of the centre."""
    centre = known.centre_of(unit)
    leaders = [one for one in known.people.values() if one.active and one.position in (*CENTRE_LEADERS, *ROOM_LEADERS)]
    return [
        one.id
        for one in leaders
        if unit in known.path(one.unit) or (one.position in CENTRE_LEADERS and known.centre_of(one.unit) == centre)
    ]


def _today(tx: Transaction) -> date:
    return tx.now.astimezone(LOCAL).date()


def _lock() -> str:
    return "" if is_sqlite() else " FOR UPDATE"


def _told(known: Directory, unit: str, period: Period) -> dict[str, Any]:
    return {"unit": known.units[unit].name, "when": period_label(period), "period": period.code}


def _require(tx: Transaction, known: Directory, unit: str) -> Verdict:
    if tx.actor is None or tx.actor not in known.people:
        raise Refusal("not_allowed", "people.unknown_person")
    right = may_file(known.actor(tx.actor), known.path(unit), _today(tx))
    if not right:
        raise Refusal("not_allowed", right.rule)
    return right


def _writing(given: Writing) -> Writing:
    made = cleaned(given)
    wrong = flaw(made)
    if wrong is not None:
        raise Refusal("invalid", wrong[0], field="writing", **wrong[1])
    return made


async def _draft(tx: Transaction, report: str, version: int | None) -> tuple[Directory, dict[str, Any]]:
    """The draft under lock. Raises Refusal: gone, fixed by somebody meanwhile, changed by somebody meanwhile, not one's own to write."""
    known = await read_directory()
    found = await row(f"SELECT * FROM filed_report WHERE id = $1{_lock()}", report)
    if found is None:
        raise Refusal("not_found", "filed.gone")
    _require(tx, known, found["unit"])
    if found["state"] == "fixed":
        raise Refusal("conflict", "filed.fixed_already", number=f"{found['number']}/{found['code']}", **_who(known, found, "fixed"))
    if version is not None and version != found["version"]:
        raise Refusal("conflict", "filed.changed_meanwhile", **_who(known, found, "changed"))
    return known, found


def _who(known: Directory, found: dict[str, Any], what: str) -> dict[str, str]:
    person = known.people.get(found[f"{what}_by"] or "")
    moment = found[f"{what}_at"].astimezone(LOCAL)
    return {"name": person.name if person else say("filed.the_system"), "time": f"{moment:%H:%M %d/%m/%Y}"}


async def _store(tx: Transaction, found: dict[str, Any], values: dict[str, Any]) -> None:
    stored = {**values, "version": found["version"] + 1, "changed_by": tx.actor, "changed_at": tx.now}
    listed = ", ".join(f"{name} = ${place}" for place, name in enumerate(stored, 2))
    await rows(f"UPDATE filed_report SET {listed} WHERE id = $1", found["id"], *stored.values())
