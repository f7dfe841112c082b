"""Drafts of reports: made, given new figures, written, thrown away."""

from typing import Any

import msgspec

from server.errors import Refusal
from server.ledger.grains import Period
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.reports.filed.commands.held import by_job, held, lock, open_for, require, store, today_of, writing_json
from server.reports.filed.commands.told import told, writers
from server.reports.filed.rules import cleaned
from server.reports.shape import Report, Writing, decoded, encoded
from server.reports.tables import FiledReport
from server.reports.words import period_label
from server.storage.door import Command, handles
from server.storage.engine import insert, is_sqlite, row, rows
from server.storage.ids import is_id
from server.storage.transaction import Transaction, as_json


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


class DropReport(Command, tag="report.drop"):
    """Throw a draft away; a ``version`` keeps what somebody else has written meanwhile."""

    id: str
    version: int | None = None


@handles(FileReport)
async def file_report(tx: Transaction, given: FileReport) -> dict[str, Any]:
    """One draft a unit and period. A scheduled one stands back where any report of them is there already."""
    known = await read_directory()
    period = _period(given)
    if given.unit not in known.units:
        raise Refusal("not_found", "filed.unknown_unit")
    if given.scheduled:
        by_job(tx)
    else:
        require(tx, known, given.unit)
    if not is_sqlite():
        # Two at the same moment: the second waits here and finds the draft of the first.
        await row("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"report:{given.unit}:{given.period}")
    others = await rows(
        "SELECT * FROM filed_report WHERE unit = $1 AND grain = $2 AND start = $3 ORDER BY number_year, number",
        given.unit,
        period.grain,
        period.start,
    )
    draft = next((one for one in others if one["state"] == "draft"), None)
    fixed = [one for one in others if one["state"] == "fixed"]
    if given.scheduled and others:
        return await _completed(tx, known, given, draft) if draft is not None and not fixed else {"id": others[0]["id"], "made": False}
    if draft is not None:
        raise Refusal("conflict", "filed.draft_there", when=period_label(period))
    if not is_id(given.id) or await row("SELECT id FROM filed_report WHERE id = $1", given.id):
        raise Refusal("conflict", "filed.other_report")
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
        _announce(tx, known, given.unit, period, given.id)
    return {"id": given.id, "made": True}


def _period(given: FileReport) -> Period:
    """Raises Refusal for a code that is none, and for the report of something else."""
    try:
        period = Period.read(given.period)
    except ValueError:
        raise Refusal("invalid", "reports.period_bad", given=given.period[:40]) from None
    _fits(given.report, given.unit, period)
    return period


def _fits(report: Report, unit: str, period: Period) -> None:
    if (report.unit, report.period, report.first) != (unit, period.code, period.start):
        raise Refusal("invalid", "filed.other_report")


async def _completed(tx: Transaction, known: Directory, given: FileReport, draft: dict[str, Any]) -> dict[str, Any]:
    """A draft that somebody made while the period ran gets the figures of its end; its text too, where nobody has touched it."""
    found = await row(f"SELECT * FROM filed_report WHERE id = $1{lock()}", draft["id"])
    if found is None or found["state"] != "draft" or given.report.running or not decoded(found["report"]).running:
        return {"id": draft["id"], "made": False}
    values = {"report": encoded(given.report).decode()}
    untouched = found["version"] == 1
    if untouched:
        values["writing"] = as_json(msgspec.to_builtins(cleaned(given.writing)))
    await store(tx, found, values)
    tx.audit("report.renew", "report", found["id"], after={"as_of": given.report.as_of, "text": untouched})
    _announce(tx, known, given.unit, Period.read(given.period), found["id"])
    return {"id": found["id"], "made": True}


def _announce(tx: Transaction, known: Directory, unit: str, period: Period, report: str) -> None:
    tx.message("report.filed", writers(known, unit, today_of(tx)), subject=report, data=told(known, unit, period))


@handles(RenewReport)
async def renew(tx: Transaction, given: RenewReport) -> dict[str, Any]:
    """The figures as of now, or as of the period's end if that has come."""
    known, found, _ = await held(tx, given.id)
    open_for(known, found, given.version)
    _fits(given.report, found["unit"], Period(found["grain"], found["start"]))
    values: dict[str, Any] = {"report": encoded(given.report).decode()}
    before: dict[str, Any] = {}
    if given.writing is not None:
        values["writing"] = writing_json(given.writing)
        before = {"writing": found["writing"]} if values["writing"] != found["writing"] else {}
    version = await store(tx, found, values)
    tx.audit("report.renew", "report", given.id, before=before, after={"as_of": given.report.as_of, "text": bool(before)})
    return {"id": given.id, "version": version}


@handles(WriteReport)
async def write(tx: Transaction, given: WriteReport) -> dict[str, Any]:
    """Both texts of a change stay on record. What is there already, word for word, is no change and no conflict."""
    known, found, _ = await held(tx, given.id)
    writing = writing_json(given.writing)
    if found["state"] == "draft" and writing == found["writing"]:
        return {"id": given.id, "version": found["version"]}
    open_for(known, found, given.version)
    version = await store(tx, found, {"writing": writing})
    tx.audit("report.write", "report", given.id, before={"writing": found["writing"]}, after={"writing": writing})
    return {"id": given.id, "version": version}


@handles(DropReport)
async def drop(tx: Transaction, given: DropReport) -> dict[str, Any]:
    """What it said stays in the audit chain; a fixed one is never thrown away."""
    known, found, _ = await held(tx, given.id)
    open_for(known, found, given.version, "filed.changed_not_dropped")
    await rows("DELETE FROM filed_report WHERE id = $1", given.id)
    before = {"unit": found["unit"], "grain": found["grain"], "start": found["start"], "writing": found["writing"]}
    tx.audit("report.drop", "report", given.id, before=before)
    return {"id": given.id}
