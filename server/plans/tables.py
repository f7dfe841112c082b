"""What is stored of plans that are read in."""

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class PlanImport(Table):
    """A plan that somebody gave: what was understood of it, what its reader changed, and what became of it.

    ``understood`` (a ``shapes.Plan``) and ``alike`` never change once they are there; what the reader changes stands in ``edits``.
    """

    id = Varchar(length=36, primary_key=True, default=None)
    #: Name of the file, or of the paste.
    name = Text(default="")
    sha256 = Varchar(length=64, default="")
    #: reading, draft, done or failed.
    state = Varchar(length=8, default="reading")
    #: Why it failed.
    message = Text(default="")
    title = Text(default="")
    number = Text(default="")
    day = Date(default=None, null=True)
    issuer = Text(default="")
    #: Who leads the rows for which nobody is named.
    default_lead = Varchar(length=36, default=None, null=True)
    #: Where due dates go that have passed already.
    past_to = Date(default=None, null=True)
    #: Make a parent task of each group.
    parents = Boolean(default=False)
    understood = Text(default="")
    row_count = Integer(default=0)
    #: Row → the open task whose title is much like it.
    alike = Text(default="{}")
    edits = Text(default="[]")
    created_by = Varchar(length=36)
    created_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(default=None, null=True)
    task_count = Integer(default=0)


INDEXES = ["CREATE INDEX IF NOT EXISTS plan_import_author ON plan_import (created_by, created_at)"]
