"""A device with a replica and an outbox, talking to the server's side without HTTP in between."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec

from server.storage.engine import places, rows
from server.storage.ids import LOCAL, new_id
from sync.pull import pull
from sync.push import push
from sync.shapes import Push, Result
from tests.office import CAST, NOW, Clock

Rows = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Device:
    """One person on one device."""

    person: str
    clock: Clock = field(default_factory=Clock)
    client: str = field(default_factory=lambda: str(uuid.uuid4()))
    seq: int = 0
    cursor: str | None = None
    rows: Rows = field(default_factory=dict)
    resets: int = 0

    def mutation(self, name: str, **args: Any) -> dict[str, Any]:
        """The next one of the outbox."""
        self.seq += 1
        return {"seq": self.seq, "id": new_id(), "name": name, "at": self.clock().astimezone(LOCAL).isoformat(), "args": args}

    async def push(self, *mutations: dict[str, Any]) -> tuple[int, list[Result]]:
        """What a request with these mutations gets; they cross JSON as they do in the world."""
        body = msgspec.json.encode({"client_id": self.client, "schema": 1, "mutations": list(mutations)})
        answer = await push(msgspec.json.decode(body, type=Push), self.person, self.clock)
        return answer.last_seq, answer.results

    async def do(self, name: str, **args: Any) -> Result:
        """One mutation at once."""
        return (await self.push(self.mutation(name, **args)))[1][-1]

    async def done(self, name: str, **args: Any) -> dict[str, Any]:
        """One that must be applied."""
        result = await self.do(name, **args)
        assert result.status == "applied", result
        return result.data

    async def page(self, limit: int = 500) -> bool:
        """Take one page; whether there is more."""
        answer = await pull(self.person, self.clock(), self.cursor, limit)
        assert len({(one.kind, one.id) for one in answer.changes if one.op == "put"}) == sum(one.op == "put" for one in answer.changes)
        if answer.reset:
            self.resets += 1
            self.rows.clear()
        for one in answer.changes:
            if one.op == "drop":
                self.rows.pop((one.kind, one.id), None)
            else:
                self.rows[(one.kind, one.id)] = msgspec.json.decode(msgspec.json.encode(one.data))
        self.cursor = answer.cursor
        return answer.more

    async def pull(self, limit: int = 500) -> "Device":
        """Until there is nothing more."""
        while await self.page(limit):
            pass
        return self

    async def fresh(self) -> Rows:
        """What the server shows this person who comes with an empty device."""
        return (await Device(self.person, self.clock).pull()).rows

    async def agrees(self) -> bool:
        """Whether the replica is what the server would show; says where it is not."""
        await self.pull()
        wanted = await self.fresh()
        keys = self.rows.keys() | wanted.keys()
        wrong = {key: (self.rows.get(key), wanted.get(key)) for key in keys if self.rows.get(key) != wanted.get(key)}
        assert not wrong, f"{self.person} at {self.cursor}: {dict(list(wrong.items())[:2])}; told of it: {await _told_of(wrong)}"
        return True

    def of(self, kind: str) -> Rows:
        """The rows of one kind."""
        return {key: data for key, data in self.rows.items() if key[0] == kind}


async def _told_of(wrong: dict[tuple[str, str], Any]) -> list[dict[str, Any]]:
    """The changes of what a replica has wrong, for whoever looks for the reason."""
    subjects = list({subject for _, subject in wrong})[:50]
    return await rows(f"SELECT seq, kind, subject, op FROM change WHERE subject IN ({places(len(subjects))}) ORDER BY seq", *subjects)


def task(lead: str = CAST.officer, **more: Any) -> dict[str, Any]:
    """The arguments of a new task, as the protocol's page has them."""
    return {
        "id": new_id(),
        "title": "Rà soát thủ tục hành chính quý IV",
        "description": "",
        "lead": lead,
        "collaborators": [],
        "followers": [],
        "start": None,
        "due": "2026-12-31",
        "priority": "normal",
        "unit": None,
        "field": None,
        "parent": None,
        "product": None,
        "quantity": 1,
        "kind": "planned",
        "checklist": [],
        "source": None,
        **more,
    }


def report(task_id: str, percent: int, **more: Any) -> dict[str, Any]:
    """The arguments of a progress report."""
    return {"id": new_id(), "task": task_id, "percent": percent, "note": "", "quantity": None, "files": [], **more}


async def counted() -> dict[str, int]:
    """How much of everything that a doubled effect would double."""
    tables = ("task", "report", "review", "comment", "audit_entry", "change", "outbox", "mutation")
    return {table: (await rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in tables}


def later(clock: Clock, chance: random.Random) -> None:
    """Some seconds go by."""
    clock.now += timedelta(seconds=chance.randint(1, 90))


__all__ = ["NOW", "Device", "counted", "later", "report", "task"]
