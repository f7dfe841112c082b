"""The token in the cookie, its hash in the table, and the token of forms."""

import base64
import hashlib
import hmac
import secrets

COOKIE = "soviec_session"
TOKEN_BYTES = 32


def new_token() -> str:
    """What the cookie holds: 32 random bytes."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def session_id(token: str) -> str:
    """What the table holds: who reads the table can't sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(secret: bytes, session: str) -> str:
    """The token of forms, bound to the session."""
    mark = hmac.new(secret, b"csrf:" + session.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def csrf_matches(secret: bytes, session: str, given: str | None) -> bool:
    """Whether a form came from a page of this session."""
    return given is not None and hmac.compare_digest(csrf_token(secret, session).encode(), given.encode())
