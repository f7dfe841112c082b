"""What would change a score: each line once more as if it had gone well."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from server.kpi.rules.lines import Line, faults
from server.kpi.rules.ruleset import RuleSet
from server.kpi.rules.score import Duty, Leading, score

What = Literal["accept", "in_time", "no_failure"]


class Lever(msgspec.Struct, frozen=True):
    """One thing that would have been, or can still be, otherwise, and what it adds to the total, in thousandths to one decimal."""

    line: str
    what: What
    gain: int


def levers(
    lines: Sequence[Line], general: int, rules: RuleSet, duty: Duty = "officer", leading: Leading | None = None, most: int = 10
) -> list[Lever]:
    """What adds most first; empty where there is no total to add to."""
    now = score(lines, general, rules, duty, leading).total
    if now is None:
        return []
    found = []
    for place, line in enumerate(lines):
        for what, changed in _otherwise(line):
            then = score([*lines[:place], changed, *lines[place + 1 :]], general, rules, duty, leading).total
            if then is not None and then > now:
                found.append(Lever(line.id, what, then - now))
    return sorted(found, key=lambda lever: (-lever.gain, lever.line, lever.what))[:most]


def _otherwise(line: Line) -> list[tuple[What, Line]]:
    late, failed = faults(line)
    found: list[tuple[What, Line]] = []
    if line.kind != "handed_back" and line.accepted < line.assigned:
        found.append(("accept", msgspec.structs.replace(line, accepted=line.assigned)))
    if line.kind != "handed_back" and line.accepted and late:
        found.append(("in_time", msgspec.structs.replace(line, late=0)))
    if line.kind != "handed_back" and line.accepted and failed:
        found.append(("no_failure", msgspec.structs.replace(line, failed=0)))
    return found
