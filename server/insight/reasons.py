"""What the models' reasons say in words: made here once, for pages, messages and replicas alike."""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import msgspec

from server.insight.risk.reasons import sentence
from server.words import say


class Said(msgspec.Struct, frozen=True):
    """A key and what goes into its words, as it is stored."""

    key: str
    values: dict[str, Any] = {}


def of_risk(stored: str | bytes) -> list[str]:
    """``Risk.reasons`` in words, the strongest first; what nobody could act on or read is left out."""
    found = msgspec.json.decode(stored, type=list[dict[str, Any]])
    return in_words(found)


def in_words(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """The same of reasons that are decoded already: ``[{group, values}]``; what is none of them is left out."""
    said = (sentence(str(one.get("group")), _numbers(one.get("values"))) for one in reasons)
    return list(dict.fromkeys(one for one in said if one))


def _numbers(values: object) -> dict[str, float]:
    """A message of long ago may hold anything."""
    if not isinstance(values, Mapping):
        return {}
    return {str(name): float(one) for name, one in values.items() if isinstance(one, int | float) and isfinite(one)}


def of_proposal(stored: str | bytes) -> list[str]:
    """``Proposal.reasons`` in words."""
    return [say(f"insight.proposal.why.{one.key}", **one.values) for one in msgspec.json.decode(stored, type=list[Said])]


def of_suggestion(stored: str | bytes) -> dict[str, list[str]]:
    """``Suggestion.reasons`` in words, by factor: progress, quality, frequency."""
    found = msgspec.json.decode(stored, type=dict[str, list[Said]])
    return {factor: [say(f"insight.score.why.{one.key}", **one.values) for one in said] for factor, said in found.items()}
