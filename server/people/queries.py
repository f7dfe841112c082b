"""Reading the organisation."""

from server.people.directory import DelegationFacts, Directory, FieldFacts, OversightFacts, Profile, UnitFacts
from server.storage.engine import current, row, rows

VERSION_COUNTER = "directory"


class _Kept:
    """The last directory that was read, for the engine it was read from."""

    engine: object = None
    directory: Directory | None = None


async def version() -> int:
    """The version of the organisation; each command on it raises it by one."""
    found = await row("SELECT value FROM counter WHERE name = $1", VERSION_COUNTER)
    return found["value"] if found else 0


async def directory(known_version: int | None = None) -> Directory:
    """The organisation of now. ``known_version`` saves the question where the caller has just read it."""
    now = await version() if known_version is None else known_version
    if _Kept.directory is not None and _Kept.engine is current() and _Kept.directory.version == now:
        return _Kept.directory
    read = await _read(now)
    if current().current_transaction.get() is None:
        # What an open transaction sees may never be committed: it is used, not kept.
        _Kept.directory, _Kept.engine = read, current()
    return read


async def _read(now: int) -> Directory:
    units = await rows("SELECT id, name, short, parent, kind, sort, active FROM unit ORDER BY sort")
    people = await rows("SELECT id, username, name, position, unit, rank, active, demo FROM person")
    fields = await rows("SELECT id, name, field_group, sort, active FROM field")
    oversight = await rows("SELECT person, unit, field_group, since, until FROM oversight ORDER BY since DESC")
    delegations = await rows("SELECT id, giver, receiver, powers, unit, since, until, document FROM delegation ORDER BY since")
    return Directory(
        now,
        [UnitFacts(**one) for one in units],
        [Profile(**one) for one in people],
        [FieldFacts(**one) for one in fields],
        [OversightFacts(**one) for one in oversight],
        [DelegationFacts(**{**one, "powers": frozenset(one["powers"].split())}) for one in delegations],
    )
