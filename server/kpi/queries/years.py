"""Ratings of a year: the own one and those one may see with everything that made them, everybody's published ones without."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import msgspec
import orjson

from server.errors import Refusal
from server.kpi.queries.year_book import YearBook, YearOf, check_year, decides_year, kept_months, year_book
from server.kpi.queries.year_quota import Counted, counted
from server.kpi.rights import decides, keeps
from server.kpi.rules import rollup
from server.kpi.rules.rollup import Means, MonthFacts
from server.kpi.rules.ruleset import Band, RuleSet
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.storage.engine import Row, rows


class PersonYear(msgspec.Struct, frozen=True, kw_only=True):
    """A person's year in detail. Points in thousandths.

    ``months`` and ``mean`` are those that it was decided on; ``moved``: the record makes something else of them by now. ``computed`` is
    what the points and the decree make of it, ``why`` why not the points alone. ``petition``: he asked for another look (Đ22).
    """

    year: int
    id: str | None
    person: str
    unit: str | None
    title: str
    group: str
    state: str
    version: int
    replaces: str | None
    version_reason: str
    months: tuple[MonthFacts, ...]
    means: Means
    mean: int | None
    computed: Band | None
    why: str
    missing: tuple[int, ...]
    moved: bool
    decision: Row | None
    heads: str | None
    unit_band: Band | None
    above_unit: bool
    self_band: Band | None
    self_note: str
    band: Band | None
    reason: str
    proposal: str
    document: str
    decided_by: str | None
    decided_at: datetime | None
    published_at: datetime | None
    petition: Row | None
    rules: RuleSet
    may_self: bool
    may_decide: bool
    may_correct: bool
    may_petition: bool
    may_answer: bool


class YearList(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody whose year the reader may see, in order of rank. ``quotas`` only of groups of which he sees everybody.

    ``counts`` by state, ``bands`` by what counts now (decided, before that computed), both of the whole list before filters.
    """

    year: int
    rows: tuple[YearOf, ...]
    rules: RuleSet
    directory: Directory
    counts: dict[str, int]
    bands: dict[str, int]
    units: tuple[str, ...]
    quotas: tuple[Counted, ...]
    missing: dict[int, int]
    may_compute: bool
    may_publish: bool
    decides: frozenset[str]


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A rating that everybody may know: no points."""

    id: str
    person: str
    unit: str | None
    title: str
    band: Band | None
    published_at: datetime
    version: int


#: Of a person's versions the last one that was published.
STANDING = (
    "y.state = 'published' AND NOT EXISTS "
    "(SELECT 1 FROM kpi_year n WHERE n.year = y.year AND n.person = y.person AND n.state = 'published' AND n.version > y.version)"
)


async def person_year(actor: str, year: int, person: str, now: datetime) -> PersonYear:
    """Raises Refusal ``not_found`` for whoever may not see it, as for a person or a year that is not there."""
    book = await year_book(year, now)
    if not book.raters.may_see(actor, person):
        raise Refusal("not_found", "kpi.year.unknown")
    found = book.of(person)
    petition = await _petition(found.stored)
    return _detail(book, found, actor, petition)


def _detail(book: YearBook, found: YearOf, actor: str, petition: Row | None) -> PersonYear:
    stored: dict[str, Any] = found.stored or {}
    months = kept_months(stored["months"]) if found.settled else found.months
    may_decide = decides_year(book.raters, actor, found.person)
    mine = actor == found.person and actor in book.raters.people
    waiting = petition is not None and petition["state"] == "open"
    return PersonYear(
        year=book.year,
        id=stored.get("id"),
        person=found.person,
        unit=stored["unit"] if found.settled else found.unit,
        title=stored["title"] if found.settled else book.directory.people[found.person].title,
        group=found.group,
        state=found.state,
        version=stored.get("version") or 1,
        replaces=stored.get("replaces"),
        version_reason=stored.get("version_reason") or "",
        months=months,
        means=rollup.means_of(months),
        mean=found.mean,
        computed=found.computed_band,
        why=found.why,
        missing=tuple(one.number for one in months if one.state in ("open", "none", "no_data")),
        moved=found.settled and [one.plain for one in months] != [one.plain for one in found.months],
        decision=found.decision,
        heads=found.heads,
        unit_band=found.unit_band,
        above_unit=found.above_unit,
        self_band=stored.get("self_band"),
        self_note=stored.get("self_note") or "",
        band=stored.get("decided_band"),
        reason=stored.get("reason") or "",
        proposal=stored.get("proposal") or "",
        document=stored.get("document") or "",
        decided_by=stored.get("decided_by"),
        decided_at=stored.get("decided_at"),
        published_at=stored.get("published_at"),
        petition=petition,
        rules=book.rules,
        may_self=mine and not found.settled,
        may_decide=may_decide and found.state != "published",
        may_correct=may_decide and found.state == "published",
        may_petition=mine and found.state == "published" and not waiting,
        may_answer=waiting and may_decide,
    )


async def _petition(stored: Row | None) -> Row | None:
    """The newest petition about this version of the year."""
    if stored is None:
        return None
    found = await rows(
        "SELECT * FROM kpi_petition WHERE about = 'year' AND subject = $1 ORDER BY received DESC, id DESC LIMIT 1", stored["id"]
    )
    return found[0] if found else None


async def versions(actor: str, year: int, person: str, now: datetime) -> list[Row]:
    """Every version of the person's rating as stored, the newest first. Raises Refusal ``not_found`` as ``person_year``."""
    book = await year_book(year, now)
    if not book.raters.may_see(actor, person):
        raise Refusal("not_found", "kpi.year.unknown")
    return await rows("SELECT * FROM kpi_year WHERE year = $1 AND person = $2 ORDER BY version DESC", year, person)


async def year_list(
    actor: str, year: int, now: datetime, *, unit: str | None = None, state: str | None = None, band: str | None = None
) -> YearList:
    """Whose years the actor may see, filtered. Raises Refusal ``not_found`` where that is nobody."""
    book = await year_book(year, now)
    seen = book.raters.visible(actor)
    everybody = [book.of(one) for one in book.people if one in seen]
    if not everybody:
        raise Refusal("not_found", "kpi.year.unknown")
    who = book.directory.actor(actor)
    today = book.raters.at
    wanted = [
        one
        for one in everybody
        if (unit is None or unit in book.directory.path(one.unit))
        and (state is None or one.state == state)
        and (band is None or (one.band or "none") == band)
    ]
    return YearList(
        year=year,
        rows=tuple(wanted),
        rules=book.rules,
        directory=book.directory,
        counts=_count(one.state for one in everybody),
        bands=_count(one.band or "none" for one in everybody),
        units=tuple(one for one in book.directory.units if any(found.unit == one for found in everybody)),
        quotas=_quotas(book, everybody),
        missing={
            number: count
            for number in range(1, rollup.MONTHS + 1)
            if (count := sum(number in one.result.missing for one in everybody if not one.settled))
        },
        may_compute=keeps(who, today),
        may_publish=decides(who, today),
        decides=frozenset(one.person for one in everybody if decides_year(book.raters, actor, one.person)),
    )


def _count(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


def _quotas(book: YearBook, seen: list[YearOf]) -> tuple[Counted, ...]:
    """The cap within the centre, within each unit and within each group of similar duties (Đ20.5a)."""
    known = {one.person for one in seen}
    groups: dict[tuple[str, str], list[YearOf]] = {}
    for person in book.people:
        one = book.of(person)
        centre = book.directory.centre_of(one.unit) or ""
        groups.setdefault(("centre", centre), []).append(one)
        groups.setdefault(("unit", one.unit or ""), []).append(one)
        groups.setdefault(("group", one.group), []).append(one)
    found = []
    for (within, name), members in groups.items():
        if all(one.person in known for one in members):
            document = cap_document(book, name) if within != "group" else _shared_document(book, members)
            bands = {one.person: one.band for one in members}
            found.append(counted(cast("Any", within), name, bands, book.rules, document))
    order = {"centre": 0, "unit": 1, "group": 2}
    return tuple(sorted(found, key=lambda one: order[one.within]))


def cap_document(book: YearBook, unit: str) -> str:
    """The decision that raised the cap of a unit to 25 % (Đ20.5b), of its own or of one above it; "" if there is none."""
    for one in reversed(book.directory.path(unit)):
        row = book.units.get(one)
        raised = orjson.loads(row["conditions"]).get("raised") if row else None
        if raised:
            return str(raised["document"])
    return ""


def _shared_document(book: YearBook, members: list[YearOf]) -> str:
    """A group of several units has the raised cap only where each of them has it."""
    documents = {cap_document(book, one.unit or "") for one in members}
    return "; ".join(sorted(documents)) if "" not in documents else ""


async def published(actor: str, year: int) -> tuple[Published, ...]:
    """The ratings of the actor's office that were published, in order of rank: for everybody, and never a point."""
    check_year(year)
    directory = await read_directory()
    centre = directory.actor(actor).centre
    found = await rows(f"SELECT y.* FROM kpi_year y WHERE y.year = $1 AND {STANDING}", year)
    order = {person: place for place, person in enumerate(directory.people)}
    known = [one for one in found if one["person"] in order and directory.centre_of(one["unit"]) == centre]
    return tuple(
        Published(
            id=one["id"],
            person=one["person"],
            unit=one["unit"],
            title=one["title"],
            band=one["decided_band"],
            published_at=one["published_at"],
            version=one["version"],
        )
        for one in sorted(known, key=lambda one: order[one["person"]])
    )


async def years_known() -> list[int]:
    """The years of which there are periods or ratings, the newest first."""
    found = await rows("SELECT DISTINCT year FROM kpi_period UNION SELECT DISTINCT year FROM kpi_year")
    return sorted((one["year"] for one in found), reverse=True)
