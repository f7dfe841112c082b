"""What ties a mailbox: how it is written, and the hash that a code leaves."""

import hashlib

from server.notify.rules import codes


def normal(mailbox: str) -> str:
    """A mailbox as it is stored: without spaces around it, the domain in small letters; before the @ the case is the server's own."""
    local, _, domain = mailbox.strip().rpartition("@")
    return f"{local}@{domain.lower()}" if local else mailbox.strip()


def hash_of(mailbox: str, code: str) -> str:
    """What is stored of a code: it fits one mailbox, so nobody confirms another one with it."""
    return hashlib.sha256(f"email\n{mailbox}\n{codes.normal(code)}".encode()).hexdigest()
