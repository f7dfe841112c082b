"""What a part of the copy is: rows of one table that are about one person, with the columns that he gets."""

from collections.abc import Mapping
from typing import Literal

import msgspec

#: How a value is to be read. Points, parts and quantities are stored in thousandths, probabilities in millionths, work in minutes;
#: a share is 0 to 1.
Kind = Literal[
    "text", "code", "id", "number", "thousandths", "millionths", "bytes", "minutes", "yes_no", "day", "moment", "json",
    "person", "people", "unit", "field", "ordinal", "share", "roles",
]  # fmt: skip

#: In the order of the register of processing on the page.
Group = Literal["profile", "account", "tasks", "doings", "files", "scores", "leave", "foresight", "notices", "keys", "plans", "audit"]

#: Kinds by the name of the column; whoever differs says so in ``Part.kinds``.
KINDS: dict[str, Kind] = {
    **dict.fromkeys(("id", "task", "parent", "plan", "report", "comment", "client", "subject", "product", "replaces", "file"), "id"),
    **dict.fromkeys(
        ("creator", "assigner", "delegate", "lead", "person", "reviewer", "giver", "receiver", "by", "done_by", "decided_by", "made_by",
         "confirmed_by", "entered_by", "answered_by", "created_by", "revoked_by", "rater", "actor", "on_behalf", "added_by", "deleted_by"),
        "person",
    ),
    **dict.fromkeys(("unit",), "unit"),
    **dict.fromkeys(("field",), "field"),
    **dict.fromkeys(
        ("at", "received", "created_at", "changed_at", "started_at", "submitted_at", "completed_at", "deleted_at", "seen_at", "expires_at",
         "locked_until", "last_seen", "done_at", "decided_at", "answered_at", "confirmed_at", "withdrawn_at", "self_at", "published_at",
         "ended_at", "made_at", "given_at", "used_at", "read_at", "replaced_at", "device_at", "added_at", "revoked_at", "last_used_at"),
        "moment",
    ),
    **dict.fromkeys(("since", "until", "start", "due", "old_due", "source_date", "document_date", "day"), "day"),
    **dict.fromkeys(
        ("percent", "version", "rank", "failures", "last_seq", "schema", "round", "attempts", "year", "month", "uses", "task_count",
         "row_count", "period_year", "period_number", "seq", "children", "tasks", "good", "quiet_from", "quiet_to"),
        "number",
    ),
    **dict.fromkeys(
        ("quantity", "share", "score", "general", "total", "mean", "peak", "low", "high", "progress", "quality", "frequency", "given"),
        "thousandths",
    ),
    "probability": "millionths",
    "size": "bytes",
    "minutes": "minutes",
    **dict.fromkeys(
        ("active", "must_change", "disabled", "handed_back", "done", "major_error", "objective_cause", "show_content", "local", "current",
         "maybe_doubled", "followed", "own", "withheld"),
        "yes_no",
    ),
    **dict.fromkeys(
        ("data", "choices", "before", "after", "self_points", "points", "support", "months", "reasons", "days", "scopes", "frozen"), "json"
    ),
    "mentions": "people",
    "roles": "roles",
    "task_number": "ordinal",
    "ordinal": "ordinal",
    **dict.fromkeys(
        ("status", "priority", "kind", "position", "role", "state", "verdict", "duty", "band", "part", "channel", "source", "cadence",
         "no_due", "paused_from", "assigner_position", "action", "away", "what", "case_of", "about", "outcome", "period_kind", "self_band",
         "decided_band", "why"),
        "code",
    ),
}  # fmt: skip


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of ``table`` that are about the person.

    ``mine``: columns of which any names him. ``also``: another condition in SQL, where ``x`` is the table and ``$1`` the person.
    ``columns``: what he gets; ``hides``: the table's other columns, each for a reason that stands beside it.
    ``more``: further values in SQL.
    """

    name: str
    group: Group
    table: str
    columns: tuple[str, ...]
    hides: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    also: str = ""
    #: A condition that must hold besides.
    only: str = ""
    more: Mapping[str, str] = {}
    #: Columns that ``plain.py`` makes.
    made: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = {}
    #: The column by which rows are read in order; it is unique.
    key: str = "id"

    def kind(self, column: str) -> Kind:
        """How the values of a column are to be read."""
        return self.kinds.get(column) or KINDS.get(column, "text")

    @property
    def shown(self) -> tuple[str, ...]:
        """Every column of the part as he gets it."""
        return (*self.made, *self.more, *self.columns)

    @property
    def where(self) -> str:
        """The condition on a row ``x``, with the person as ``$1``."""
        any_of = [*(f'x."{column}" = $1' for column in self.mine), *([self.also] if self.also else [])]
        both = f"({' OR '.join(any_of)})"
        return f"{both} AND {self.only}" if self.only else both
