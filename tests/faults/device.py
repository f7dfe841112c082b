"""A device as docs/sync.md describes it, in Python: what is on its disk outlives it, the rest does not."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec

from server.storage.ids import LOCAL
from tests.faults.plan import Handset, Sync, Write

PIECE = 3000
Rows = dict[str, dict[str, Any]]


class Entry(msgspec.Struct):
    """One thing that somebody did here. ``seq`` is given when it is first sent."""

    id: str
    person: str
    name: str
    args: dict[str, Any]
    at: str
    content: bytes = b""
    uploaded: bool = False
    seq: int = 0


class Disk(msgspec.Struct):
    """What is on the disk. ``numbers`` counts each person's queue; the replica belongs to ``owner``."""

    client: str
    person: str
    cookie: str = ""
    outbox: list[Entry] = []
    numbers: dict[str, int] = {}
    answers: dict[str, dict[str, Any]] = {}
    owner: str = ""
    cursor: str = ""
    rows: Rows = {}


class Died(Exception):
    """The device was killed at the point that the plan named."""


class Stopped(Exception):
    """No more for now: the line is broken, the server is busy, or nobody is signed in."""


class Device:
    """One device. Every change of ``disk`` that shall last ends with ``_keep``, in the order that the protocol wants."""

    #: Whether answers are gone after a while.
    forgets = False

    def __init__(self, handset: Handset, client: str, line: httpx.AsyncClient) -> None:
        self.name = handset.name
        self.skew = timedelta(seconds=handset.skew)
        self.line = line
        self.disk = Disk(client, handset.people[0])
        self.csrf = ""
        self.limit = 500
        self.dies = ""
        self._keep()

    def _keep(self) -> None:
        # Rows are replaced, never changed: the mapping is copied, and they need not be written out for each step of a queue.
        self._kept = msgspec.json.encode(msgspec.structs.replace(self.disk, rows={})), dict(self.disk.rows)

    @property
    def person(self) -> str:
        """Who is signed in, or was."""
        return self.disk.person

    @property
    def cookie(self) -> str:
        """His session; empty after it ended."""
        return self.disk.cookie

    async def crash(self) -> None:
        """Killed: it begins again from its disk."""
        kept, rows = self._kept
        self.disk = msgspec.json.decode(kept, type=Disk)
        self.disk.rows = dict(rows)
        self.csrf = ""
        self.dies = ""

    async def reinstall(self, client: str) -> None:
        """Set up anew under another name, with the entries but without their numbers."""
        await self.crash()
        self.disk.client = client
        self.disk.numbers = {}
        for entry in self.disk.outbox:
            entry.seq = 0
        self._keep()

    def _left(self) -> list[Entry]:
        """What the person who is signed in has no answer to yet, in order."""
        return [one for one in self.disk.outbox if one.id not in self.disk.answers and one.person == self.disk.person]

    async def waiting(self) -> dict[str, list[str]]:
        """Identifiers of what has no answer yet, by person."""
        found: dict[str, list[str]] = {}
        for one in self.disk.outbox:
            if one.id not in self.disk.answers:
                found.setdefault(one.person, []).append(one.id)
        return found

    async def heard(self) -> dict[str, dict[str, Any]]:
        """The answers that are here."""
        return self.disk.answers

    async def queues(self) -> list[tuple[str, str, int]]:
        """Device, person, and how many numbers were given."""
        return [(self.disk.client, person, numbers) for person, numbers in self.disk.numbers.items()]

    async def rows(self) -> Rows:
        """The replica."""
        return self.disk.rows

    def copy(self) -> tuple[str, Rows] | None:
        """What a later device may begin with."""
        return self.disk.cursor, self.disk.rows

    async def write(self, given: Write, now: datetime) -> Entry:
        """Put it into the outbox; ``at`` is this device's idea of the time."""
        at = (now + self.skew).astimezone(LOCAL).isoformat(timespec="milliseconds")
        entry = Entry(given.id, given.person, given.name, given.args, at, given.content)
        self.disk.outbox.append(entry)
        self._keep()
        return entry

    async def sign_in(self, person: str, cookie: str) -> None:
        """Another person's replica goes; what waits stays, each in his own queue."""
        self.disk.person, self.disk.cookie, self.csrf = person, cookie, ""
        if self.disk.owner != person:
            self.disk.owner, self.disk.cursor, self.disk.rows = person, "", {}
        self._keep()

    def begin_with(self, cursor: str, rows: Rows) -> None:
        """The replica of some days ago."""
        self.disk.cursor, self.disk.rows = cursor, dict(rows)
        self._keep()

    async def sign_out(self) -> None:
        """End the session if there is a line; the replica goes in any case."""
        try:
            if self.disk.cookie:
                await self._token()
                await self._ask("DELETE", "/api/v1/session")
        except Stopped:
            pass
        self.disk.cookie, self.csrf = "", ""
        self.disk.owner, self.disk.cursor, self.disk.rows = "", "", {}
        self._keep()

    async def sync(self, how: Sync) -> None:
        """Push, then pull. Ends early, without an error, where it can't go on."""
        self.dies, self.limit = how.dies, how.limit
        try:
            await self._push(how)
            while await self.page(how.limit):
                pass
        except Stopped:
            pass
        except Died:
            await self.crash()
        self.dies = ""

    def _may_die(self, point: str) -> None:
        if self.dies == point:
            raise Died

    async def _ask(self, method: str, path: str, tries: int = 0, **more: Any) -> httpx.Response:
        """An answer below 500 that is no 401 and no 429; Stopped otherwise."""
        headers = {"x-device": self.name, "cookie": f"soviec_session={self.disk.cookie}", **more.pop("headers", {})}
        if method != "GET":
            headers["x-csrf-token"] = self.csrf
        for left in range(tries, -1, -1):
            try:
                answer = await self.line.request(method, path, headers=headers, **more)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 401:
                self.disk.cookie, self.csrf = "", ""
                self._keep()
                raise Stopped
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                return answer
            if not left:
                break
        raise Stopped

    async def _token(self) -> None:
        if not self.disk.cookie:
            raise Stopped
        if not self.csrf:
            self.csrf = (await self._ask("GET", "/api/v1/session")).json()["csrf_token"]

    async def _push(self, how: Sync) -> None:
        person = self.disk.person
        while left := self._left():
            await self._token()
            batch = left[: how.batch]
            for entry in batch:
                if entry.content and not entry.uploaded:
                    await self._upload(entry, how.patience)
            for entry in batch:
                if not entry.seq:
                    entry.seq = self.disk.numbers[person] = self.disk.numbers.get(person, 0) + 1
            self._keep()
            self._may_die("numbered")
            if how.gap and len(batch) > 1:
                body = await self._send(batch[1:], how.patience)
                assert body["last_seq"] >= batch[1].seq or not body["results"], f"promise 2: taken over a gap: {body}"
            body = await self._send(batch, how.patience)
            self._may_die("answered")
            before = len(self._left())
            for one in body["results"]:
                self._hear(one)
            self._keep()
            self._may_die("stored")
            assert len(self._left()) < before, f"promise 2: a whole batch without a result: {body}"

    async def _send(self, batch: list[Entry], tries: int) -> dict[str, Any]:
        mutations = [{"seq": one.seq, "id": one.id, "name": one.name, "at": one.at, "args": one.args} for one in batch]
        body = {"client_id": self.disk.client, "schema": 1, "person": self.disk.person, "mutations": mutations}
        headers = {"content-type": "application/json"}
        answer = await self._ask("POST", "/sync/push", tries, content=json.dumps(body).encode(), headers=headers)
        assert answer.status_code == 200, f"a push was answered {answer.status_code}: {answer.text[:300]}"
        found: dict[str, Any] = answer.json()
        return found

    def _hear(self, one: dict[str, Any]) -> None:
        entry = next(entry for entry in self.disk.outbox if entry.id == one["id"])
        assert entry.seq == one["seq"], f"the answer of another number: {one}, {entry}"
        self.disk.answers.setdefault(one["id"], {key: value for key, value in one.items() if key != "seq"})

    async def _upload(self, entry: Entry, tries: int) -> None:
        """Send the file in pieces, from where the server has it."""
        size, sha = len(entry.content), hashlib.sha256(entry.content).hexdigest()
        here = await self._ask("HEAD", f"/files/{sha}", tries)
        # All of it is there and it is not whole: an earlier attempt was killed in between, so once more.
        first = int(here.headers.get("upload-offset", 0)) % size
        done = here.headers.get("upload-complete") == "?1"
        while not done:
            last = min(first + PIECE, size) - 1
            headers = {"content-range": f"bytes {first}-{last}/{size}"}
            piece = entry.content[first : last + 1]
            answer = await self._ask("PUT", f"/files/{sha}", tries, params={"name": "tep.pdf"}, content=piece, headers=headers)
            assert answer.status_code in (200, 201, 202, 409), f"a piece was answered {answer.status_code}: {answer.text[:300]}"
            reached = int(answer.headers["upload-offset"])
            if answer.status_code == 409 and reached >= first:
                # The same piece is arriving over another connection, which the device gave up: later.
                raise Stopped
            done = answer.headers["upload-complete"] == "?1"
            first = reached % size
        entry.uploaded = True
        self._keep()

    async def page(self, limit: int) -> bool:
        """Take one page of the replica, rows and cursor at once; whether there is more."""
        if not self.disk.cookie:
            raise Stopped
        params = {"limit": str(limit)} | ({"cursor": self.disk.cursor} if self.disk.cursor else {})
        answer = await self._ask("GET", "/sync/pull", params=params)
        assert answer.status_code == 200, f"a pull was answered {answer.status_code}: {answer.text[:300]}"
        body = msgspec.json.decode(answer.content)
        self._may_die("paged")
        self.disk.owner = self.disk.person
        if body["reset"]:
            self.disk.rows = {}
        take(self.disk.rows, body["changes"])
        self.disk.cursor = body["cursor"]
        self._keep()
        return bool(body["more"])


def take(rows: Rows, changes: list[dict[str, Any]]) -> None:
    """Put and drop."""
    for one in changes:
        key = f"{one['kind']} {one['id']}"
        if one["op"] == "drop":
            rows.pop(key, None)
        else:
            rows[key] = one["data"]
