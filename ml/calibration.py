"""Making log odds true: the sigmoid of calibration, and the intercept alone."""

import numpy as np

from ml.types import Flags, Floats


def sigmoid(log_odds: Floats) -> Floats:
    """Probability from log odds."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -40, 40)))


def calibration(log_odds: Floats, late: Flags, weight: Floats | None = None, slope_too: bool = True) -> tuple[float, float]:
    """(slope, intercept) of the sigmoid that makes log odds true: Newton's method, drawn to (1, 0) as by a handful of outcomes."""
    w = np.ones(len(late)) if weight is None else weight
    slope, shift = 1.0, 0.0
    for _ in range(50):
        p = sigmoid(slope * log_odds + shift)
        curve = w * p * (1 - p)
        wrong = w * (p - late)
        gradient = np.array([(wrong * log_odds).sum() + 4.0 * (slope - 1), wrong.sum() + shift])
        matrix = np.array([[(curve * log_odds**2).sum() + 4.0, (curve * log_odds).sum()], [(curve * log_odds).sum(), curve.sum() + 1.0]])
        if slope_too:
            step = np.linalg.solve(matrix, gradient)
        else:
            step = np.array([0.0, gradient[1] / matrix[1, 1]])
        slope, shift = slope - float(step[0]), shift - float(step[1])
        if np.abs(step).max() < 1e-9:
            break
    return max(slope, 0.05), shift
