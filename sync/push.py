"""``POST /sync/push``: mutations in order, each in one transaction with its effect, its answer and its place in the queue."""

import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import orjson
from asyncpg.exceptions import DataError

from server.errors import Refusal
from server.storage.door import RefusedBefore, carry_out, keep_refusal
from server.storage.engine import row
from server.storage.ids import is_id
from sync.allowed import Understood
from sync.commands import Gap, InTurn, Past, last_seq
from sync.shapes import Asked, Push, Pushed, Result

log = logging.getLogger("soviec.sync")

#: What the database refuses to hold whoever asks and however often: answered, or it would block the queue for ever.
UNSTORABLE = (DataError, sqlite3.DataError, OverflowError, UnicodeError)


async def push(given: Push, person: str, clock: Callable[[], datetime]) -> Pushed:
    """Take the mutations one after the other; a gap in the numbers ends it there, and what was done before it stays done.

    An unexpected failure ends it too: it is raised if nothing was answered yet, else the answers so far are given and the device
    sends the rest again.
    """
    results: list[Result] = []
    had = await last_seq(given.client_id, person)
    for asked in given.mutations:
        try:
            results.append(await _one(given.client_id, person, asked, clock(), had))
        except Gap:
            break
        except Exception:
            if not results:
                raise
            log.exception("a push ended at mutation %s (%s)", asked.seq, asked.name[:40])
            break
    return Pushed(await last_seq(given.client_id, person), results)


async def _one(client: str, person: str, asked: Asked, now: datetime, had: int) -> Result:
    understood = Understood(asked)
    if asked.seq <= had:
        return await _first_answer(asked, understood, person)
    turn = InTurn(client, person, asked.seq)
    device_at: datetime | None = None
    try:
        if not is_id(asked.id):
            raise Refusal("invalid", "sync.id_bad")
        device_at = moment_of(asked.at)
        if understood.wrong is not None:
            raise understood.wrong
        assert understood.command is not None
        data = await carry_out(understood.command, actor=person, now=now, source="sync", mutation=asked.id, device_at=device_at, turn=turn)
        return Result(asked.seq, asked.id, "applied", data=data)
    except Past:
        return await _first_answer(asked, understood, person)
    except RefusedBefore as before:
        refused = Result(asked.seq, asked.id, "rejected", before.code, before.message)
    except Refusal as refusal:
        refused = Result(asked.seq, asked.id, "rejected", refusal.code, refusal.message)
    except UNSTORABLE:
        log.exception("mutation %s (%s) can't be stored", asked.id, asked.name[:40])
        wrong = Refusal("invalid", "sync.cannot_store", name=asked.name[:60])
        refused = Result(asked.seq, asked.id, "rejected", wrong.code, wrong.message)
    try:
        await keep_refusal(
            turn,
            mutation=asked.id if is_id(asked.id) else None,
            name=asked.name.replace("\0", ""),
            mark=understood.mark,
            code=refused.code,
            message=refused.message,
            actor=person,
            now=now,
            device_at=device_at,
        )
    except Past:
        return await _first_answer(asked, understood, person)
    return refused


async def _first_answer(asked: Asked, understood: Understood, person: str) -> Result:
    """What was answered when this number came first; another mutation under its number or its identifier is rejected."""
    if not is_id(asked.id):
        return _rejected(asked, Refusal("invalid", "sync.id_bad"))
    known = await row("SELECT person, fingerprint, status, result FROM mutation WHERE id = $1", asked.id)
    if known is None:
        return _rejected(asked, Refusal("conflict", "sync.seq_used", seq=asked.seq))
    if known["person"] != person or known["fingerprint"] != understood.mark:
        return _rejected(asked, Refusal("conflict", "door.mutation_reused"))
    stored: dict[str, Any] = orjson.loads(known["result"])
    if known["status"] == "rejected":
        return Result(asked.seq, asked.id, "rejected", stored["code"], stored["message"])
    return Result(asked.seq, asked.id, "applied", data=stored)


def _rejected(asked: Asked, refusal: Refusal) -> Result:
    return Result(asked.seq, asked.id, "rejected", refusal.code, refusal.message)


def moment_of(given: Any) -> datetime:
    """The device's time of a mutation. Raises Refusal (invalid) for what is no moment; a clock that is wrong is still a clock."""
    try:
        moment = msgspec.convert(given, datetime, strict=True) if isinstance(given, str) else None
        if moment is None or moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (msgspec.ValidationError, ValueError, OverflowError):
        raise Refusal("invalid", "sync.at_bad", at=str(given)[:40]) from None
