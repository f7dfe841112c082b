"""Who the person is here, how he signs in, what opens in his name."""

from server.reports.person.shapes import Part

OFFICE = (
    # ``demo`` says of the office that it is invented, not of the person.
    Part(
        name="profile",
        group="profile",
        table="person",
        mine=("id",),
        columns=("id", "username", "name", "position", "unit", "rank", "active", "since"),
        hides=("demo",),
        kinds={"since": "moment"},
    ),
    Part(name="oversight", group="profile", table="oversight", mine=("person",), columns=("id", "unit", "field_group", "since", "until"),
         hides=("person",)),
    Part(
        name="delegations",
        group="profile",
        table="delegation",
        mine=("giver", "receiver"),
        columns=("id", "giver", "receiver", "powers", "unit", "since", "until", "document"),
    ),
    # A hash of a password is a secret: with it a weak one is found.
    Part(
        name="account",
        group="account",
        table="account",
        mine=("person",),
        columns=("failures", "locked_until", "must_change", "changed_at", "last_seen", "disabled"),
        hides=("person", "password_hash"),
        key="person",
    ),
    # ``id`` is the hash of the token in the cookie.
    Part(
        name="sessions",
        group="account",
        table="session",
        mine=("person",),
        columns=("device", "created_at", "seen_at", "expires_at"),
        hides=("id", "person"),
    ),
    Part(
        name="devices",
        group="account",
        table="sync_client",
        mine=("person",),
        columns=("client", "last_seq", "schema", "seen_at"),
        hides=("id", "person"),
    ),
    # The fingerprint and the answer are of the protocol; what was asked stands where it had its effect, and in the log.
    Part(
        name="requests",
        group="account",
        table="mutation",
        mine=("person",),
        columns=("id", "name", "status", "at", "device_at"),
        hides=("person", "fingerprint", "result"),
        kinds={"name": "code"},
    ),
    # Not the hash of the secret; the last four letters tell keys apart and open nothing.
    Part(
        name="keys",
        group="keys",
        table="access_key",
        mine=("person",),
        columns=("id", "kind", "name", "scopes", "unit", "followed", "hint", "created_at", "created_by", "since", "until", "revoked_at",
                 "revoked_by", "last_used_at", "uses"),
        hides=("person", "hash"),
    ),
)  # fmt: skip
