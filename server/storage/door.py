"""The one door: every change, from a page, the sync protocol, an import or a job, comes through ``carry_out``."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec
import orjson
from asyncpg.exceptions import DeadlockDetectedError, SerializationError

from server.errors import Refusal
from server.storage.engine import current, insert, is_sqlite, row, rows
from server.storage.ids import new_id as random_id
from server.storage.tables import Mutation
from server.storage.transaction import Source, Transaction, as_json, transaction

TRIES = 5
NAME_LENGTH = 40
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Command(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Something that somebody asks to be done. Subclasses carry their protocol name as ``tag``."""


class Turn(Protocol):
    """The order in which a device's mutations are taken; both calls run inside the mutation's own transaction."""

    async def take(self, tx: Transaction) -> None:
        """Lock the device and look whether it is this mutation's turn. Raises an exception of its own if not: then nothing is written."""

    async def done(self, tx: Transaction) -> None:
        """Count the mutation as answered; it commits with the effect and with the stored answer, or with none of them."""


class RefusedBefore(Exception):
    """This mutation was refused before, with this answer; it is refused the same way again."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


Handler = Callable[[Transaction, Any], Awaitable[dict[str, Any]]]
C = TypeVar("C", bound=Command)

_handlers: dict[type[Command], Handler] = {}
_by_name: dict[str, type[Command]] = {}
_reactions: dict[type[Command], list[Callable[[Transaction, Any], Awaitable[None]]]] = {}


def name_of(kind: type[Command]) -> str:
    """The protocol name of a command: ``task.create``."""
    return str(kind.__struct_config__.tag)


def handles(
    kind: type[C],
) -> Callable[[Callable[[Transaction, C], Awaitable[dict[str, Any]]]], Callable[[Transaction, C], Awaitable[dict[str, Any]]]]:
    """Register the function that carries out a command."""

    def register(handler: Callable[[Transaction, C], Awaitable[dict[str, Any]]]) -> Callable[[Transaction, C], Awaitable[dict[str, Any]]]:
        _handlers[kind] = handler
        _by_name[name_of(kind)] = kind
        return handler

    return register


def follows(kind: type[C]) -> Callable[[Callable[[Transaction, C], Awaitable[None]]], Callable[[Transaction, C], Awaitable[None]]]:
    """Register what an area above does in the same transaction after a command of an area below, which does not know it."""

    def register(reaction: Callable[[Transaction, C], Awaitable[None]]) -> Callable[[Transaction, C], Awaitable[None]]:
        _reactions.setdefault(kind, []).append(reaction)
        return reaction

    return register


def command(name: str, arguments: dict[str, Any]) -> Command:
    """The command ``name`` with its arguments, as the protocol sends them. Raises Refusal ``invalid`` for anything else."""
    kind = _by_name.get(name)
    if kind is None:
        raise Refusal("invalid", "door.unknown_command", name=name)
    try:
        return msgspec.convert(arguments, kind)
    except msgspec.ValidationError as error:
        raise Refusal("invalid", "door.bad_arguments", name=name, why=str(error)) from None


def fingerprint(asked: Command) -> str:
    """What a command says, as one hash: the same id with another fingerprint is another command."""
    said = orjson.dumps([name_of(type(asked)), msgspec.to_builtins(asked)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()


async def inside(tx: Transaction, asked: Command) -> dict[str, Any]:
    """Carry out a command as a part of another one, in its transaction."""
    answer = await _handlers[type(asked)](tx, asked)
    for reaction in _reactions.get(type(asked), ()):
        await reaction(tx, asked)
    return answer


def _unstorable(value: Any) -> bool:
    """Whether there is text in it that PostgreSQL can't keep: a NUL, or half of a surrogate pair."""
    if isinstance(value, str):
        return UNSTORABLE.search(value) is not None
    if isinstance(value, dict):
        return any(_unstorable(one) for pair in value.items() for one in pair)
    return isinstance(value, list) and any(_unstorable(one) for one in value)


async def carry_out(
    asked: Command,
    *,
    actor: str | None,
    now: datetime,
    source: Source,
    mutation: str | None = None,
    new_id: Callable[[], str] = random_id,
    device_at: datetime | None = None,
    turn: Turn | None = None,
) -> dict[str, Any]:
    """Do what is asked, in one transaction, once.

    ``mutation`` is the identifier that its author gave it: asked again, it has no second effect and gets the first answer.
    Raises Refusal when the rules forbid it; then nothing is written. With ``turn`` (a device of the sync protocol, which wants
    ``mutation``) the device's place in its queue commits together with the effect, and a refusal that was kept comes back as
    RefusedBefore.
    """

    if _unstorable(msgspec.to_builtins(asked)):
        raise Refusal("invalid", "door.bad_arguments", name=name_of(type(asked)), why="U+0000, U+D800–U+DFFF")

    async def once(tx: Transaction) -> dict[str, Any]:
        if turn is None:
            return await _once(tx, asked, mutation, device=False)
        await turn.take(tx)
        answer = await _once(tx, asked, mutation, device=True)
        await turn.done(tx)
        return answer

    return await _tried(once, actor=actor, now=now, source=source, new_id=new_id, device_at=device_at)


async def keep_refusal(
    turn: Turn,
    *,
    mutation: str | None,
    name: str,
    mark: str,
    code: str,
    message: str,
    actor: str,
    now: datetime,
    device_at: datetime | None,
) -> None:
    """Count a device's mutation as answered although the rules refused it, so that nothing waits behind it, and keep the answer.

    ``mutation`` is None where the identifier is taken by another mutation or is none: then there is nothing to keep it under.
    """

    async def keep(tx: Transaction) -> dict[str, Any]:
        await turn.take(tx)
        if mutation is not None:
            await _lock(mutation)
            if await row("SELECT id FROM mutation WHERE id = $1", mutation) is None:
                await _store(tx, mutation, name, mark, "rejected", {"code": code, "message": message})
        await turn.done(tx)
        return {}

    await _tried(keep, actor=actor, now=now, source="sync", device_at=device_at)


async def _tried(
    work: Callable[[Transaction], Awaitable[dict[str, Any]]],
    *,
    actor: str | None,
    now: datetime,
    source: Source,
    new_id: Callable[[], str] = random_id,
    device_at: datetime | None = None,
) -> dict[str, Any]:
    nested = current().current_transaction.get() is not None
    for attempt in range(TRIES):
        try:
            async with transaction(actor=actor, now=now, source=source, new_id=new_id, device_at=device_at) as tx:
                return await work(tx)
        except (DeadlockDetectedError, SerializationError):
            # PostgreSQL chose this one as the victim: nothing was written, try again from the start.
            if nested or attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


async def _once(tx: Transaction, asked: Command, mutation: str | None, *, device: bool) -> dict[str, Any]:
    if mutation is None:
        return await inside(tx, asked)
    await _lock(mutation)
    mark = fingerprint(asked)
    first = await row("SELECT person, fingerprint, status, result FROM mutation WHERE id = $1", mutation)
    if first is not None and first["status"] == "rejected" and first["person"] == tx.actor and not device:
        # On a page a form that was refused is corrected and sent again under its own identifier.
        await rows("DELETE FROM mutation WHERE id = $1", mutation)
        first = None
    if first is not None:
        if first["person"] != (tx.actor or "") or first["fingerprint"] != mark:
            raise Refusal("conflict", "door.mutation_reused")
        answer: dict[str, Any] = orjson.loads(first["result"])
        if first["status"] == "rejected":
            raise RefusedBefore(answer["code"], answer["message"])
        return answer
    answer = await inside(tx, asked)
    await _store(tx, mutation, name_of(type(asked)), mark, "applied", answer)
    return answer


async def _lock(mutation: str) -> None:
    if not is_sqlite():
        # Two tries of one mutation at the same moment: the second waits here until the first has committed.
        await row("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", mutation)


async def _store(tx: Transaction, mutation: str, name: str, mark: str, status: str, answer: dict[str, Any]) -> None:
    await insert(
        Mutation,
        {
            "id": mutation,
            "person": tx.actor or "",
            "name": name[:NAME_LENGTH],
            "fingerprint": mark,
            "status": status,
            "result": as_json(answer),
            "at": tx.now,
            "device_at": tx.device_at,
        },
    )
