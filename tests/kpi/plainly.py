"""The decree once more, slow and obvious: written from the articles, not from the engine. Everything is a Fraction."""

from fractions import Fraction
from typing import Any

QUARTER = Fraction(1, 4)


def month(lines: list[dict[str, Any]], general: Fraction) -> Fraction | None:
    """The total of an officer, rounded half up to one decimal; None where nothing was assigned (Đ14, Đ16.1, Đ17.1, Đ18.1d)."""
    assigned = Fraction(0)
    for line in lines:
        if line["kind"] == "planned" or line["kind"] == "handed_back":
            assigned = assigned + line["k"] * line["g"]
    if assigned == 0:
        return None
    quantity = quality = progress = Fraction(0)
    for line in lines:
        if line["kind"] == "handed_back":
            continue
        done = line["k"] * line["h"]
        quantity = quantity + done
        left = Fraction(1)
        for _ in range(0 if line["failed_excused"] else line["failed"]):
            left = left - QUARTER
        quality = quality + done * (left if left > 0 else 0)
        left = Fraction(1)
        for _ in range(0 if line["late_excused"] else line["late"]):
            left = left - QUARTER
        progress = progress + done * (left if left > 0 else 0)
    a, b, c = quantity / assigned * 100, quality / assigned * 100, progress / assigned * 100
    points = (a + b + c) / 3 / 100 * 70
    if points > 70:
        points = Fraction(70)
    return one_decimal(general + points)


def one_decimal(points: Fraction) -> Fraction:
    """Half up: 89.95 is 90.0."""
    tenths = points * 10
    whole = tenths.numerator // tenths.denominator
    if tenths - whole >= Fraction(1, 2):
        whole = whole + 1
    return Fraction(whole, 10)
