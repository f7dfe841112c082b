"""Somebody has read what he was told."""

from typing import Any

from server.errors import Refusal
from server.storage.door import Command, handles
from server.storage.engine import places, rows
from server.storage.tables import Outbox
from server.storage.transaction import Transaction

#: More at once are refused: nobody reads so many, and a statement has its limits.
MOST = 2000


class ReadNotice(Command, tag="notice.read"):
    """One notice, or several, of one's own."""

    notice: str | None = None
    notices: list[str] = []


@handles(ReadNotice)
async def read(tx: Transaction, given: ReadNotice) -> dict[str, Any]:
    """The moment of the first reading stays. Refusal ``not_found`` where none of them is the reader's own."""
    asked = list(dict.fromkeys([*([given.notice] if given.notice else []), *given.notices]))
    if not asked or len(asked) > MOST:
        raise Refusal("invalid", "sync.notices_bad", field="notices", most=MOST)
    own = await rows(f"SELECT id, read_at, replaced_at FROM outbox WHERE person = $1 AND id IN ({places(len(asked), 2)})", tx.actor, *asked)
    if not own:
        raise Refusal("not_found", "sync.notice_unknown", field="notice")
    new = {one["id"]: one["replaced_at"] is None for one in own if one["read_at"] is None}
    if new:
        await Outbox.update({Outbox.read_at: tx.now}).where(Outbox.id.is_in(list(new)))
    for notice, stands in sorted(new.items()):
        # What a newer one replaced stays gone: a device that has not heard of that yet would keep it for ever.
        tx.change("notice", notice, "put" if stands else "drop")
    return {"read": sorted(new)}
