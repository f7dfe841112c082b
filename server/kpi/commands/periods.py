"""Opening, closing and reopening a month or a quarter."""

from datetime import timedelta
from typing import Any, Literal

from server.errors import Refusal
from server.kpi.commands.closing import copied, demand_ready, freeze, without_points
from server.kpi.commands.common import (
    FIRST_YEAR,
    LAST_YEAR,
    acting,
    called,
    chain_of,
    check_id,
    demand_decides,
    demand_keeps,
    period_locked,
    reason_of,
)
from server.kpi.commands.ruleset import ensure_rules
from server.kpi.queries.ruleset import in_force
from server.kpi.record.book import book_of, duty_of_row
from server.kpi.rights import on_behalf
from server.kpi.rules.calendar import Period
from server.kpi.tables import KpiPeriod, KpiSheet
from server.storage.door import Command, handles
from server.storage.engine import insert, row, rows
from server.storage.transaction import Transaction
from server.words import say

#: A period may be opened so many days before it begins.
DAYS_BEFORE = 31


class OpenPeriod(Command, tag="kpi.period.open"):
    """Open a month or a quarter: everybody in service gets a sheet. Answers ``{"id", "sheets"}``; opened before: the same answer."""

    id: str
    year: int
    number: int
    kind: Literal["month", "quarter"] = "month"


class ClosePeriod(Command, tag="kpi.period.close"):
    """Close it: every sheet is frozen with its lines, rule set and result. Refused while a sheet is missing or not confirmed, by name.

    ``without_data`` are people whose sheet closes without a total ("chưa đủ dữ liệu"), said one by one. ``early``: before the period's end.
    Answers ``{"id", "closed", "without_data"}``.
    """

    period: str
    without_data: list[str] = []
    early: bool = False


class ReopenPeriod(Command, tag="kpi.period.reopen"):
    """A new version of a closed period, with its reason (Đ21.3); the old one stays. Answers ``{"id", "version"}``.

    ``people``: only their sheets open again, the others are taken over closed as they are; empty: all.
    """

    id: str
    period: str
    reason: str
    people: list[str] = []


@handles(OpenPeriod)
async def open_period(tx: Transaction, given: OpenPeriod) -> dict[str, Any]:
    """Whoever keeps the periods of the centre opens them."""
    _, actor, today = await acting(tx)
    demand_keeps(actor, today)
    if not (FIRST_YEAR <= given.year <= LAST_YEAR and 1 <= given.number <= (12 if given.kind == "month" else 4)):
        raise Refusal("invalid", "kpi.period.number_bad", field="number")
    when = Period(given.year, given.number, given.kind)
    named = say(f"kpi.period.{given.kind}", number=given.number, year=given.year)
    if when.starts > today + timedelta(days=DAYS_BEFORE):
        raise Refusal("invalid", "kpi.period.too_early", field="number", when=named, days=DAYS_BEFORE)
    await ensure_rules(tx.now)
    rules = await in_force(when.starts)
    if rules.rules.period != given.kind:
        raise Refusal("invalid", "kpi.period.kind_bad", field="kind", kind=say(f"kpi.period.kind_{rules.rules.period}"), when=named)
    period_id = check_id(given.id)
    made = await row(
        "INSERT INTO kpi_period (id, kind, year, number, starts, ends, state, version, reason, rules, opened_at, opened_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, 'open', 1, '', $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id",
        period_id,
        given.kind,
        given.year,
        given.number,
        when.starts,
        when.ends,
        rules.id,
        tx.now,
        tx.actor,
    )
    if made is None:
        return await _opened_before(given, period_id, named)
    chain = await chain_of(tx)
    people = [one for one in chain.people.values() if one.centre is not None]
    sheets = [
        {
            "id": tx.new_id(),
            "period": period_id,
            "person": one.id,
            "unit": one.unit,
            "position": one.position,
            "title": chain.directory.people[one.id].title,
            "duty": duty_of_row(one.position, chain.duties.get(one.id)),
        }
        for one in people
    ]
    await insert(KpiSheet, *sheets)
    tx.audit("open", "kpi_period", period_id, after={"period": str(when.starts), "kind": given.kind, "sheets": len(sheets)},
             on_behalf=on_behalf(actor, today))  # fmt: skip
    tx.change("score", period_id)
    tx.message("kpi.period.opened", [one.id for one in people], subject=period_id, data={"when": named})
    return {"id": period_id, "sheets": len(sheets)}


async def _opened_before(given: OpenPeriod, period_id: str, named: str) -> dict[str, Any]:
    """Two who open one month at once open it once."""
    known = await row(
        "SELECT * FROM kpi_period WHERE year = $1 AND kind = $2 AND number = $3 ORDER BY version DESC LIMIT 1",
        given.year,
        given.kind,
        given.number,
    )
    if known is None:
        raise Refusal("conflict", "kpi.period.id_taken", field="id")
    if known["state"] != "open":
        raise Refusal("conflict", "kpi.period.closed_before", when=named)
    count = await row("SELECT count(*) AS n FROM kpi_sheet WHERE period = $1", known["id"])
    return {"id": known["id"], "sheets": count["n"] if count else 0}


@handles(ClosePeriod)
async def close_period(tx: Transaction, given: ClosePeriod) -> dict[str, Any]:
    """The director, or whoever holds the centre by delegation."""
    directory, actor, today = await acting(tx)
    demand_decides(actor, today)
    period = await period_locked(given.period, alone=True)
    if period["state"] != "open":
        raise Refusal("conflict", "kpi.period.closed_before", when=called(period))
    if today <= period["ends"] and not given.early:
        raise Refusal("conflict", "kpi.period.not_over", field="early", when=called(period), ends=f"{period['ends']:%d/%m/%Y}")
    chain = await chain_of(tx)
    have = [one["person"] for one in await rows("SELECT person FROM kpi_sheet WHERE period = $1", period["id"])]
    people = list(dict.fromkeys([*(one.id for one in chain.people.values() if one.centre is not None), *have]))
    people = [one for one in people if one in directory.people]
    for person in given.without_data:
        if person not in people:
            raise Refusal("invalid", "kpi.period.nobody", field="without_data", when=called(period))
    book = await book_of(period, people, tx.now)
    without_points(book, given.without_data)
    demand_ready(book, people, given.without_data)
    results = {person: await freeze(tx, book, person) for person in people}
    await KpiPeriod.update({KpiPeriod.state: "closed", KpiPeriod.closed_at: tx.now, KpiPeriod.closed_by: tx.actor}).where(
        KpiPeriod.id == period["id"]
    )
    without = [one for one, result in results.items() if result["total"] is None and not result["away"]]
    tx.audit(
        "close", "kpi_period", period["id"], before={"state": "open"},
        after={"state": "closed", "sheets": len(results), "without_data": without}, on_behalf=on_behalf(actor, today),
    )  # fmt: skip
    tx.change("score", period["id"])
    for person, result in results.items():
        told = {"when": called(period), "total": result["total"], "band": result["band"], "period": period["id"]}
        tx.message("kpi.period.closed", [person], subject=result["sheet"], data=told)
    return {"id": period["id"], "closed": len(results), "without_data": without}


@handles(ReopenPeriod)
async def reopen_period(tx: Transaction, given: ReopenPeriod) -> dict[str, Any]:
    """The director, or whoever holds the centre by delegation."""
    _, actor, today = await acting(tx)
    demand_decides(actor, today)
    reason = reason_of(given.reason)
    period = await period_locked(given.period, alone=True)
    if period["state"] != "closed":
        raise Refusal("conflict", "kpi.period.not_closed", when=called(period))
    if await row("SELECT id FROM kpi_period WHERE replaces = $1", period["id"]) is not None:
        raise Refusal("conflict", "kpi.period.replaced", when=called(period))
    new_id = check_id(given.id)
    if await row("SELECT id FROM kpi_period WHERE id = $1", new_id) is not None:
        raise Refusal("conflict", "kpi.period.id_taken", field="id")
    sheets = await rows("SELECT * FROM kpi_sheet WHERE period = $1", period["id"])
    if set(given.people) - {one["person"] for one in sheets}:
        raise Refusal("invalid", "kpi.period.nobody", field="people", when=called(period))
    version = period["version"] + 1
    opened = {"opened_at": tx.now, "opened_by": tx.actor, "closed_at": None, "closed_by": None}
    again = {**period, "id": new_id, "state": "open", "version": version, "replaces": period["id"], "reason": reason, **opened}
    await insert(KpiPeriod, again)
    chosen = set(given.people) or {one["person"] for one in sheets}
    await insert(KpiSheet, *(copied(tx, one, new_id, reason, opened=one["person"] in chosen) for one in sheets))
    tx.audit(
        "reopen", "kpi_period", new_id, before={"id": period["id"], "version": period["version"]},
        after={"version": version, "reason": reason, "people": sorted(chosen)}, on_behalf=on_behalf(actor, today),
    )  # fmt: skip
    tx.change("score", new_id)
    tx.message("kpi.period.reopened", sorted(chosen), subject=new_id, data={"when": called(period), "reason": reason})
    return {"id": new_id, "version": version}
