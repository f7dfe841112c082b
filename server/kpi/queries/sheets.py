"""One person's sheets: computed from the record while the period is open, as it was frozen once it is closed."""

from datetime import date, datetime
from typing import Any

import msgspec
import orjson

from server.errors import Refusal
from server.kpi import rights
from server.kpi.queries.compare import Difference, differences
from server.kpi.queries.detail import Sheet
from server.kpi.queries.periods import PeriodFacts, period_row, periods
from server.kpi.queries.periods import period as read_period
from server.kpi.record.book import Book, Computed, book_of, computed
from server.kpi.record.facts import among, many
from server.kpi.record.frozen import Frozen, decoded, recompute, result_of
from server.kpi.rights import Raters
from server.kpi.rules import general as general_rules
from server.kpi.rules.ruleset import Band
from server.storage.engine import Row, row, rows
from server.storage.ids import LOCAL

__all__ = [
    "Difference", "Frozen", "Sheet", "SheetHead", "differences", "my_periods", "rater_of", "recompute", "result_of", "sheet", "sheet_by_id",
    "totals_of", "versions",
]  # fmt: skip


class SheetHead(msgspec.Struct, frozen=True, kw_only=True):
    """A period in the list of a person's own; total and band are None until it is closed."""

    period: PeriodFacts
    sheet: str | None
    state: str
    general: int | None
    total: int | None
    band: Band | None
    away: str


def day_of(now: datetime) -> date:
    """The day of the office."""
    return now.astimezone(LOCAL).date()


async def chain_for(actor: str, person: str, now: datetime) -> Raters:
    """Who rates whom today. Raises Refusal ``not_found`` where the actor may not see this person's sheets."""
    chain = await rights.raters(day_of(now))
    if not chain.may_see(actor, person):
        raise Refusal("not_found", "kpi.sheet.unknown")
    return chain


async def sheet(actor: str, person: str, period: str, now: datetime) -> Sheet:
    """The sheet of a person in a period (any version of it). Raises Refusal ``not_found`` for one that the actor may not see."""
    chain = await chain_for(actor, person, now)
    facts, found = await read_period(period), await period_row(period)
    book = await book_of(found, [person], now, evidence={person})
    if person not in book.sheets and (found["state"] == "closed" or person not in chain.people):
        raise Refusal("not_found", "kpi.sheet.unknown")
    return sheet_of(book, facts, person, chain, actor)


def sheet_of(book: Book, period: PeriodFacts, person: str, chain: Raters, actor: str) -> Sheet:
    """The sheet as the book makes it, for this reader. Asks for no right: whoever calls it has asked."""
    stored = book.sheets.get(person) or _blank(book, person)
    made = computed(book, person)
    kept = decoded(stored["frozen"]) if stored["frozen"] else None
    own_points: dict[str, int] = orjson.loads(stored["self_points"])
    points: dict[str, int] = orjson.loads(stored["points"]) if stored["confirmed_at"] is not None else own_points
    closed = kept is not None
    live = not closed and period.state == "open"
    profile = book.directory.people[person]
    return Sheet(
        id=stored["id"],
        period=period,
        person=person,
        unit=stored["unit"] if closed else profile.unit,
        position=stored["position"] if closed else profile.position,
        title=stored["title"] if closed else profile.title,
        duty=made.duty,
        group=made.group,
        state=stored["state"],
        rater=chain.rater(person),
        rules=kept.rules if kept is not None else book.rules,
        self_points=own_points,
        self_general=general_rules.total(own_points),
        self_at=stored["self_at"],
        strengths=stored["strengths"],
        weaknesses=stored["weaknesses"],
        points=points,
        general=made.general,
        reason=stored["reason"],
        comment=stored["comment"],
        confirmed_by=stored["confirmed_by"],
        confirmed_at=stored["confirmed_at"],
        outside_rater=stored["outside_rater"],
        leading=made.leading,
        leading_reason=stored["leading_reason"],
        support=made.support,
        own=made.own,
        lines=made.lines,
        led=tuple(one for one in made.led if chain.may_see(actor, one)),
        led_count=len(made.led),
        score=made.score,
        total=made.total,
        band=None if made.total is None else made.score.band,
        away=made.away,
        away_days=made.away_days,
        working_days=made.working_days,
        frozen=closed,
        version=stored["version"],
        replaces=stored["replaces"],
        version_reason=stored["version_reason"],
        waits_for=waits_for(stored["state"], made, live=live),
        outside=sum(one.outside for one in made.own),
        may_self=live and actor == person and stored["state"] in ("open", "self_scored"),
        may_confirm=live and chain.may_confirm(actor, person),
        may_return=live and stored["state"] in ("self_scored", "confirmed") and chain.may_confirm(actor, person),
    )


def waits_for(state: str, made: Computed, *, live: bool) -> str:
    """Whose move it is: self, rater, close, or nobody's."""
    if not live or made.away:
        return ""
    if state == "confirmed" and made.total is not None:
        return "close"
    return "self" if state == "open" else "rater"


def _blank(book: Book, person: str) -> Row:
    """Whoever came after the opening has no row yet."""
    profile = book.directory.people[person]
    texts = dict.fromkeys(
        ("strengths", "weaknesses", "reason", "comment", "outside_rater", "leading_reason", "frozen", "version_reason", "away"), ""
    )
    empty = dict.fromkeys(("id", "self_at", "confirmed_by", "confirmed_at", "organising", "uniting", "replaces"))
    return {
        **texts, **empty, "unit": profile.unit, "position": profile.position, "title": profile.title, "state": "open",
        "self_points": "{}", "points": "{}", "support": "{}", "version": book.period["version"],
    }  # fmt: skip


async def sheet_by_id(actor: str, sheet_id: str, now: datetime) -> Sheet:
    """The same by the sheet's own id."""
    found = await row("SELECT person, period FROM kpi_sheet WHERE id = $1", sheet_id)
    if found is None:
        raise Refusal("not_found", "kpi.sheet.unknown")
    return await sheet(actor, found["person"], found["period"], now)


async def my_periods(actor: str, person: str, now: datetime) -> list[SheetHead]:
    """The person's periods, newest first, the current version of each. Raises Refusal ``not_found`` as ``sheet``."""
    await chain_for(actor, person, now)
    known = await rows("SELECT id, period, state, general, total, band, away FROM kpi_sheet WHERE person = $1", person)
    mine = {one["period"]: one for one in known}
    return [
        SheetHead(
            period=one, sheet=mine[one.id]["id"], state=mine[one.id]["state"], general=mine[one.id]["general"], total=mine[one.id]["total"],
            band=mine[one.id]["band"], away=mine[one.id]["away"],
        )
        for one in await periods()
        if one.id in mine
    ]  # fmt: skip


async def versions(actor: str, person: str, period: str, now: datetime) -> list[Sheet]:
    """Every version of the sheet of that month, the newest first."""
    asked = await read_period(period)
    same = [one for one in await periods(asked.year, every_version=True) if (one.kind, one.number) == (asked.kind, asked.number)]
    await chain_for(actor, person, now)
    held = {one["period"] for one in await rows("SELECT period FROM kpi_sheet WHERE person = $1", person)}
    return [await sheet(actor, person, one.id, now) for one in same if one.id in held]


async def rater_of(person: str, at: date) -> str | None:
    """Who confirms this person's sheets on that day; None: somebody outside."""
    return (await rights.raters(at)).rater(person)


async def totals_of(year: int, people: list[str] | None = None) -> dict[str, dict[int, dict[str, Any]]]:
    """For the year (no rights asked: for commands and published ratings): ``{person: {period number: row}}`` of the current versions.

    ``row``: total, general, band, state, away, sheet, period, kind. Total and band are None until the period is closed.
    """
    who = "" if people is None else f" AND {among('s.person', '$2')}"
    found = await rows(
        "SELECT s.person, k.number, k.kind, k.id AS period, s.id AS sheet, s.state, s.general, s.total, s.band, s.away "
        "FROM kpi_period k JOIN kpi_sheet s ON s.period = k.id "
        f"WHERE k.year = $1 AND NOT EXISTS (SELECT 1 FROM kpi_period n WHERE n.replaces = k.id){who} ORDER BY k.starts",
        year,
        *([] if people is None else [many(people)]),
    )
    totals: dict[str, dict[int, dict[str, Any]]] = {}
    for one in found:
        totals.setdefault(one["person"], {})[one["number"]] = one
    return totals
