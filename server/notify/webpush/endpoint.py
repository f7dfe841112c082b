"""Where a message may be sent: a browser tells us the address, so nothing but a known push service is believed."""

import base64
import binascii
from ipaddress import ip_address
from urllib.parse import urlsplit

LENGTH = 1500
HTTPS = 443
POINT, SECRET = 65, 16


def allowed(address: str, hosts: str) -> bool:
    """Whether ``address`` is one of these push services (setting ``push_hosts``).

    An entry is a host, which stands for all hosts below it too, or ``host:port``. Numbers stand only for themselves, and plain HTTP is
    for a loopback number that is named together with its port: a push service of a test.
    """
    if not 0 < len(address) <= LENGTH or any(ord(letter) <= ord(" ") or ord(letter) > ord("~") or letter == "\\" for letter in address):
        return False
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None or parts.fragment or "@" in parts.netloc:
        return False
    if parts.scheme == "http":
        return port is not None and is_loopback(host) and (host, port) in _entries(hosts)
    if parts.scheme != "https":
        return False
    port = port or HTTPS
    return any(port == named_port and _below(host, named) for named, named_port in _entries(hosts))


def is_loopback(host: str) -> bool:
    """Whether this is a number of this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(address: str) -> str:
    """Scheme, host and port: for whom the signature of a message is (``aud`` of RFC 8292)."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _entries(hosts: str) -> set[tuple[str, int]]:
    found = set()
    for entry in hosts.split(","):
        host, _, port = entry.strip().lower().removeprefix("*.").rpartition(":")
        if not host:
            host, port = port, str(HTTPS)
        if host and port.isdecimal():
            found.add((host.strip("[]"), int(port)))
    return found


def _below(host: str, named: str) -> bool:
    return host == named or (host.endswith(f".{named}") and not _is_number(host) and not _is_number(named))


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def unpacked(text: str, length: int) -> bytes | None:
    """Bytes in base64url as browsers write a key; None unless there are exactly so many."""
    if len(text) > length * 2:
        return None
    try:
        found = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == length else None
