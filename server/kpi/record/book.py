"""Everything that the sheets of a period are computed from, read once for many people."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, get_args

import msgspec
import orjson

from server.calendar.current import working_days
from server.kpi.queries.ruleset import in_force, rule_set
from server.kpi.record.entries import Entry
from server.kpi.record.facts import among, many
from server.kpi.record.frozen import Frozen, decoded
from server.kpi.record.read import entries_of
from server.kpi.rights import Raters
from server.kpi.rights import raters as raters_at
from server.kpi.rules import general as general_rules
from server.kpi.rules.calendar import Period, away_whole
from server.kpi.rules.lines import Line
from server.kpi.rules.ruleset import RuleSet
from server.kpi.rules.score import Duty, Leading, Score, Support, score
from server.people.directory import Directory
from server.people.rules import CENTRE_LEADERS, ORDER, ROOM_LEADERS
from server.storage.engine import Row, rows


class Computed(msgspec.Struct, frozen=True, kw_only=True):
    """One person's sheet as the record makes it now. ``lines`` is what is scored: his own and, for a leader, those of the people he leads.

    ``away``: leave took so much of the period that it is not worked ("" if it is); ``away_days`` of ``working_days``. ``led`` are the
    people whose work is part of his. ``score.missing`` says why there is no total yet.
    """

    person: str
    duty: Duty
    group: str
    own: tuple[Entry, ...]
    lines: tuple[Line, ...]
    led: tuple[str, ...]
    leading: Leading | None
    support: Support | None
    general: int | None
    score: Score
    away: str = ""
    away_days: int = 0
    working_days: int = 0

    @property
    def total(self) -> int | None:
        """The points of the period; None as long as something is missing, and for a period that was not worked."""
        return None if self.away else self.score.total


class Book(msgspec.Struct, kw_only=True):
    """``sheets`` are the stored rows of this version of the period by person; ``entries`` cover the people and everybody they lead."""

    period: dict[str, Any]
    when: Period
    rules: RuleSet
    now: datetime
    directory: Directory
    raters: Raters
    sheets: dict[str, Row]
    entries: dict[str, list[Entry]]
    away: dict[str, tuple[str, int]]
    working_days: int
    done: dict[str, Computed] = {}


async def book_of(period: dict[str, Any], people: Collection[str], now: datetime, *, evidence: bool | Collection[str] = True) -> Book:
    """Read what the sheets of these people need: some fifteen questions, however many people."""
    when = Period(period["year"], period["number"], period["kind"])
    rules = (await rule_set(period["rules"])).rules if period["rules"] else (await in_force(when.starts)).rules
    raters = await raters_at(when.ends)
    directory = raters.directory
    wanted = _with_led(raters, people)
    entries = await entries_of(wanted, when, rules, now, evidence=evidence)
    sheets = await rows(f"SELECT * FROM kpi_sheet WHERE period = $1 AND {among('person', '$2')}", period["id"], many(wanted))
    return Book(
        period=period,
        when=when,
        rules=rules,
        now=now,
        directory=directory,
        raters=raters,
        sheets={one["person"]: one for one in sheets},
        entries=entries,
        away=await _away(wanted, when),
        working_days=_days(when.starts, when.ends),
    )


def _with_led(raters: Raters, people: Collection[str]) -> list[str]:
    """These people and everybody whose lines are a part of theirs."""
    wanted = dict.fromkeys(people)
    for one in list(wanted):
        wanted |= dict.fromkeys(raters.led(one))
        if raters.field_groups(one):
            wanted |= dict.fromkeys(raters.people)
    # Whoever is led may lead others, and his total is a part of his leader's.
    for one in list(wanted):
        wanted |= dict.fromkeys(raters.led(one))
        if raters.field_groups(one):
            wanted |= dict.fromkeys(raters.people)
    return list(wanted)


def _days(first: date, last: date) -> int:
    days = working_days()
    return days.between(first, last) + int(days.is_working(first))


async def _away(people: Collection[str], when: Period) -> dict[str, tuple[str, int]]:
    """Working days of the period that leave took, by person, and what kind took most of them."""
    found = await rows(
        f"SELECT person, since, until, kind FROM kpi_away WHERE withdrawn_at IS NULL AND {among('person', '$1')} "
        "AND since <= $2 AND (until IS NULL OR until >= $3) ORDER BY since, id",
        many(people),
        when.ends,
        when.starts,
    )
    taken: dict[str, dict[int, str]] = {}
    days = working_days()
    for one in found:
        first, last = max(one["since"], when.starts), min(one["until"] or when.ends, when.ends)
        mine = taken.setdefault(one["person"], {})
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            # Two entries over one day take it once.
            if days.is_working(date.fromordinal(ordinal)):
                mine.setdefault(ordinal, one["kind"])
    most = {person: sorted(mine.values()) for person, mine in taken.items() if mine}
    return {person: (max(kinds, key=kinds.count), len(kinds)) for person, kinds in most.items()}


def duty_of(book: Book, person: str) -> tuple[Duty, str]:
    """How somebody is scored, and his group of similar duties: as it is entered, else by his position."""
    position = book.directory.people[person].position
    entered = book.raters.duties.get(person)
    return duty_of_row(position, entered), (entered["group_name"] if entered else "") or position


def duty_of_row(position: str, entered: Mapping[str, Any] | None) -> Duty:
    """The duty that is entered, else the one that goes with the position."""
    if entered is not None and entered["duty"] in get_args(Duty):
        found: Duty = entered["duty"]
        return found
    return "leader" if position in CENTRE_LEADERS + ROOM_LEADERS else "officer"


def computed(book: Book, person: str) -> Computed:
    """The sheet of one person of the book; pure, and kept in the book. What is frozen stays as it was closed."""
    known = book.done.get(person)
    if known is None:
        row = book.sheets.get(person)
        frozen = decoded(row["frozen"]) if row is not None and row["frozen"] else None
        known = book.done[person] = _from_frozen(person, frozen) if frozen is not None else _compute(book, person, row)
    return known


def _from_frozen(person: str, kept: Frozen) -> Computed:
    return Computed(
        person=person,
        duty=kept.duty,
        group=kept.group,
        own=kept.own,
        lines=kept.lines,
        led=kept.led,
        leading=kept.leading,
        support=kept.support,
        general=kept.general,
        score=score(kept.lines, kept.general, kept.rules, kept.duty, kept.leading, kept.support),
        away=kept.away,
        away_days=kept.away_days,
        working_days=kept.working_days,
    )


def _compute(book: Book, person: str, row: Row | None) -> Computed:
    duty, group = duty_of(book, person)
    own = tuple(book.entries.get(person, ()))
    lines = {one.line.id: one.line for one in own}
    led: tuple[str, ...] = ()
    leading = None
    if duty == "leader":
        led, more = _led_by(book, person)
        lines |= _of_the_led(person, led, own, more)
        totals = tuple(computed(book, one).total for one in led if not computed(book, one).away)
        leading = Leading(totals, row["organising"] if row else None, row["uniting"] if row else None)
    support = Support(**orjson.loads(row["support"])) if duty == "support" and row is not None else None
    general = general_rules.total(points_of(row)) if row is not None else None
    kind, days = book.away.get(person, ("", 0))
    scored = tuple(lines.values())
    return Computed(
        person=person,
        duty=duty,
        group=group,
        own=own,
        lines=scored,
        led=led,
        leading=leading,
        support=support,
        general=general,
        score=score(scored, general, book.rules, duty, leading, support),
        away=kind if days and away_whole(days, book.working_days, book.rules) else "",
        away_days=days,
        working_days=book.working_days,
    )


def _led_by(book: Book, person: str) -> tuple[tuple[str, ...], list[Entry]]:
    """Who is led, and their entries: by position all of them, by a group of fields those of its tasks."""
    led = dict.fromkeys(book.raters.led(person))
    entries = [entry for one in led for entry in book.entries.get(one, ())]
    groups = book.raters.field_groups(person)
    if groups:
        me = book.raters.people[person]
        for other in book.raters.people.values():
            if other.id in led or other.centre != me.centre or ORDER[other.position] <= ORDER[me.position]:
                continue
            more = [entry for entry in book.entries.get(other.id, ()) if entry.field_group in groups]
            if more:
                led[other.id] = None
                entries += more
    return tuple(led), entries


def _of_the_led(person: str, led: Collection[str], own: Collection[Entry], entries: Collection[Entry]) -> dict[str, Line]:
    """Their lines as their leader has them. Work that went from one of his people to another is nothing new to what he leads: it is in
    what was given once, by the line of whoever handed it back, else by that of whoever has it now."""
    inside = {person, *led}
    back = {one.line.task for one in (*own, *entries) if one.line.kind == "handed_back"}
    return {
        one.line.id: msgspec.structs.replace(one.line, kind="planned")
        if one.line.kind == "taken_over" and one.taken_from in inside and one.line.task not in back
        else one.line
        for one in entries
    }


def points_of(row: Row) -> dict[str, int]:
    """The general points that count now: the confirmed ones, before that the person's own."""
    found: dict[str, int] = orjson.loads(row["points"] if row["confirmed_at"] is not None else row["self_points"])
    return found
