"""What the server and the process that makes a file say to each other: one line of JSON each time."""

from datetime import datetime

import msgspec

from server.reports.making.rules import What


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made, for whom, as of when, and where it is put."""

    what: What
    unit: str
    period: str
    filed: str | None
    person: str
    now: datetime
    path: str


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far it is; or, once, what was made; or why nothing was: a sentence for the person."""

    done: int = 0
    of: int = 0
    size: int = -1
    sha256: str = ""
    #: The most that its process has needed, in bytes.
    memory: int = 0
    fault: str = ""
