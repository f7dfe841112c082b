"""A person scores himself; whoever rates him confirms."""

from typing import Any

import orjson

from server.errors import Refusal
from server.kpi.commands.common import (
    acting,
    called,
    chain_of,
    locked,
    open_period_locked,
    plain,
    reason_of,
    text_of,
    thousandths,
)
from server.kpi.record.book import book_of, computed, duty_of_row
from server.kpi.rights import Raters, keeps, on_behalf
from server.kpi.rules import general as general_rules
from server.kpi.tables import KpiSheet
from server.people.directory import Directory
from server.people.rules import Person
from server.storage.door import Command, handles
from server.storage.engine import Row, row, rows
from server.storage.transaction import Transaction, as_json
from server.words import say

FULL, HALF = 100, 50


class ScoreSelf(Command, tag="kpi.sheet.self"):
    """One's own ten criteria (points, at most two decimals; names of ``rules.general``), all of them, and the remarks of Mẫu số 01.

    May be sent again until it is confirmed. Answers ``{"id", "state", "general"}``.
    """

    period: str
    points: dict[str, float]
    strengths: str = ""
    weaknesses: str = ""


class ConfirmSheet(Command, tag="kpi.sheet.confirm"):
    """Confirm somebody's sheet; ``points`` that are not named stay as he scored them, and a change wants ``reason``.

    A leader: ``organising`` (đ) and ``uniting`` (e), 100 or 50, with ``leading_reason``. Support staff: percents 0 to 100. The director's
    own: ``outside_rater`` and ``document``. ``without_self``: he did not score himself, and all ten are given. May be sent again until the
    period is closed. Answers ``{"id", "state", "general", "total", "band"}``.
    """

    period: str
    person: str
    points: dict[str, float] = {}
    reason: str = ""
    comment: str = ""
    organising: int | None = None
    uniting: int | None = None
    leading_reason: str = ""
    quality: float | None = None
    compliance: float | None = None
    effect: float | None = None
    outside_rater: str = ""
    document: str = ""
    without_self: bool = False


class ReturnSheet(Command, tag="kpi.sheet.return"):
    """Send it back for a new self-score, with the reason. Answers ``{"id", "state"}``."""

    period: str
    person: str
    reason: str


def points_of(given: dict[str, float]) -> dict[str, int]:
    """Points of the general criteria in thousandths. Raises Refusal that names the criterion and says what was given."""
    found: dict[str, int] = {}
    for name, value in given.items():
        if name not in general_rules.MOST:
            raise Refusal("invalid", "kpi.sheet.points_unknown", field="points", name=name[:40])
        criterion, most = criterion_of(name), general_rules.MOST[name]
        if not 0 <= value <= most / 1000:
            said = f"{value:.12g}".replace(".", ",")
            raise Refusal("invalid", "kpi.sheet.points_outside", field=name, name=criterion, given=said, most=plain(most))
        points = thousandths(value, 2)
        if points is None:
            raise Refusal("invalid", "kpi.sheet.points_decimals", field=name, name=criterion)
        found[name] = points
    return found


def criterion_of(name: str) -> str:
    """A general criterion in a few words."""
    return say(f"kpi.sheet.criterion.{name}")


def _demand_all(points: dict[str, int]) -> None:
    missing = [name for name in general_rules.MOST if name not in points]
    if missing:
        names = "; ".join(criterion_of(name) for name in missing)
        raise Refusal("invalid", "kpi.sheet.points_missing", field=missing[0], names=names)


async def _sheet_locked(tx: Transaction, period: Row, directory: Directory, chain: Raters, person: str) -> Row:
    """The person's sheet under lock; whoever came after the opening gets one now. Raises Refusal where he has none."""
    one = chain.people.get(person)
    if one is not None and one.centre is not None:
        fresh = {
            "id": tx.new_id(), "period": period["id"], "person": person, "unit": one.unit, "position": one.position,
            "title": directory.people[person].title, "duty": duty_of_row(one.position, chain.duties.get(person)),
            "version": period["version"],
        }  # fmt: skip
        if await row("SELECT id FROM kpi_sheet WHERE period = $1 AND person = $2", period["id"], person) is None:
            # Two at once: the unique index lets one of them in.
            await _insert_once(fresh)
    found = await row(f"SELECT * FROM kpi_sheet WHERE period = $1 AND person = $2{locked()}", period["id"], person)
    if found is None:
        raise Refusal("not_found", "kpi.sheet.nobody", when=called(period))
    if found["state"] == "closed":
        raise Refusal("conflict", "kpi.period.closed", when=called(period))
    return found


async def _insert_once(fresh: dict[str, Any]) -> None:
    await rows(
        "INSERT INTO kpi_sheet (id, period, person, unit, position, title, duty, version, state, self_points, strengths, weaknesses, "
        "points, reason, comment, outside_rater, leading_reason, support, away, frozen, version_reason) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '{}', '', '', '{}', '', '', '', '', '{}', '', '', '') ON CONFLICT DO NOTHING",
        *fresh.values(),
    )


@handles(ScoreSelf)
async def score_self(tx: Transaction, given: ScoreSelf) -> dict[str, Any]:
    """Only one's own, and only while it is not confirmed."""
    directory, actor, _ = await acting(tx)
    points = points_of(given.points)
    _demand_all(points)
    period = await open_period_locked(given.period)
    chain = await chain_of(tx)
    sheet = await _sheet_locked(tx, period, directory, chain, actor.id)
    if sheet["state"] == "confirmed":
        raise Refusal("conflict", "kpi.sheet.confirmed_before")
    values = {
        "state": "self_scored",
        "self_points": as_json(points),
        "self_at": tx.now,
        "strengths": text_of(given.strengths, "strengths"),
        "weaknesses": text_of(given.weaknesses, "weaknesses"),
    }
    await _save(tx, sheet, values, "self_score")
    if sheet["state"] == "open":
        to = [chain.rater(actor.id)] if not chain.outside(actor.id) else []
        tx.message("kpi.sheet.waiting", to, subject=sheet["id"], data=_told(period, directory, actor.id))
    return {"id": sheet["id"], "state": "self_scored", "general": general_rules.total(points)}


@handles(ConfirmSheet)
async def confirm(tx: Transaction, given: ConfirmSheet) -> dict[str, Any]:
    """By the rater; nobody his own."""
    directory, actor, today = await acting(tx)
    chain = await chain_of(tx)
    _demand_rater(chain, directory, actor, given.person)
    changes = points_of(given.points)
    period = await open_period_locked(given.period)
    sheet = await _sheet_locked(tx, period, directory, chain, given.person)
    before = orjson.loads(sheet["self_points"]) if sheet["self_at"] is not None and sheet["state"] != "open" else {}
    if sheet["state"] == "open" and not given.without_self:
        raise Refusal("conflict", "kpi.sheet.not_self_scored", field="without_self", name=directory.people[given.person].name)
    confirmed_now = orjson.loads(sheet["points"]) if sheet["state"] == "confirmed" else {}
    points = {**before, **confirmed_now, **changes}
    _demand_all(points)
    differs = [name for name in general_rules.MOST if before and points[name] != before.get(name)]
    reason = text_of(given.reason, "reason")
    if differs and not reason:
        names = "; ".join(criterion_of(name) for name in differs)
        raise Refusal("invalid", "kpi.sheet.change_reason", field="reason", names=names)
    values: dict[str, Any] = {
        "state": "confirmed",
        "points": as_json(points),
        "reason": reason,
        "comment": text_of(given.comment, "comment"),
        "confirmed_by": tx.actor,
        "confirmed_at": tx.now,
        "general": general_rules.total(points),
    }
    name = directory.people[given.person].name
    duty = duty_of_row(directory.people[given.person].position, chain.duties.get(given.person))
    values |= _leading(given, sheet, duty == "leader", name)
    values |= _support(given, sheet, duty == "support", name)
    if chain.outside(given.person):
        values["outside_rater"] = _outside(given, sheet)
    lent = on_behalf(actor, today) if chain.outside(given.person) and keeps(actor, today) else None
    await _save(tx, sheet, values, "confirm", lent)
    tx.message("kpi.sheet.confirmed", [given.person], subject=sheet["id"], data=_told(period, directory, given.person))
    book = await book_of(period, [given.person], tx.now, evidence=False)
    found = computed(book, given.person)
    return {
        "id": sheet["id"],
        "state": "confirmed",
        "general": values["general"],
        "total": found.total,
        "band": None if found.total is None else found.score.band,
        "missing": list(found.score.missing),
    }


def _demand_rater(chain: Raters, directory: Directory, actor: Person, person: str) -> None:
    """Raises Refusal unless the actor confirms this person's sheets; who may not see them learns nothing."""
    if actor.id == person:
        raise Refusal("not_allowed", "kpi.sheet.own")
    if chain.may_confirm(actor.id, person):
        return
    if chain.may_see(actor.id, person):
        raise Refusal("not_allowed", "kpi.sheet.only_rater", name=directory.people[person].name)
    raise Refusal("not_found", "kpi.sheet.unknown")


def _leading(given: ConfirmSheet, sheet: Row, leader: bool, name: str) -> dict[str, Any]:
    """đ and e (Đ15.3b, c): full or half, with their reason."""
    entered = {"organising": given.organising, "uniting": given.uniting}
    if any(value is not None for value in entered.values()) and not leader:
        raise Refusal("invalid", "kpi.sheet.not_leader", field="organising", name=name)
    for field, value in entered.items():
        if value not in (None, FULL, HALF):
            raise Refusal("invalid", "kpi.sheet.leading_bad", field=field)
    values: dict[str, Any] = {field: value for field, value in entered.items() if value is not None}
    reason = text_of(given.leading_reason, "leading_reason")
    if any(sheet[field] != value for field, value in values.items()) and not reason:
        raise Refusal("invalid", "kpi.sheet.leading_reason", field="leading_reason")
    return values | ({"leading_reason": reason} if reason else {})


def _support(given: ConfirmSheet, sheet: Row, support: bool, name: str) -> dict[str, Any]:
    """Quality, compliance and effect of support staff, in percent."""
    entered = {"quality": given.quality, "compliance": given.compliance, "effect": given.effect}
    marks: dict[str, int] = orjson.loads(sheet["support"])
    for field, value in entered.items():
        if value is None:
            continue
        if not support:
            raise Refusal("invalid", "kpi.sheet.not_support", field=field, name=name)
        amount = thousandths(value, 2)
        if amount is None or not 0 <= amount <= 100_000:
            raise Refusal("invalid", "kpi.sheet.percent_bad", field=field)
        marks[field] = amount
    return {"support": as_json(marks)} if support else {}


def _outside(given: ConfirmSheet, sheet: Row) -> str:
    """Who outside of the office decided, and by which document."""
    rater, document = text_of(given.outside_rater, "outside_rater"), text_of(given.document, "document")
    if not rater and not document and sheet["outside_rater"]:
        return str(sheet["outside_rater"])
    if not rater or not document:
        raise Refusal("invalid", "kpi.sheet.outside_missing", field="document" if rater else "outside_rater")
    return say("kpi.sheet.outside_line", rater=rater, document=document)


@handles(ReturnSheet)
async def give_back(tx: Transaction, given: ReturnSheet) -> dict[str, Any]:
    """By the rater, as long as the period is open."""
    directory, actor, today = await acting(tx)
    chain = await chain_of(tx)
    _demand_rater(chain, directory, actor, given.person)
    reason = reason_of(given.reason)
    period = await open_period_locked(given.period)
    sheet = await _sheet_locked(tx, period, directory, chain, given.person)
    if sheet["state"] == "open":
        raise Refusal("conflict", "kpi.sheet.nothing_to_return", name=directory.people[given.person].name)
    cleared = {"state": "open", "points": "{}", "reason": reason, "confirmed_by": None, "confirmed_at": None, "general": None}
    await _save(tx, sheet, cleared, "return", on_behalf(actor, today) if chain.outside(given.person) else None)
    told = _told(period, directory, given.person) | {"reason": reason}
    tx.message("kpi.sheet.returned", [given.person], subject=sheet["id"], data=told)
    return {"id": sheet["id"], "state": "open"}


async def _save(tx: Transaction, sheet: Row, values: dict[str, Any], action: str, lent: str | None = None) -> None:
    await KpiSheet.update({getattr(KpiSheet, name): value for name, value in values.items()}).where(KpiSheet.id == sheet["id"])
    tx.audit(
        action,
        "kpi_sheet",
        sheet["id"],
        before={name: sheet[name] for name in values},
        after={"person": sheet["person"], **values},
        on_behalf=lent,
    )
    tx.change("score", sheet["id"])


def _told(period: Row, directory: Directory, person: str) -> dict[str, Any]:
    """What a message says: which period and whose sheet, never a number of it."""
    return {"when": called(period), "period": period["id"], "person": person, "name": directory.people[person].name}
