"""A filed report under lock, and the rules that every command on it keeps."""

from datetime import date
from typing import Any, Final

import msgspec

from server.errors import Refusal
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.people.rules import Verdict
from server.reports.filed.rules import cleaned, flaw, may_file, numbered
from server.reports.shape import Writing
from server.storage.engine import is_sqlite, row, rows
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction, as_json
from server.words import say

#: From where people change reports: nothing that a device keeps for later may be a report's figures.
BY_HAND: Final = ("page", "cli", "import", "demo")


def today_of(tx: Transaction) -> date:
    """The local day of the transaction."""
    return tx.now.astimezone(LOCAL).date()


def lock() -> str:
    """What keeps a row from everybody else until the commit; SQLite has one writer anyway."""
    return "" if is_sqlite() else " FOR UPDATE"


def by_job(tx: Transaction) -> None:
    """Raises Refusal unless a job does it."""
    if tx.actor is not None or tx.source != "job":
        raise Refusal("not_allowed", "filed.job_only")


def require(tx: Transaction, known: Directory, unit: str) -> Verdict:
    """The right to write the unit's reports. Raises Refusal without it."""
    if tx.source not in BY_HAND:
        raise Refusal("not_allowed", "filed.page_only")
    if tx.actor is None or tx.actor not in known.people:
        raise Refusal("not_allowed", "people.unknown_person")
    right = may_file(known.actor(tx.actor), known.path(unit), today_of(tx))
    if not right:
        raise Refusal("not_allowed", right.rule)
    return right


def writing_json(given: Writing) -> str:
    """The text as it is kept. Raises Refusal for one that can't be."""
    made = cleaned(given)
    wrong = flaw(made)
    if wrong is not None:
        raise Refusal("invalid", wrong[0], field="writing", **wrong[1])
    return as_json(msgspec.to_builtins(made))


async def held(tx: Transaction, report: str) -> tuple[Directory, dict[str, Any], Verdict]:
    """The report, nobody else's until the commit. Raises Refusal: gone, or not one's own to write."""
    known = await read_directory()
    found = await row(f"SELECT * FROM filed_report WHERE id = $1{lock()}", report)
    if found is None:
        raise Refusal("not_found", "filed.gone")
    return known, found, require(tx, known, found["unit"])


def open_for(known: Directory, found: dict[str, Any], version: int | None, changed: str = "filed.changed_meanwhile") -> None:
    """Raises Refusal, with who did it and when: fixed meanwhile, or changed since ``version`` (None: whichever); ``changed`` says so."""
    if found["state"] == "fixed":
        raise Refusal("conflict", "filed.fixed_already", number=numbered(found["number"], found["code"]), **_who(known, found, "fixed"))
    if version is not None and version != found["version"]:
        raise Refusal("conflict", changed, **_who(known, found, "changed"))


def _who(known: Directory, found: dict[str, Any], what: str) -> dict[str, str]:
    person = known.people.get(found[f"{what}_by"] or "")
    moment = found[f"{what}_at"].astimezone(LOCAL)
    return {"name": person.name if person else say("filed.the_system"), "time": f"{moment:%H:%M %d/%m/%Y}"}


async def store(tx: Transaction, found: dict[str, Any], values: dict[str, Any]) -> int:
    """Write it as the next version; answers which."""
    version: int = found["version"] + 1
    stored = {**values, "version": version, "changed_by": tx.actor, "changed_at": tx.now}
    listed = ", ".join(f"{name} = ${place}" for place, name in enumerate(stored, 2))
    await rows(f"UPDATE filed_report SET {listed} WHERE id = $1", found["id"], *stored.values())
    return version
