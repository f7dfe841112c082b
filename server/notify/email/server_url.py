"""The mail server, as ``SOVIEC_SMTP_URL`` names it, and the sender."""

import ipaddress
import re
from email.utils import parseaddr
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

from server.settings import BadSetting

Tls = Literal["whole", "starttls", "offered"]

_SCHEMES: dict[str, tuple[Tls, int]] = {"smtps": ("whole", 465), "smtp+starttls": ("starttls", 587), "smtp": ("offered", 25)}
#: One mailbox, without quotes and comments: what people type. RFC 5321 allows 64 and 255.
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
LONGEST = 254


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """Where letters are handed in."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"

    @property
    def start_tls(self) -> bool | None:
        """As aiosmtplib wants it: True required, None where offered. A password goes over a bare line to this machine alone."""
        if self.tls == "whole":
            return False
        return True if self.tls == "starttls" or (self.password and not _is_here(self.host)) else None


class BadAddress(BadSetting):
    """``SOVIEC_SMTP_URL`` or ``SOVIEC_SMTP_FROM`` can't be read. The message does not repeat it: there is a password in it."""


def parse(url: str) -> MailServer:
    """The server of ``smtps://user:password@host:port``. Raises BadAddress."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise BadAddress("SOVIEC_SMTP_URL can't be read") from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise BadAddress("SOVIEC_SMTP_URL: smtp://, smtp+starttls:// or smtps:// and a host")
    if parts.path.strip("/") or parts.query or parts.fragment:
        # A stroke, ? or # of the password would cut it, and send the rest of it to a host that nobody meant.
        raise BadAddress("SOVIEC_SMTP_URL: nothing after the port; / ? # @ of a password as %2F %3F %23 %40")
    tls, usual = _SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(host=parts.hostname, port=port or usual, tls=tls, user=user, password=password)


def sender_of(text: str) -> tuple[str, str]:
    """The name and the mailbox of the sender. Raises BadAddress."""
    name, mailbox = parseaddr(text)
    if not is_mailbox(mailbox):
        raise BadAddress("SOVIEC_SMTP_FROM: an address, or a name with an address in <>")
    return name, mailbox


def is_mailbox(text: str) -> bool:
    """Whether this is one plain mailbox."""
    return len(text) <= LONGEST and _MAILBOX.fullmatch(text) is not None and ".." not in text and not text.startswith(".")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
