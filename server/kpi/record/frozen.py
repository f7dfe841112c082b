"""What closing keeps of a sheet, and how it is computed again."""

from fractions import Fraction
from typing import Any

import msgspec

from server.kpi.record.entries import Entry
from server.kpi.rules.lines import Line
from server.kpi.rules.ruleset import RuleSet
from server.kpi.rules.score import Duty, Leading, Score, Support, score


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """``recompute`` of it gives ``result`` again, bit for bit. ``own`` are the person's own entries with their evidence."""

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


def _exact(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


def result_of(found: Score) -> dict[str, Any]:
    """A score as plain JSON, exact: fractions as ``[numerator, denominator]``."""
    sums = found.sums
    return {
        "sums": {"given": sums.given, "amount": sums.amount, "quality": sums.quality, "progress": sums.progress}
        | {"a": _exact(sums.a), "b": _exact(sums.b), "c": _exact(sums.c)},
        "ratios": [[name, _exact(value)] for name, value in found.ratios],
        "ratio": _exact(found.ratio),
        "task_points": _exact(found.task_points),
        "capped": found.capped,
        "general": found.general,
        "total": found.total,
        "band": found.band,
        "missing": list(found.missing),
    }


def recompute(frozen: Frozen) -> dict[str, Any]:
    """The result of what was frozen, computed anew."""
    return result_of(score(frozen.lines, frozen.general, frozen.rules, frozen.duty, frozen.leading, frozen.support))


def decoded(text: str) -> Frozen:
    """What was stored."""
    return msgspec.json.decode(text, type=Frozen)


def encoded(frozen: Frozen) -> str:
    """As it is stored."""
    return msgspec.json.encode(frozen).decode()
