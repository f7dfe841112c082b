"""A mail server on loopback, and an office that hands its letters to it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from server.settings import Settings
from server.storage import engine as engines
from tests.office import SECRET
from tests.postgres import free_port

PASSWORD = "p@ss/word-nobody-reads"
SITE = "https://soviec.bacninh.example"


class MailHost:
    """Takes letters; ``replies["RCPT"]`` and the like answer the next command instead, "hang up" takes the letter and leaves."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.replies: dict[str, list[str]] = {"MAIL": [], "RCPT": [], "DATA": []}
        self.sessions: set[int] = set()

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        self.sessions.add(id(session))
        envelope.mail_from = address
        return self.replies["MAIL"].pop(0) if self.replies["MAIL"] else "250 2.1.0 Ok"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.replies["RCPT"]:
            return self.replies["RCPT"].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.replies["DATA"].pop(0) if self.replies["DATA"] else f"250 2.0.0 Ok: queued as Q{len(self.letters)}"
        if said.startswith(("2", "hang")):
            self.letters.append(envelope)
        if said == "hang up":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return said


class LoopbackController(Controller):
    """Signing in is possible without TLS: this line does not leave the machine."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, authenticator=self.who, auth_require_tls=False, **self.SMTP_kwargs)

    def who(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
        return AuthResult(success=right, handled=False)


@pytest.fixture
def host() -> MailHost:
    return MailHost()


@pytest.fixture
def smtp(host: MailHost) -> Iterator[int]:
    """The port of the mail server."""
    running = LoopbackController(host, hostname="127.0.0.1", port=free_port())
    running.start()
    yield running.port
    running.stop()


@pytest.fixture
def settings(smtp: int, sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=str(tmp_path),
        database_url=sqlite_url,
        secret_key=SECRET,
        public_url=SITE,
        smtp_url=f"smtp://127.0.0.1:{smtp}",
        smtp_from="Sổ Việc <soviec@bacninh.example>",
    )


@pytest.fixture
async def office(sqlite_url: str, anyio_backend: str) -> AsyncIterator[None]:
    """The cast's database, where the engine makes no difference."""
    used = engines.use(engines.make(sqlite_url))
    await used.open()
    yield
    await used.close()
