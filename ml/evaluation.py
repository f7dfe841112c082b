"""Measures a model on logs: the rows with what it says of them, and the figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ml.errors import NotEnough
from ml.metrics import by_group, measured
from ml.model import Model
from ml.rows import Rows, looked_at, rows_of
from ml.tables import Log
from ml.types import Floats


def evaluated(
    model: Model, logs: Sequence[Log], after: float = -np.inf, until: float = np.inf, draws: int = 200
) -> tuple[dict[str, Any], Rows, Floats]:
    """(figures, snapshots after ``after`` whose outcome was known by ``until``, what the model says of each).

    Raises NotEnough when there is no such snapshot.
    """
    rows = rows_of(looked_at(logs), model.card.steps)
    rows = rows.where((rows.at > after) & (rows.known <= until))
    if not len(rows):
        raise NotEnough("There is no snapshot to measure: no task with a due date was open at a share of its term and has a known outcome.")
    said = model.probabilities(rows.matrix)
    found = measured(rows.task, rows.late, said, rows.share, draws)
    found["band_rates"] = bands(model, rows, said)
    found["late_rows_with_objective_cause"] = int((rows.late & rows.excused).sum())
    for name, column in (("unit", rows.unit), ("position", rows.position)):
        if any(column):
            found[f"by_{name}"] = by_group(column, rows.late, said, rows.share, rows.task)
    return found, rows, said


def bands(model: Model, rows: Rows, said: Floats) -> dict[str, dict[str, float | int | None]]:
    """How many rows fall into each band, and how many of them ended late."""
    names = np.array([model.band(float(one)) for one in said], object)
    out: dict[str, dict[str, float | int | None]] = {}
    for name in ("low", "watch", "high"):
        ours = names == name
        out[name] = {"rows": int(ours.sum()), "late": round(float(rows.late[ours].mean()), 4) if ours.any() else None}
    return out
