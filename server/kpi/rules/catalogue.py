"""What a list of products must be (Đ13, the handbook's chapter II)."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal

import msgspec

#: The most points of each group of complexity, in thousandths (the handbook's suggestion; a version may set less).
MOST_POINTS: Final[dict[int, int]] = {1: 100_000, 2: 200_000, 3: 300_000, 4: 400_000, 5: 500_000}

Fault = Literal[
    "code_missing", "code_twice", "name_missing", "group", "most", "points", "k", "parent_unknown", "parent_itself", "parts", "standard",
    "empty",
]  # fmt: skip


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One row: points and coefficient in thousandths; ``parent`` is the code of the product that it is a part of."""

    code: str
    name: str
    complexity: int
    points: int
    k: int
    most_points: int = 0
    parent: str = ""
    row: int = 0


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with which row (its number in the file, 0 for the whole); ``value`` is what stood there."""

    fault: Fault
    row: int = 0
    code: str = ""
    value: str = ""


def coefficient(points: int, standard: int) -> int:
    """k in thousandths: the points by those of the standard product, half up to one decimal.

    >>> coefficient(8_000, 5_000)
    1600
    """
    return int((Fraction(points * 10, standard) + Fraction(1, 2)).__floor__()) * 100


def check(products: Sequence[Product], standard: str) -> list[Wrong]:
    """Everything that keeps a draft from coming into force, in the order of the rows."""
    if not products:
        return [Wrong("empty")]
    found = []
    times = Counter(one.code for one in products)
    by_code = {one.code: one for one in products}
    for one in products:
        found += _row(one, times, by_code)
    found += _parts(products, by_code)
    if standard not in by_code:
        found.append(Wrong("standard", code=standard))
    elif by_code[standard].points > 0:
        base = by_code[standard].points
        found += [
            Wrong("k", one.row, one.code, str(one.k))
            for one in products
            if one.points > 0 and not one.parent and one.k != coefficient(one.points, base)
        ]
    return sorted(set(found), key=lambda wrong: (wrong.row, wrong.fault))


def _row(one: Product, times: Counter[str], by_code: dict[str, Product]) -> list[Wrong]:
    found = []

    def wrong(fault: Fault, value: object = "") -> None:
        found.append(Wrong(fault, one.row, one.code, str(value)))

    if not one.code:
        wrong("code_missing")
    elif times[one.code] > 1:
        wrong("code_twice", one.code)
    if not one.name.strip():
        wrong("name_missing")
    if one.complexity not in MOST_POINTS:
        wrong("group", one.complexity)
    else:
        most = one.most_points or MOST_POINTS[one.complexity]
        if not 0 < most <= MOST_POINTS[one.complexity]:
            wrong("most", most)
        if not 0 < one.points <= most:
            wrong("points", one.points)
    if one.k <= 0:
        wrong("k", one.k)
    if one.parent == one.code and one.parent:
        wrong("parent_itself", one.parent)
    elif one.parent and one.parent not in by_code:
        wrong("parent_unknown", one.parent)
    return found


def _parts(products: Sequence[Product], by_code: dict[str, Product]) -> list[Wrong]:
    """The parts of a product add up to at most its own coefficient (Đ18.1c)."""
    sums: Counter[str] = Counter()
    for one in products:
        if one.parent and one.parent != one.code:
            sums[one.parent] += one.k
    return [
        Wrong("parts", by_code[code].row, code, str(total)) for code, total in sums.items() if code in by_code and total > by_code[code].k
    ]


def shares_wrong(shares: Sequence[int]) -> bool:
    """Whether the shares of the people on one product, in thousandths, are more than the whole, or one of them is none."""
    return sum(shares) > 1000 or any(one < 0 for one in shares)
