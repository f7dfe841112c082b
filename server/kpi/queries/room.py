"""A room's month: a row a person."""

from collections import Counter
from datetime import datetime
from fractions import Fraction

import msgspec

from server.errors import Refusal
from server.kpi import rights
from server.kpi.queries.periods import PeriodFacts, period_row
from server.kpi.queries.periods import period as read_period
from server.kpi.queries.sheets import day_of
from server.kpi.record.book import Book, book_of, computed
from server.kpi.rights import Raters
from server.kpi.rules.lines import faults
from server.kpi.rules.ruleset import Band
from server.kpi.rules.score import Duty


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One person's month. a, b and c are ratios (1 is 100 %), None without data; points in thousandths.

    ``lines`` and what follows count the person's own. ``missing``: names of what is not there yet: self, confirm, work, general, led,
    organising, uniting, support; nothing for whoever was away or is closed.
    """

    person: str
    sheet: str | None
    unit: str | None
    duty: Duty
    state: str
    a: Fraction | None
    b: Fraction | None
    c: Fraction | None
    task_points: Fraction | None
    general: int | None
    total: int | None
    band: Band | None
    away: str
    lines: int
    waiting: int
    outside: int
    late: int
    missing: tuple[str, ...]
    may_confirm: bool


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """The rows that the reader may see of a unit, or of everybody he may see. ``counts`` by state, ``bands`` of those that have one."""

    period: PeriodFacts
    unit: str | None
    rows: tuple[Row, ...]
    counts: dict[str, int]
    bands: dict[str, int]


async def room(actor: str, period: str, now: datetime, unit: str | None = None) -> Room:
    """Whom the actor rates or may see in that period, in a unit and below or in all. Raises Refusal ``not_found`` if that is nobody.

    A constant number of questions, whatever the room's size.
    """
    chain = await rights.raters(day_of(now))
    facts, found = await read_period(period), await period_row(period)
    seen = chain.visible(actor)
    directory = chain.directory
    people = [one for one in directory.people if one in seen and (unit is None or unit in directory.path(directory.people[one].unit))]
    if not people:
        raise Refusal("not_found", "kpi.sheet.unknown")
    book = await book_of(found, people, now, evidence=False)
    # Whoever left is shown where he has a sheet; whoever came later, as long as the period is open.
    listed = [one for one in people if one in book.sheets or (facts.state == "open" and one in chain.people)]
    made = tuple(row_of(book, one, chain, actor) for one in listed)
    bands = Counter(str(one.band) for one in made if one.band is not None)
    return Room(period=facts, unit=unit, rows=made, counts=dict(Counter(one.state for one in made)), bands=dict(bands))


def row_of(book: Book, person: str, chain: Raters, actor: str) -> Row:
    """One row. Asks for no right: whoever calls it has asked."""
    stored, made = book.sheets.get(person), computed(book, person)
    state = stored["state"] if stored is not None else "open"
    missing: tuple[str, ...] = ()
    if state != "closed" and not made.away:
        missing = made.score.missing
        if state in ("open", "self_scored"):
            missing = ("self" if state == "open" else "confirm", *missing)
    return Row(
        person=person,
        sheet=stored["id"] if stored is not None else None,
        unit=book.directory.people[person].unit,
        duty=made.duty,
        state=state,
        a=made.score.sums.a,
        b=made.score.sums.b,
        c=made.score.sums.c,
        task_points=made.score.task_points,
        general=made.general,
        total=made.total,
        band=None if made.total is None else made.score.band,
        away=made.away,
        lines=len(made.own),
        waiting=sum(one.waiting for one in made.own),
        outside=sum(one.outside for one in made.own),
        late=sum(faults(one.line)[0] > 0 for one in made.own),
        missing=missing,
        may_confirm=state != "closed" and book.period["state"] == "open" and chain.may_confirm(actor, person),
    )


async def units_of(actor: str, now: datetime) -> list[str]:
    """The units of which the actor sees somebody else's sheets, in their order."""
    chain = await rights.raters(day_of(now))
    directory = chain.directory
    seen = {directory.people[one].unit for one in chain.visible(actor) if one != actor and directory.people[one].position != "admin"}
    return [unit for unit in directory.units if unit in seen]
