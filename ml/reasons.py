"""Why a task is at risk: which group of features, were it on track, would lower the probability most.

Words are made elsewhere, from the values.
"""

import numpy as np
from msgspec import Struct

from ml.features import FEATURES, KNOWN
from ml.model import Model
from ml.types import Floats, Matrix

#: Groups that a person can read as a reason, in no order. What cannot be helped (time alone) is not one.
REASONS = tuple(dict.fromkeys(group for group, _ in KNOWN.values() if group != "time"))
#: A drop of the probability below this is not worth a sentence.
LEAST = 0.02


class Reason(Struct, frozen=True):
    """One reason. ``group`` is one of REASONS; ``drop``: how much lower the probability would be if the group were on track.

    ``values``: the task's own features of the group, and ``elapsed``, by name; what is not known is left out.
    """

    group: str
    drop: float
    values: dict[str, float]


def on_track(model: Model, matrix: Matrix) -> Matrix:
    """For each row what is usual at its stage in tasks that end on time."""
    table = np.array([model.card.on_track.get(name, ()) for name in FEATURES], np.float32).T
    stage = np.clip(np.nan_to_num(matrix[:, FEATURES.index("elapsed")]) * len(table), 0, len(table) - 1).astype(int)
    usual: Matrix = table[stage]
    return usual


def reasons(model: Model, matrix: Matrix, probabilities: Floats | None = None, most: int = 3) -> list[list[Reason]]:
    """For each row its strongest reasons, the strongest first; ``most`` at most.

    ``probabilities``: of the same rows, when they are known already.
    """
    if not len(matrix):
        return []
    now = model.probabilities(matrix) if probabilities is None else probabilities
    usual = on_track(model, matrix)
    drops = np.zeros((len(matrix), len(REASONS)))
    members = [[place for place, name in enumerate(FEATURES) if KNOWN[name][0] == group] for group in REASONS]
    altered = np.repeat(matrix[None], len(REASONS), axis=0)
    for place, columns in enumerate(members):
        altered[place][:, columns] = usual[:, columns]
    drops = now[None] - model.probabilities(altered.reshape(-1, len(FEATURES))).reshape(len(REASONS), -1)
    return [told(matrix[row], drops[:, row], members, most) for row in range(len(matrix))]


def told(row: Matrix, drops: Floats, members: list[list[int]], most: int) -> list[Reason]:
    """The reasons of one row."""
    best = [place for place in np.argsort(-drops, kind="stable")[:most] if drops[place] >= LEAST]
    found = []
    for place in best:
        columns = [FEATURES.index("elapsed"), *members[place]]
        values = {FEATURES[column]: round(float(row[column]), 4) for column in columns if np.isfinite(row[column])}
        found.append(Reason(REASONS[place], round(float(drops[place]), 4), values))
    return found
