"""A device that runs the product's own outbox and replica, in Node (``phones.mjs``), for the same histories."""

import asyncio
import base64
import itertools
import json
from datetime import datetime, timedelta
from typing import Any

from server.storage.ids import LOCAL
from tests.faults.device import Entry, Rows
from tests.faults.plan import Handset, Sync, Write
from tests.faults.process import ROOT
from tests.js.node import NODE

#: The largest answer, all rows of a person, in bytes.
LARGEST = 1 << 26


class Phones:
    """The process in which all of them run."""

    def __init__(self) -> None:
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._numbers = itertools.count(1)

    async def open(self, base: str) -> None:
        """``base``: the address of the line."""
        script = ROOT / "tests" / "faults" / "phones.mjs"
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(NODE, script, base, stdin=pipe, stdout=pipe, limit=LARGEST)
        self._hearing = asyncio.create_task(self._hear())

    async def ask(self, order: str, name: str, **given: Any) -> Any:
        """The answer to an order. AssertionError with what the script says where it fails."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "order": order, "name": name, **given}).encode() + b"\n")
        said = await self._waiting[number]
        assert "error" not in said, f"phone {name}, {order}: {said['error']}"
        return said["result"]

    async def _hear(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            self._waiting.pop(said["id"]).set_result(said)
        for one in self._waiting.values():
            one.set_result({"error": "the process of the phones has ended"})

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._hearing


class Phone:
    """One device of ``Phones``; what ``Device`` does, with the product's scripts."""

    #: Entries that were applied go with the next pull.
    forgets = True

    def __init__(self, handset: Handset, name: str, phones: Phones) -> None:
        self.name = handset.name
        self.skew = timedelta(seconds=handset.skew)
        self.phones = phones
        #: The process outlives histories, and every history has an A.
        self.key = f"{name}-{handset.name}"
        self.person, self.cookie = handset.people[0], ""
        self.people = handset.people

    async def _ask(self, order: str, **given: Any) -> Any:
        return await self.phones.ask(order, self.key, **given)

    def begin_with(self, cursor: str, rows: Rows) -> None:
        """A phone begins with nothing."""

    async def write(self, given: Write, now: datetime) -> Entry:
        """Put it into the outbox."""
        at = (now + self.skew).astimezone(LOCAL).isoformat(timespec="milliseconds")
        file = base64.b64encode(given.content).decode()
        await self._ask("write", person=given.person, mutation=given.id, what=given.name, args=given.args, at=at, file=file)
        return Entry(given.id, given.person, given.name, given.args, at, given.content)

    async def sign_in(self, person: str, cookie: str) -> None:
        """Somebody else's work is tried under the new session: the product must leave it alone."""
        self.person, self.cookie = person, cookie
        stopped = await self._ask("sign_in", person=person, cookie=cookie)
        assert stopped in ("", "other_person", "offline", "server"), f"promise 7: another person's work was sent, then {stopped}"

    async def sign_out(self) -> None:
        await self._ask("sign_out")
        self.cookie = ""

    async def sync(self, how: Sync) -> None:
        """Push, then pull."""
        if not self.cookie:
            return
        ended = await self._ask("sync", dies=how.dies, batch=how.batch, limit=how.limit, patience=how.patience)
        assert ended in ("", "died", "offline", "server", "signed_out"), f"{self.name}: a sync ended with {ended}"
        if ended == "signed_out":
            self.cookie = ""

    async def page(self, limit: int) -> bool:
        """Pull until there is no more."""
        await self._ask("pull", limit=limit)
        return False

    async def crash(self) -> None:
        await self._ask("kill")

    async def reinstall(self, client: str) -> None:
        """The product has no copies of devices to be set up from."""
        await self.crash()

    async def waiting(self) -> dict[str, list[str]]:
        """Identifiers of what has no answer yet, by person."""
        found = {person: await self._ask("outbox", person=person) for person in self.people}
        unsent = {who: [one["id"] for one in box["entries"] if one["state"] in ("waiting", "sending")] for who, box in found.items()}
        return {person: ids for person, ids in unsent.items() if ids}

    async def heard(self) -> dict[str, dict[str, Any]]:
        """The answers that are still here."""
        found: dict[str, dict[str, Any]] = {}
        for person in self.people:
            for one in (await self._ask("outbox", person=person))["entries"]:
                said = {
                    "id": one["id"],
                    "status": one["state"],
                    "code": one["code"],
                    "message": one["message"],
                    "data": one["answer"] or {},
                }
                found[one["id"]] = said
        return found

    async def queues(self) -> list[tuple[str, str, int]]:
        """Device, person, and how many numbers were given."""
        found = [(person, await self._ask("outbox", person=person)) for person in self.people]
        return [(box["client"], person, box["given"]) for person, box in found if box["client"]]

    async def rows(self) -> Rows:
        """The replica."""
        found: Rows = await self._ask("rows", person=self.person)
        return found

    def copy(self) -> tuple[str, Rows] | None:
        """What a later device may begin with."""
        return None
