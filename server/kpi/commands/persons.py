"""What is entered of a person: absences, how he is scored, decisions that force a rating."""

from datetime import date, timedelta
from typing import Any, Literal

from server.errors import Refusal
from server.kpi import rights
from server.kpi.commands.common import (
    FIRST_YEAR,
    LAST_YEAR,
    acting,
    chain_of,
    check_id,
    demand_decides,
    demand_keeps,
    locked,
    own_row,
    reason_of,
    text_of,
)
from server.kpi.tables import KpiAway, KpiDecision, KpiDuty
from server.people.commands.common import raise_version
from server.people.directory import Directory
from server.people.rules import ORDER, Person
from server.storage.door import Command, handles
from server.storage.engine import Row, row, rows
from server.storage.transaction import Transaction


class SetAway(Command, tag="kpi.away.set", kw_only=True):
    """Sick or maternity leave (sick), leave without pay (unpaid), not in service; both days included. Answers ``{"id"}``."""

    id: str
    person: str
    since: date
    until: date | None = None
    kind: Literal["sick", "unpaid", "not_in_service"]
    document: str = ""


class WithdrawAway(Command, tag="kpi.away.withdraw"):
    """It was entered wrongly."""

    away: str
    reason: str


class SetDuty(Command, tag="kpi.duty.set", kw_only=True):
    """How somebody is scored from a day on, in place of what held before. Answers ``{"id"}``."""

    id: str
    person: str
    duty: Literal["officer", "leader", "support"]
    group_name: str = ""
    rater: str | None = None
    since: date
    until: date | None = None


class SetDecision(Command, tag="kpi.decision.set"):
    """A decision that forces the lowest rating of a year (Đ11.3, Đ20.4). Answers ``{"id"}``."""

    id: str
    person: str
    year: int
    case_of: Literal["decline", "discipline", "corruption"]
    document: str
    document_date: date | None = None
    note: str = ""


class WithdrawDecision(Command, tag="kpi.decision.withdraw"):
    """It was entered wrongly, or lifted."""

    decision: str
    reason: str


def _known(directory: Directory, person: str) -> str:
    """His name. Raises Refusal for a stranger."""
    if person not in directory.people or directory.people[person].position == "admin":
        raise Refusal("invalid", "kpi.mark.unknown_person", field="person")
    return directory.people[person].name


def _not_oneself(actor: Person, person: str) -> None:
    if actor.id == person:
        raise Refusal("not_allowed", "kpi.mark.own")


def _dates(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise Refusal("invalid", "kpi.mark.dates", field="until", since=f"{since:%d/%m/%Y}", until=f"{until:%d/%m/%Y}")


async def _unused(table: str, given: str) -> str:
    """A fresh identifier. Raises Refusal for one that is taken."""
    fresh = check_id(given)
    if await row(f"SELECT id FROM {table} WHERE id = $1", fresh) is not None:
        raise Refusal("conflict", "kpi.period.id_taken", field="id")
    return fresh


async def _standing(table: str, given: str) -> Row:
    """What was entered and not withdrawn, under lock."""
    found = await row(f"SELECT * FROM {table} WHERE id = $1{locked()}", given)
    if found is None:
        raise Refusal("not_found", "kpi.mark.unknown")
    return found


def _demand_standing(found: Row) -> None:
    if found["withdrawn_at"] is not None:
        raise Refusal("conflict", "kpi.mark.withdrawn")


async def _demand_away(tx: Transaction, directory: Directory, actor: Person, person: str, today: date) -> None:
    name = _known(directory, person)
    _not_oneself(actor, person)
    if not rights.keeps(actor, today) and not (await chain_of(tx)).may_confirm(actor.id, person):
        raise Refusal("not_allowed", "kpi.mark.away_right", name=name)


@handles(SetAway)
async def set_away(tx: Transaction, given: SetAway) -> dict[str, Any]:
    """By the rater, or whoever keeps the periods; nobody for himself."""
    directory, actor, today = await acting(tx)
    await _demand_away(tx, directory, actor, given.person, today)
    _dates(given.since, given.until)
    away_id = await _unused("kpi_away", given.id)
    values: dict[str, Any] = {
        "person": given.person,
        "since": given.since,
        "until": given.until,
        "kind": given.kind,
        "document": text_of(given.document, "document"),
    }
    await KpiAway.insert(KpiAway(id=away_id, entered_by=tx.actor, at=tx.now, **values))
    tx.audit("away", "kpi_away", away_id, after=values)
    tx.change("score", away_id)
    return {"id": away_id}


@handles(WithdrawAway)
async def withdraw_away(tx: Transaction, given: WithdrawAway) -> dict[str, Any]:
    """By whoever might enter it."""
    directory, actor, today = await acting(tx)
    found = await _standing("kpi_away", given.away)
    await _demand_away(tx, directory, actor, found["person"], today)
    _demand_standing(found)
    reason = reason_of(given.reason)
    await KpiAway.update({KpiAway.withdrawn_at: tx.now}).where(KpiAway.id == found["id"])
    tx.audit("withdraw", "kpi_away", found["id"], before=own_row(found), after={"reason": reason})
    tx.change("score", found["id"])
    return {"id": found["id"]}


@handles(SetDuty)
async def set_duty(tx: Transaction, given: SetDuty) -> dict[str, Any]:
    """By whoever keeps the periods of the centre; nobody for himself, for it names who scores him."""
    directory, actor, today = await acting(tx)
    demand_keeps(actor, today)
    _known(directory, given.person)
    _not_oneself(actor, given.person)
    _dates(given.since, given.until)
    duty_id = await _unused("kpi_duty", given.id)
    await _demand_rater(directory, given)
    before = await rows(
        f"SELECT * FROM kpi_duty WHERE person = $1 AND (until IS NULL OR until >= $2) ORDER BY since{locked()}", given.person, given.since
    )
    for one in before:
        if one["since"] < given.since:
            await KpiDuty.update({KpiDuty.until: given.since - timedelta(days=1)}).where(KpiDuty.id == one["id"])
        elif given.until is None or one["since"] <= given.until:
            await KpiDuty.delete().where(KpiDuty.id == one["id"])
    values: dict[str, Any] = {
        "person": given.person,
        "duty": given.duty,
        "group_name": text_of(given.group_name, "group_name"),
        "rater": given.rater or None,
        "since": given.since,
        "until": given.until,
    }
    await KpiDuty.insert(KpiDuty(id=duty_id, **values))
    # Who is named to rate somebody sees his scores: replicas ask again, as after any change of the organisation.
    await raise_version()
    tx.audit("duty", "kpi_duty", duty_id, before={"duties": [own_row(one) for one in before]}, after=values)
    tx.change("score", duty_id)
    return {"id": duty_id}


async def _demand_rater(directory: Directory, given: SetDuty) -> None:
    """Raises Refusal for a rater who can't be one: himself, somebody who left, who does not stand above him (Đ10), or whose own rater he
    is. Nobody here stands above the director."""
    if not given.rater:
        return
    profile = directory.people.get(given.rater)
    if profile is None or not profile.active or profile.position == "admin" or given.rater == given.person:
        raise Refusal("invalid", "kpi.mark.rater_bad", field="rater")
    if (await rights.raters(given.since)).rater(given.rater) == given.person:
        raise Refusal("invalid", "kpi.mark.rater_circle", field="rater", name=profile.name)
    if ORDER[profile.position] >= ORDER[directory.people[given.person].position]:
        raise Refusal("invalid", "kpi.mark.rater_below", field="rater", name=profile.name)


@handles(SetDecision)
async def set_decision(tx: Transaction, given: SetDecision) -> dict[str, Any]:
    """By the director, or whoever holds the centre by delegation."""
    directory, actor, today = await acting(tx)
    demand_decides(actor, today)
    _known(directory, given.person)
    _not_oneself(actor, given.person)
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise Refusal("invalid", "kpi.mark.year_bad", field="year")
    decision_id = await _unused("kpi_decision", given.id)
    values: dict[str, Any] = {
        "person": given.person,
        "year": given.year,
        "case_of": given.case_of,
        "document": reason_of(given.document, "kpi.mark.document_missing", "document"),
        "document_date": given.document_date,
        "note": text_of(given.note, "note"),
    }
    await KpiDecision.insert(KpiDecision(id=decision_id, entered_by=tx.actor, at=tx.now, **values))
    tx.audit("decision", "kpi_decision", decision_id, after=values, on_behalf=rights.on_behalf(actor, today))
    tx.change("score", decision_id)
    return {"id": decision_id}


@handles(WithdrawDecision)
async def withdraw_decision(tx: Transaction, given: WithdrawDecision) -> dict[str, Any]:
    """By whoever might enter it."""
    _, actor, today = await acting(tx)
    demand_decides(actor, today)
    found = await _standing("kpi_decision", given.decision)
    _not_oneself(actor, found["person"])
    _demand_standing(found)
    reason = reason_of(given.reason)
    await KpiDecision.update({KpiDecision.withdrawn_at: tx.now}).where(KpiDecision.id == found["id"])
    tx.audit(
        "withdraw", "kpi_decision", found["id"], before=own_row(found), after={"reason": reason}, on_behalf=rights.on_behalf(actor, today)
    )
    tx.change("score", found["id"])
    return {"id": found["id"]}
