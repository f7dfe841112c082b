"""The three factors as one suggestion. The official number is that of ``server.kpi``; this is advice beside it."""

from typing import Final

import msgspec

from server.insight.score.rules.progress import Factor

#: Which rules made a suggestion: raised whenever one of them changes, so that months can be compared.
VERSION: Final = "2"
#: In hundredths. Whether it came in time weighs most.
WEIGHTS: Final = {"progress": 50, "quality": 30, "frequency": 20}


class Suggested(msgspec.Struct, frozen=True):
    """Thousandths of a point, 0 to 100 points each."""

    total: int
    progress: int
    quality: int
    frequency: int


def suggested(progress: Factor, quality: int, frequency: Factor) -> Suggested:
    """The weighted mean of the factors. ``quality``: 0 to 100, the mean over the reports of the part with the last one counted twice."""
    parts = {"progress": progress.points, "quality": quality, "frequency": frequency.points}
    total = sum(WEIGHTS[name] * points for name, points in parts.items())
    return Suggested(total * 10, progress.points * 1000, quality * 1000, frequency.points * 1000)


def quality_of(points: list[int]) -> int:
    """What the reports of one part are worth together: the last, which hands the result in, counts twice."""
    if not points:
        return 0
    weights = [1] * (len(points) - 1) + [2]
    return round(sum(weight * one for weight, one in zip(weights, points, strict=True)) / sum(weights))
