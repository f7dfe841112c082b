"""Scores the open tasks of a history: the one call that the product makes."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

import numpy as np
from msgspec import Struct

from ml.features import Lens
from ml.history import History
from ml.model import Model
from ml.reasons import Reason, reasons
from ml.tables import Log, seconds
from ml.types import Ints


class Score(Struct, frozen=True):
    """What a model says of one open task. ``band`` is one of ml.model.BANDS."""

    id: str
    probability: float
    band: str
    reasons: tuple[Reason, ...]


def open_rows(log: Log, at: float) -> Ints:
    """The tasks that a model can say something of: begun, neither closed nor cancelled, with a due date that is still to come."""
    tasks = log.tasks
    with np.errstate(invalid="ignore"):
        return np.flatnonzero((tasks.created <= at) & ~(tasks.closed <= at) & ~tasks.cancelled & (tasks.due > at))


def score_open(
    model: Model, log: Log, now: datetime, only: Collection[str] | None = None, holidays: Iterable[date] = (), utc_offset: float = 7.0
) -> list[Score]:
    """Probability, band and reasons of every open task whose due date is still to come, or of those named by ``only``.

    ``log`` is the whole history, finished tasks too: loads and rates come from it. A task that is overdue already is a fact, not a risk,
    and not scored. 10,000 tasks take a few seconds.
    """
    at = seconds(now)
    rows = open_rows(log, at)
    if only is not None:
        wanted = set(only)
        rows = np.array([row for row in rows if log.tasks.ids[row] in wanted], np.int64)
    if not len(rows):
        return []
    lens = Lens(History(log), model.card.steps, holidays, utc_offset)
    matrix = lens.matrix(rows, np.full(len(rows), at))
    said = model.probabilities(matrix)
    why = reasons(model, matrix, said)
    return [
        Score(log.tasks.ids[row], float(probability), model.band(float(probability)), tuple(found))
        for row, probability, found in zip(rows, said, why, strict=True)
    ]
