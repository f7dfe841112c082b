"""The audit chain."""

from piccolo.columns import BigInt, Text, Timestamptz, Varchar
from piccolo.table import Table


class AuditEntry(Table):
    """One thing that happened. ``hash`` covers the entry and the hash before it, so that a change of the past shows."""

    seq = BigInt(primary_key=True, default=None)
    at = Timestamptz(default=None)
    actor = Varchar(length=36, default=None, null=True)
    on_behalf = Varchar(length=36, default=None, null=True)
    source = Varchar(length=10)
    action = Varchar(length=60)
    kind = Varchar(length=20)
    subject = Varchar(length=64)
    before = Text(default="{}")
    after = Text(default="{}")
    previous = Varchar(length=64)
    hash = Varchar(length=64)
