"""The cursor of a replica: an opaque word for the device, a place in the change feed for the server."""

import base64
import binascii
from datetime import date
from hashlib import sha256

import msgspec

from server.people.directory import Directory
from server.people.rules import Person, in_force, may
from server.tasks.queries.scope import scopes

#: Raised when what a replica holds means something else: every replica starts anew.
VERSION = 4


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """``seq`` of the last change that the replica has; while the first copy is under way, the kind and the identifier reached in it.

    ``rights`` is the mark of what the person may see and do, ``directory`` the organisation's version, ``common`` the mark of what
    everybody is told of the office, ``day`` the day on which being overdue was computed. ``entry`` is the last entry of the audit chain
    at ``seq`` and ``chain`` its mark: where another entry stands in its place, this is another database than the replica came from.
    """

    version: int
    seq: int
    rights: str
    directory: int
    common: str
    entry: int
    chain: str
    day: date
    kind: int | None = None
    after: str = ""

    @property
    def word(self) -> str:
        """As the device keeps it."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


def cursor_of(word: str) -> Cursor | None:
    """The cursor behind a word; None for one that this server did not make, or made long ago: then the replica starts anew."""
    try:
        found = msgspec.json.decode(base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True), type=Cursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None
    return found if found.version == VERSION and 0 <= found.seq < 2**62 and 0 <= found.entry < 2**62 else None


def rights_of(actor: Person, directory: Directory, today: date, named: str = "") -> str:
    """A mark of everything about the person, and about others, on which his view of an unchanged row depends.

    When it changes (another room or position, a delegation that begins or ends, leaders that come or go, other people whose scores he
    sees, another leader who follows a room), no change row tells of the rows that come and go: the replica starts anew. ``named`` is the
    mark of raters who are named by hand (``scores.named_mark``).
    """
    lent = sorted(
        (one.giver.id, one.giver.position, one.giver.path, one.unit, sorted(one.powers))
        for power in ("assign", "enter")
        for one in in_force(actor, power, today)
    )
    # Who may review what waits, in the order in which they are named.
    leaders = [
        (one.id, one.position, directory.path(one.unit))
        for one in directory.people.values()
        if one.active and one.position not in ("officer", "admin")
    ]
    overseers = sorted(
        (
            one.person,
            sorted(unit for unit in directory.units if one.unit in directory.path(unit)),
            sorted(field.id for field in directory.fields.values() if field.field_group == one.field_group),
        )
        for one in directory.oversight
        if one.covers(today)
    )
    scored = (
        sorted(one for one in directory.people if may(actor, "see_scores", directory.actor(one), today))
        if actor.position != "admin"
        else []
    )
    centres = sorted(one.id for one in directory.units.values() if one.kind == "centre")
    said = [
        actor.position,
        actor.path,
        actor.active,
        scopes(actor, today),
        lent,
        leaders,
        overseers,
        scored,
        centres,
        *([named] if named else []),
    ]
    return sha256(msgspec.json.encode(said)).hexdigest()[:16]
