"""What every change leaves behind besides its data."""

from piccolo.columns import BigInt, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Change(Table):
    """One thing that changed, in commit order; replicas pull from here (issue B)."""

    seq = BigInt(primary_key=True, default=None)
    kind = Varchar(length=20)
    subject = Varchar(length=36)
    op = Varchar(length=4, default="put")
    at = Timestamptz(default=None)


class Outbox(Table):
    """One message to say, written with the change that it tells of; the person's inbox; ``server.notify`` sends it (docs/notify.md)."""

    id = Varchar(length=36, primary_key=True, default=None)
    kind = Varchar(length=40)
    person = Varchar(length=36)
    subject = Varchar(length=36, default=None, null=True)
    data = Text(default="{}")
    at = Timestamptz(default=None)
    #: A newer message of the same person, subject and slot replaces an unread older one; None: it stands by itself.
    slot = Varchar(length=20, default=None, null=True)
    #: When a newer one took its place; it is shown and sent no more.
    replaced_at = Timestamptz(default=None, null=True)
    #: When it was decided where it goes: its deliveries are written, if there are any.
    planned_at = Timestamptz(default=None, null=True)
    #: When the person saw it, on whatever device first.
    read_at = Timestamptz(default=None, null=True)


class Mutation(Table):
    """A change that was asked for once: its fingerprint and its first answer."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    name = Varchar(length=40)
    fingerprint = Varchar(length=64)
    #: "applied", or "rejected" where a device must hear the same refusal again.
    status = Varchar(length=10)
    result = Text(default="{}")
    at = Timestamptz(default=None)
    #: When its author's device says that he did it; ``at`` is the server's time.
    device_at = Timestamptz(default=None, null=True)


class Counter(Table):
    """A number that must have neither gaps nor doubles: the tasks of a year, the version of the directory."""

    name = Varchar(length=60, primary_key=True, default=None)
    value = Integer(default=0)
