"""What is entered beside the record of a task: objective causes, and parts of months.

What is entered of a person (absences, duties, decisions) is in ``persons``; both are imported from here.
"""

from typing import Any, Literal

import msgspec

from server.errors import Refusal
from server.kpi.commands.common import check_id, locked, plain, reason_of, text_of, thousandths
from server.kpi.commands.persons import SetAway, SetDecision, SetDuty, WithdrawAway, WithdrawDecision
from server.kpi.queries.periods import CURRENT
from server.kpi.record.make import share_of
from server.kpi.rules.calendar import Period
from server.kpi.tables import KpiExcuse, KpiSplit
from server.people.rules import may, review_of
from server.storage.door import Command, handles
from server.storage.engine import row, rows
from server.storage.transaction import Transaction
from server.tasks.commands.common import Loaded, load, refuse
from server.tasks.commands.create import LEAST_QUANTITY

__all__ = [
    "ConfirmExcuse", "MonthPart", "SetAway", "SetDecision", "SetDuty", "SetSplit", "WithdrawAway", "WithdrawDecision", "WithdrawExcuse",
]  # fmt: skip
MOST_PARTS = 60


class ConfirmExcuse(Command, tag="kpi.excuse.confirm"):
    """An objective cause for one person's lateness or failed reviews on a task, by whoever may review his part. Answers ``{"id"}``."""

    id: str
    task: str
    person: str
    what: Literal["late", "failed"]
    reason: str
    document: str = ""


class WithdrawExcuse(Command, tag="kpi.excuse.withdraw"):
    """It counts no longer."""

    excuse: str
    reason: str


class MonthPart(msgspec.Struct, forbid_unknown_fields=True):
    """The part of one month, in units of the task's quantity."""

    year: int
    month: int
    quantity: float


class SetSplit(Command, tag="kpi.split.set"):
    """Split one person's quantity of a task over months; the parts add up to it exactly. No parts: not split. Answers ``{"parts"}``."""

    task: str
    person: str
    parts: list[MonthPart]


@handles(ConfirmExcuse)
async def confirm_excuse(tx: Transaction, given: ConfirmExcuse) -> dict[str, Any]:
    """By whoever may review the line (R5); nobody for himself. A part that ended counts too."""
    loaded = await load(tx, given.task)
    excuse_id = check_id(given.id)
    part = await _part(loaded, given.person)
    _demand_review(loaded, part["person"])
    values: dict[str, Any] = {
        "person": given.person,
        "task": loaded.id,
        "what": given.what,
        "reason": reason_of(given.reason),
        "document": text_of(given.document, "document"),
    }
    known = await rows(
        "SELECT id FROM kpi_excuse WHERE id = $1 OR (task = $2 AND person = $3 AND what = $4 AND withdrawn_at IS NULL)",
        excuse_id,
        loaded.id,
        given.person,
        given.what,
    )
    if known:
        raise Refusal("conflict", "kpi.mark.excuse_twice", field="what")
    await KpiExcuse.insert(KpiExcuse(id=excuse_id, confirmed_by=tx.actor, at=tx.now, **values))
    tx.audit("excuse", "kpi_excuse", excuse_id, after=values)
    tx.change("score", excuse_id)
    tx.message("kpi.excuse.confirmed", [given.person], subject=loaded.id, data={"what": given.what, "title": loaded.task["title"]})
    return {"id": excuse_id}


@handles(WithdrawExcuse)
async def withdraw_excuse(tx: Transaction, given: WithdrawExcuse) -> dict[str, Any]:
    """By whoever might confirm it."""
    found = await row(f"SELECT * FROM kpi_excuse WHERE id = $1{locked()}", given.excuse)
    if found is None:
        raise Refusal("not_found", "kpi.mark.unknown")
    loaded = await load(tx, found["task"])
    _demand_review(loaded, found["person"])
    if found["withdrawn_at"] is not None:
        raise Refusal("conflict", "kpi.mark.withdrawn")
    reason = reason_of(given.reason)
    await KpiExcuse.update({KpiExcuse.withdrawn_at: tx.now}).where(KpiExcuse.id == found["id"])
    tx.audit("withdraw", "kpi_excuse", found["id"], before={"what": found["what"], "person": found["person"]}, after={"reason": reason})
    tx.change("score", found["id"])
    return {"id": found["id"]}


async def _part(loaded: Loaded, person: str) -> dict[str, Any]:
    """The person's newest part of the task. Raises Refusal when he never had one."""
    profile = loaded.directory.people.get(person)
    if profile is None:
        raise Refusal("invalid", "kpi.mark.unknown_person", field="person")
    found = await row(
        "SELECT * FROM assignment WHERE task = $1 AND person = $2 ORDER BY CASE WHEN until IS NULL THEN 0 ELSE 1 END, since DESC LIMIT 1",
        loaded.id,
        person,
    )
    if found is None:
        raise Refusal("invalid", "kpi.mark.no_part", field="person", name=profile.name)
    return found


def _demand_review(loaded: Loaded, person: str) -> None:
    if loaded.actor.id == person:
        raise Refusal("not_allowed", "kpi.mark.excuse_own")
    verdict = review_of(loaded.actor, loaded.facts.matter, loaded.directory.actor(person), loaded.today)
    if not verdict:
        raise refuse(verdict)


@handles(SetSplit)
async def set_split(tx: Transaction, given: SetSplit) -> dict[str, Any]:
    """By whoever manages the task or reviews the part."""
    loaded = await load(tx, given.task)
    part = await _part(loaded, given.person)
    name = loaded.directory.people[given.person].name
    matter = loaded.facts.matter
    managed = may(loaded.actor, "manage", matter, loaded.today)
    if not managed and not review_of(loaded.actor, matter, loaded.directory.actor(given.person), loaded.today):
        raise Refusal("not_allowed", "kpi.mark.split_right", name=name)
    others = [one for one in loaded.parts if one["role"] != "lead"] if part["role"] == "lead" and part["until"] is None else []
    whole = share_of(loaded.task["quantity"], part["share"], part["role"], others)
    parts = _months(given.parts)
    if parts and sum(parts.values()) != whole:
        raise Refusal("invalid", "kpi.mark.split_sum", field="parts", sum=plain(sum(parts.values())), name=name, quantity=plain(whole))
    old = await rows("SELECT year, month, quantity FROM kpi_split WHERE task = $1 AND person = $2", loaded.id, given.person)
    before = {(one["year"], one["month"]): one["quantity"] for one in old}
    await _demand_open(before, parts)
    await KpiSplit.delete().where(KpiSplit.task == loaded.id).where(KpiSplit.person == given.person)
    if parts:
        await KpiSplit.insert(
            *(
                KpiSplit(
                    id=tx.new_id(),
                    task=loaded.id,
                    person=given.person,
                    year=year,
                    month=month,
                    quantity=quantity,
                    made_by=tx.actor,
                    at=tx.now,
                )
                for (year, month), quantity in parts.items()
            )
        )
    tx.audit("split", "kpi_split", loaded.id, before=_said(before), after={"person": given.person, **_said(parts)})
    tx.change("score", loaded.id)
    return {"parts": len(parts)}


def _months(given: list[MonthPart]) -> dict[tuple[int, int], int]:
    """Quantities in thousandths by month, in order. Raises Refusal that names the month."""
    found: dict[tuple[int, int], int] = {}
    for one in given[: MOST_PARTS + 1]:
        if not (2020 <= one.year <= 2100 and 1 <= one.month <= 12) or len(given) > MOST_PARTS:
            raise Refusal("invalid", "kpi.mark.split_month", field="parts", month=one.month, year=one.year)
        if (one.year, one.month) in found:
            raise Refusal("invalid", "kpi.mark.split_twice", field="parts", month=one.month, year=one.year)
        amount = thousandths(one.quantity, 3)
        if amount is None or one.quantity < LEAST_QUANTITY:
            raise Refusal("invalid", "kpi.mark.split_part", field="parts", month=one.month, year=one.year)
        found[one.year, one.month] = amount
    return dict(sorted(found.items()))


async def _demand_open(before: dict[tuple[int, int], int], after: dict[tuple[int, int], int]) -> None:
    """Raises Refusal where a month that is closed would get another part than the one it was closed with."""
    closed = await rows(f"SELECT year, number, kind FROM kpi_period k WHERE state = 'closed' AND {CURRENT}")
    for one in closed:
        for month in Period(one["year"], one["number"], one["kind"]).months:
            key = (one["year"], month)
            if before.get(key, 0) != after.get(key, 0):
                raise Refusal("conflict", "kpi.mark.split_closed", field="parts", month=month, year=one["year"])


def _said(parts: dict[tuple[int, int], int]) -> dict[str, Any]:
    return {"parts": {f"{year}-{month:02d}": quantity for (year, month), quantity in parts.items()}}
