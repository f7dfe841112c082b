"""The one door: every change, from a page, the sync protocol, an import or a job, comes through ``carry_out``."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import orjson
from asyncpg.exceptions import DeadlockDetectedError, SerializationError

from server.errors import Refusal
from server.storage.engine import current, is_sqlite, row
from server.storage.ids import new_id as random_id
from server.storage.tables import Mutation
from server.storage.transaction import Source, Transaction, as_json, transaction

TRIES = 5


class Command(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Something that somebody asks to be done. Subclasses carry their protocol name as ``tag``."""


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


async def carry_out(
    asked: Command,
    *,
    actor: str | None,
    now: datetime,
    source: Source,
    mutation: str | None = None,
    new_id: Callable[[], str] = random_id,
    device_at: datetime | None = None,
) -> dict[str, Any]:
    """Do what is asked, in one transaction, once.

    ``mutation`` is the identifier that its author gave it: asked again, it has no second effect and gets the first answer.
    Raises Refusal when the rules forbid it; then nothing is written.
    """
    nested = current().current_transaction.get() is not None
    for attempt in range(TRIES):
        try:
            async with transaction(actor=actor, now=now, source=source, new_id=new_id, device_at=device_at) as tx:
                return await _once(tx, asked, mutation)
        except (DeadlockDetectedError, SerializationError):
            # PostgreSQL chose this one as the victim: nothing was written, try again from the start.
            if nested or attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


async def _once(tx: Transaction, asked: Command, mutation: str | None) -> dict[str, Any]:
    if mutation is None:
        return await inside(tx, asked)
    if not is_sqlite():
        # Two tries of one mutation at the same moment: the second waits here until the first has committed.
        await row("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", mutation)
    mark = fingerprint(asked)
    first = await row("SELECT person, fingerprint, result FROM mutation WHERE id = $1", mutation)
    if first is not None:
        if first["person"] != (tx.actor or "") or first["fingerprint"] != mark:
            raise Refusal("conflict", "door.mutation_reused")
        answer: dict[str, Any] = orjson.loads(first["result"])
        return answer
    answer = await inside(tx, asked)
    await Mutation.insert(
        Mutation(
            id=mutation,
            person=tx.actor or "",
            name=name_of(type(asked)),
            fingerprint=mark,
            status="applied",
            result=as_json(answer),
            at=tx.now,
        )
    )
    return answer
