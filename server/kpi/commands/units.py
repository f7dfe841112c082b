"""A unit's rating of a year (Đ6 to Đ9), and the decision that raises its cap of those rated excellent (Đ20.5b)."""

from decimal import Decimal
from typing import Any

import orjson

from server.errors import Refusal
from server.kpi import rights
from server.kpi.commands import year_store
from server.kpi.queries.units import below, figures_of, rates_unit, stored_unit
from server.kpi.queries.year_book import YearBook, year_rules
from server.kpi.rules.ruleset import Band
from server.kpi.rules.units import UnitYear, rate_unit
from server.kpi.tables import KpiUnitYear
from server.storage.door import Command, handles
from server.storage.engine import Row, insert
from server.storage.ids import is_id
from server.storage.transaction import Transaction, as_json
from server.tasks.commands.common import actor_of, today_of

KIND = "kpi_unit_year"


class RateUnit(Command, tag="kpi.unit.rate"):
    """Points (general 0 to 30, tasks 0 to 70) and the conditions of Đ8, the shares in percent; ``done`` and ``in_time`` left out are
    computed from the tasks. ``band``: what is decided; where it is not the computed one, ``reason`` says why. Again whenever it must be.

    Answers ``{"id", "band", "computed", "kept_by"}``.
    """

    id: str
    year: int
    unit: str
    general: float
    tasks: float
    reason: str
    done: float | None = None
    in_time: float | None = None
    beyond: float = 0
    mended: bool = True
    misconduct: bool = False
    force_majeure: bool = False
    band: Band | None = None
    document: str = ""


class RaiseCap(Command, tag="kpi.unit.raise_cap"):
    """25 % in place of 20 % of a unit's people, by a document; an empty document takes it back. Answers ``{"id"}``."""

    id: str
    year: int
    unit: str
    document: str
    reason: str = ""


@handles(RateUnit)
async def rate(tx: Transaction, given: RateUnit) -> dict[str, Any]:
    """By the director; the centre's own by whoever keeps it, with a document. Units below come first (Đ9.1)."""
    book = await year_store.locked_book(tx, given.year)
    await _allow(tx, book, given.unit, given.id)
    under = below(book.directory, given.unit)
    waiting = [one for one in under if one not in book.units or book.units[one]["band"] is None]
    if waiting:
        names = ", ".join(book.directory.units[one].name for one in waiting)
        raise Refusal("conflict", "kpi.unit.below_first", field="band", units=names)
    rules = await year_rules(given.year, today_of(tx))
    figures = (await figures_of(book.directory, [given.unit], given.year, rules, today_of(tx)))[given.unit]
    entered = UnitYear(
        general=_amount(given.general, "general", rules.general_most),
        tasks=_amount(given.tasks, "tasks", rules.tasks_most),
        done=_share(given.done, "done", figures.done_share),
        in_time=_share(given.in_time, "in_time", figures.in_time_share),
        beyond=_share(given.beyond, "beyond", None),
        below_failed=any(book.units[one]["band"] == "failed" for one in under),
        mended=given.mended,
        misconduct=given.misconduct,
        force_majeure=given.force_majeure,
    )
    computed = rate_unit(entered, rules)
    band = given.band or computed.band
    outside = given.unit == book.directory.centre_of(given.unit)
    reason = year_store.text(given.reason, "reason", year_store.LONG_TEXT, required="kpi.unit.reason_wanted")
    document = year_store.text(given.document, "document", year_store.SHORT_TEXT, required="kpi.unit.document_wanted" if outside else "")
    stored = await stored_unit(given.unit, given.year)
    conditions = {name: getattr(entered, name) for name in UnitYear.__struct_fields__ if name not in ("general", "tasks")}
    conditions |= {"tasks_total": figures.total, "tasks_done": figures.done, "tasks_in_time": figures.in_time}
    values = {
        "general": entered.general,
        "tasks": entered.tasks,
        "conditions": as_json({**_raised(stored), **conditions}),
        "band": band,
        "reason": reason,
        "document": document,
        "decided_by": tx.actor,
        "decided_at": tx.now,
    }
    identifier = await _store(stored, given.id, given.year, given.unit, values)
    said = {"band": band, "computed": computed.band, "general": entered.general, "tasks": entered.tasks, "reason": reason, **conditions}
    tx.audit("rate", KIND, identifier, before={"band": stored["band"] if stored else None}, after=said, on_behalf=await _behalf(tx))
    # A head's year says what his unit's rating makes of it (Đ20.6).
    book.units[given.unit] = {"unit": given.unit, "band": band, "conditions": values["conditions"]}
    await year_store.refresh(tx, book, [one for one in book.stored if book.of(one).heads == given.unit])
    return {"id": identifier, "band": band, "computed": computed.band, "kept_by": list(computed.kept_by)}


@handles(RaiseCap)
async def raise_cap(tx: Transaction, given: RaiseCap) -> dict[str, Any]:
    """By whoever rates the unit."""
    book = await year_store.locked_book(tx, given.year)
    await _allow(tx, book, given.unit, given.id)
    document = year_store.text(given.document, "document", year_store.SHORT_TEXT)
    reason = year_store.text(given.reason, "reason", year_store.LONG_TEXT)
    stored = await stored_unit(given.unit, given.year)
    kept = orjson.loads(stored["conditions"]) if stored else {}
    before = kept.pop("raised", {})
    after = {"document": document, "reason": reason, "by": tx.actor, "at": tx.now.isoformat()} if document else {}
    conditions = as_json({**kept, "raised": after} if after else kept)
    identifier = await _store(stored, given.id, given.year, given.unit, {"conditions": conditions})
    tx.audit("raise_cap", KIND, identifier, before=before, after=after, on_behalf=await _behalf(tx))
    return {"id": identifier}


async def _allow(tx: Transaction, book: YearBook, unit: str, identifier: str) -> None:
    if not is_id(identifier):
        raise Refusal("invalid", "tasks.id_bad", field="id", id=identifier[:60])
    _, actor = await actor_of(tx)
    if unit not in book.directory.units or book.directory.centre_of(unit) != actor.centre:
        raise Refusal("not_found", "kpi.unit.unknown")
    if not rates_unit(book.raters, actor, unit, today_of(tx)):
        raise Refusal("not_allowed", "kpi.unit.not_yours")


async def _behalf(tx: Transaction) -> str | None:
    _, actor = await actor_of(tx)
    return rights.on_behalf(actor, today_of(tx))


async def _store(stored: Row | None, identifier: str, year: int, unit: str, values: dict[str, Any]) -> str:
    if stored is None:
        await insert(KpiUnitYear, {"id": identifier, "year": year, "unit": unit, **values})
        return identifier
    await KpiUnitYear.update({getattr(KpiUnitYear, name): value for name, value in values.items()}).where(KpiUnitYear.id == stored["id"])
    return str(stored["id"])


def _raised(stored: Row | None) -> dict[str, Any]:
    kept = orjson.loads(stored["conditions"]) if stored else {}
    return {"raised": kept["raised"]} if kept.get("raised") else {}


def _amount(points: float, field: str, most: int) -> int:
    """Points with at most two decimals, in thousandths."""
    exact = Decimal(str(points)) * 1000
    if not exact.is_finite() or exact % 10 or not 0 <= exact <= most:
        raise Refusal("invalid", "kpi.unit.points_bad", field=field, most=most // 1000)
    return int(exact)


def _share(percent: float | None, field: str, computed: int | None) -> int:
    """Percent with at most one decimal, in thousandths of the whole; left out: what the tasks say."""
    if percent is None:
        if computed is None:
            raise Refusal("invalid", "kpi.unit.no_tasks", field=field)
        return computed
    exact = Decimal(str(percent)) * 10
    if not exact.is_finite() or exact % 1 or not 0 <= exact <= 1000:
        raise Refusal("invalid", "kpi.unit.share_bad", field=field)
    return int(exact)
