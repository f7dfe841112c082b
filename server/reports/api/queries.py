"""What is read for other systems, page by page."""

import base64
import binascii
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from server.errors import Refusal
from server.kpi.queries.periods import CURRENT
from server.kpi.rules.ruleset import PeriodKind
from server.ledger.grains import Period
from server.reports.api.asks import FiledAsk, TasksAsk
from server.reports.api.guard import Caller
from server.storage.engine import Row, places, row, rows
from server.storage.ids import is_id
from server.tasks.queries.lists import OPEN_SQL, RUNNING_SQL
from server.tasks.queries.scope import Where, seen

#: A change is stamped when it begins and seen when it is committed: so long before the question the next one starts again.
OVERLAP: Final = timedelta(minutes=5)
#: Lines of the record that are shown.
LOGGED: Final = 200

TASK: Final = (
    "t.id, t.ordinal, t.title, t.status, t.percent, t.priority, t.kind, t.unit, t.field, t.parent, t.lead, t.source_number, "
    "t.source_date, t.source_issuer, t.start, t.due, t.submitted_at, t.completed_at, t.created_at, t.changed_at, t.version, "
    "s.given_at, s.outcome, s.handed, s.excused"
)
#: How the task stands now; none has one that is only proposed, declined, or in the bin (docs/figures.md).
STANDS: Final = "task_standing s ON s.task = t.id AND s.until IS NULL"


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where the next page begins: after what changed at ``at`` with this ``id``; ``asked``: when the first page was asked for."""

    asked: datetime
    at: datetime
    id: str

    def packed(self) -> str:
        """As a program hands it back."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode()


def place_of(cursor: str) -> Place | None:
    """Where a page begins; None for the first one. Raises Refusal ``invalid`` for what was never given out."""
    if not cursor:
        return None
    try:
        place = msgspec.json.decode(base64.b64decode(cursor, altchars=b"-_", validate=True), type=Place)
        place = Place(place.asked.astimezone(UTC), place.at.astimezone(UTC), place.id)
    except (binascii.Error, ValueError, OverflowError, msgspec.MsgspecError):
        raise Refusal("invalid", "api.bad_cursor", field="cursor") from None
    if not is_id(place.id):
        raise Refusal("invalid", "api.bad_cursor", field="cursor")
    return place


class Page(msgspec.Struct, frozen=True):
    """Some rows, the cursor of those after them, and when the first page was asked for."""

    rows: list[Row]
    cursor: str | None
    asked: datetime


def _page(found: list[Row], limit: int, asked: datetime, column: str) -> Page:
    """``found`` has one row more than the page where there is another page."""
    if len(found) <= limit:
        return Page(found, None, asked)
    last = found[limit - 1]
    return Page(found[:limit], Place(asked, last[column], last["id"]).packed(), asked)


async def tasks(caller: Caller, asked: TasksAsk, today: date) -> Page:
    """Tasks of the unit by the moment of their last change, those that went away among them (``stands`` 0) where a moment was asked for."""
    place = place_of(asked.cursor)
    unit = caller.unit_of(asked.unit).id
    where = Where()
    _mine(where, caller, unit, today, gone=asked.updated_since is not None)
    if place is not None:
        where.add("(t.changed_at, t.id) > ({}, {})", place.at, place.id)
    elif asked.updated_since is not None:
        where.add("t.changed_at >= {}", asked.updated_since)
    _narrow(where, asked, today)
    found = await rows(
        f"SELECT {TASK}, {_stands(where, unit)} AS stands FROM task t LEFT JOIN {STANDS} WHERE {where.sql} "
        f"ORDER BY t.changed_at, t.id LIMIT {asked.limit + 1}",
        *where.values,
    )
    return _page(found, asked.limit, place.asked if place else caller.now, "changed_at")


async def task(caller: Caller, task_id: str, today: date) -> Row | None:
    """One task of the key's unit that is there."""
    where = Where().add("t.id = {}", task_id)
    _mine(where, caller, caller.unit, today, gone=False)
    return await row(f"SELECT {TASK} FROM task t LEFT JOIN {STANDS} WHERE {where.sql}", *where.values)


def _in(where: Where, table: str, unit: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} x WHERE x.task = t.id AND x.scope = {where.value(f'u:{unit}')})"


def _stands(where: Where, unit: str) -> str:
    """1 for a task that is there, 0 for one that went away."""
    return f"CASE WHEN s.task IS NOT NULL AND {_in(where, 'task_scope', unit)} THEN 1 ELSE 0 END"


def _mine(where: Where, caller: Caller, unit: str, today: date, *, gone: bool) -> None:
    """Tasks that are counted in the unit and that the key's holder may see; with ``gone`` also those that were, and are no more."""
    before = len(where.conditions)
    seen(where, caller.holder, today, caller.directory)
    here = " AND ".join([*where.conditions[before:], _in(where, "task_scope", unit)])
    del where.conditions[before:]
    if not gone:
        where.conditions.append(f"s.task IS NOT NULL AND {here}")
        return
    where.conditions.append("EXISTS (SELECT 1 FROM task_standing w WHERE w.task = t.id)")
    where.conditions.append(f"(({here}) OR {_in(where, 'lost_scope', unit)})")


def _narrow(where: Where, asked: TasksAsk, today: date) -> None:
    if asked.status == "open":
        where.add(f"t.status IN {OPEN_SQL}")
    elif asked.status == "overdue":
        where.add(f"t.status IN {RUNNING_SQL} AND t.due < {{}}", today)
    elif asked.status:
        where.add("t.status = {}", asked.status)
    if asked.due_from:
        where.add("t.due >= {}", asked.due_from)
    if asked.due_to:
        where.add("t.due <= {}", asked.due_to)


async def filed(caller: Caller, asked: FiledAsk) -> Page:
    """Fixed reports of the unit and of those below it, in the order of their fixing."""
    place = place_of(asked.cursor)
    unit = caller.unit_of(asked.unit).id
    units = [one for one in caller.directory.units if unit in caller.directory.path(one)]
    where = Where().add("f.state = 'fixed'").among("f.unit", units)
    if place is not None:
        where.add("(f.fixed_at, f.id) > ({}, {})", place.at, place.id)
    elif asked.since is not None:
        where.add("f.fixed_at >= {}", asked.since)
    found = await rows(
        "SELECT f.id, f.unit, f.grain, f.start, f.number, f.code, f.fixed_at, f.sha256, f.replaces, "
        "(SELECT n.id FROM filed_report n WHERE n.replaces = f.id AND n.state = 'fixed') AS replaced_by "
        f"FROM filed_report f WHERE {where.sql} ORDER BY f.fixed_at, f.id LIMIT {asked.limit + 1}",
        *where.values,
    )
    return _page(found, asked.limit, place.asked if place else caller.now, "fixed_at")


async def scored_period(kind: PeriodKind, period: Period) -> Row | None:
    """The version that holds of a month or a quarter that was closed."""
    return await row(
        f"SELECT k.id, k.version, k.closed_at FROM kpi_period k WHERE k.year = $1 AND k.kind = $2 AND k.number = $3 "
        f"AND k.state = 'closed' AND {CURRENT}",
        period.year,
        kind,
        period.number,
    )


async def scores(period: str, units: list[str]) -> list[Row]:
    """What was published of a closed period about people who were in these units then; whoever has no points is not in it."""
    return await rows(
        "SELECT s.person, s.unit, s.position, s.title, s.total, s.band FROM kpi_sheet s WHERE s.period = $1 AND s.state = 'closed' "
        f"AND s.total IS NOT NULL AND s.band IS NOT NULL AND s.unit IN ({places(len(units), 2)})",
        period,
        *units,
    )


async def fetches(keys: list[str]) -> list[Row]:
    """What these keys were given, the latest first, with the names of the keys."""
    return await rows(
        "SELECT f.at, f.operation, f.asked, f.times, f.items, k.name, k.hint, k.person FROM api_fetch f JOIN access_key k ON k.id = f.key "
        f"WHERE f.key IN ({places(len(keys))}) ORDER BY f.at DESC, f.id DESC LIMIT {LOGGED}",
        *keys,
    )
