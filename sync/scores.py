"""The kind ``score``: totals and ratings that stand: closed sheets of those one may see, and every published rating of a year."""

from hashlib import sha256
from typing import Final

import msgspec

from server.kpi.rights import Raters, duties_at, sheet_scope
from server.storage.engine import Row as Stored
from server.storage.engine import places, rows
from server.tasks.queries.scope import Where
from sync.reader import Ask, Found, Reader, amount

SHEETS: Final = (
    "SELECT x.id, x.person, x.total, x.band, x.away, k.kind, k.year, k.number FROM kpi_sheet x JOIN kpi_period k ON k.id = x.period "
    "WHERE x.state = 'closed' AND NOT EXISTS (SELECT 1 FROM kpi_period n WHERE n.replaces = k.id)"
)
YEARS: Final = (
    "SELECT x.id, x.person, x.mean, x.decided_band, x.year FROM kpi_year x WHERE x.state = 'published' AND NOT EXISTS "
    "(SELECT 1 FROM kpi_year n WHERE n.year = x.year AND n.person = x.person AND n.state = 'published' AND n.version > x.version)"
)


async def scores(reader: Reader, ask: Ask) -> Found:
    """``period`` is 2026-11, 2026-Q4 or 2026. A rating of a year has its total only for whoever may see the person's detail."""
    chain = Raters(reader.directory, reader.today, await duties_at(reader.today))
    found = [(one["id"], _sheet(one)) for one in await _sheets(reader, chain, ask)]
    found += [(one["id"], _year(one, chain.may_see(reader.id, one["person"]))) for one in await _years(reader, ask)]
    found.sort(key=lambda one: one[0])
    return found[: ask.limit] if ask.limit is not None else found


async def _sheets(reader: Reader, chain: Raters, ask: Ask) -> list[Stored]:
    where = Where()
    tail = ask.put(where, "x")
    condition, values = sheet_scope(chain, reader.id, "x.person", len(where.values) + 1)
    return await rows(f"{SHEETS} AND {where.sql} AND {condition} {tail}", *where.values, *values)


async def _years(reader: Reader, ask: Ask) -> list[Stored]:
    where = Where()
    tail = ask.put(where, "x")
    centre = reader.actor.centre
    where.among("x.unit", [one for one in reader.directory.units if reader.directory.centre_of(one) == centre])
    return await rows(f"{YEARS} AND {where.sql} {tail}", *where.values)


def _sheet(one: Stored) -> dict[str, object]:
    number = f"Q{one['number']}" if one["kind"] == "quarter" else f"{one['number']:02d}"
    return {
        "person": one["person"],
        "period": f"{one['year']}-{number}",
        "total": amount(one["total"]),
        "rating": one["band"],
        "state": "closed",
    }


def _year(one: Stored, detail: bool) -> dict[str, object]:
    return {
        "person": one["person"],
        "period": str(one["year"]),
        "total": amount(one["mean"]) if detail else None,
        "rating": one["decided_band"],
        "state": "published",
    }


class Moved(msgspec.Struct, frozen=True):
    """What changes named ``score`` mean: rows to read again, and rows that a newer version has replaced."""

    put: list[str]
    drop: list[str]


async def moved(reader: Reader, ids: list[str]) -> Moved:
    """A change may name a period: then every sheet of it is meant, and those of the version before it that the person held are gone."""
    found = await rows(f"SELECT id, replaces FROM kpi_period WHERE id IN ({places(len(ids))}) OR replaces IN ({places(len(ids))})", *ids)
    if not found:
        return Moved(ids, [])
    chain = Raters(reader.directory, reader.today, await duties_at(reader.today))
    now = await _of_periods(reader, chain, [one["id"] for one in found])
    gone = await _of_periods(reader, chain, [one["replaces"] for one in found if one["replaces"]])
    return Moved([*ids, *now], gone)


async def _of_periods(reader: Reader, chain: Raters, periods: list[str]) -> list[str]:
    """The closed sheets of these periods that the person may see."""
    condition, values = sheet_scope(chain, reader.id, "x.person", len(periods) + 1)
    sql = f"SELECT x.id FROM kpi_sheet x WHERE x.state = 'closed' AND x.period IN ({places(len(periods))}) AND {condition} ORDER BY x.id"
    return [one["id"] for one in await rows(sql, *periods, *values)]


async def named_mark(reader: Reader) -> str:
    """A mark of the raters who are named by hand (``KpiDuty.rater``): what the organisation alone does not say of who sees whom."""
    key = f"named raters {reader.today}"
    if key not in reader.directory.derived:
        duties = await duties_at(reader.today)
        named = sorted((person, one["rater"]) for person, one in duties.items() if one["rater"])
        reader.directory.derived[key] = sha256(msgspec.json.encode(named)).hexdigest()[:8] if named else ""
    mark: str = reader.directory.derived[key]
    return mark
