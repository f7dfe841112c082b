"""The rating of a unit (Đ6 to Đ8): points and conditions."""

import msgspec

from server.kpi.rules.ruleset import Band, RuleSet


class UnitYear(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a unit's year. Points in thousandths, shares in thousandths of all its tasks.

    ``done`` of the tasks assigned are done, ``in_time`` of them in time, ``beyond`` better than asked. ``below_failed``: a unit right below
    is rated as failed; ``mended``: every weakness found before is mended, or none was found; ``misconduct``: Đ8.4a; ``force_majeure``
    explains what was not done (Đ8.4b).
    """

    general: int
    tasks: int
    done: int
    in_time: int
    beyond: int
    below_failed: bool = False
    mended: bool = True
    misconduct: bool = False
    force_majeure: bool = False


class UnitRating(msgspec.Struct, frozen=True):
    """``band`` and the conditions (names of ``UnitYear``'s fields) that kept it from a higher one, or that even this one wants."""

    total: int
    band: Band
    kept_by: tuple[str, ...] = ()


WHOLE = 1000
BEYOND = 300
DONE_LEAST = 700
LATE_MOST = 200


def rate_unit(year: UnitYear, rules: RuleSet) -> UnitRating:
    """The highest band whose points and conditions are all met (Đ8).

    The decree fails a unit only in the cases of Đ8.4. So one that has the points of Đ8.3 but not its conditions is "fair" with these
    conditions named: a person decides.
    """
    total = year.general + year.tasks
    if total < rules.fair_from or year.misconduct:
        return UnitRating(total, "failed", ("misconduct",) if year.misconduct else ())
    if year.done < DONE_LEAST and not year.force_majeure:
        return UnitRating(total, "failed", ("done",))
    kept: list[str] = []
    if total >= rules.excellent_from:
        wants = {
            "done": year.done >= WHOLE,
            "in_time": year.in_time >= WHOLE,
            "beyond": year.beyond >= BEYOND,
            "below_failed": not year.below_failed,
            "mended": year.mended,
        }
        kept = [name for name, met in wants.items() if not met]
        if not kept:
            return UnitRating(total, "excellent")
    if total >= rules.good_from:
        missed = [name for name, met in {"done": year.done >= WHOLE, "in_time": year.in_time >= WHOLE}.items() if not met]
        if not missed:
            return UnitRating(total, "good", tuple(kept))
        kept += missed
    if year.done < WHOLE:
        kept.append("done")
    if WHOLE - year.in_time > LATE_MOST:
        kept.append("in_time")
    return UnitRating(total, "fair", tuple(dict.fromkeys(kept)))
