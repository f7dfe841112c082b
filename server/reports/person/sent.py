"""The files that the person sent, and where each lies in the ZIP."""

import re
from typing import Any, Final

import msgspec

from server.storage.engine import rows

FOLDER: Final = "tep"
#: Letters of a name in the ZIP; what unpacks it may add a folder or two.
LONGEST: Final = 120
_ODD = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class Sent(msgspec.Struct, frozen=True):
    """A content; ``size`` in bytes, ``path`` in the ZIP."""

    sha: str
    path: str
    size: int
    media_type: str


_SENT = """SELECT f.id, f.size, f.media_type, s.name FROM file f JOIN (
    SELECT u.file, min(u.name) AS name FROM upload u WHERE u.person = $1 GROUP BY u.file
    UNION
    SELECT a.file, min(a.name) AS name FROM attachment a JOIN file g ON g.id = a.file
    WHERE a.added_by = $1 AND g.created_by = $1 AND NOT EXISTS (SELECT 1 FROM upload v WHERE v.file = a.file AND v.person = $1)
    GROUP BY a.file
) s ON s.file = f.id ORDER BY s.name, f.id"""


async def sent_by(person: str) -> list[Sent]:
    """What he sent himself, each content once. What somebody else sent and he hung on a task as well is the other's."""
    return [_placed(place, one) for place, one in enumerate(await rows(_SENT, person), 1)]


def _placed(place: int, row: dict[str, Any]) -> Sent:
    name = _ODD.sub("_", row["name"]).strip(". ") or row["id"][:12]
    stem, dot, extension = name.rpartition(".")
    if len(name) > LONGEST and dot:
        name = f"{stem[: LONGEST - len(extension) - 1]}.{extension}"
    # The number keeps apart two contents of one name, also where capitals are not told from small letters.
    return Sent(row["id"], f"{FOLDER}/{place:04}-{name[:LONGEST]}", int(row["size"]), row["media_type"])
