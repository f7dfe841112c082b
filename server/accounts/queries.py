"""What is read of accounts and sessions."""

from datetime import datetime

import msgspec

from server.accounts import rules
from server.storage.engine import row, rows


class SessionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A session with what a request needs besides: one row, one question."""

    id: str
    person: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    must_change: bool
    disabled: bool
    #: The version of the organisation, so that the kept copy of it can be trusted; and that of the calendar.
    version: int | None
    calendar: int | None


class AccountFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a sign-in needs to know."""

    person: str
    password_hash: str
    failures: int
    locked_until: datetime | None
    must_change: bool
    disabled: bool

    @property
    def attempts(self) -> rules.Attempts:
        """Wrong passwords so far."""
        return rules.Attempts(self.failures, self.locked_until)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in device as its owner sees it."""

    id: str
    created_at: datetime
    seen_at: datetime
    device: str


async def session(identifier: str) -> SessionFacts | None:
    """The session of a request, its account and the version of the organisation, in one question."""
    found = await row(
        "SELECT s.id, s.person, s.created_at, s.seen_at, s.expires_at, a.must_change, a.disabled, "
        "(SELECT value FROM counter WHERE name = 'directory') AS version, "
        "(SELECT value FROM counter WHERE name = 'calendar') AS calendar "
        "FROM session s JOIN account a ON a.person = s.person WHERE s.id = $1",
        identifier,
    )
    return SessionFacts(**found) if found else None


async def account(person: str) -> AccountFacts | None:
    """The account of a person."""
    found = await row("SELECT person, password_hash, failures, locked_until, must_change, disabled FROM account WHERE person = $1", person)
    return AccountFacts(**found) if found else None


async def devices(person: str, now: datetime) -> list[Device]:
    """The sessions of a person that have not ended by age, the last used first."""
    found = await rows(
        "SELECT id, created_at, seen_at, device FROM session WHERE person = $1 AND expires_at > $2 ORDER BY seen_at DESC", person, now
    )
    return [Device(**one) for one in found]


async def disabled_people() -> set[str]:
    """The people whose account is switched off."""
    return {one["person"] for one in await rows("SELECT person FROM account WHERE disabled = $1", True)}
