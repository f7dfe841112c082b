"""The ten general criteria of Mẫu số 01 (Đ12, appendix I): three groups of ten points."""

from typing import Final

#: The most of each criterion in thousandths, by group, in the order of the form.
GROUPS: Final[tuple[tuple[str, tuple[tuple[str, int], ...]], ...]] = (
    ("conduct", (("character", 5000), ("discipline", 5000))),
    ("ability", (("expertise", 2500), ("response", 2500), ("responsibility", 2500), ("service", 2500))),
    ("renewal", (("breakthrough", 2500), ("readiness", 2500), ("ownership", 2500), ("initiative", 2500))),
)
MOST: Final[dict[str, int]] = {name: most for _, criteria in GROUPS for name, most in criteria}


def wrong(points: dict[str, int]) -> str | None:
    """The first criterion that is unknown or outside 0 and its most; None when all is well. Missing ones are no error here."""
    for name, given in points.items():
        if name not in MOST or not 0 <= given <= MOST[name]:
            return name
    return None


def total(points: dict[str, int]) -> int | None:
    """The sum in thousandths; None while a criterion is missing."""
    return sum(points[name] for name in MOST) if MOST.keys() <= points.keys() else None
