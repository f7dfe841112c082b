"""What changes accounts and sessions. None of it can be asked for through the sync protocol."""

from datetime import datetime
from typing import Any

from server.accounts import rules
from server.accounts.queries import account
from server.accounts.tables import Account, Session
from server.errors import Refusal
from server.people.queries import directory
from server.people.rules import may
from server.storage.door import Command, handles
from server.storage.engine import is_sqlite, rows
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction


class SignIn(Command, tag="account.sign_in"):
    """A password was looked at: ``right`` says what came of it. ``against`` is the hash that it was compared with."""

    person: str
    right: bool
    against: str
    session: str
    expires_at: datetime
    device: str = ""
    address: str = ""
    #: The session that the same browser had before.
    replaces: str | None = None


class StrangerTried(Command, tag="account.stranger"):
    """Somebody tried a user name that nobody has."""

    address: str = ""


class SetPassword(Command, tag="account.set_password"):
    """A new password, hashed. The person's sessions end, but for ``keep``; ``must_change`` asks him for an own one first."""

    person: str
    password_hash: str
    must_change: bool = False
    keep: str | None = None


class Disable(Command, tag="account.disable"):
    """The person can't sign in any more; sessions end."""

    person: str


class Enable(Command, tag="account.enable"):
    """The person can sign in again; a lock is taken away."""

    person: str


class SignOut(Command, tag="account.sign_out"):
    """One session ends."""

    session: str


class SignOutEverywhere(Command, tag="account.sign_out_everywhere"):
    """All sessions of a person end, but for ``keep``."""

    person: str
    keep: str | None = None


class Seen(Command, tag="account.seen"):
    """A session was used."""

    session: str


def _inside_only(tx: Transaction) -> None:
    if tx.source == "sync":
        raise Refusal("not_allowed", "accounts.not_by_sync")


async def _by_administrator(tx: Transaction, person: str, own: bool = False) -> None:
    """Refuse unless an administrator asks, or the command line, or (``own``) the person himself."""
    _inside_only(tx)
    if tx.actor is None and tx.source == "cli":
        # Whoever sits at the server's own command line needs no account.
        return
    if own and tx.actor == person:
        return
    known = await directory()
    if tx.actor is None or tx.actor not in known.people:
        raise Refusal("not_allowed", "people.rule.only_admin")
    allowed = may(known.actor(tx.actor), "administer", None, tx.now.astimezone(LOCAL).date())
    if not allowed:
        raise Refusal("not_allowed", allowed.rule)


async def _locked_row(person: str) -> None:
    """Hold the account's row until the commit, so that attempts at the same moment are counted one by one."""
    if not is_sqlite():
        await rows("SELECT person FROM account WHERE person = $1 FOR UPDATE", person)


@handles(SignIn)
async def sign_in(tx: Transaction, given: SignIn) -> dict[str, Any]:
    """Count a wrong password, or open a session. A refusal is an answer here, not an exception: the count must be kept."""
    if tx.actor is not None or tx.source != "page":
        raise Refusal("not_allowed", "accounts.not_by_sync")
    await _locked_row(given.person)
    known = await account(given.person)
    if known is None:
        return {"refused": "wrong"}
    if rules.locked(known.attempts, tx.now):
        tx.audit("sign_in_locked", "account", given.person, after={"address": given.address})
        return {"refused": "locked", "until": known.locked_until}
    if not given.right or known.password_hash != given.against:
        after = rules.after_failure(known.attempts, tx.now)
        await Account.update({Account.failures: after.failures, Account.locked_until: after.locked_until}).where(
            Account.person == given.person
        )
        tx.audit("sign_in_failed", "account", given.person, after={"address": given.address, "failures": after.failures})
        return {"refused": "locked", "until": after.locked_until} if after.locked_until else {"refused": "wrong"}
    if known.disabled:
        tx.audit("sign_in_disabled", "account", given.person, after={"address": given.address})
        return {"refused": "disabled"}
    await Account.update({Account.failures: 0, Account.locked_until: None, Account.last_seen: tx.now}).where(Account.person == given.person)
    await rows("DELETE FROM session WHERE expires_at <= $1", tx.now)
    if given.replaces:
        await rows("DELETE FROM session WHERE id = $1", given.replaces)
    await Session.insert(
        Session(
            id=given.session,
            person=given.person,
            created_at=tx.now,
            seen_at=tx.now,
            expires_at=given.expires_at,
            device=given.device,
        )
    )
    tx.audit("sign_in", "account", given.person, after={"address": given.address, "device": given.device})
    return {"refused": None}


@handles(StrangerTried)
async def stranger_tried(tx: Transaction, given: StrangerTried) -> dict[str, Any]:
    """Keep the attempt in the chain, without what was typed: people type passwords into the wrong field."""
    _inside_only(tx)
    tx.audit("sign_in_failed", "account", "", after={"address": given.address})
    return {}


@handles(SetPassword)
async def set_password(tx: Transaction, given: SetPassword) -> dict[str, Any]:
    """Store a new hash; the account is made with its first one."""
    await _by_administrator(tx, given.person, own=True)
    if given.person not in (await directory()).people:
        raise Refusal("not_found", "people.unknown_person")
    known = await account(given.person)
    if known is None:
        await Account.insert(
            Account(person=given.person, password_hash=given.password_hash, must_change=given.must_change, changed_at=tx.now)
        )
    else:
        await Account.update(
            {
                Account.password_hash: given.password_hash,
                Account.must_change: given.must_change,
                Account.changed_at: tx.now,
                Account.failures: 0,
                Account.locked_until: None,
            }
        ).where(Account.person == given.person)
    ended = await _end_sessions(given.person, given.keep)
    tx.audit("set_password", "account", given.person, after={"must_change": given.must_change, "sessions_ended": ended})
    return {}


async def _end_sessions(person: str, keep: str | None = None) -> int:
    ended = await rows("SELECT id FROM session WHERE person = $1 AND id <> $2", person, keep or "")
    await rows("DELETE FROM session WHERE person = $1 AND id <> $2", person, keep or "")
    return len(ended)


@handles(Disable)
async def disable(tx: Transaction, given: Disable) -> dict[str, Any]:
    """Switch an account off; its sessions end."""
    await _by_administrator(tx, given.person)
    if await account(given.person) is None:
        raise Refusal("not_found", "accounts.none")
    if tx.actor == given.person:
        raise Refusal("not_allowed", "accounts.disable_self")
    await Account.update({Account.disabled: True}).where(Account.person == given.person)
    await _end_sessions(given.person)
    tx.audit("disable", "account", given.person)
    return {}


@handles(Enable)
async def enable(tx: Transaction, given: Enable) -> dict[str, Any]:
    """Switch an account on again and take its lock away."""
    await _by_administrator(tx, given.person)
    if await account(given.person) is None:
        raise Refusal("not_found", "accounts.none")
    await Account.update({Account.disabled: False, Account.failures: 0, Account.locked_until: None}).where(Account.person == given.person)
    tx.audit("enable", "account", given.person)
    return {}


@handles(SignOut)
async def sign_out(tx: Transaction, given: SignOut) -> dict[str, Any]:
    """End one of the actor's own sessions. One that is gone already is no error."""
    _inside_only(tx)
    found = await rows("SELECT id FROM session WHERE id = $1 AND person = $2", given.session, tx.actor or "")
    if found:
        await rows("DELETE FROM session WHERE id = $1 AND person = $2", given.session, tx.actor or "")
        tx.audit("sign_out", "account", tx.actor or "")
    return {"ended": len(found)}


@handles(SignOutEverywhere)
async def sign_out_everywhere(tx: Transaction, given: SignOutEverywhere) -> dict[str, Any]:
    """End all sessions of a person: he himself, or an administrator."""
    await _by_administrator(tx, given.person, own=True)
    ended = await _end_sessions(given.person, given.keep)
    tx.audit("sign_out_everywhere", "account", given.person, after={"sessions_ended": ended})
    return {"ended": ended}


@handles(Seen)
async def seen(tx: Transaction, given: Seen) -> dict[str, Any]:
    """Note the use of a session: no entry in the chain, for nothing happened that anybody would ask about."""
    _inside_only(tx)
    await rows("UPDATE session SET seen_at = $1 WHERE id = $2 AND person = $3 AND seen_at < $1", tx.now, given.session, tx.actor or "")
    await rows("UPDATE account SET last_seen = $1 WHERE person = $2", tx.now, tx.actor or "")
    return {}
