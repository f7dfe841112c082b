"""Why a task is at risk: which group of features, were it on track, would lower the probability most.

Words are made elsewhere, from the values.
"""

import numpy as np
from msgspec import Struct

from ml.features import FEATURES, GROUPS, KNOWN
from ml.model import Model
from ml.types import Floats, Matrix

#: Groups that a person can read as a reason, in no order. Time alone cannot be helped.
REASONS = tuple(group for group in GROUPS if group != "time")
#: Of these more is better; of the others less is, but of the steps seen, of which it cannot be said.
MORE = ("progress", "approvals", "kinds", "updates", "update_rate", "recent_updates", "active_days")
#: A drop of the probability below this is not worth a sentence.
LEAST = 0.01


class Reason(Struct, frozen=True):
    """One reason. ``group`` is one of REASONS; ``drop``: how much lower the probability would be if the group were on track.

    Where a risk that wants attention has no such reason, "time" stands alone with a drop of 0: so much of the term is used.

    ``values``: the task's own features of the group, and ``elapsed``, by name; what is not known is left out.
    """

    group: str
    drop: float
    values: dict[str, float]


def on_track(model: Model, matrix: Matrix) -> Matrix:
    """For each row what is usual at its stage in tasks that end on time, where that is better than what the row has."""
    table = np.array([model.card.on_track.get(name, (0.0,)) for name in FEATURES], np.float32).T
    elapsed = np.nan_to_num(matrix[:, FEATURES.index("elapsed")])
    usual: Matrix = table[np.clip(elapsed * len(table), 0, len(table) - 1).astype(int)].copy()
    for column, name in enumerate(FEATURES):
        if name in MORE:
            usual[:, column] = np.maximum(matrix[:, column], usual[:, column])
        elif not name.startswith("step"):
            usual[:, column] = np.minimum(matrix[:, column], usual[:, column])
        usual[:, column] = np.where(np.isnan(matrix[:, column]), np.nan, usual[:, column])
    # Progress is on track when it is not behind the time, whatever others do, and also where nobody has reported any.
    progress, gap = FEATURES.index("progress"), FEATURES.index("gap")
    usual[:, progress] = np.fmax(matrix[:, progress], np.minimum(elapsed, 1))
    usual[:, gap] = np.fmin(matrix[:, gap], 0)
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
    found = [told(matrix[row], drops[:, row], members, most) for row in range(len(matrix))]
    watch = model.card.bands[0]
    return [one or ([time_alone(matrix[row])] if now[row] >= watch else []) for row, one in enumerate(found)]


def time_alone(row: Matrix) -> Reason:
    """What is left to say when no group stands out."""
    columns = [FEATURES.index(name) for name in ("elapsed", "days_left")]
    return Reason("time", 0.0, {FEATURES[column]: round(float(row[column]), 4) for column in columns if np.isfinite(row[column])})


def told(row: Matrix, drops: Floats, members: list[list[int]], most: int) -> list[Reason]:
    """The reasons of one row."""
    best = [place for place in np.argsort(-drops, kind="stable")[:most] if drops[place] >= LEAST]
    found = []
    for place in best:
        columns = [FEATURES.index("elapsed"), *members[place]]
        values = {FEATURES[column]: round(float(row[column]), 4) for column in columns if np.isfinite(row[column])}
        found.append(Reason(REASONS[place], round(float(drops[place]), 4), values))
    return found
