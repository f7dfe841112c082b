"""The mark of a task that may be late: what foresight, which stands above the tasks, says of one in a list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from server.words import say

#: Bands that are worth a mark, and their icons; "low" is silence.
ICONS: Final = {"high": "flag", "watch": "eye"}
#: An open task that somebody can still hasten.
SCORED: Final = ("not_started", "in_progress")

_words: list[Callable[[str], Sequence[str]]] = []


def reasons_by(words: Callable[[str], Sequence[str]]) -> None:
    """Who puts stored reasons into words: ``server.insight`` says so when it is imported."""
    _words[:] = [words]
    _said.cache_clear()


@lru_cache(maxsize=4096)
def _said(stored: str) -> tuple[str, ...]:
    return tuple(_words[0](stored)) if _words else ()


def risk_mark(task: Mapping[str, Any], today: date) -> dict[str, Any] | None:
    """``{band, icon, label, reasons}`` of a task read with ``queries.lists.RISK``.

    None where there is nothing to say, or the task is closed or late: then that is said instead.
    """
    band = task.get("risk_band")
    if band not in ICONS or task["status"] not in SCORED or task["due"] is None or task["due"] < today:
        return None
    return {"band": band, "icon": ICONS[band], "label": say(f"insight.risk.band.{band}"), "reasons": list(_said(task["risk_reasons"]))}
