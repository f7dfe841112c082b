"""What a detailed sheet is."""

from datetime import datetime

import msgspec

from server.kpi.queries.periods import PeriodFacts
from server.kpi.record.entries import Entry
from server.kpi.rules.lines import Line
from server.kpi.rules.ruleset import Band, RuleSet
from server.kpi.rules.score import Duty, Leading, Score, Support


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A detailed sheet. Points in thousandths. ``general`` is what counts: the confirmed points, before that the person's own.

    ``state``: open, self_scored, confirmed, closed. ``frozen``: it comes from the closing and no longer moves. ``own`` are the person's
    entries with their evidence, ``lines`` what was scored (with those of the people led). ``rater`` None: from outside of the office.
    ``led`` are those whose sheets the reader may see too, ``led_count`` of how many. ``waits_for`` says whose move it is: self, rater,
    close or "". ``missing`` as ``Score.missing``, and ``outside`` how many of the own lines are not in the catalogue yet.
    """

    id: str | None
    period: PeriodFacts
    person: str
    unit: str | None
    position: str
    title: str
    duty: Duty
    group: str
    state: str
    rater: str | None
    rules: RuleSet
    self_points: dict[str, int]
    self_general: int | None
    self_at: datetime | None
    strengths: str
    weaknesses: str
    points: dict[str, int]
    general: int | None
    reason: str
    comment: str
    confirmed_by: str | None
    confirmed_at: datetime | None
    outside_rater: str
    leading: Leading | None
    leading_reason: str
    support: Support | None
    own: tuple[Entry, ...]
    lines: tuple[Line, ...]
    led: tuple[str, ...]
    led_count: int
    score: Score
    total: int | None
    band: Band | None
    away: str
    away_days: int
    working_days: int
    frozen: bool
    version: int
    replaces: str | None
    version_reason: str
    waits_for: str
    outside: int
    may_self: bool
    may_confirm: bool
    may_return: bool
