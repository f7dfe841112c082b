"""The one place that opens a transaction, and what every transaction leaves behind.

Whatever a command does, these go with it or not at all: its data, the entry in the audit chain, the row of the change feed and
the messages to send. The last step numbers entries and changes under one lock that is held until the commit, so that their numbers
are the order of commits: a reader who has seen number n will never see a smaller one appear.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal

import orjson

from server.audit.chain import START, digest
from server.audit.tables import AuditEntry
from server.storage.engine import current, insert, is_sqlite, row, rows
from server.storage.ids import new_id as random_id
from server.storage.tables import Change, Outbox

Source = Literal["page", "sync", "cli", "import", "job", "chat", "demo"]

#: Called after each commit of this process; whoever waits for news in this process hears of it at once.
after_commit: list[Callable[[], None]] = []

#: What an area adds to every transaction before it is sealed, in the order of registration: see ``before_seal``.
_additions: list[Callable[["Transaction"], Awaitable[None]]] = []

#: The number of the advisory lock that the tail of every transaction takes on PostgreSQL.
TAIL_LOCK = 5_717_717


def as_json(value: Any) -> str:
    """JSON text as it is stored: readable, unescaped Vietnamese."""
    return orjson.dumps(value).decode()


def before_seal(add: Callable[["Transaction"], Awaitable[None]]) -> Callable[["Transaction"], Awaitable[None]]:
    """Register what is written with every transaction, whatever command made it, from what the transaction says of itself."""
    _additions.append(add)
    return add


class Transaction:
    """An open transaction of one actor at one moment."""

    def __init__(
        self,
        actor: str | None,
        now: datetime,
        source: Source,
        new_id: Callable[[], str] = random_id,
        device_at: datetime | None = None,
    ) -> None:
        self.actor = actor
        self.now = now
        #: When its author's device says that he did it; scores use ``now``.
        self.device_at = device_at or now
        self.source = source
        self.new_id = new_id
        self._audits: list[dict[str, Any]] = []
        self._changes: dict[tuple[str, str], str] = {}
        self._messages: list[dict[str, Any]] = []

    def audit(
        self,
        action: str,
        kind: str,
        subject: str,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        on_behalf: str | None = None,
    ) -> None:
        """Say what happened: ``action`` is a word of one vocabulary (``assign``), ``kind`` and ``subject`` what it happened to."""
        self._audits.append(
            {
                "at": self.now,
                "actor": self.actor,
                "on_behalf": on_behalf,
                "source": self.source,
                "action": action,
                "kind": kind,
                "subject": subject,
                "before": as_json(before or {}),
                "after": as_json(after or {}),
            }
        )

    def change(self, kind: str, subject: str, op: Literal["put", "drop"] = "put") -> None:
        """Say that replicas hold an old copy of this thing."""
        self._changes[(kind, subject)] = op

    def touched(self, kind: str) -> list[str]:
        """The things of this kind that changed."""
        return [subject for one, subject in self._changes if one == kind]

    def said(self, kind: str) -> list[dict[str, Any]]:
        """What happened to things of this kind: the entries that the chain will get, ``before`` and ``after`` as JSON text."""
        return [entry for entry in self._audits if entry["kind"] == kind]

    def message(
        self,
        kind: str,
        to: Iterable[str | None],
        *,
        subject: str | None = None,
        data: dict[str, Any] | None = None,
        slot: str | None = None,
    ) -> None:
        """Say something to people; the actor himself is not told what he did.

        With a ``slot`` ("alert") it takes the place of what the person has not read yet of the same slot about the same subject.
        """
        for person in dict.fromkeys(to):
            if person and person != self.actor:
                self._messages.append(
                    {
                        "id": self.new_id(),
                        "kind": kind,
                        "person": person,
                        "subject": subject,
                        "data": as_json(data or {}),
                        "at": self.now,
                        "slot": slot,
                    }
                )

    async def seal(self) -> None:
        """Write what was collected, in commit order."""
        for add in _additions:
            await add(self)
        if self._messages:
            await self._replace_older()
            await insert(Outbox, *self._messages)
            for message in self._messages:
                self.change("notice", message["id"])
        if not self._audits and not self._changes:
            return
        if not is_sqlite():
            await rows("SELECT pg_advisory_xact_lock($1)", TAIL_LOCK)
        await self._seal_audits()
        await self._seal_changes()

    async def _replace_older(self) -> None:
        for message in self._messages:
            if message["slot"] is not None:
                older = await rows(
                    "UPDATE outbox SET replaced_at = $1 WHERE person = $2 AND subject = $3 AND slot = $4 "
                    "AND read_at IS NULL AND replaced_at IS NULL RETURNING id",
                    self.now,
                    message["person"],
                    message["subject"],
                    message["slot"],
                )
                for one in older:
                    self.change("notice", one["id"], "drop")

    async def _seal_audits(self) -> None:
        last = await row("SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1")
        seq, previous = (last["seq"], last["hash"]) if last else (0, START)
        entries = []
        for said in self._audits:
            seq += 1
            entry = {**said, "seq": seq, "previous": previous}
            entry["hash"] = previous = digest(entry)
            entries.append(entry)
        await insert(AuditEntry, *entries)

    async def _seal_changes(self) -> None:
        if not self._changes:
            return
        last = await row("SELECT seq FROM change ORDER BY seq DESC LIMIT 1")
        seq = last["seq"] if last else 0
        changes = []
        for (kind, subject), op in self._changes.items():
            seq += 1
            changes.append({"seq": seq, "kind": kind, "subject": subject, "op": op, "at": self.now})
        await insert(Change, *changes)


@asynccontextmanager
async def transaction(
    *, actor: str | None, now: datetime, source: Source, new_id: Callable[[], str] = random_id, device_at: datetime | None = None
) -> AsyncIterator[Transaction]:
    """One transaction; commits at the end, writes nothing after an exception."""
    async with current().write():
        opened = Transaction(actor, now, source, new_id, device_at)
        yield opened
        await opened.seal()
    _committed()


@asynccontextmanager
async def together() -> AsyncIterator[None]:
    """Many commands as one transaction: all or nothing (the demo office, a plan)."""
    async with current().write():
        yield
    _committed()


def _committed() -> None:
    if current().current_transaction.get() is None:
        for tell in after_commit:
            tell()
