"""What a list of products must be: the handbook's example holds, and each fault is named with its row."""

import msgspec
import pytest

from server.kpi.rules.catalogue import Product, Wrong, check, coefficient, shares_wrong

#: HB, appendix IV.2: points as they stand there, and the coefficients that it prints.
HANDBOOK = [
    (5, 1, "1"), (4, 1, "0.8"), (4, 1, "0.8"), (8, 1, "1.6"), (40, 2, "8"), (30, 2, "6"), (100, 2, "20"), (50, 2, "10"), (80, 3, "16"),
    (250, 3, "50"), (260, 3, "52"), (180, 3, "36"), (380, 4, "76"), (400, 4, "80"), (280, 4, "56"), (500, 5, "100"), (450, 5, "90"),
]  # fmt: skip


def products() -> list[Product]:
    return [
        Product(code=f"SP{row:02d}", name=f"Sản phẩm {row}", complexity=group, points=points * 1000, k=round(float(k) * 1000), row=row)
        for row, (points, group, k) in enumerate(HANDBOOK, 1)
    ]


def changed(row: int, **change: object) -> list[Product]:
    found = products()
    found[row - 1] = msgspec.structs.replace(found[row - 1], **change)
    return found


def test_the_handbooks_seventeen_rows_are_a_list() -> None:
    assert check(products(), "SP01") == []


@pytest.mark.parametrize(("points", "group", "k"), HANDBOOK)
def test_a_coefficient_is_the_points_by_those_of_the_standard_product(points: int, group: int, k: str) -> None:
    assert coefficient(points * 1000, 5000) == round(float(k) * 1000)


def test_a_coefficient_rounds_half_up_to_one_decimal() -> None:
    assert [coefficient(points, 100_000) for points in (124_999, 125_000, 4_999)] == [1200, 1300, 0]


@pytest.mark.parametrize(
    ("row", "change", "fault"),
    [
        (3, {"code": ""}, "code_missing"),
        (3, {"name": "  "}, "name_missing"),
        (3, {"complexity": 6}, "group"),
        (3, {"points": 0}, "points"),
        (3, {"points": 100_001}, "points"),
        (3, {"most_points": 3000}, "points"),
        (3, {"most_points": 100_001}, "most"),
        (3, {"k": 900}, "k"),
        (3, {"parent": "SP99", "k": 500}, "parent_unknown"),
        (3, {"parent": "SP03", "k": 500}, "parent_itself"),
    ],
)
def test_each_fault_is_named_with_its_row(row: int, change: dict[str, object], fault: str) -> None:
    found = check(changed(row, **change), "SP01")
    assert (fault, row) in [(one.fault, one.row) for one in found]


def test_a_coefficient_of_nothing_is_refused() -> None:
    assert Wrong("k", 3, "SP03", "0") in check(changed(3, k=0), "SP01")


def test_a_code_that_comes_twice_is_named_at_both_rows() -> None:
    found = check(changed(3, code="SP02"), "SP01")
    assert [one.row for one in found if one.fault == "code_twice"] == [2, 3]


@pytest.mark.parametrize(("parts", "wrong"), [((30_000, 30_000, 20_000), False), ((30_000, 30_000, 20_100), True)])
def test_the_parts_of_a_product_add_up_to_at_most_the_product(parts: tuple[int, ...], wrong: bool) -> None:
    whole = [
        Product(code=f"P{k}{place}", name="Bước", complexity=4, points=1000, k=k, parent="SP14", row=20 + place)
        for place, k in enumerate(parts)
    ]
    assert bool([one for one in check([*products(), *whole], "SP01") if one.fault == "parts"]) is wrong


def test_a_list_wants_a_standard_product_and_rows() -> None:
    assert [one.fault for one in check(products(), "SP99")] == ["standard"]
    assert [one.fault for one in check([], "SP01")] == ["empty"]


@pytest.mark.parametrize(("shares", "wrong"), [([500, 500], False), ([600, 500], True), ([1100], True), ([-1, 5], True), ([], False)])
def test_shares_of_more_than_the_whole_are_wrong(shares: list[int], wrong: bool) -> None:
    assert shares_wrong(shares) is wrong
