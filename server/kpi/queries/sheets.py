"""One person's sheets: computed from the record while the period is open, as it was frozen once it is closed."""

from datetime import date, datetime
from typing import Any

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


class SheetHead(msgspec.Struct, frozen=True, kw_only=True):
    """A period in the list of a person's own; total and band are None until it is confirmed or closed."""

    period: PeriodFacts
    sheet: str | None
    state: str
    general: int | None
    total: int | None
    band: Band | None
    away: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two versions. ``what``: line, criterion, general, leading, support, rules, a, b, c, total, band.

    ``name`` is the line's id, the criterion, or the rule's field; ``title`` what people call it; the values are as stored, or None.
    """

    what: str
    name: str
    title: str
    before: Any
    after: Any


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """What closing keeps of a sheet; ``recompute`` of it gives ``result`` again, bit for bit."""

    rules: RuleSet
    lines: tuple[Line, ...]
    duty: Duty = "officer"
    leading: Leading | None = None
    support: Support | None = None
    general: int | None = None
    result: dict[str, Any] = {}
    own: tuple[Entry, ...] = ()
    led: tuple[str, ...] = ()
    group: str = ""
    away: str = ""
    away_days: int = 0
    working_days: int = 0


def result_of(score: Score) -> dict[str, Any]:
    """A score as plain JSON, exact: fractions as ``[numerator, denominator]``."""
    raise NotImplementedError


def recompute(frozen: Frozen) -> dict[str, Any]:
    """The result of what was frozen, computed anew."""
    raise NotImplementedError


async def sheet(actor: str, person: str, period: str, now: datetime) -> Sheet:
    """The sheet of a person in a period (any version of it). Raises Refusal ``not_found`` for one that the actor may not see."""
    raise NotImplementedError


async def sheet_by_id(actor: str, sheet_id: str, now: datetime) -> Sheet:
    """The same by the sheet's own id."""
    raise NotImplementedError


async def my_periods(actor: str, person: str, now: datetime) -> list[SheetHead]:
    """The person's periods, newest first, the current version of each. Raises Refusal ``not_found`` as ``sheet``."""
    raise NotImplementedError


async def versions(actor: str, person: str, period: str, now: datetime) -> list[Sheet]:
    """Every version of the sheet of that month, the newest first."""
    raise NotImplementedError


def differences(before: Sheet, after: Sheet) -> list[Difference]:
    """What changed from one version to another."""
    raise NotImplementedError


async def rater_of(person: str, at: date) -> str | None:
    """Who confirms this person's sheets on that day; None: somebody outside."""
    raise NotImplementedError


async def totals_of(year: int, people: list[str] | None = None) -> dict[str, dict[int, dict[str, Any]]]:
    """For the year (no rights asked: for commands and published ratings): ``{person: {period number: row}}`` of the current versions.

    ``row``: total, general, band, state, away, sheet, period, kind.
    """
    raise NotImplementedError
