"""Leave, standing duties, estimates by hand, and keeping the loads that a job has counted."""

from datetime import date
from typing import Any, Literal

import msgspec

from server.errors import Refusal
from server.insight.load import rules
from server.insight.tables import Duty, Estimate, Leave, Load
from server.people import rules as people_rules
from server.storage.door import Command, handles
from server.storage.engine import insert, places, row, rows
from server.storage.transaction import Transaction, as_json
from server.tasks.commands.common import actor_of, check_id, load, today_of

#: A leave longer than this is a mistake in the year.
LONGEST_DAYS = 400
NOTE_LENGTH = 200
#: A standing duty can't take more than the week has.
WEEK = 5 * rules.DAY
#: Two years of one person's work: more is a mistake in the unit.
MOST_MINUTES = 2 * 250 * rules.DAY


class TakeLeave(Command, tag="insight.leave"):
    """Days on which somebody does not work: one's own, or of somebody to whom one may assign. Answers ``{"id"}``."""

    id: str
    person: str
    since: date
    until: date
    part: Literal["whole", "morning", "afternoon"] = "whole"
    kind: Literal["annual", "sick", "trip", "training", "other"] = "annual"
    note: str = ""


class EndLeave(Command, tag="insight.leave.end"):
    """It is not taken, or ends: it counts no longer from now on."""

    leave: str


class KeepDuty(Command, tag="insight.duty"):
    """A standing duty that takes so many minutes a week. Answers ``{"id"}``."""

    id: str
    person: str
    title: str
    minutes: int
    since: date
    until: date | None = None


class EndDuty(Command, tag="insight.duty.end"):
    """Its last day."""

    duty: str
    until: date


class SayEstimate(Command, tag="insight.estimate"):
    """How much work a task is, in minutes for the whole of it; None takes an estimate back."""

    task: str
    minutes: int | None


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person's load, as the columns of ``Load`` have it."""

    person: str
    peak: int
    low: int
    high: int
    band: str
    days: list[dict[str, Any]]
    tasks: list[dict[str, Any]]


class KeepLoads(Command, tag="insight.load.keep"):
    """The loads of everybody who has changed, and who has none any more."""

    model: str
    loads: list[Counted]
    over: list[str] = []


@handles(TakeLeave)
async def take_leave(tx: Transaction, given: TakeLeave) -> dict[str, Any]:
    """Refusal ``invalid`` for days in the wrong order, ``conflict`` where the same days are entered already."""
    await _demand(tx, given.person)
    if given.until < given.since or (given.until - given.since).days > LONGEST_DAYS:
        raise Refusal("invalid", "insight.load.days_bad", field="until")
    if given.part != "whole" and given.since != given.until:
        raise Refusal("invalid", "insight.load.half_day", field="part")
    same = await row(
        "SELECT id FROM leave WHERE person = $1 AND ended_at IS NULL AND since <= $2 AND until >= $3 "
        "AND (part = 'whole' OR $4 = 'whole' OR part = $4)",
        given.person,
        given.until,
        given.since,
        given.part,
    )
    if same is not None:
        raise Refusal("conflict", "insight.load.leave_twice", field="since")
    leave_id = check_id(given.id)
    await Leave.insert(
        Leave(
            id=leave_id,
            person=given.person,
            since=given.since,
            until=given.until,
            part=given.part,
            kind=given.kind,
            note=_short(given.note, "note"),
            by=tx.actor,
            at=tx.now,
        )
    )
    after = {"person": given.person, "since": given.since, "until": given.until, "part": given.part, "kind": given.kind}
    tx.audit("enter", "leave", leave_id, after=after)
    return {"id": leave_id}


@handles(EndLeave)
async def end_leave(tx: Transaction, given: EndLeave) -> dict[str, Any]:
    """By whoever may enter it."""
    found = await row("SELECT * FROM leave WHERE id = $1 AND ended_at IS NULL", given.leave)
    if found is None:
        raise Refusal("not_found", "insight.load.leave_unknown")
    await _demand(tx, found["person"])
    await Leave.update({Leave.ended_at: tx.now}).where(Leave.id == found["id"])
    tx.audit("withdraw", "leave", found["id"], before={"person": found["person"], "since": found["since"], "until": found["until"]})
    return {"id": found["id"]}


@handles(KeepDuty)
async def keep_duty(tx: Transaction, given: KeepDuty) -> dict[str, Any]:
    """Refusal ``invalid`` without a name, or where it takes more than a week has."""
    await _demand(tx, given.person)
    name = _short(given.title, "title")
    if not name:
        raise Refusal("invalid", "insight.load.duty_name", field="title")
    if not 0 < given.minutes <= WEEK:
        raise Refusal("invalid", "insight.load.duty_minutes", field="minutes", most=WEEK // 60)
    if given.until is not None and given.until < given.since:
        raise Refusal("invalid", "insight.load.days_bad", field="until")
    duty_id = check_id(given.id)
    await Duty.insert(
        Duty(
            id=duty_id,
            person=given.person,
            name=name,
            minutes=given.minutes,
            since=given.since,
            until=given.until,
            by=tx.actor,
            at=tx.now,
        )
    )
    after = {"person": given.person, "name": name, "minutes": given.minutes, "since": given.since, "until": given.until}
    tx.audit("enter", "duty", duty_id, after=after)
    return {"id": duty_id}


@handles(EndDuty)
async def end_duty(tx: Transaction, given: EndDuty) -> dict[str, Any]:
    """By whoever may enter it. A last day before the first one takes it back as a whole."""
    found = await row("SELECT * FROM duty WHERE id = $1", given.duty)
    if found is None:
        raise Refusal("not_found", "insight.load.duty_unknown")
    await _demand(tx, found["person"])
    await Duty.update({Duty.until: given.until}).where(Duty.id == found["id"])
    tx.audit("end", "duty", found["id"], before={"until": found["until"]}, after={"until": given.until})
    return {"id": found["id"]}


@handles(SayEstimate)
async def say_estimate(tx: Transaction, given: SayEstimate) -> dict[str, Any]:
    """By the lead, who knows best, or by whoever may give it to him."""
    loaded = await load(tx, given.task)
    lead = loaded.task["lead"]
    if loaded.actor.id != lead and not (lead and people_rules.may(loaded.actor, "assign", loaded.directory.actor(lead), loaded.today)):
        raise Refusal("not_allowed", "insight.load.estimate_whose")
    if given.minutes is not None and not 0 < given.minutes <= MOST_MINUTES:
        raise Refusal("invalid", "insight.load.estimate_bad", field="minutes", most=MOST_MINUTES // 60)
    old = await row("SELECT minutes FROM estimate WHERE id = $1", loaded.id)
    await rows("DELETE FROM estimate WHERE id = $1", loaded.id)
    if given.minutes is not None:
        await Estimate.insert(Estimate(id=loaded.id, minutes=given.minutes, by=tx.actor, at=tx.now))
    before = {"minutes": old["minutes"] if old else None}
    tx.audit("say", "estimate", loaded.id, before=before, after={"minutes": given.minutes})
    return {"task": loaded.id, "minutes": given.minutes}


@handles(KeepLoads)
async def keep_loads(tx: Transaction, given: KeepLoads) -> dict[str, Any]:
    """A job's command: no person may send it."""
    if tx.source != "job":
        raise Refusal("not_allowed", "insight.only_jobs")
    ids = [*given.over, *(one.person for one in given.loads)]
    if ids:
        await rows(f"DELETE FROM load WHERE id IN ({places(len(ids))})", *ids)
    for person in given.over:
        tx.change("load", person, "drop")
    if given.loads:
        await insert(
            Load,
            *[
                {
                    "id": one.person,
                    "peak": one.peak,
                    "low": one.low,
                    "high": one.high,
                    "band": one.band,
                    "days": as_json(one.days),
                    "tasks": as_json(one.tasks),
                    "model": given.model,
                    "at": tx.now,
                }
                for one in given.loads
            ],
        )
    for one in given.loads:
        tx.change("load", one.person)
    return {"kept": len(given.loads)}


async def _demand(tx: Transaction, person: str) -> None:
    """Whoever it is about, or who may assign to him. Raises Refusal."""
    directory, actor = await actor_of(tx)
    if person not in directory.people:
        raise Refusal("not_found", "people.unknown_person", field="person")
    if actor.id != person and not people_rules.may(actor, "assign", directory.actor(person), today_of(tx)):
        raise Refusal("not_allowed", "insight.load.whose", field="person")


def _short(text: str, field: str) -> str:
    text = " ".join(text.split())
    if len(text) > NOTE_LENGTH:
        raise Refusal("invalid", "insight.load.text_long", field=field, most=NOTE_LENGTH)
    return text
