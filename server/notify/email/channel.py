"""Letters by mail (RFC 5321): handed to the office's mail server, one connection for many."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

import aiosmtplib

from server.notify.channels import ChannelName, Letter, Limit, Sent, To, TransportError
from server.notify.email.layout import message_of
from server.notify.email.replies import at_data, at_recipient, at_sender
from server.notify.email.server_url import MailServer
from server.settings import Settings
from server.storage.ids import utc_now
from server.words import say

#: Seconds for one answer of the server. RFC 5321 4.5.3.2 allows minutes; a worker's lease is shorter.
TIMEOUT = 20.0
#: Connections that are kept for the next letter.
IDLE = 4


class Email:
    """The channel. Where the mail server stands is the office's own choice, so it counts as at home."""

    name: ChannelName = "email"
    abroad = False
    idempotent = False

    def __init__(
        self,
        settings: Settings,
        server: MailServer,
        sender: tuple[str, str],
        clock: Callable[[], datetime] = utc_now,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._public_url = settings.public_url
        self._per_second = settings.smtp_per_second
        self._server = server
        #: Name and mailbox.
        self.sender = sender
        self._clock = clock
        self._tls = tls
        self._idle: list[aiosmtplib.SMTP] = []

    async def open(self) -> None:
        """Nothing yet: the first letter connects."""

    async def close(self) -> None:
        """Say goodbye on every connection."""
        while self._idle:
            await _leave(self._idle.pop())

    def limits(self, to: To) -> list[Limit]:
        """SMTP documents none; the office knows what its server takes."""
        return [Limit("email", self._per_second, 1.0)] if self._per_second else []

    async def send(self, to: To, letter: Letter) -> Sent:
        """Hand it in. Raises TransportError."""
        mail = message_of(letter, sender=self.sender, to=to.address, public_url=self._public_url, now=self._clock())
        return await self.deliver(to.address, mail)

    async def deliver(self, to: str, mail: EmailMessage) -> Sent:
        """Hand in a mail that is ready. Raises TransportError."""
        client = await self._greeted(to)
        try:
            answer = await client.data(mail.as_bytes())
        except aiosmtplib.SMTPResponseException as no:
            await self._done(client)
            raise at_data(no.code, no.message) from None
        except (aiosmtplib.SMTPException, OSError) as lost:
            client.close()
            # The text may be there whole: only its receipt is missing.
            raise TransportError("notify.email.no_answer", unknown=True, detail=type(lost).__name__) from None
        except asyncio.CancelledError:
            client.close()
            raise
        await self._done(client)
        # "2.0.0 Ok: queued as 4Ab…": what the server's administrator can look for.
        return Sent(answer.message.strip()[-120:])

    async def check(self) -> str:
        """The server's name, after signing in there. Raises TransportError."""
        client = await self._connected()
        await self._done(client)
        return say("notify.email.known_as", mailbox=self.sender[1], server=self._server.host)

    async def _greeted(self, to: str) -> aiosmtplib.SMTP:
        """A connection on which sender and recipient were taken. One that went stale while it was idle is changed for a new one."""
        while True:
            kept = bool(self._idle)
            client = self._idle.pop() if kept else await self._connected()
            try:
                await client.mail(self.sender[1])
                await client.rcpt(to)
                return client
            except aiosmtplib.SMTPResponseException as no:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await client.rset()
                await self._done(client)
                if kept and no.code == 421:
                    continue
                trouble = at_recipient if isinstance(no, aiosmtplib.SMTPRecipientRefused) else at_sender
                raise trouble(no.code, no.message) from None
            except (aiosmtplib.SMTPException, OSError) as lost:
                client.close()
                if not kept:
                    raise TransportError("notify.email.unreachable", detail=type(lost).__name__) from None

    async def _connected(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls == "whole",
            start_tls=server.start_tls,
            tls_context=self._tls,
            timeout=TIMEOUT,
        )
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as no:
            client.close()
            # Nothing of what the server says: some repeat what they were told.
            raise TransportError("notify.email.login", retry_after=900, whole_channel=True, detail=str(no.code)) from None
        except aiosmtplib.SMTPResponseException as no:
            client.close()
            raise TransportError("notify.email.busy", whole_channel=True, retry_after=60, detail=str(no.code)) from None
        except (aiosmtplib.SMTPException, OSError) as away:
            client.close()
            unsafe = isinstance(away, ssl.SSLError) or isinstance(away.__cause__, ssl.SSLError) or "STARTTLS" in str(away)
            why = "notify.email.tls" if unsafe else "notify.email.unreachable"
            raise TransportError(why, whole_channel=unsafe, retry_after=900 if unsafe else None, detail=type(away).__name__) from None
        return client

    async def _done(self, client: aiosmtplib.SMTP) -> None:
        if client.is_connected and len(self._idle) < IDLE:
            self._idle.append(client)
        else:
            await _leave(client)


async def _leave(client: aiosmtplib.SMTP) -> None:
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await client.quit()
    client.close()
