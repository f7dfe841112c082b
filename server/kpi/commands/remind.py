"""Reminding whoever still has something to do in a period."""

from typing import Any

from server.errors import Refusal
from server.kpi.commands.common import acting, called, chain_of, demand_keeps, open_period_locked
from server.kpi.rights import on_behalf
from server.storage.door import Command, handles
from server.storage.engine import row, rows
from server.storage.transaction import Transaction

#: Nobody is told the same thing twice in so many seconds.
DAY = 20 * 3600


class RemindPeriod(Command, tag="kpi.period.remind"):
    """Tell who has not scored himself, and who has somebody to confirm. At most once a day. Answers ``{"self", "confirm"}``: how many."""

    period: str


@handles(RemindPeriod)
async def remind(tx: Transaction, given: RemindPeriod) -> dict[str, Any]:
    """By whoever keeps the periods of the centre."""
    _, actor, today = await acting(tx)
    demand_keeps(actor, today)
    period = await open_period_locked(given.period)
    before = await row(
        "SELECT at FROM audit_entry WHERE action = 'remind' AND kind = 'kpi_period' AND subject = $1 ORDER BY seq DESC LIMIT 1",
        period["id"],
    )
    if before is not None and (tx.now - before["at"]).total_seconds() < DAY:
        raise Refusal("conflict", "kpi.page.reminded_before", when=called(period))
    chain = await chain_of(tx)
    sheets = await rows("SELECT person, state, away FROM kpi_sheet WHERE period = $1", period["id"])
    waiting = [one["person"] for one in sheets if one["state"] == "open" and one["person"] in chain.people]
    raters = sorted({rater for one in sheets if one["state"] == "self_scored" and (rater := chain.rater(one["person"]))})
    told = {"when": called(period), "ends": period["ends"].isoformat()}
    if waiting:
        tx.message("kpi.remind.self", waiting, subject=period["id"], data=told, slot="remind")
    if raters:
        tx.message("kpi.remind.confirm", raters, subject=period["id"], data=told, slot="remind_confirm")
    tx.audit("remind", "kpi_period", period["id"], after={"self": len(waiting), "confirm": len(raters)}, on_behalf=on_behalf(actor, today))
    return {"self": len(waiting), "confirm": len(raters)}
