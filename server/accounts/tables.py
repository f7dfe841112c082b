"""What is stored of accounts."""

from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Account(Table):
    """How a person proves who he is. ``failures`` counts wrong passwords since the last right one."""

    person = Varchar(length=36, primary_key=True, default=None)
    #: argon2id, with its own salt and cost.
    password_hash = Text(default="")
    failures = Integer(default=0)
    locked_until = Timestamptz(default=None, null=True)
    #: The password was set by somebody else: the person chooses an own one first.
    must_change = Boolean(default=False)
    changed_at = Timestamptz(default=None)
    last_seen = Timestamptz(default=None, null=True)
    disabled = Boolean(default=False)


class Session(Table):
    """One signed-in device. The cookie holds a token, this table only its SHA-256."""

    id = Varchar(length=64, primary_key=True, default=None)
    person = Varchar(length=36)
    created_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    device = Text(default="")


INDEXES = [
    "CREATE INDEX IF NOT EXISTS session_person ON session (person, created_at)",
    "CREATE INDEX IF NOT EXISTS session_expires ON session (expires_at)",
]
