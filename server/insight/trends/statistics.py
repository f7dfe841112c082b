"""The mathematics of trends, which is scipy's."""

from collections.abc import Sequence

from server.insight.trends.rules import Point, Trend, counted, trend


def slope(values: Sequence[float]) -> float:
    """Theil-Sen: the median of the slopes between all pairs, so that one odd month does not turn it."""
    from scipy import stats  # loading it takes longer than most pages

    return float(stats.theilslopes(values).slope)


def chance(values: Sequence[float]) -> float:
    """Mann-Kendall, which is Kendall's tau against time: the p-value, two-sided, of there being no trend."""
    from scipy import stats

    found = float(stats.kendalltau(range(len(values)), values).pvalue)
    return 1.0 if found != found else found  # all the same: no number, and no trend


def measured(found: Sequence[Point]) -> Trend:
    """The trend of these periods, the oldest first."""
    values = [value for _, value in counted(found)]
    return trend(found, slope(values), chance(values)) if values else trend(found, 0.0, 1.0)
