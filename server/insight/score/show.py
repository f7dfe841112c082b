"""From suggestions to what templates show; the device makes the same of its rows (``static/js/show/suggestion.js``)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.insight.reasons import of_suggestion
from server.insight.score.queries import Month
from server.insight.score.rules.quality import half_up
from server.people.directory import Directory
from server.tasks.show.values import amount, name_of

FACTORS = ("progress", "quality", "frequency")


def suggestion(one: dict[str, Any], directory: Directory) -> dict[str, Any]:
    """``{id, name, total, factors, score}``: whole points, for a suggestion is no finer; ``score`` what the reviewer gave, or nothing."""
    reasons = of_suggestion(one["reasons"])
    return {
        "id": one["person"],
        "name": name_of(directory, one["person"]),
        "total": str(half_up(one["total"] / 1000)),
        "factors": [{"key": factor, "points": str(half_up(one[factor] / 1000)), "reasons": reasons.get(factor, [])} for factor in FACTORS],
        "score": amount(one["score"]),
    }


def monthly_context(found: Sequence[Month], directory: Directory) -> list[dict[str, Any]]:
    """Rows for ``foresight/score.html``: ``{month, rules, unit, count, bias, apart, rank}``, ready text, nothing claimed below enough."""
    units = {one.id: one.name for one in directory.units.values()}
    return [
        {
            "month": f"{date.fromisoformat(f'{one.month}-01'):%m/%Y}",
            "rules": one.rules,
            "unit": units.get(one.unit, "") if one.unit else "",
            "count": one.count,
            "bias": _signed(one.bias),
            "apart": _decimal(one.apart, 1),
            "rank": _decimal(one.rank, 2),
        }
        for one in found
    ]


def _decimal(number: float | None, digits: int) -> str:
    return "" if number is None else f"{number:.{digits}f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def _signed(number: float | None) -> str:
    text = _decimal(number, 1)
    return f"+{text}" if number is not None and number > 0.05 else text
