"""Fitting: boosted trees with known signs, calibrated on tasks that they have not seen.

Only this, ml/make.py and ml/export.py need the training libraries.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ml.calibration import calibration, sigmoid
from ml.errors import NotEnough
from ml.features import FEATURES, KNOWN
from ml.metrics import brier, ece
from ml.rows import Rows
from ml.types import Flags, Floats, Ints, Matrix

SETTINGS: dict[str, Any] = {
    "max_iter": 140,
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "early_stopping": False,
}
#: With many rows these are tried, too, and taken when they do better on the parts that are left out.
LARGER: dict[str, Any] = {"learning_rate": 0.1, "max_leaf_nodes": 16}
LEAST_FOR_LARGER = 5000
#: From so many rows on three parts tell as much as five.
MANY = 20000
#: Each row is given once more with its known steps hidden, with this weight: so the model has also learned to do without them, which is
#: what it will have to do in an office whose kinds of events no training saw.
HIDDEN_WEIGHT = 0.25
HIDDEN = np.array([name in ("progress", "gap", "step_mean") or name.startswith("step_") for name in FEATURES])
SIGNS = [sign for _, sign in KNOWN.values()]
LEAST_TASKS = 30
LEAST_OF_EACH = 10

Say = Callable[[str], None]


def enough(rows: Rows) -> None:
    """Raises NotEnough, with a sentence, when nothing can be learned from the rows."""
    tasks, late, on_time = rows.counts()
    if not tasks:
        raise NotEnough("There is no task with a due date whose outcome is known: nothing can be learned.")
    if not late or not on_time:
        raise NotEnough(f"All {tasks} finished tasks ended {'on time' if not late else 'late'}: there is nothing to tell apart.")
    if tasks < LEAST_TASKS or min(late, on_time) < LEAST_OF_EACH:
        raise NotEnough(
            f"There are {tasks} finished tasks, {late} of them late; wanted: {LEAST_TASKS}, with {LEAST_OF_EACH} late and as many on time."
        )


def trees(matrix: Matrix, late: Flags, changes: dict[str, Any] | None = None, seed: int = 0) -> Any:
    """A fitted HistGradientBoostingClassifier; its splits fall between numbers that float32 can tell apart."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    whole = matrix.astype(np.float64)
    whole[:, np.isnan(whole).all(axis=0)] = 0.0  # nothing to split, and the library wants a number
    hidden = whole.copy()
    hidden[:, HIDDEN & ~(whole == 0.0).all(axis=0)] = np.nan
    weight = np.r_[np.ones(len(whole)), np.full(len(whole), HIDDEN_WEIGHT)]
    settings = {**SETTINGS, **(changes or {}), "min_samples_leaf": max(5, min(SETTINGS["min_samples_leaf"], len(whole) // 20))}
    model = HistGradientBoostingClassifier(**settings, monotonic_cst=SIGNS, random_state=seed)
    # One thread: the data are small, threads that wait for each other on a busy machine cost many times what they bring.
    with threadpool_limits(1):
        model.fit(np.vstack([whole, hidden]), np.r_[late, late], sample_weight=weight)
    for predictor in (predictor for stage in model._predictors for predictor in stage):
        split = predictor.nodes["num_threshold"]
        rounded = split.astype(np.float32)
        # Features are float32: the largest float32 not above the split tells the same rows apart.
        predictor.nodes["num_threshold"] = np.where(rounded > split, np.nextafter(rounded, np.float32(-np.inf)), rounded)
    return model


def raw(model: Any, matrix: Matrix) -> Floats:
    """Log odds."""
    said: Floats = model.decision_function(matrix.astype(np.float64))
    return said


def folds(rows: Rows, seed: int = 11) -> Ints:
    """A part for each row: whole offices when there are three or more, else whole tasks at random, in five parts (three of many rows)."""
    parts = 5 if len(rows) < MANY else 3
    if len(np.unique(rows.office)) >= 3:
        return rows.office
    tasks, place = np.unique(rows.task, return_inverse=True)
    found: Ints = np.random.default_rng(seed).permutation(np.arange(len(tasks)) % parts)[place]
    return found


def unseen(rows: Rows, say: Say, changes: dict[str, Any] | None = None) -> Floats:
    """What models that have not seen a row's part say of it (log odds)."""
    part = folds(rows)
    out = np.zeros(len(rows))
    for one in np.unique(part):
        rest = part != one
        if not 0 < rows.late[rest].sum() < rest.sum():
            out[~rest] = np.log((rows.late[rest].sum() + 1) / ((~rows.late[rest]).sum() + 1))
            continue
        out[~rest] = raw(trees(rows.matrix[rest], rows.late[rest], changes), rows.matrix[~rest])
        say(f"  part {int(one) + 1} of {len(np.unique(part))} left out and predicted")
    return out


def fitted(rows: Rows, say: Say = lambda _: None) -> tuple[Any, dict[str, Any]]:
    """The calibrated trees of all rows, and what to tell of the fitting. Raises NotEnough."""
    enough(rows)
    say(f"Calibrating: {len(np.unique(folds(rows)))} fits that each leave a part out")
    tried: list[tuple[float, dict[str, Any], Floats, tuple[float, float]]] = []
    for changes in ({}, LARGER)[: 1 + (len(rows) >= LEAST_FOR_LARGER)]:
        said = unseen(rows, say, changes)
        line = calibration(said, rows.late)
        tried.append((brier(rows.late, sigmoid(line[0] * said + line[1])), changes, said, line))
    _, changes, out_of_fold, (slope, shift) = min(tried, key=lambda one: one[0])
    say(f"Fitting {SETTINGS['max_iter']} trees to {len(rows)} rows")
    model = trees(rows.matrix, rows.late, changes)
    for predictor in (predictor for stage in model._predictors for predictor in stage):
        predictor.nodes["value"] *= slope
    model._baseline_prediction = model._baseline_prediction * slope + shift
    calibrated = sigmoid(slope * out_of_fold + shift)
    told = {
        "method": "HistGradientBoostingClassifier (scikit-learn), monotone where the sign is known, sigmoid calibration",
        "settings": {**SETTINGS, **changes},
        "hidden_weight": HIDDEN_WEIGHT,
        "calibration": {
            "slope": round(slope, 4),
            "intercept": round(shift, 4),
            "left_out": "offices" if len(np.unique(rows.office)) >= 3 else "tasks",
            "brier": round(brier(rows.late, calibrated), 4),
            "ece": round(ece(rows.late, calibrated), 4),
        },
    }
    return model, told
