"""A person does not agree (Đ22)."""

from datetime import date
from typing import Any, Literal

from server.calendar.current import working_days
from server.errors import Refusal
from server.kpi import rights
from server.kpi.commands.common import acting, chain_of, check_id, locked, reason_of
from server.kpi.commands.periods import ReopenPeriod
from server.kpi.queries.ruleset import in_force
from server.kpi.record.frozen import decoded
from server.kpi.rights import Raters
from server.kpi.tables import KpiPetition
from server.people.rules import Person
from server.storage.door import Command, handles, inside
from server.storage.engine import Row, row
from server.storage.transaction import Transaction
from server.words import say


class FilePetition(Command, tag="kpi.petition.file"):
    """About one's own closed sheet or published rating of a year. Answers ``{"id", "due"}``: seven working days from its receipt."""

    id: str
    about: Literal["sheet", "year"]
    subject: str
    text: str


class AnswerPetition(Command, tag="kpi.petition.answer"):
    """``upheld``: it was right; with ``reopen`` (the id of the new version) the period opens again for this person. Answers ``{"id"}``."""

    petition: str
    outcome: Literal["upheld", "rejected"]
    answer: str
    reopen: str | None = None


@handles(FilePetition)
async def file_petition(tx: Transaction, given: FilePetition) -> dict[str, Any]:
    """One open petition about one thing."""
    directory, actor, today = await acting(tx)
    petition_id = check_id(given.id)
    text = reason_of(given.text, "kpi.petition.text_missing", "text")
    subject = await _subject(given.about, given.subject)
    if subject is None or subject["person"] != actor.id:
        raise Refusal("not_found", "kpi.sheet.unknown")
    if given.about == "sheet" and subject["state"] != "closed":
        raise Refusal("conflict", "kpi.petition.not_closed")
    if given.about == "year" and subject["published_at"] is None and subject["state"] != "decided":
        raise Refusal("conflict", "kpi.petition.not_decided")
    known = await row("SELECT due FROM kpi_petition WHERE subject = $1 AND state = 'open'", given.subject)
    if known is not None:
        raise Refusal("conflict", "kpi.petition.open_before", due=f"{known['due']:%d/%m/%Y}")
    if await row("SELECT id FROM kpi_petition WHERE id = $1", petition_id) is not None:
        raise Refusal("conflict", "kpi.period.id_taken", field="id")
    rules = decoded(subject["frozen"]).rules if given.about == "sheet" else (await in_force(today)).rules
    due = working_days().add(today, rules.petition_days)
    await KpiPetition.insert(
        KpiPetition(
            id=petition_id, about=given.about, subject=given.subject, person=actor.id, text=text, received=today, due=due, state="open"
        )
    )
    tx.audit(
        "petition", "kpi_petition", petition_id, after={"about": given.about, "subject": given.subject, "person": actor.id, "due": due}
    )
    tx.change("score", petition_id)
    chain = await chain_of(tx)
    told = {"due": due.isoformat(), "person": actor.id, "name": directory.people[actor.id].name}
    tx.message("kpi.petition.filed", _answerers(chain, actor.id, given.about, today), subject=petition_id, data=told)
    return {"id": petition_id, "due": due.isoformat()}


async def _subject(about: str, subject: str) -> Row | None:
    """The sheet or the year under lock, so that two petitions at once are one."""
    table = "kpi_sheet" if about == "sheet" else "kpi_year"
    return await row(f"SELECT * FROM {table} WHERE id = $1{locked()}", subject)


def may_answer(chain: Raters, actor: Person, person: str, about: str, at: date) -> bool:
    """Who rates him answers about a sheet; who decides for the centre about either. Nobody his own."""
    if actor.id == person:
        return False
    return rights.decides(actor, at) or (about == "sheet" and chain.may_confirm(actor.id, person))


def _answerers(chain: Raters, person: str, about: str, at: date) -> list[str]:
    return [one for one in chain.people if may_answer(chain, chain.directory.actor(one), person, about, at)]


@handles(AnswerPetition)
async def answer_petition(tx: Transaction, given: AnswerPetition) -> dict[str, Any]:
    """By the rater of the sheet or by whoever decides for the centre; about a year by the latter."""
    _, actor, today = await acting(tx)
    found = await row(f"SELECT * FROM kpi_petition WHERE id = $1{locked()}", given.petition)
    chain = await chain_of(tx)
    if found is None or not (actor.id == found["person"] or may_answer(chain, actor, found["person"], found["about"], today)):
        raise Refusal("not_found", "kpi.petition.unknown")
    if actor.id == found["person"]:
        raise Refusal("not_allowed", "kpi.petition.own")
    if found["state"] != "open":
        raise Refusal("conflict", "kpi.petition.answered")
    text = reason_of(given.answer, "kpi.petition.answer_missing", "answer")
    reopened = None
    if given.reopen:
        reopened = await _reopen(tx, given, found, text)
    values: dict[str, Any] = {"state": "answered", "outcome": given.outcome, "answer": text}
    await KpiPetition.update(
        {
            KpiPetition.state: "answered",
            KpiPetition.outcome: given.outcome,
            KpiPetition.answer: text,
            KpiPetition.answered_by: tx.actor,
            KpiPetition.answered_at: tx.now,
        }
    ).where(KpiPetition.id == found["id"])
    tx.audit(
        "answer", "kpi_petition", found["id"], before={"state": "open"},
        after={**values, "person": found["person"], "late": today > found["due"], "reopened": reopened},
    )  # fmt: skip
    tx.change("score", found["id"])
    tx.message("kpi.petition.answered", [found["person"]], subject=found["id"], data={"outcome": given.outcome, "answer": text})
    return {"id": found["id"], "late": today > found["due"], "reopened": reopened}


async def _reopen(tx: Transaction, given: AnswerPetition, found: Row, text: str) -> str:
    """Open the period again for this person, in the same transaction: the answer and the correction come together."""
    if given.outcome != "upheld":
        raise Refusal("invalid", "kpi.petition.reopen_upheld", field="reopen")
    sheet = await row("SELECT period FROM kpi_sheet WHERE id = $1", found["subject"]) if found["about"] == "sheet" else None
    if sheet is None:
        raise Refusal("invalid", "kpi.petition.reopen_sheet", field="reopen")
    reason = say("kpi.petition.reopen_reason", text=text)
    asked = ReopenPeriod(id=str(given.reopen), period=sheet["period"], reason=reason[:4000], people=[found["person"]])
    answer = await inside(tx, asked)
    return str(answer["id"])
