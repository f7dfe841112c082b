"""What is stored of keys. The secret itself is stored nowhere."""

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class AccessKey(Table):
    """One secret address or token: whose it is, what it opens, from when to when."""

    id = Varchar(length=36, primary_key=True, default=None)
    #: calendar, wall, api.
    kind = Varchar(length=8, default="calendar")
    #: Whose it is: it opens no more than this person may see.
    person = Varchar(length=36)
    #: What it is for.
    name = Text(default="")
    #: JSON: of an ``api`` key what it may fetch: reports, tasks, scores.
    scopes = Text(default="[]")
    #: The unit that an ``api`` or ``wall`` key is limited to, with all below it.
    unit = Varchar(length=36, default=None, null=True)
    #: Of a calendar: whether it also has the tasks that the person only follows.
    followed = Boolean(default=False)
    #: SHA-256 of the secret.
    hash = Varchar(length=64)
    #: The last four characters of the secret, by which people tell keys apart.
    hint = Varchar(length=4, default="")
    created_at = Timestamptz(default=None)
    created_by = Varchar(length=36)
    #: First and last day, both included.
    since = Date(default=None)
    until = Date(default=None, null=True)
    revoked_at = Timestamptz(default=None, null=True)
    revoked_by = Varchar(length=36, default=None, null=True)
    last_used_at = Timestamptz(default=None, null=True)
    #: In how many minutes it was used: use is noted once a minute.
    uses = Integer(default=0)


INDEXES = [
    "CREATE UNIQUE INDEX IF NOT EXISTS access_key_hash ON access_key (hash)",
    "CREATE INDEX IF NOT EXISTS access_key_person ON access_key (person, kind)",
    "CREATE UNIQUE INDEX IF NOT EXISTS access_key_one_calendar ON access_key (person) WHERE kind = 'calendar' AND revoked_at IS NULL",
]
