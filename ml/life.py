"""The life of a model in an office: its intercept, a local challenger, which of two stays, and whether it still fits.

A change is taken over only when, on the newest part of the office's own history, it was not worse; and what is taken over is the very model
that was measured there. So retraining never makes the newest quarter worse.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from msgspec import Struct

from ml.calibration import calibration
from ml.features import FEATURES
from ml.metrics import LEAST_OUTCOMES, auc, brier, resampled, rounded
from ml.model import Model
from ml.rows import Rows, looked_at, rows_of
from ml.tables import Log, seconds
from ml.types import DAY, Flags, Floats, Matrix

QUARTER = 91 * DAY
LEAST_FOR_SHIFT = 30
LEAST_FOR_LOCAL, LEAST_OF_EACH = 250, 50
#: How much lower the challenger's AUC may be.
AUC_MARGIN = 0.01


class Decision(Struct, frozen=True):
    """Whether a challenger takes over, why (a key, see below), and the figures of both on the newest part. No figures: too few outcomes.

    ``why``: "better", "not_better" (the Brier score's interval holds 0), "ranks_worse" (AUC), "too_few" (outcomes), "no_newest" (no part of
    the history to compare on).
    """

    promote: bool
    why: str
    tasks: int = 0
    brier_champion: float | None = None
    brier_challenger: float | None = None
    brier_interval: tuple[float, float] | None = None
    """95 % interval of the challenger's Brier score less the champion's: below 0 is better."""
    auc_champion: float | None = None
    auc_challenger: float | None = None


class Retrained(Struct, frozen=True):
    """The model to use from now on, whether it is another one than before, and why."""

    model: Any
    changed: bool
    decision: Decision


def fit_intercept(model: Model, matrix: Matrix, late: Flags) -> float:
    """The shift of the log odds that makes the model right on average for these rows; it replaces the model's own.

    Drawn towards 0 as by one outcome, so that a few tasks move it little.
    """
    said = np.clip(model.with_shift(0.0).probabilities(matrix), 1e-6, 1 - 1e-6)
    return calibration(np.log(said / (1 - said)), late, slope_too=False)[1]


def newest_from(rows: Rows) -> float:
    """Where the newest part of a history begins: the last quarter, or the newest third of the outcomes of less than two quarters."""
    if not len(rows):
        return np.inf
    first, last = float(rows.known.min()), float(rows.known.max())
    return last - QUARTER if last - first >= 2 * QUARTER else float(np.quantile(rows.known, 2 / 3))


def train_challenger(log: Log, prior: Model, now: datetime, until: float = np.inf) -> Model:
    """A local model that starts from ``prior``, of the outcomes known by ``until`` (seconds). Raises NotEnough.

    Needs the training libraries.
    """
    from ml.make import made

    return made([log], now, prior, until=until, about={"source": "the office's own history"})


def compared(champion: Model, challenger: Model, log: Log, since: float) -> Decision:
    """Whether a challenger may replace the champion, by the snapshots of the log after ``since`` (seconds). Neither may have seen them."""
    seen = looked_at([log])
    ours, theirs = (rows_of(seen, model.card.steps) for model in (champion, challenger))
    newest = ours.at > since
    every = ours.counts()
    if every[0] < LEAST_FOR_LOCAL or min(every[1:]) < LEAST_OF_EACH:
        return Decision(False, "too_few", every[0])
    ours, theirs = ours.where(newest), theirs.where(newest)
    return judged(ours, champion.probabilities(ours.matrix), challenger.probabilities(theirs.matrix))


def judged(rows: Rows, champion: Floats, challenger: Floats) -> Decision:
    """The rule itself, on what both say of the same rows."""
    tasks = rows.counts()[0]
    if tasks < LEAST_OUTCOMES or not 0 < rows.late.sum() < len(rows):
        return Decision(False, "no_newest", tasks)
    better = (challenger - rows.late) ** 2 - (champion - rows.late) ** 2
    low, high = resampled(rows.task, lambda drawn: {"gain": float(better[drawn].mean())}, 400)["gain"]
    assert low is not None and high is not None
    ranks = auc(rows.late, champion), auc(rows.late, challenger)
    why = "better"
    if high >= 0:
        why = "not_better"
    elif ranks[1] < ranks[0] - AUC_MARGIN:
        why = "ranks_worse"
    return Decision(
        why == "better",
        why,
        tasks,
        rounded(brier(rows.late, champion)),
        rounded(brier(rows.late, challenger)),
        (low, high),
        *map(rounded, ranks),
    )


def retrain(champion: Model, log: Log, now: datetime) -> Retrained:
    """What an office's history makes of its model: the same one, the same with another intercept, or a local one.

    From 250 finished tasks (50 late, 50 on time) a challenger is trained on what was known before the newest quarter and compared on it;
    else, and when it loses, the intercept is looked at in the same way from 30 finished tasks on. Needs the training libraries from 250 on.
    """
    rows = rows_of(looked_at([log]), champion.card.steps)
    since = newest_from(rows)
    decision = Decision(False, "too_few", rows.counts()[0])
    if rows.counts()[0] >= LEAST_FOR_LOCAL and min(rows.counts()[1:]) >= LEAST_OF_EACH:
        older = rows.where(rows.due <= since).counts()
        if older[0] >= LEAST_FOR_LOCAL and min(older[1:]) >= LEAST_OF_EACH:
            challenger = train_challenger(log, champion, now, since)
            decision = compared(champion, challenger, log, since)
            if decision.promote:
                return Retrained(challenger, True, decision)
    shifted = adjusted(champion, rows, since)
    return Retrained(shifted, shifted is not champion, decision)


def adjusted(champion: Model, rows: Rows, since: float) -> Model:
    """The champion with the intercept of the outcomes before ``since``, if that was better on the newer ones; else the champion itself."""
    older, newer = rows.where(rows.due <= since), rows.where(rows.at > since)
    if rows.counts()[0] < LEAST_FOR_SHIFT or not len(older) or newer.counts()[0] < 10:
        return champion
    other = champion.with_shift(round(fit_intercept(champion, older.matrix, older.late), 4))
    before, after = (brier(newer.late, model.probabilities(newer.matrix)) for model in (champion, other))
    return other if after < before else champion


class Drift(Struct, frozen=True):
    """How the newest tasks differ from those a model was made of. Above 0.2 a PSI is much; what is None had fewer than 50 outcomes."""

    tasks: int
    psi_probability: float | None
    psi: dict[str, float]
    """By feature, the most drifted first."""
    said: float | None
    """The mean probability of the newest finished tasks' snapshots, beside …"""
    happened: float | None
    """… the part of them that was late: calibration in the large."""
    rolling: tuple[tuple[str, int, float | None], ...]
    """(month, finished tasks, Brier score) for the last twelve months."""


def psi(expected: Sequence[float] | Floats, found: Sequence[float] | Floats) -> float:
    """Population stability index of two lists of parts."""
    a, b = (np.maximum(np.array(one, float), 1e-3) for one in (expected, found))
    a, b = a / a.sum(), b / b.sum()
    return round(float(((b - a) * np.log(b / a)).sum()), 4)


def drift(model: Model, log: Log, now: datetime) -> Drift:
    """Compares the snapshots of the newest quarter with the card's reference, and the probabilities with what happened."""
    rows = rows_of(looked_at([log]), model.card.steps)
    rows = rows.where(rows.known <= seconds(now))
    newest = rows.where(rows.known > seconds(now) - QUARTER)
    said = model.probabilities(rows.matrix)
    tasks = newest.counts()[0]
    enough = tasks >= LEAST_OUTCOMES
    recent = model.probabilities(newest.matrix)
    found: dict[str, float] = {}
    if enough:
        for name, one in model.card.reference.items():
            if name == "probability" or name not in FEATURES:
                continue
            values = newest.matrix[:, FEATURES.index(name)]
            values = values[np.isfinite(values)]
            if len(values):
                found[name] = psi(one["parts"], np.histogram(values, [-np.inf, *one["edges"], np.inf])[0] / len(values))
    edges = sorted(set(model.card.reference.get("probability", ())))
    expected = [0.1] * (len(edges) + 1)
    return Drift(
        tasks=tasks,
        psi_probability=psi(expected, np.histogram(recent, [-np.inf, *edges, np.inf])[0] / len(recent)) if enough and edges else None,
        psi=dict(sorted(found.items(), key=lambda one: -one[1])),
        said=rounded(float(recent.mean())) if enough else None,
        happened=rounded(float(newest.late.mean())) if enough else None,
        rolling=tuple(months(rows, said, now)),
    )


def months(rows: Rows, said: Floats, now: datetime) -> list[tuple[str, int, float | None]]:
    """The Brier score by the month in which an outcome became known."""
    month = rows.known.astype("datetime64[s]").astype("datetime64[M]")
    last = np.datetime64(now.strftime("%Y-%m"), "M")
    out: list[tuple[str, int, float | None]] = []
    for one in np.arange(last - 11, last + 1):
        ours = month == one
        tasks = len(np.unique(rows.task[ours]))
        out.append((str(one), tasks, rounded(brier(rows.late[ours], said[ours])) if tasks >= LEAST_OUTCOMES else None))
    return out
