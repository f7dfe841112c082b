"""Everything that ratings of a year are made of, read once for everybody; it asks no rights."""

from datetime import date, datetime
from typing import Any, cast

import msgspec
import orjson

from server.calendar.current import working_days
from server.errors import Refusal
from server.kpi.queries.periods import CURRENT
from server.kpi.queries.ruleset import in_force
from server.kpi.rights import Raters, duties_at
from server.kpi.rules import rollup
from server.kpi.rules.calendar import Period
from server.kpi.rules.rollup import Leave, MonthFacts, PeriodState, SheetFacts
from server.kpi.rules.ruleset import Band, RuleSet
from server.kpi.rules.year import Decision
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.storage.engine import Row, rows
from server.storage.ids import LOCAL

FIRST_YEAR, LAST_YEAR = 2026, 2100


class YearOf(msgspec.Struct, frozen=True, kw_only=True):
    """One person's year as the record makes it now. ``heads`` is the unit that he heads, ``unit_band`` its rating if there is one.

    ``stored`` is the current row of ``KpiYear``, None before the first computation.
    """

    person: str
    unit: str | None
    group: str
    heads: str | None
    unit_band: Band | None
    months: tuple[MonthFacts, ...]
    result: rollup.Result
    decision: Row | None
    stored: Row | None

    @property
    def state(self) -> str:
        """draft, self_rated, decided or published."""
        return str(self.stored["state"]) if self.stored else "draft"

    @property
    def settled(self) -> bool:
        """Whether it was decided: what was decided on no longer moves."""
        return self.state in ("decided", "published")

    @property
    def mean(self) -> int | None:
        """As it was decided on, before that as it stands."""
        return cast("int | None", self.stored["mean"]) if self.stored and self.settled else self.result.rating.mean

    @property
    def band(self) -> Band | None:
        """What was decided, before that what the points and the decree make of it."""
        if self.stored and self.settled:
            return cast("Band | None", self.stored["decided_band"])
        return self.result.rating.band

    @property
    def computed_band(self) -> Band | None:
        """What the points and the decree make of it; once it is decided, as they made it then."""
        return cast("Band | None", self.stored["band"]) if self.stored and self.settled else self.result.rating.band

    @property
    def why(self) -> str:
        """Why the points alone did not make it (``rules.year.Rating``)."""
        return str(self.stored["why"]) if self.stored and self.settled else self.result.rating.why

    @property
    def above_unit(self) -> bool:
        """Whether a head stands above his unit (Đ20.6): its rating came after his."""
        order = ("excellent", "good", "fair", "failed")
        return self.unit_band is not None and self.band is not None and order.index(self.band) < order.index(self.unit_band)


class YearBook(msgspec.Struct, kw_only=True):
    """``people`` are those in service, in order of rank, and whoever left and has a rating of the year."""

    year: int
    now: datetime
    rules: RuleSet
    directory: Directory
    raters: Raters
    people: tuple[str, ...]
    periods: dict[int, PeriodState]
    sheets: dict[str, dict[int, SheetFacts]]
    leaves: dict[str, list[Leave]]
    decisions: dict[str, Row]
    stored: dict[str, Row]
    units: dict[str, Row]
    done: dict[str, YearOf] = {}

    def of(self, person: str) -> YearOf:
        """One person's year. Raises Refusal ``not_found`` for a stranger."""
        if person not in self.people:
            raise Refusal("not_found", "kpi.year.unknown")
        known = self.done.get(person)
        if known is None:
            known = self.done[person] = self._make(person)
        return known

    def _make(self, person: str) -> YearOf:
        profile = self.directory.people[person]
        duty = self.raters.duties.get(person, {})
        decision = self.decisions.get(person)
        heads = headed_by(self.directory, person)
        unit = self.units.get(heads or "")
        band = cast("Band | None", unit["band"]) if unit else None
        months = tuple(self._month(person, number) for number in range(1, rollup.MONTHS + 1))
        forced = Decision(decision["case_of"], decision["document"]) if decision else None
        return YearOf(
            person=person,
            unit=profile.unit,
            group=duty.get("group_name") or profile.position,
            heads=heads,
            unit_band=band,
            months=months,
            result=rollup.year_of(months, self.rules, forced, band),
            decision=decision,
            stored=self.stored.get(person),
        )

    def _month(self, person: str, number: int) -> MonthFacts:
        when = Period(self.year, number)
        leaves = self.leaves.get(person, [])
        leave = rollup.leave_of(days_of(when), leaves, self.rules) if leaves else ""
        return rollup.month(number, self.periods.get(number), self.sheets.get(person, {}).get(number), leave)


def days_of(when: Period) -> list[date]:
    """The working days of a period."""
    calendar = working_days()
    days = (date.fromordinal(one) for one in range(when.starts.toordinal(), when.ends.toordinal() + 1))
    return [day for day in days if calendar.is_working(day)]


def headed_by(directory: Directory, person: str) -> str | None:
    """The unit whose head he is (Đ20.6): a head's own, the director's the centre; else None."""
    profile = directory.people[person]
    if profile.position == "director":
        return directory.centre_of(profile.unit)
    return profile.unit if profile.position == "head" else None


def decides_year(chain: Raters, actor: str, person: str) -> bool:
    """Whether ``actor`` decides the person's rating of a year (Đ10.2): the director everybody's of his centre; his own comes from outside
    with a document, entered by whoever keeps the centre's (or by the rater named for him). Nobody his own."""
    known = chain.directory.people
    if actor == person or actor not in chain.people or person not in known:
        return False
    if known[person].position == "director" and person in chain.people:
        return chain.may_confirm(actor, person)
    who, whose = chain.people[actor], chain.directory.actor(person)
    return who.position == "director" and who.centre is not None and who.centre == whose.centre


def check_year(year: int) -> int:
    """The year, if there may be ratings of it. Raises Refusal ``not_found``: the decree holds from 2026 on."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal("not_found", "kpi.year.bad_year")
    return year


async def year_rules(year: int, at: date) -> RuleSet:
    """The rule set that holds for the year: today's while it runs, its last day's afterwards; the decree's own before there is any."""
    try:
        return (await in_force(min(max(at, date(year, 1, 1)), date(year, 12, 31)))).rules
    except Refusal:
        return RuleSet()


async def year_book(year: int, now: datetime) -> YearBook:
    """Read it: some nine questions, however many people. Raises Refusal ``not_found`` for a year that can't be."""
    check_year(year)
    today = now.astimezone(LOCAL).date()
    directory = await read_directory()
    raters = Raters(directory, today, await duties_at(today))
    periods, sheets = await _sheets(year)
    stored: dict[str, Row] = {}
    for one in await rows("SELECT * FROM kpi_year WHERE year = $1 ORDER BY version", year):
        stored[one["person"]] = one
    decided = await rows("SELECT * FROM kpi_decision WHERE year = $1 AND withdrawn_at IS NULL ORDER BY at DESC, id", year)
    units = await rows("SELECT * FROM kpi_unit_year WHERE year = $1", year)
    left = [one for one in stored if one not in raters.people and one in directory.people]
    return YearBook(
        year=year,
        now=now,
        rules=await year_rules(year, today),
        directory=directory,
        raters=raters,
        people=(*raters.people, *left),
        periods=periods,
        sheets=sheets,
        leaves=await _leaves(year),
        decisions={one["person"]: one for one in decided},
        stored=stored,
        units={one["unit"]: one for one in units},
    )


async def _sheets(year: int) -> tuple[dict[int, PeriodState], dict[str, dict[int, SheetFacts]]]:
    """The current version of each period by month, and what everybody's sheet of it says. A month's own comes before a quarter's."""
    found = await rows(
        "SELECT k.id AS period, k.kind, k.number, k.state AS period_state, s.id, s.person, s.state, s.total, s.away "
        f"FROM kpi_period k LEFT JOIN kpi_sheet s ON s.period = k.id WHERE k.year = $1 AND {CURRENT} "
        "ORDER BY CASE k.kind WHEN 'quarter' THEN 0 ELSE 1 END, k.number, s.version",
        year,
    )
    periods: dict[int, PeriodState] = {}
    sheets: dict[str, dict[int, SheetFacts]] = {}
    for one in found:
        for number in Period(year, one["number"], one["kind"]).months:
            periods[number] = PeriodState(id=one["period"], closed=one["period_state"] == "closed")
            if one["person"] is not None:
                total = one["total"] if one["state"] == "closed" else None
                facts = SheetFacts(sheet=one["id"], state=one["state"], total=total, away=one["away"])
                sheets.setdefault(one["person"], {})[number] = facts
    return periods, sheets


async def _leaves(year: int) -> dict[str, list[Leave]]:
    found = await rows(
        "SELECT person, since, until, kind FROM kpi_away WHERE withdrawn_at IS NULL AND since <= $1 AND (until IS NULL OR until >= $2) "
        "ORDER BY since, id",
        date(year, 12, 31),
        date(year, 1, 1),
    )
    leaves: dict[str, list[Leave]] = {}
    for one in found:
        leaves.setdefault(one["person"], []).append(Leave(one["since"], one["until"], one["kind"]))
    return leaves


def kept_months(months: str) -> tuple[MonthFacts, ...]:
    """The months of a stored row, as they were when it was decided."""
    return tuple(
        MonthFacts(
            number=one["number"],
            state=one.get("state", "closed"),
            total=one["total"],
            away=one["away"],
            sheet=one.get("sheet"),
            period=one.get("period"),
        )
        for one in cast("list[dict[str, Any]]", orjson.loads(months))
    )
