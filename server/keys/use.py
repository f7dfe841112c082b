"""Noting that a key was used."""

from datetime import datetime

from server.keys import rules
from server.keys.commands import KeyUsed
from server.keys.queries import Key
from server.storage.door import carry_out


async def note_use(key: Key, now: datetime) -> None:
    """Note this use, at most once a minute: most requests write nothing."""
    if rules.note_due(key.last_used_at, now):
        await carry_out(KeyUsed(id=key.id), actor=key.person, now=now, source="page")
