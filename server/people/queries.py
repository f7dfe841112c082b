"""Reading the organisation."""

from server.people.directory import DelegationFacts, Directory, FieldFacts, OversightFacts, Profile, UnitFacts
from server.storage.engine import current, row, rows

VERSION_COUNTER = "directory"


class _Kept:
    """The last directory that was read: from which engine and, if a transaction was open, in which one."""

    engine: object = None
    transaction: object = None
    directory: Directory | None = None


async def version() -> int:
    """The version of the organisation; each command on it raises it by one."""
    found = await row("SELECT value FROM counter WHERE name = $1", VERSION_COUNTER)
    return found["value"] if found else 0


async def directory(known_version: int | None = None) -> Directory:
    """The organisation of now. ``known_version`` saves the question where the caller has just read it."""
    now = await version() if known_version is None else known_version
    engine = current()
    open_now = engine.current_transaction.get()
    kept = _Kept.directory
    # What an open transaction saw may never be committed: it is good only inside that transaction.
    if kept is not None and kept.version == now and _Kept.engine is engine and _Kept.transaction in (None, open_now):
        return kept
    _Kept.directory, _Kept.engine, _Kept.transaction = await _read(now), engine, open_now
    return _Kept.directory


async def _read(now: int) -> Directory:
    units = await rows("SELECT id, name, short, parent, kind, sort, active FROM unit ORDER BY sort")
    people = await rows("SELECT id, username, name, position, unit, rank, active, demo FROM person")
    fields = await rows("SELECT id, name, field_group, sort, active FROM field")
    oversight = await rows("SELECT id, person, unit, field_group, since, until FROM oversight ORDER BY since DESC")
    delegations = await rows("SELECT id, giver, receiver, powers, unit, since, until, document FROM delegation ORDER BY since")
    return Directory(
        now,
        [UnitFacts(**one) for one in units],
        [Profile(**one) for one in people],
        [FieldFacts(**one) for one in fields],
        [OversightFacts(**one) for one in oversight],
        [DelegationFacts(**{**one, "powers": frozenset(one["powers"].split())}) for one in delegations],
    )
