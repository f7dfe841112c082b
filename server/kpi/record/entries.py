"""A line of a sheet with everything that made its numbers."""

from datetime import datetime
from typing import Literal

import msgspec

from server.kpi.rules.lines import Line

EventKind = Literal[
    "assigned", "taken_over", "report", "submit", "return", "accept", "undone", "hand_back", "hand_back_refused", "pause", "resume",
    "excuse", "split", "changed",
]  # fmt: skip


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened, as it stands on record: a report, a review, an assignment.

    ``id`` is the report's, the review's or the excuse's; ``at`` the server's moment, ``device_at`` what the person's device said.
    ``quantity`` and ``percent`` are what was reported or accepted (thousandths; percent), ``words`` what was said. ``made`` names the
    numbers of the line that it made: any of ``k``, ``g``, ``h``, ``L``, ``Q``. ``changes`` are the fields of the task that somebody gave
    another value: (name, before, after).
    """

    kind: EventKind
    id: str
    at: datetime
    by: str | None = None
    words: str = ""
    quantity: int | None = None
    percent: int | None = None
    device_at: datetime | None = None
    major_error: bool = False
    objective_cause: bool = False
    #: Of an excuse: late or failed.
    what: str = ""
    document: str = ""
    made: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One person's part of one task in one period. ``line.id`` is the assignment's id, with ``:2026-11`` behind it for a month's part.

    ``number`` is the task's ordinal, ``unit`` and ``field`` the task's, ``unit_of_count`` the product's. ``quantity`` is the whole task's
    and ``share`` the person's, in thousandths. ``outside``: no product of the catalogue, so ``k_outside`` counts. ``carried``: not accepted
    in an earlier period. ``waiting``: handed in and not reviewed. ``part``: 2026-11 for a month's part of a split task. ``rest``: the
    task was divided into tasks of their own, and ``line.k`` is what they leave of it. ``more``: more was accepted than was assigned.
    ``taken_from`` is who led taken over work before.
    """

    line: Line
    person: str
    number: int = 0
    role: str = "lead"
    quantity: int = 1000
    share: int = 1000
    unit: str | None = None
    field: str | None = None
    field_group: str = ""
    unit_of_count: str = ""
    outside: bool = False
    carried: bool = False
    waiting: bool = False
    part: str = ""
    rest: bool = False
    more: bool = False
    taken_from: str = ""
    status: str = ""
    events: tuple[Event, ...] = ()
