"""Units of a year (Đ6 to Đ9): what their tasks say, what was entered of them, how they are rated."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

import msgspec
import orjson

from server.errors import Refusal
from server.kpi.queries.year_book import check_year, year_rules
from server.kpi.queries.year_quota import Counted, counted
from server.kpi.rights import Raters, duties_at, keeps
from server.kpi.rules.ruleset import Band, RuleSet
from server.kpi.rules.units import UnitRating, UnitYear, rate_unit
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.people.rules import Person
from server.storage.engine import Row, row, rows
from server.storage.ids import LOCAL

#: The kinds of unit that are organisations of Đ2; the leadership is none, nor is what stands above the centre.
RATED = ("centre", "room")


class Figures(msgspec.Struct, frozen=True):
    """Tasks of a unit and of those below it that count in the year: how many, how many of them done, done in time, and not due yet."""

    total: int = 0
    done: int = 0
    in_time: int = 0
    not_due: int = 0

    @property
    def done_share(self) -> int | None:
        """In thousandths, rounded down: 999 of 1,000 is not all of them. None where there is no task."""
        return self.done * 1000 // self.total if self.total else None

    @property
    def in_time_share(self) -> int | None:
        """The same of those done in time."""
        return self.in_time * 1000 // self.total if self.total else None


class UnitOf(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's year. ``waits_for`` are units right below it that are not rated yet (Đ9.1); ``entered`` is what was decided on.

    The details (points, conditions, reason) are only there where ``sees``: the rating itself is for everybody.
    """

    unit: str
    depth: int
    band: Band | None
    waits_for: tuple[str, ...]
    below_failed: bool
    sees: bool
    may_rate: bool
    outside: bool
    figures: Figures
    entered: UnitYear | None = None
    computed: UnitRating | None = None
    reason: str = ""
    document: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    raised: dict[str, Any] | None = None


class UnitList(msgspec.Struct, frozen=True, kw_only=True):
    """The units of the reader's centre, the highest first. ``quota`` is the cap of Đ8.5 over the rooms."""

    year: int
    units: tuple[UnitOf, ...]
    rules: RuleSet
    directory: Directory
    quota: Counted | None


def rated_units(directory: Directory, centre: str | None) -> list[str]:
    """The units of a centre that are rated, the highest first, in their order."""
    known = [one for one in directory.units.values() if one.kind in RATED and one.active and directory.centre_of(one.id) == centre]
    return [one.id for one in sorted(known, key=lambda one: (len(directory.path(one.id)), one.sort, one.name))]


def below(directory: Directory, unit: str) -> list[str]:
    """The rated units right below; a unit of another kind between them counts as none."""
    found = []
    for one in directory.units.values():
        if one.kind in RATED and one.active and one.id != unit:
            above = [other for other in directory.path(one.id)[:-1] if directory.units[other].kind in RATED]
            if above and above[-1] == unit:
                found.append(one.id)
    return found


def rates_unit(chain: Raters, actor: Person, unit: str, at: date) -> bool:
    """Who recognises a unit's rating (Đ5): the director the rooms'; the centre's own comes from outside, entered by whoever keeps it."""
    known = chain.directory
    if actor.id not in chain.people or unit not in known.units or known.centre_of(unit) != actor.centre or actor.centre is None:
        return False
    if known.units[unit].kind not in RATED:
        return False
    return keeps(actor, at) if unit == actor.centre else actor.position == "director"


def sees_unit(chain: Raters, actor: Person, unit: str, at: date) -> bool:
    """Who sees the points and the reasons: who rates it, its head, the heads above it, the director."""
    if actor.id not in chain.people:
        return False
    if rates_unit(chain, actor, unit, at):
        return True
    known = chain.directory
    if actor.position == "director":
        return actor.centre is not None and actor.centre == known.centre_of(unit)
    return actor.position == "head" and actor.unit in known.path(unit)


async def unit_list(actor: str, year: int, now: datetime) -> UnitList:
    """Every rated unit of the actor's centre."""
    check_year(year)
    at = now.astimezone(LOCAL).date()
    directory = await read_directory()
    chain = Raters(directory, at, await duties_at(at))
    who = directory.actor(actor)
    rules = await year_rules(year, at)
    found = {one["unit"]: one for one in await rows("SELECT * FROM kpi_unit_year WHERE year = $1", year)}
    units = rated_units(directory, who.centre)
    figures = await figures_of(directory, units, year, rules, at)
    listed = tuple(_unit(chain, who, one, found, rules, at, figures[one]) for one in units)
    rooms = {one.unit: one.band for one in listed if one.unit != who.centre}
    return UnitList(
        year=year,
        units=listed,
        rules=rules,
        directory=directory,
        quota=counted("units", who.centre or "", rooms, rules) if rooms else None,
    )


async def unit_year(actor: str, unit: str, year: int, now: datetime) -> UnitOf:
    """One of them. Raises Refusal ``not_found`` for one of another centre, or that is not rated."""
    found = [one for one in (await unit_list(actor, year, now)).units if one.unit == unit]
    if not found:
        raise Refusal("not_found", "kpi.unit.unknown")
    return found[0]


async def stored_unit(unit: str, year: int) -> Row | None:
    """The row as it is stored."""
    return await row("SELECT * FROM kpi_unit_year WHERE unit = $1 AND year = $2", unit, year)


def _unit(chain: Raters, actor: Person, unit: str, found: dict[str, Row], rules: RuleSet, at: date, figures: Figures) -> UnitOf:
    known = chain.directory
    under = below(known, unit)
    stored = found.get(unit)
    sees = sees_unit(chain, actor, unit, at)
    plain = UnitOf(
        unit=unit,
        depth=sum(known.units[one].kind in RATED for one in known.path(unit)) - 1,
        band=cast("Band | None", stored["band"]) if stored else None,
        waits_for=tuple(one for one in under if one not in found or found[one]["band"] is None),
        below_failed=any(one in found and found[one]["band"] == "failed" for one in under),
        sees=sees,
        may_rate=rates_unit(chain, actor, unit, at),
        outside=unit == actor.centre,
        figures=figures if sees else Figures(),
    )
    if not sees or stored is None:
        return plain
    conditions = orjson.loads(stored["conditions"])
    entered = entered_of(stored, conditions)
    return msgspec.structs.replace(
        plain,
        entered=entered,
        computed=rate_unit(entered, rules) if entered else None,
        reason=stored["reason"],
        document=stored["document"],
        decided_by=stored["decided_by"],
        decided_at=stored["decided_at"],
        raised=conditions.get("raised"),
    )


def entered_of(stored: Row, conditions: dict[str, Any]) -> UnitYear | None:
    """What a stored row was rated by, None before it was."""
    if stored["general"] is None:
        return None
    kept = {name: value for name, value in conditions.items() if name in UnitYear.__struct_fields__}
    return UnitYear(general=stored["general"], tasks=stored["tasks"], **kept)


async def figures_of(directory: Directory, units: list[str], year: int, rules: RuleSet, today: date) -> dict[str, Figures]:
    """By unit, with those below it. A task counts in the year of its due date, one due after the day of the year's rating in the next;
    one without a due date in the year in which it was done. A task that was divided counts by its parts."""
    first = date(year - 1, *rules.carries_over_after) + timedelta(days=1)
    last = date(year, *rules.carries_over_after)
    begins, ends = (datetime.combine(day, time(), LOCAL) for day in (date(year, 1, 1), date(year + 1, 1, 1)))
    found = await rows(
        "SELECT unit, status, due, submitted_at, completed_at FROM task WHERE deleted_at IS NULL AND children = 0 AND unit IS NOT NULL "
        "AND status NOT IN ('proposed', 'cancelled', 'declined') AND ((due >= $1 AND due <= $2) "
        "OR (due IS NULL AND completed_at >= $3 AND completed_at < $4))",
        first,
        last,
        begins,
        ends,
    )
    totals = {unit: [0, 0, 0, 0] for unit in units}
    for one in found:
        done = one["status"] == "completed"
        handed_in = one["submitted_at"] or one["completed_at"]
        in_time = done and (one["due"] is None or (handed_in is not None and handed_in.astimezone(LOCAL).date() <= one["due"]))
        open_yet = not done and one["due"] is not None and one["due"] >= today
        for unit in directory.path(one["unit"]):
            if unit in totals:
                totals[unit] = [a + b for a, b in zip(totals[unit], (1, done, in_time, open_yet), strict=True)]
    return {unit: Figures(*counts) for unit, counts in totals.items()}
