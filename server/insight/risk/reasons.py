"""A reason of the model in the office's words: from a group of features and its values to one sentence, in whole numbers."""

from collections.abc import Callable, Mapping
from typing import Final

from server.words import say

Values = Mapping[str, float]

#: Below this a part of work that nobody has reported on is said to be unbegun.
BEGUN: Final = 0.05
#: Days without a word that are worth saying.
SILENT: Final = 2
#: Times the usual number of open tasks from which it is "more than usual".
MORE: Final = 1.25


def sentence(group: str, values: Values) -> str:
    """One line, or "" where the values say nothing that a person could read (a group of tomorrow's models, say)."""
    made = WORDS.get(group)
    return made(values) if made is not None else ""


def percent(values: Values, name: str) -> int | None:
    """A part of 1 in whole percent, between 0 and 100."""
    value = values.get(name)
    return None if value is None else max(0, min(100, round(100 * value)))


def count(values: Values, name: str) -> int:
    """A whole number; 0 where it is not known."""
    return max(0, round(values.get(name, 0.0)))


def _progress(values: Values) -> str:
    elapsed, done = percent(values, "elapsed"), percent(values, "progress")
    if elapsed is None:
        return ""
    if done is None or done < 100 * BEGUN:
        return say("insight.risk.why.not_begun", elapsed=elapsed)
    return say("insight.risk.why.progress", elapsed=elapsed, done=done)


def _quiet(values: Values) -> str:
    days, updates = count(values, "quiet_days"), count(values, "updates")
    if days >= SILENT:
        return say("insight.risk.why.quiet", days=days) if updates else say("insight.risk.why.never", days=days)
    return say("insight.risk.why.seldom", count=updates, elapsed=percent(values, "elapsed") or 0) if updates else ""


def _hands(values: Values) -> str:
    moves, people = count(values, "handovers"), count(values, "people")
    if moves:
        return say("insight.risk.why.hands", count=moves)
    return say("insight.risk.why.people", count=people) if people > 1 else ""


def _returns(values: Values) -> str:
    times = count(values, "returns")
    return say("insight.risk.why.returns", count=times) if times else ""


def _extension(values: Values) -> str:
    times = count(values, "extensions")
    return say("insight.risk.why.extension", count=times) if times else ""


def _waiting(values: Values) -> str:
    return say("insight.risk.why.waiting") if values.get("waiting", 0) > 0 else ""


def _load(values: Values) -> str:
    for name in ("overdue", "week", "fortnight"):
        others = count(values, f"owner_{name}")
        if others:
            return say(f"insight.risk.why.load_{name}", count=others)
    held = count(values, "owner_open")
    if not held:
        return ""
    return say("insight.risk.why.load_more" if values.get("owner_ratio", 0.0) >= MORE else "insight.risk.why.load", count=held)


def _type(values: Values) -> str:
    late = percent(values, "type_late")
    return say("insight.risk.why.type", percent=late) if late else ""


def _unit(values: Values) -> str:
    late = percent(values, "unit_late")
    return say("insight.risk.why.unit", percent=late) if late else ""


def _time(values: Values) -> str:
    # It stands alone, where nothing that a person could change stands out: a mark without any reason would be a riddle.
    elapsed = percent(values, "elapsed")
    if elapsed is None:
        return ""
    if "days_left" not in values:
        return say("insight.risk.why.time", elapsed=elapsed)
    return say("insight.risk.why.time_left", elapsed=elapsed, days=count(values, "days_left"))


WORDS: Final[dict[str, Callable[[Values], str]]] = {
    "progress": _progress,
    "quiet": _quiet,
    "hands": _hands,
    "returns": _returns,
    "extension": _extension,
    "waiting": _waiting,
    "load": _load,
    "type": _type,
    "unit": _unit,
    "time": _time,
}
