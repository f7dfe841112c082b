"""What differs between two versions of a sheet."""

from typing import Any

import msgspec

from server.kpi.queries.detail import Sheet
from server.kpi.record.frozen import result_of
from server.kpi.rules import general as general_rules


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that differs. ``what``: line, criterion, general, leading, support, rules, a, b, c, total, band, away.

    ``name`` is the line's id and field, the criterion, or the rule's field; ``title`` the task's, where it is a line. The values are as
    stored (thousandths; ``[numerator, denominator]`` of a, b, c), None where there is nothing.
    """

    what: str
    name: str
    title: str = ""
    before: Any = None
    after: Any = None


#: Fields of a line that make its numbers.
COUNTED = ("k", "assigned", "accepted", "kind", "late", "failed", "late_excused", "failed_excused", "due", "done")


def differences(before: Sheet, after: Sheet) -> list[Difference]:
    """What changed from one version to another: lines first, then points, then what became of them."""
    found = _lines(before, after)
    for name in general_rules.MOST:
        found += _differs("criterion", name, before.points.get(name), after.points.get(name))
    found += _differs("general", "general", before.general, after.general)
    for what in ("leading", "support", "rules"):
        one, other = getattr(before, what), getattr(after, what)
        old, new = (msgspec.to_builtins(some) if some is not None else {} for some in (one, other))
        for name in dict.fromkeys([*old, *new]):
            found += _differs(what, name, old.get(name), new.get(name))
    old, new = result_of(before.score), result_of(after.score)
    for name in ("a", "b", "c"):
        found += _differs(name, name, old["sums"][name], new["sums"][name])
    found += _differs("total", "total", before.total, after.total)
    found += _differs("band", "band", before.band, after.band)
    return found + _differs("away", "away", before.away, after.away)


def _differs(what: str, name: str, old: Any, new: Any, title: str = "") -> list[Difference]:
    return [] if old == new else [Difference(what=what, name=name, title=title, before=old, after=new)]


def _lines(before: Sheet, after: Sheet) -> list[Difference]:
    old, new = ({line.id: line for line in some.lines} for some in (before, after))
    found: list[Difference] = []
    for line_id in dict.fromkeys([*old, *new]):
        one, other = old.get(line_id), new.get(line_id)
        title = next((some.title for some in (other, one) if some is not None), "")
        if one is None or other is None:
            found.append(Difference(what="line", name=line_id, title=title, before=one and one.assigned, after=other and other.assigned))
            continue
        for field in COUNTED:
            found += _differs("line", f"{line_id}.{field}", getattr(one, field), getattr(other, field), title)
    return found
