"""Signing in, from a user name and a password to a session."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from server.accounts import commands, rules
from server.accounts.brake import Brake
from server.accounts.passwords import matches
from server.accounts.queries import account
from server.accounts.sessions import new_token, session_id
from server.people.queries import directory
from server.storage.door import carry_out
from server.storage.ids import LOCAL
from server.words import say

DEVICE_LENGTH = 200

Why = Literal["wrong", "locked", "disabled", "too_many"]

#: What each refusal is over HTTP.
STATUS: dict[Why, int] = {"wrong": 401, "locked": 429, "disabled": 403, "too_many": 429}


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed, and where from. ``replaces`` is the session that his browser already had."""

    username: str
    password: str
    address: str
    device: str
    now: datetime
    session_days: int
    replaces: str | None = None


class SignInRefused(Exception):
    """No session was opened. ``message`` is Vietnamese; ``until`` is when a lock ends."""

    def __init__(self, why: Why, until: datetime | None = None) -> None:
        self.why: Why = why
        self.until = until
        at = until.astimezone(LOCAL).strftime("%H:%M") if until else ""
        self.message = say(f"accounts.refused_{why}", until=at)
        super().__init__(self.message)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.why]


async def sign_in(given: Attempt, brake: Brake) -> tuple[str, str]:
    """Open a session: (person, token of the cookie). Raises SignInRefused; wrong passwords are counted and kept in the chain."""
    if brake.holds(given.address, given.now):
        raise SignInRefused("too_many")
    username = given.username.strip().lower()
    profile = (await directory()).by_username(username)
    known = await account(profile.id) if profile else None
    if profile is None or known is None or not profile.active:
        await _refuse_stranger(given, username, brake)
        raise AssertionError("unreachable")
    # A locked account costs no hashing; the transaction below looks again.
    right = not rules.locked(known.attempts, given.now) and await matches(known.password_hash, given.password)
    token = new_token()
    answer = await carry_out(
        commands.SignIn(
            person=profile.id,
            right=right,
            against=known.password_hash,
            session=session_id(token),
            expires_at=given.now + timedelta(days=given.session_days),
            device=given.device[:DEVICE_LENGTH],
            address=given.address,
            replaces=given.replaces,
        ),
        actor=None,
        now=given.now,
        source="page",
    )
    if answer["refused"]:
        if not right:
            brake.failed(given.address, given.now)
        raise SignInRefused(answer["refused"], answer.get("until"))
    return profile.id, token


async def _refuse_stranger(given: Attempt, username: str, brake: Brake) -> None:
    if not rules.locked(brake.stranger(username), given.now):
        await matches(None, given.password)
    after = brake.stranger_failed(username, given.now)
    brake.failed(given.address, given.now)
    await carry_out(commands.StrangerTried(address=given.address), actor=None, now=given.now, source="page")
    raise SignInRefused("locked", after.locked_until) if after.locked_until else SignInRefused("wrong")
