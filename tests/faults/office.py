"""One office for many histories: a database, two servers on it, the line before them, and the sessions of its people."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from types import TracebackType

import httpx
import msgspec

from server.accounts.commands import SignOut
from server.accounts.sessions import COOKIE, session_id
from server.people.commands import EditPerson, EndDelegation, GrantDelegation
from server.storage import engine as engines
from server.storage.door import carry_out
from server.storage.ids import LOCAL, new_id, utc_now
from tests.faults.device import Rows, take
from tests.faults.ledger import Ledger
from tests.faults.phone import Phones
from tests.faults.plan import USERNAMES
from tests.faults.process import Process
from tests.faults.proxy import Proxy
from tests.office import CAST, PASSWORD, fill

HOME = {CAST.officer: CAST.cntt, CAST.colleague: CAST.cntt, CAST.stranger: CAST.hcth}


def fill_now(url: str) -> None:
    """The cast, as of today: these servers have real clocks."""
    fill(url, datetime.now(UTC))


class Office:
    """``async with Office(url, folder) as office``: the database must hold the cast."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.ledger = Ledger()
        self.processes = [Process(url, folder), Process(url, folder)]
        self.proxy = Proxy([one.port for one in self.processes], self.kill, self.ledger)
        #: Started when the first history wants it.
        self.phones: Phones | None = None
        self.sessions: defaultdict[str, list[str]] = defaultdict(list)
        #: What devices had at the end of an earlier history: a cursor and rows by person.
        self.copies: dict[str, tuple[str, Rows]] = {}
        self.rooms = dict(HOME)
        self.lent = ""

    async def __aenter__(self) -> "Office":
        self.engine = engines.use(engines.make(self.url, 6))
        await self.engine.open()
        for one in self.processes:
            await one.ready()
        await self.proxy.open()
        nothing_kept = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        limits = httpx.Limits(max_keepalive_connections=0)
        self.line = httpx.AsyncClient(base_url=self.proxy.base, timeout=60, limits=limits, cookies=nothing_kept, trust_env=False)
        await self.lend()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.phones is not None:
            await self.phones.close()
        await self.line.aclose()
        await self.proxy.close()
        for one in self.processes:
            one.kill()
        await self.engine.close()

    async def with_phones(self) -> Phones:
        """The process of the devices that run the product's scripts."""
        if self.phones is None:
            self.phones = Phones()
            await self.phones.open(self.proxy.base)
        return self.phones

    def kill(self, process: int) -> None:
        self.processes[process].kill()

    async def up(self) -> None:
        """Every server serves."""
        for one in self.processes:
            one.start()
        for one in self.processes:
            await one.ready()

    async def sign_in(self, person: str, *, anew: bool = False) -> str:
        """A session of this person, one that is left over if there is one."""
        if self.sessions[person] and not anew:
            return self.sessions[person].pop()
        await self.up()
        answer = await self.line.post("/api/v1/session", json={"username": USERNAMES[person], "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        cookie = answer.cookies.get(COOKIE) or answer.headers["set-cookie"].split(f"{COOKIE}=")[1].split(";")[0]
        self.ledger.signed_in(cookie, person)
        return cookie

    async def revoke(self, cookie: str) -> None:
        """The session ends on the server."""
        await carry_out(SignOut(session=session_id(cookie)), actor=self.ledger.people[cookie], now=utc_now(), source="page")

    async def move(self, person: str, unit: str) -> None:
        """Another room."""
        if self.rooms[person] != unit:
            self.rooms[person] = unit
            await carry_out(EditPerson(person=person, unit=unit), actor=CAST.admin, now=utc_now(), source="page")

    async def lend(self) -> None:
        """The director lends his powers to the head of HCTH, or takes them back."""
        if self.lent:
            await carry_out(EndDelegation(delegation=self.lent), actor=CAST.director, now=utc_now(), source="page")
            self.lent = ""
            return
        self.lent = new_id()
        today = utc_now().astimezone(LOCAL).date()
        asked = GrantDelegation(
            id=self.lent,
            receiver=CAST.delegate,
            powers=["enter", "assign"],
            unit=CAST.centre,
            since=today,
            until=today + timedelta(days=90),
            document="1/QĐ",
        )
        await carry_out(asked, actor=CAST.director, now=utc_now(), source="page")

    async def reset(self) -> None:
        """As it was before the first history, but for what was written."""
        for person, unit in HOME.items():
            await self.move(person, unit)
        if not self.lent:
            await self.lend()
        self.ledger.forget()
        self.proxy.planned.clear()
        self.proxy.after_pushes.clear()
        self.proxy.late.clear()

    async def fresh(self, person: str) -> Rows:
        """What the server shows this person who comes with an empty device."""
        cookie = await self.sign_in(person)
        rows: Rows = {}
        params = {"limit": "1000"}
        while True:
            answer = await self.line.get("/sync/pull", params=params, headers={"cookie": f"{COOKIE}={cookie}"})
            assert answer.status_code == 200, answer.text[:300]
            body = msgspec.json.decode(answer.content)
            take(rows, body["changes"])
            if not body["more"]:
                self.sessions[person].append(cookie)
                return rows
            params["cursor"] = body["cursor"]
