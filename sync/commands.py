"""The queue of one person on one device: numbers without gaps, counted in the transaction of the mutation itself."""

from server.storage.engine import is_sqlite, row, rows
from server.storage.transaction import Transaction
from sync.shapes import SCHEMA


class Past(Exception):
    """A mutation of this number has been answered."""


class Gap(Exception):
    """An earlier mutation has not arrived yet."""


def key_of(client: str, person: str) -> str:
    """A device belongs to whoever is signed in: another person on it has a queue of his own."""
    return f"{client}:{person}"


async def last_seq(client: str, person: str) -> int:
    """The last number that was answered; 0 for a device that is new."""
    found = await row("SELECT last_seq FROM sync_client WHERE id = $1", key_of(client, person))
    return int(found["last_seq"]) if found else 0


class InTurn:
    """The turn of one mutation (``door.Turn``)."""

    def __init__(self, client: str, person: str, seq: int) -> None:
        self.client = client
        self.person = person
        self.seq = seq

    async def take(self, tx: Transaction) -> None:
        """Lock the device's row until the commit. Raises Past or Gap."""
        last = await self._locked()
        if last is None:
            await rows(
                "INSERT INTO sync_client (id, client, person, last_seq, schema, seen_at) VALUES ($1, $2, $3, 0, $4, $5) "
                "ON CONFLICT (id) DO NOTHING",
                key_of(self.client, self.person),
                self.client,
                self.person,
                SCHEMA,
                tx.now if not is_sqlite() else tx.now.isoformat(" "),
            )
            last = await self._locked() or 0
        if self.seq <= last:
            raise Past
        if self.seq > last + 1:
            raise Gap

    async def done(self, tx: Transaction) -> None:
        """Count it."""
        await rows(
            "UPDATE sync_client SET last_seq = $1, seen_at = $2 WHERE id = $3",
            self.seq,
            tx.now if not is_sqlite() else tx.now.isoformat(" "),
            key_of(self.client, self.person),
        )

    async def _locked(self) -> int | None:
        sql = f"SELECT last_seq FROM sync_client WHERE id = $1{'' if is_sqlite() else ' FOR UPDATE'}"
        found = await row(sql, key_of(self.client, self.person))
        return int(found["last_seq"]) if found else None
