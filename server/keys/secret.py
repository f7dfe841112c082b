"""Making a secret and knowing it again."""

import hashlib
import re
import secrets

SECRET_BYTES = 32
HINT = 4
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_HASH = re.compile(r"[0-9a-f]{64}")


def new_secret() -> str:
    """32 random bytes as 43 characters that an address can hold. Shown once; only ``hash_of`` is kept."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """What the table holds. 256 random bits need no salt and no slow hash: nobody tries them out."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint_of(secret: str) -> str:
    """By what people tell a key from another one."""
    return secret[-HINT:]


def looks_like(text: str) -> bool:
    """Whether it can be a secret at all; for anything else the database is not asked."""
    return _SHAPE.fullmatch(text) is not None


def is_hash(text: str) -> bool:
    """Whether it is what ``hash_of`` answers."""
    return _HASH.fullmatch(text) is not None
