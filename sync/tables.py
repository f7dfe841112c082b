"""What the server remembers of a device."""

from piccolo.columns import BigInt, Integer, Timestamptz, Varchar
from piccolo.table import Table


class SyncClient(Table):
    """One person on one device. The same device in another person's hands is another row: their queues never mix."""

    #: "client:person".
    id = Varchar(length=73, primary_key=True, default=None)
    client = Varchar(length=36)
    person = Varchar(length=36)
    #: The last mutation that was answered; the next one must be the following number.
    last_seq = BigInt(default=0)
    schema = Integer(default=1)
    seen_at = Timestamptz(default=None)


TABLES = [SyncClient]

INDEXES = [
    "CREATE INDEX IF NOT EXISTS sync_client_person ON sync_client (person)",
    "CREATE INDEX IF NOT EXISTS outbox_person_id ON outbox (person, id)",
]
