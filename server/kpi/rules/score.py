"""A person's points of a period (Đ14 to Đ17)."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from server.kpi.rules.lines import Line, Parts, parts_of
from server.kpi.rules.ruleset import Band, RuleSet, band_of

#: officer: Đ14 · leader: Đ15 · support: the handbook's chapter III, for people on contract.
Duty = Literal["officer", "leader", "support"]
#: Why there is no total yet.
Missing = Literal["work", "general", "led", "organising", "uniting", "support"]


class Leading(msgspec.Struct, frozen=True):
    """What is entered of a leader, in percent: 100 or 50 (Đ15.3b, c). ``totals`` are those of the people led, None without data."""

    totals: tuple[int | None, ...] = ()
    organising: int | None = None
    uniting: int | None = None


class Support(msgspec.Struct, frozen=True):
    """What is entered of support staff, in thousandths of a percent each."""

    quality: int | None = None
    compliance: int | None = None
    effect: int | None = None


class Sums(msgspec.Struct, frozen=True):
    """G and the three numerators, in units of ``Parts``, and the ratios; a ratio of 1 is 100 %."""

    given: int
    amount: int
    quality: int
    progress: int
    a: Fraction | None
    b: Fraction | None
    c: Fraction | None


class Score(msgspec.Struct, frozen=True):
    """The result with everything that it was made of. ``ratio`` 1 is 100 %, ``task_points`` are exact, ``total`` is in thousandths."""

    sums: Sums
    parts: tuple[Parts, ...]
    ratios: tuple[tuple[str, Fraction], ...]
    ratio: Fraction | None
    task_points: Fraction | None
    capped: bool
    general: int | None
    total: int | None
    band: Band | None
    missing: tuple[Missing, ...]


def sums_of(parts: Iterable[Parts], rules: RuleSet) -> Sums:
    """a, b and c over some lines. With nothing given (G = 0) there is no ratio: never 0, never 100 %."""
    given = amount = quality = progress = 0
    for part in parts:
        given += part.given
        amount += part.amount
        quality += part.quality
        progress += part.progress
    if given == 0:
        return Sums(given, amount, quality, progress, None, None, None)
    a, b, c = Fraction(amount, given), Fraction(quality, given * 100), Fraction(progress, given * 100)
    if rules.cap_ratios:
        a, b, c = (min(Fraction(1), one) for one in (a, b, c))
    return Sums(given, amount, quality, progress, a, b, c)


def led_ratio(leading: Leading, rules: RuleSet) -> Fraction | None:
    """d: all people led reach the floor, or half (Đ15.3a). None while nobody led has a total."""
    known = [one for one in leading.totals if one is not None]
    if not known:
        return None
    return Fraction(1) if min(known) >= rules.led_floor else Fraction(1, 2)


def rounded(points: Fraction) -> int:
    """To one decimal, half up, in thousandths.

    >>> rounded(Fraction(8995, 100) * 1000)
    90000
    """
    return int((points / 100 + Fraction(1, 2)).__floor__()) * 100


def score(
    lines: Sequence[Line],
    general: int | None,
    rules: RuleSet,
    duty: Duty = "officer",
    leading: Leading | None = None,
    support: Support | None = None,
) -> Score:
    """The points of a period: ``general`` (0 to 30 in thousandths) plus the task ratio times 70 (Đ17.1), each within its most.

    A leader's ``lines`` are his own and those of the people he leads (Đ15.1). What is not known yet is named in ``missing``; then there
    is no total.
    """
    parts = tuple(parts_of(line, rules) for line in lines)
    sums = sums_of(parts, rules)
    missing: list[Missing] = []
    ratios: list[tuple[str, Fraction]] = []
    if duty == "support":
        entered = msgspec.structs.asdict(support or Support())
        ratios = [(name, Fraction(one, 100_000)) for name, one in entered.items() if one is not None]
        if len(ratios) < len(entered):
            missing.append("support")
    elif sums.a is None or sums.b is None or sums.c is None:
        missing.append("work")
    else:
        ratios = [("a", sums.a), ("b", sums.b), ("c", sums.c)]
    if duty == "leader":
        _lead(leading or Leading(), rules, ratios, missing)
    if general is None:
        missing.append("general")
    owed = [one for one in missing if one != "general"]
    ratio = None if owed else sum((one for _, one in ratios), Fraction(0)) / len(ratios)
    points = None if ratio is None else ratio * rules.tasks_most
    capped = points is not None and points > rules.tasks_most
    if capped:
        points = Fraction(rules.tasks_most)
    total = None if points is None or general is None else rounded(points + min(general, rules.general_most))
    band = None if total is None else band_of(total, rules)
    return Score(sums, parts, tuple(ratios), ratio, points, capped, general, total, band, tuple(missing))


def _lead(leading: Leading, rules: RuleSet, ratios: list[tuple[str, Fraction]], missing: list[Missing]) -> None:
    led = led_ratio(leading, rules)
    if led is None:
        missing.append("led")
    else:
        ratios.append(("d", led))
    entered: tuple[tuple[str, Missing, int | None], ...] = (
        ("dd", "organising", leading.organising),
        ("e", "uniting", leading.uniting),
    )
    for letter, name, value in entered:
        if value is None:
            missing.append(name)
        else:
            ratios.append((letter, Fraction(value, 100)))
