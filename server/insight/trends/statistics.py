"""The mathematics of trends, which is scipy's."""

from collections.abc import Sequence

from server.insight.trends.rules import Point, Trend, counted, trend


def slope(found: Sequence[tuple[int, float]]) -> float:
    """Theil-Sen over (place, value): the median of the slopes between all pairs, so that one odd month does not turn it."""
    from scipy import stats  # loading it takes longer than most pages

    places, values = zip(*found, strict=True)
    return float(stats.theilslopes(values, places).slope)


def chance(values: Sequence[float]) -> float:
    """Mann-Kendall, which is Kendall's tau against time: the p-value, two-sided, of there being no trend."""
    from scipy import stats

    found = float(stats.kendalltau(range(len(values)), values).pvalue)
    return 1.0 if found != found else found  # all the same: no number, and no trend


def measured(found: Sequence[Point]) -> Trend:
    """The trend of these periods, the oldest first."""
    enough = counted(found)
    return trend(found, slope(enough), chance([value for _, value in enough])) if enough else trend(found, 0.0, 1.0)
