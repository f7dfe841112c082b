"""The promises, looked at after a history: in the tables, in what was answered, in the replicas."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from server.files.store import Store
from server.storage.engine import places, row, rows
from tests.faults.device import Entry, Rows
from tests.faults.ledger import Ledger

#: Mutations that always leave one entry in the audit chain when they are applied; the others leave none if they change nothing.
ALWAYS = {
    "task.create", "task.propose", "task.decide", "task.progress", "task.submit", "task.review", "task.status", "task.hand_back",
    "task.extend", "task.comment", "task.review_undo", "checklist.add",
}  # fmt: skip
#: The row that each of them makes, under the identifier in its arguments.
MAKES = {
    "task.create": "task",
    "task.propose": "task",
    "task.progress": "report",
    "task.submit": "report",
    "task.review": "review",
    "task.comment": "comment",
    "checklist.add": "checklist_item",
}
#: Moments that only the server's clock may set.
SERVER_TIMES = {
    "task": ("created_at", "changed_at", "started_at", "submitted_at", "completed_at", "deleted_at"),
    "report": ("received",),
    "review": ("at",),
    "comment": ("at",),
    "outbox": ("at",),
    "mutation": ("at",),
}
Row = dict[str, Any]
#: PostgreSQL keeps microseconds, devices send milliseconds.
CLOSE = timedelta(milliseconds=1)


async def last_audit() -> int:
    """The number of the last entry of the chain."""
    found = await row("SELECT max(seq) AS seq FROM audit_entry")
    return int(found["seq"] or 0) if found else 0


class After:
    """Everything about one history."""

    def __init__(
        self, entries: list[Entry], ledger: Ledger, heard: dict[str, dict[str, Any]], since: int, began: datetime, *, forgets: bool
    ) -> None:
        self.entries = {one.id: one for one in entries}
        self.ledger = ledger
        self.heard = heard
        #: Devices need not know any more what was applied.
        self.forgets = forgets
        self.since = since
        self.began = began
        self.wrong: list[str] = list(ledger.wrong)
        self.stored: dict[str, Row] = {}

    def say(self, promise: int, text: str) -> None:
        self.wrong.append(f"promise {promise}: {text}")

    async def look(self) -> None:
        """Promises 1, 3, 7, 9 and the files of 10."""
        await self._load()
        self._answers()
        self._people()
        await self._effects()
        await self._traces()
        await self._times()

    async def _load(self) -> None:
        ids = list(self.entries)
        found = await rows(f"SELECT * FROM mutation WHERE id IN ({places(len(ids))})", *ids)
        self.stored = {one["id"]: one for one in found}
        columns = "seq, at, actor, action, subject"
        only = "source = 'sync' AND kind = 'task' AND action <> 'attach'"
        self.audits = await rows(f"SELECT {columns} FROM audit_entry WHERE seq > $1 AND {only}", self.since)

    def _answers(self) -> None:
        """Every mutation is answered, once and for all; nothing that was answered is lost."""
        for one in self.entries.values():
            stored = self.stored.get(one.id)
            if stored is None:
                self.say(3, f"{one.name} {one.id} of {one.at} is not stored; answered {self.ledger.answers.get(one.id)}")
                continue
            kept = orjson.loads(stored["result"])
            said = {"id": one.id, "status": stored["status"], "code": "", "message": "", "data": {}}
            said |= {"data": kept} if stored["status"] == "applied" else kept
            for where, heard in (("a server", self.ledger.answers.get(one.id)), ("the device", self.heard.get(one.id))):
                if heard is None and self.forgets and where == "the device" and said["status"] == "applied":
                    continue
                if heard is None:
                    self.say(1, f"{one.name} {one.id}: {where} has no answer, stored is {said}")
                elif heard != said:
                    self.say(1, f"{one.name} {one.id}: {where} has {heard}, stored is {said}")

    def _people(self) -> None:
        for one in self.entries.values():
            if (stored := self.stored.get(one.id)) and stored["person"] != one.person:
                self.say(7, f"{one.name} {one.id} is stored as {stored['person']}'s, {one.person} did it")
            if others := self.ledger.senders.get(one.id, set()) - {one.person}:
                self.say(7, f"{one.name} {one.id} of {one.person} was sent by {others}")

    async def _effects(self) -> None:
        """One row for each that was applied, none for the others, by its author."""
        wanted: dict[str, dict[str, Entry]] = {}
        for one in self.entries.values():
            if one.name in MAKES:
                wanted.setdefault(MAKES[one.name], {})[one.args["id"]] = one
        for table, made in wanted.items():
            found = {one["id"]: one for one in await rows(f"SELECT * FROM {table} WHERE id IN ({places(len(made))})", *made)}
            for id_, one in made.items():
                applied = one.id in self.stored and self.stored[one.id]["status"] == "applied"
                if applied != (id_ in found):
                    here = "is there" if id_ in found else "is not there"
                    self.say(1, f"{one.name} {one.id} is {'' if applied else 'not '}applied, its {table} {here}")
                person = found.get(id_, {}).get({"task": "creator", "review": "reviewer"}.get(table, "person"), one.person)
                if person != one.person:
                    self.say(7, f"the {table} of {one.name} {one.id} is {person}'s, {one.person} made it")

    async def _traces(self) -> None:
        """Audit entries and messages carry the moment of their mutation: each belongs to one, and each one has its own."""
        applied = {(one["at"], one["person"]): one for one in self.stored.values() if one["status"] == "applied"}
        counts = Counter((one["at"], one["actor"]) for one in self.audits)
        for key, entry in ((key, self.entries[one["id"]]) for key, one in applied.items()):
            if counts[key] > 1 or (counts[key] == 0 and entry.name in ALWAYS):
                self.say(1, f"{entry.name} {entry.id} left {counts[key]} audit entries")
        for one in self.audits:
            if (one["at"], one["actor"]) not in applied:
                self.say(1, f"audit entry {one['seq']} ({one['action']} on {one['subject']}) belongs to no mutation that was applied")
        about = "(kind LIKE 'task.%' OR kind LIKE 'extension.%')"
        told = await rows(f"SELECT kind, person, subject, at FROM outbox WHERE at >= $1 AND {about}", self.began)
        moments = {at for at, _ in applied}
        for said, times in Counter((one["at"], one["kind"], one["person"], one["subject"]) for one in told).items():
            if times > 1:
                self.say(1, f"{said} was said {times} times")
            if said[0] not in moments:
                self.say(1, f"{said} was said by no mutation that was applied")

    async def _times(self) -> None:
        """Both times are kept, and no time of a device stands where the server's belongs."""
        for id_, one in self.stored.items():
            entry = self.entries[id_]
            if one["device_at"] is None or abs(one["device_at"] - datetime.fromisoformat(entry.at)) > CLOSE:
                self.say(9, f"{entry.name} {id_} was done at {entry.at}, stored is {one['device_at']}")
        reports = {one.args["id"]: one for one in self.entries.values() if MAKES.get(one.name) == "report"}
        for one in await rows(f"SELECT id, at, received FROM report WHERE id IN ({places(len(reports))})", *reports):
            entry = reports[one["id"]]
            if abs(one["at"] - datetime.fromisoformat(entry.at)) > CLOSE or one["received"] != self.stored[entry.id]["at"]:
                self.say(9, f"report {one['id']} of {entry.at} has {one['at']}, received {one['received']}")
        now = datetime.now(self.began.tzinfo)
        for table, columns in SERVER_TIMES.items():
            for column in columns:
                beyond = await rows(f"SELECT id FROM {table} WHERE {column} > $1 LIMIT 3", now)
                if beyond:
                    self.say(9, f"{table}.{column} lies in the future: {beyond}")
        tasks = {one.args["id"] for one in self.entries.values() if MAKES.get(one.name) == "task"}
        early = await rows(
            f"SELECT id FROM task WHERE id IN ({places(len(tasks))}) AND (created_at < ${len(tasks) + 1} OR changed_at < ${len(tasks) + 1} "
            f"OR submitted_at < ${len(tasks) + 1} OR completed_at < ${len(tasks) + 1})",
            *tasks,
            self.began,
        )
        if early:
            self.say(9, f"tasks of this history have times from before it: {early[:3]}")

    def order(self, who: str, queue: list[Entry]) -> None:
        """Promise 2: what one person did on one device took effect in the order in which he did it."""
        seqs = {(one["at"], one["actor"]): one["seq"] for one in self.audits}
        before = 0
        for entry in queue:
            stored = self.stored.get(entry.id)
            seq = seqs.get((stored["at"], stored["person"])) if stored and stored["status"] == "applied" else None
            if seq is None:
                continue
            if seq < before:
                self.say(2, f"{who}: {entry.name} {entry.id} took effect before what was done before it")
            before = seq

    async def counted(self, client: str, person: str, numbers: int) -> None:
        """Promise 2: the server has counted every number of the queue."""
        found = await row("SELECT last_seq FROM sync_client WHERE client = $1 AND person = $2", client, person)
        last = found["last_seq"] if found else 0
        if last != numbers:
            self.say(2, f"the queue of {person} on {client} gave {numbers} numbers, the server is at {last}")

    def replica(self, device: str, has: Rows, wanted: Rows) -> None:
        """Promises 4 and 5: after quiet, what is here is what a new device would get."""
        for key in sorted(has.keys() | wanted.keys()):
            mine, fresh = has.get(key), wanted.get(key)
            if mine == fresh:
                continue
            if mine and fresh:
                names = sorted(mine.keys() | fresh.keys())
                differ = {name: (mine.get(name), fresh.get(name)) for name in names if mine.get(name) != fresh.get(name)}
                self.say(5, f"{device}: {key} differs (here, fresh): {differ}")
            else:
                self.say(5, f"{device}: {key} {'should be gone' if mine else 'is missing'}")

    async def files(self, folder: Path) -> None:
        """Promise 10: no report points to a file that is not there."""
        store = Store(folder / "files")
        for one in await rows("SELECT file, report, comment FROM attachment"):
            if not store.exists(one["file"]):
                self.say(10, f"{one} is not in the store")

    async def attached(self, entries: Iterable[Entry]) -> None:
        """Each file of a report or comment that was applied hangs on it once."""
        for one in entries:
            if one.content and one.id in self.stored and self.stored[one.id]["status"] == "applied":
                column = MAKES[one.name]
                found = await rows(f"SELECT file FROM attachment WHERE {column} = $1", one.args["id"])
                if len(found) != 1:
                    self.say(10, f"{one.name} {one.id} has {len(found)} files instead of 1")
