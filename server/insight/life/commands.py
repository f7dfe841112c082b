"""Which model is in force: keeping a new one, putting one in force, putting it back, and the month's look at it."""

from datetime import timedelta
from typing import Any, Literal

import msgspec

from ml.card import Card
from server.errors import Refusal
from server.insight.tables import ModelCheck, ModelFile
from server.people.queries import directory
from server.storage.door import Command, handles
from server.storage.engine import row, rows
from server.storage.transaction import Transaction

PRIOR = "prior"
#: A look that has not ended after so long was begun by a process that died.
ABANDONED = timedelta(hours=6)


class KeepModel(Command, tag="insight.model.keep"):
    """A model whose file lies in the data folder, with its card; ``promote``: it is in force from now on. Jobs and the command line."""

    card: str
    verdict: str = "{}"
    promote: bool = False


class PromoteModel(Command, tag="insight.model.promote"):
    """Put a model that was kept in force. By an administrator, or from the command line."""

    version: str


class RollBack(Command, tag="insight.model.rollback"):
    """Put the model before this one in force again; before the first, the prior that ships. Answers ``{"version"}``."""


class BeginCheck(Command, tag="insight.model.check"):
    """Begin a look at the model; refused where it was begun already. Jobs and the command line."""

    id: str
    version: str


class EndCheck(Command, tag="insight.model.checked"):
    """What it found."""

    id: str
    version: str
    drift: str = "{}"
    decision: str = "{}"
    trouble: str = ""


@handles(KeepModel)
async def keep(tx: Transaction, given: KeepModel) -> dict[str, Any]:
    """Kept twice it is there once. Refusal ``invalid`` for a card that is none."""
    _by_machine(tx)
    try:
        card = msgspec.json.decode(given.card, type=Card)
    except msgspec.DecodeError:
        raise Refusal("invalid", "insight.model.card_bad", field="card") from None
    if await row("SELECT id FROM model_file WHERE id = $1", card.version) is None:
        await ModelFile.insert(
            ModelFile(
                id=card.version, name="risk", sha256=card.sha256, state="challenger", card=given.card, verdict=given.verdict, made_at=tx.now
            )
        )
        tx.audit("keep", "model", _subject(card.version), after={"version": card.version, "sha256": card.sha256, "shift": card.shift})
    if given.promote:
        await _promote(tx, card.version)
    return {"version": card.version}


@handles(PromoteModel)
async def promote(tx: Transaction, given: PromoteModel) -> dict[str, Any]:
    """Refusal ``not_found`` for a version that was never kept, ``conflict`` for the one in force."""
    await _by_administrator(tx)
    found = await row("SELECT state FROM model_file WHERE id = $1", given.version)
    if found is None:
        raise Refusal("not_found", "insight.model.unknown", version=given.version[:60])
    if found["state"] == "champion":
        raise Refusal("conflict", "insight.model.in_force", version=given.version)
    await _promote(tx, given.version)
    return {"version": given.version}


@handles(RollBack)
async def roll_back(tx: Transaction, given: RollBack) -> dict[str, Any]:
    """Refusal ``conflict`` where the prior is in force already."""
    await _by_administrator(tx)
    champion = await row("SELECT id, since FROM model_file WHERE name = 'risk' AND state = 'champion'")
    if champion is None:
        raise Refusal("conflict", "insight.model.prior_in_force")
    before = await row(
        "SELECT id FROM model_file WHERE name = 'risk' AND state = 'retired' AND since < $1 ORDER BY since DESC LIMIT 1", champion["since"]
    )
    await _retire(tx, "refused")
    if before is not None:
        await _enforce(tx, before["id"], keep_since=True)
    version = before["id"] if before is not None else PRIOR
    tx.audit("roll_back", "model", _subject(champion["id"]), before={"version": champion["id"]}, after={"version": version})
    return {"version": version}


@handles(BeginCheck)
async def begin_check(tx: Transaction, given: BeginCheck) -> dict[str, Any]:
    """Whoever writes the row first does the work; the others hear ``conflict``."""
    _by_machine(tx)
    new = await rows(
        "INSERT INTO model_check (id, at, before, after, drift, decision, trouble) VALUES ($1, $2, $3, '', '{}', '{}', '') "
        "ON CONFLICT (id) DO UPDATE SET at = $2, before = $3 WHERE model_check.ended_at IS NULL AND model_check.at < $4 RETURNING id",
        given.id,
        tx.now,
        given.version,
        tx.now - ABANDONED,
    )
    if not new:
        raise Refusal("conflict", "insight.model.checked")
    return {"id": given.id}


@handles(EndCheck)
async def end_check(tx: Transaction, given: EndCheck) -> dict[str, Any]:
    """Its figures stay as they are."""
    _by_machine(tx)
    await ModelCheck.update(
        {
            ModelCheck.ended_at: tx.now,
            ModelCheck.after: given.version,
            ModelCheck.drift: given.drift,
            ModelCheck.decision: given.decision,
            ModelCheck.trouble: given.trouble,
        }
    ).where(ModelCheck.id == given.id)
    return {"id": given.id}


async def _promote(tx: Transaction, version: str) -> None:
    champion = await row("SELECT id FROM model_file WHERE name = 'risk' AND state = 'champion'")
    if champion is not None and champion["id"] == version:
        return
    await _retire(tx, "retired")
    await _enforce(tx, version)
    before = {"version": champion["id"] if champion else PRIOR}
    tx.audit("promote", "model", _subject(version), before=before, after={"version": version})


async def _retire(tx: Transaction, state: Literal["retired", "refused"]) -> None:
    await rows("UPDATE model_file SET state = $1, until = $2 WHERE name = 'risk' AND state = 'champion'", state, tx.now)


async def _enforce(tx: Transaction, version: str, *, keep_since: bool = False) -> None:
    since = "" if keep_since else ", since = $2"
    values = [version] if keep_since else [version, tx.now]
    await rows(f"UPDATE model_file SET state = 'champion', until = NULL{since} WHERE id = $1", *values)


def _by_machine(tx: Transaction) -> None:
    if tx.source not in ("job", "cli"):
        raise Refusal("not_allowed", "insight.only_jobs")


async def _by_administrator(tx: Transaction) -> None:
    if tx.source in ("job", "cli") and tx.actor is None:
        return
    known = await directory()
    if tx.actor is None or tx.actor not in known.people or known.people[tx.actor].position != "admin":
        raise Refusal("not_allowed", "people.rule.only_admin")


def _subject(version: str) -> str:
    """The chain names things by 36 letters at most; the whole version stands in the entry."""
    return version[:36]
