"""What is entered beside the record: absences, duties, decisions, objective causes, parts of months, petitions."""

from datetime import date, datetime
from typing import Any

import msgspec

from server.kpi import rights
from server.kpi.commands.petitions import may_answer
from server.kpi.rights import Raters
from server.storage.engine import Row, rows
from server.storage.ids import LOCAL


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A row of what was entered of a person; ``values`` as stored. ``may``: the reader may withdraw it."""

    id: str
    person: str
    values: dict[str, Any]
    may: bool


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader may see of his people, the newest first, and for whom he may enter more."""

    away: tuple[Mark, ...]
    duties: tuple[Mark, ...]
    decisions: tuple[Mark, ...]
    people: tuple[str, ...]
    keeps: bool
    decides: bool


def _today(now: datetime) -> date:
    return now.astimezone(LOCAL).date()


async def marks(actor: str, now: datetime) -> Marks:
    """Absences of whom he confirms or keeps; duties for whoever keeps; decisions for whoever decides for the centre."""
    today = _today(now)
    chain = await rights.raters(today)
    who = chain.directory.actor(actor)
    keeps, decides = rights.keeps(who, today), rights.decides(who, today)
    people = tuple(one for one in chain.people if one != actor and (keeps or chain.may_confirm(actor, one)))
    away = await rows("SELECT * FROM kpi_away WHERE withdrawn_at IS NULL ORDER BY since DESC, id LIMIT 200")
    duties = await rows("SELECT * FROM kpi_duty ORDER BY since DESC, id LIMIT 500") if keeps else []
    decisions = await rows("SELECT * FROM kpi_decision WHERE withdrawn_at IS NULL ORDER BY year DESC, at DESC LIMIT 200") if decides else []
    seen = frozenset(people)
    return Marks(
        away=tuple(_mark(one, one["person"] in seen) for one in away if one["person"] in seen),
        duties=tuple(_mark(one, False) for one in duties),
        decisions=tuple(_mark(one, one["person"] != actor) for one in decisions),
        people=people,
        keeps=keeps,
        decides=decides,
    )


def _mark(found: Row, may: bool) -> Mark:
    return Mark(id=found["id"], person=found["person"], values=dict(found), may=may)


async def excuses(task: str, person: str) -> list[Row]:
    """The objective causes of one person's part of a task that still count; asked only by pages that showed the line already."""
    return await rows("SELECT * FROM kpi_excuse WHERE task = $1 AND person = $2 AND withdrawn_at IS NULL ORDER BY at", task, person)


async def splits(task: str, person: str) -> list[Row]:
    """The months of one person's part of a task, in their order; asked only by pages that showed the line already."""
    return await rows("SELECT * FROM kpi_split WHERE task = $1 AND person = $2 ORDER BY year, month", task, person)


class Petition(msgspec.Struct, frozen=True, kw_only=True):
    """A petition; ``period`` is the sheet's, None about a year. ``may``: the reader answers it."""

    id: str
    about: str
    subject: str
    person: str
    text: str
    received: date
    due: date
    state: str
    outcome: str
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    year: int | None
    number: int | None
    kind: str | None
    may: bool


async def petitions(actor: str, now: datetime) -> list[Petition]:
    """One's own and those that one answers: the open ones first, by the day on which they are due."""
    today = _today(now)
    chain = await rights.raters(today)
    found = await rows(
        "SELECT n.*, p.year, p.number, p.kind FROM kpi_petition n LEFT JOIN kpi_sheet s ON n.about = 'sheet' AND s.id = n.subject "
        "LEFT JOIN kpi_period p ON p.id = s.period ORDER BY CASE n.state WHEN 'open' THEN 0 ELSE 1 END, n.due, n.id LIMIT 500"
    )
    return [_petition(one, chain, actor, today) for one in found if _sees(chain, actor, one, today)]


def _sees(chain: Raters, actor: str, found: Row, today: date) -> bool:
    return bool(found["person"] == actor or may_answer(chain, chain.directory.actor(actor), found["person"], found["about"], today))


def _petition(found: Row, chain: Raters, actor: str, today: date) -> Petition:
    may = found["state"] == "open" and may_answer(chain, chain.directory.actor(actor), found["person"], found["about"], today)
    return Petition(**{name: found[name] for name in Petition.__struct_fields__ if name != "may"}, may=may)
