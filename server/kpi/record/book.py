"""Everything that the sheets of a period are computed from, read once for many people."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from server.kpi.record.entries import Entry
from server.kpi.rights import Raters
from server.kpi.rules.calendar import Period
from server.kpi.rules.lines import Line
from server.kpi.rules.ruleset import RuleSet
from server.kpi.rules.score import Duty, Leading, Score, Support
from server.people.directory import Directory


class Computed(msgspec.Struct, frozen=True, kw_only=True):
    """One person's sheet as the record makes it now. ``lines`` is what is scored: his own and, for a leader, those of the people he leads.

    ``away``: leave took so much of the period that it is not worked ("" if it is); ``away_days`` of ``working_days``. ``led`` are the people
    whose work is part of his. ``score.missing`` says why there is no total yet.
    """

    person: str
    duty: Duty
    group: str
    own: tuple[Entry, ...]
    lines: tuple[Line, ...]
    led: tuple[str, ...]
    leading: Leading | None
    support: Support | None
    general: int | None
    score: Score
    away: str = ""
    away_days: int = 0
    working_days: int = 0


class Book(msgspec.Struct, kw_only=True):
    """``sheets`` are the stored rows of this version of the period by person; ``entries`` cover ``people`` and everybody they lead."""

    period: dict[str, Any]
    when: Period
    rules: RuleSet
    now: datetime
    directory: Directory
    raters: Raters
    sheets: dict[str, dict[str, Any]]
    entries: dict[str, list[Entry]]
    away: dict[str, tuple[str, int]]
    working_days: int
    done: dict[str, Computed] = {}


async def book_of(period: dict[str, Any], people: Collection[str], now: datetime) -> Book:
    """Read what the sheets of these people need: about ten questions, however many people."""
    raise NotImplementedError


def computed(book: Book, person: str) -> Computed:
    """The sheet of one person of the book; pure, and kept in the book."""
    raise NotImplementedError
