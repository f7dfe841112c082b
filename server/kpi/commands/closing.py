"""What closing a period asks for, and what it freezes."""

from collections.abc import Collection
from typing import Any

from server.errors import Refusal
from server.kpi.commands.common import called, names_of
from server.kpi.record.book import Book, Computed, computed
from server.kpi.record.frozen import Frozen, encoded, result_of
from server.kpi.rules.score import score
from server.kpi.tables import KpiSheet
from server.storage.transaction import Transaction
from server.words import say


def demand_ready(book: Book, people: Collection[str], without_data: Collection[str]) -> None:
    """Raises Refusal ``conflict`` that names whoever is not ready, by what is missing; whoever was away is ready."""
    waits: dict[str, list[str]] = {"self": [], "confirm": [], "missing": []}
    for person in people:
        row = book.sheets.get(person)
        if row is not None and row["state"] == "closed":
            continue
        found = computed(book, person)
        if found.away:
            continue
        confirmed = row is not None and row["state"] == "confirmed"
        if person in without_data:
            if confirmed and found.total is not None:
                raise Refusal("invalid", "kpi.period.has_data", field="without_data", name=book.directory.people[person].name)
            continue
        if not confirmed:
            waits["self" if row is None or row["state"] == "open" else "confirm"].append(person)
        elif found.total is None:
            waits["missing"].append(person)
    said = [say(f"kpi.period.blocked_{what}", names=names_of(book.directory, some)) for what, some in waits.items() if some]
    if said:
        raise Refusal("conflict", "kpi.period.blocked", when=called(book.period), what=" ".join(said))


def without_points(book: Book, people: Collection[str]) -> None:
    """A self-score that nobody confirmed is no result: it counts neither for the person nor in what his leader is scored by."""
    for person in people:
        row = book.sheets.get(person)
        if row is not None and row["state"] in ("open", "self_scored"):
            book.sheets[person] = {**row, "self_points": "{}", "points": "{}", "confirmed_at": None}


def frozen_of(book: Book, found: Computed, confirmed: bool) -> Frozen:
    """What is kept. A sheet that nobody confirmed keeps no points: a self-score alone is no result."""
    general = found.general if confirmed else None
    result = score(found.lines, general, book.rules, found.duty, found.leading, found.support)
    return Frozen(
        rules=book.rules,
        lines=found.lines,
        duty=found.duty,
        leading=found.leading,
        support=found.support,
        general=general,
        result=result_of(result),
        own=found.own,
        led=found.led,
        group=found.group,
        away=found.away,
        away_days=found.away_days,
        working_days=found.working_days,
    )


async def freeze(tx: Transaction, book: Book, person: str) -> dict[str, Any]:
    """Close one sheet; one that is closed already stays. Answers ``{"sheet", "total", "band", "away"}``."""
    row = book.sheets.get(person)
    if row is not None and row["state"] == "closed":
        return {"sheet": row["id"], "total": row["total"], "band": row["band"], "away": row["away"]}
    kept = frozen_of(book, computed(book, person), row is not None and row["state"] == "confirmed")
    profile = book.directory.people[person]
    total = None if kept.away else kept.result["total"]
    values: dict[str, Any] = {
        "state": "closed",
        "unit": profile.unit,
        "position": profile.position,
        "title": profile.title,
        "duty": kept.duty,
        "away": kept.away,
        "frozen": encoded(kept),
        "general": kept.general,
        "total": total,
        "band": None if total is None else kept.result["band"],
    }
    if row is None:
        sheet_id = tx.new_id()
        await KpiSheet.insert(KpiSheet(id=sheet_id, period=book.period["id"], person=person, version=book.period["version"], **values))
    else:
        sheet_id = row["id"]
        await KpiSheet.update({getattr(KpiSheet, name): value for name, value in values.items()}).where(KpiSheet.id == sheet_id)
    tx.audit(
        "close",
        "kpi_sheet",
        sheet_id,
        before={"state": row["state"] if row is not None else None},
        after={"person": person, "state": "closed", "total": total, "band": values["band"], "away": kept.away},
    )
    tx.change("score", sheet_id)
    return {"sheet": sheet_id, "total": total, "band": values["band"], "away": kept.away}


def copied(tx: Transaction, row: dict[str, Any], period: str, reason: str, *, opened: bool) -> dict[str, Any]:
    """The row of a sheet in the new version of its period; ``opened``: it may be changed, else it is taken over as it was closed."""
    again = {**row, "id": tx.new_id(), "period": period, "version": row["version"] + 1, "replaces": row["id"]}
    if not opened:
        # Its reason is none of this version's: nobody opened it.
        return again | {"version_reason": ""}
    state = "confirmed" if row["confirmed_at"] is not None else ("self_scored" if row["self_at"] is not None else "open")
    return again | {"state": state, "frozen": "", "total": None, "band": None, "away": "", "version_reason": reason}
