"""When a sign-in is refused, how strong a password is, when a session ends: plain functions on plain values."""

import string
from datetime import datetime, timedelta

import msgspec

#: TCVN 14423 and the handbook: five wrong passwords lock the account.
FAILURES_ALLOWED = 5
LOCK = timedelta(minutes=15)

MIN_LENGTH = 14
MAX_LENGTH = 200
CLASSES = 4

#: More wrong passwords than this from one address within the window: the address waits.
ADDRESS_FAILURES = 60
ADDRESS_WINDOW = timedelta(minutes=15)

#: A session says at most this often that it was used.
SEEN_EVERY = timedelta(minutes=5)


class Attempts(msgspec.Struct, frozen=True):
    """Wrong passwords so far, and until when nothing is accepted."""

    failures: int = 0
    locked_until: datetime | None = None


def locked(attempts: Attempts, now: datetime) -> bool:
    """Whether no password is accepted now, not even the right one."""
    return attempts.locked_until is not None and now < attempts.locked_until


def after_failure(attempts: Attempts, now: datetime) -> Attempts:
    """What one more wrong password leads to. While locked nothing is counted; after the lock the count begins anew."""
    if locked(attempts, now):
        return attempts
    failures = (0 if attempts.locked_until is not None else attempts.failures) + 1
    return Attempts(failures, now + LOCK if failures >= FAILURES_ALLOWED else None)


def weakness(password: str, username: str = "") -> str | None:
    """The key of the sentence that says why a password is too weak, or None: 14 characters of four classes, and not the user name."""
    if len(password) < MIN_LENGTH:
        return "accounts.password_short"
    if len(password) > MAX_LENGTH:
        return "accounts.password_long"
    if sum(_classes(password)) < CLASSES:
        return "accounts.password_classes"
    if username and username.lower() in password.lower():
        return "accounts.password_username"
    return None


def _classes(password: str) -> tuple[bool, bool, bool, bool]:
    return (
        any(letter.islower() for letter in password),
        any(letter.isupper() for letter in password),
        any(letter.isdigit() for letter in password),
        any(letter in string.punctuation or not (letter.isalnum() or letter.isspace()) for letter in password),
    )


def session_over(seen_at: datetime, expires_at: datetime, now: datetime, idle_minutes: int) -> bool:
    """Whether a session has ended, by age or for want of use (``idle_minutes`` 0: only by age)."""
    return now >= expires_at or (idle_minutes > 0 and now - seen_at >= timedelta(minutes=idle_minutes))


def seen_interval(idle_minutes: int) -> timedelta:
    """How often use is noted: rarely, but often enough for the idle limit to mean what it says."""
    return min(SEEN_EVERY, timedelta(minutes=idle_minutes) / 10) if idle_minutes else SEEN_EVERY
