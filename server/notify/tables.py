"""What is stored of messages on their way. The messages themselves are ``server.storage.tables.Outbox``."""

from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class NoticeChoice(Table):
    """How one person wants to be told. Who never chose has no row: the defaults of ``rules.choices`` hold."""

    person = Varchar(length=36, primary_key=True, default=None)
    #: JSON: {group: {channel: "now" | "digest" | "off"}}, only what differs from the defaults.
    choices = Text(default="{}")
    #: Local minutes of the day; both None: no quiet hours.
    quiet_from = Integer(default=None, null=True)
    quiet_to = Integer(default=None, null=True)
    #: Whether a push may carry the title, or the number and the kind alone.
    show_content = Boolean(default=False)
    changed_at = Timestamptz(default=None)


class Address(Table):
    """Where a person, or a unit's group, is reached on one channel."""

    id = Varchar(length=36, primary_key=True, default=None)
    channel = Varchar(length=10)
    person = Varchar(length=36, default=None, null=True)
    #: A group chat belongs to a unit instead of a person.
    unit = Varchar(length=36, default=None, null=True)
    #: The service's own name of it: chat, user, endpoint, mailbox.
    address = Text(default="")
    #: What the owner recognises: "Chrome trên Android", "@tenduong".
    label = Text(default="")
    #: JSON: keys of a push subscription and the like.
    data = Text(default="{}")
    #: active, blocked (the other side refuses us), revoked (the owner or the service ended it).
    state = Varchar(length=8, default="active")
    #: A key of the words that says why it is not active.
    why = Varchar(length=80, default="")
    since = Timestamptz(default=None)
    until = Timestamptz(default=None, null=True)


class LinkCode(Table):
    """A one-time code that ties a chat to a person or to a unit's group. Only its hash is kept."""

    code_hash = Varchar(length=64, primary_key=True, default=None)
    channel = Varchar(length=10)
    person = Varchar(length=36, default=None, null=True)
    unit = Varchar(length=36, default=None, null=True)
    made_by = Varchar(length=36)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(default=None, null=True)
    used_by = Text(default="")


class Delivery(Table):
    """One letter to one address: a message, or several that go together."""

    id = Varchar(length=36, primary_key=True, default=None)
    channel = Varchar(length=10)
    address = Varchar(length=36)
    person = Varchar(length=36, default=None, null=True)
    #: waiting → sending → sent | failed (for good, with ``why``) | unknown (it may have arrived) | dropped (not wanted any more).
    state = Varchar(length=8, default="waiting")
    attempts = Integer(default=0)
    #: Attempts whose answer was lost: it may have arrived each time.
    unknowns = Integer(default=0)
    #: It was sent again after an attempt whose answer was lost.
    maybe_doubled = Boolean(default=False)
    made_at = Timestamptz(default=None)
    #: Not before.
    next_at = Timestamptz(default=None)
    #: When it was last put into the queue, so that a lost queue is noticed.
    queued_at = Timestamptz(default=None, null=True)
    #: Who is sending it, since when.
    claim = Varchar(length=36, default=None, null=True)
    claimed_at = Timestamptz(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)
    #: Words for people on why it waits or failed.
    why = Text(default="")
    #: What the service calls it.
    service_ref = Text(default="")


class DeliveryItem(Table):
    """A message in a delivery. ``id`` is UUIDv5(message, address): planned twice, it is there once."""

    id = Varchar(length=36, primary_key=True, default=None)
    delivery = Varchar(length=36)
    message = Varchar(length=36)


class Said(Table):
    """What the calendar made us say already: ``due:<task>:<due>:<offset>``, ``daily:<person>:<day>``. Whoever writes it first says it."""

    key = Varchar(length=120, primary_key=True, default=None)
    at = Timestamptz(default=None)


class ChannelState(Table):
    """What an administrator decided about a channel, and where it stands."""

    channel = Varchar(length=10, primary_key=True, default=None)
    on = Boolean(default=False)
    #: Who turned it on knew that data leave the country.
    understood = Boolean(default=False)
    by = Varchar(length=36, default=None, null=True)
    at = Timestamptz(default=None, null=True)
    #: JSON: place in the updates, pauses that the service asked for, the last trouble.
    data = Text(default="{}")
    #: JSON, encrypted (``safe.py``): tokens that the service rotates.
    secrets = Text(default="")


INDEXES = [
    "CREATE INDEX IF NOT EXISTS delivery_open ON delivery (next_at) WHERE state IN ('waiting', 'sending')",
    "CREATE INDEX IF NOT EXISTS delivery_due ON delivery (channel, next_at) WHERE state = 'waiting' AND queued_at IS NULL",
    "CREATE INDEX IF NOT EXISTS delivery_rung ON delivery (queued_at) WHERE state IN ('waiting', 'sending') AND queued_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS delivery_to ON delivery (address) WHERE state = 'waiting'",
    "CREATE INDEX IF NOT EXISTS delivery_ended ON delivery (channel, ended_at)",
    "CREATE INDEX IF NOT EXISTS delivery_dead ON delivery (ended_at) WHERE state IN ('failed', 'unknown')",
    "CREATE INDEX IF NOT EXISTS delivery_item_delivery ON delivery_item (delivery)",
    "CREATE INDEX IF NOT EXISTS delivery_item_message ON delivery_item (message)",
    "CREATE INDEX IF NOT EXISTS address_person ON address (person, channel) WHERE state = 'active'",
    "CREATE INDEX IF NOT EXISTS address_unit ON address (unit, channel) WHERE state = 'active'",
    "CREATE UNIQUE INDEX IF NOT EXISTS address_once ON address (channel, address, person) WHERE state = 'active' AND person IS NOT NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS address_group_once ON address (channel, address) WHERE state = 'active' AND unit IS NOT NULL",
]
