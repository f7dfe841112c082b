"""What became of earlier tasks, as far as it was known at a moment: how many of those that were open at the same stage ended late."""

import numpy as np

from ml.history import History, Keyed, running
from ml.types import DAY, Floats, Ints

#: Rates are taken at each tenth of the term: of the tasks that were still open there, how many ended late.
STAGES = 10
#: After this long an outcome counts half: offices change.
HALF_LIFE = 365 * DAY
#: How many outcomes the wider rate (of the whole log; before that, of the training data) is worth.
WEIGHT = 10.0


class Outcomes:
    """The outcomes of a log in the order in which they became known: at closing, or at the due date if that came first."""

    def __init__(self, history: History) -> None:
        tasks, end = history.log.tasks, history.log.end
        due = np.where(np.isnan(tasks.due), history.first_due, tasks.due)
        moved = np.full(len(tasks), -np.inf)
        extended = np.flatnonzero(history.classes["extended"])
        moved[history.log.events.task[extended]] = history.log.events.ts[extended]
        known = np.maximum(np.fmin(tasks.closed, due), moved)
        usable = ~np.isnan(due) & ~tasks.cancelled & (known <= end) & (due > tasks.created)
        self.late = (~(tasks.closed <= due))[usable]
        self.known = known[usable]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (tasks.closed - tasks.created) / (due - tasks.created)
        self.share = np.where(self.late, np.inf, np.nan_to_num(share[usable], nan=np.inf))
        self.zero = float(self.known.min()) if len(self.known) else 0.0
        self.type = tasks.type.codes[usable]
        self.unit = tasks.unit.codes[usable]

    def rates(self, of: str, codes: Ints, at: Floats, elapsed: Floats, wider: Floats) -> Floats:
        """For each (code of type or unit, moment, elapsed share) the rate known then, shrunk to ``wider``. ``of``: "type", "unit" or "all"."""
        group = np.zeros(len(self.known), np.int64) if of == "all" else (self.type if of == "type" else self.unit)
        out = wider.copy()
        stage = np.clip(np.nan_to_num(elapsed) * STAGES, 0, STAGES - 1).astype(int)
        # Weights grow with time instead of shrinking with age: their ratio is the same, and one running sum serves every moment.
        grown = np.exp2(np.clip((self.known - self.zero) / HALF_LIFE, 0, 500))
        for place in np.unique(stage):
            still = (self.share > place / STAGES) & (group >= 0)
            rows = np.flatnonzero((stage == place) & (codes >= 0))
            if not still.any() or not len(rows):
                continue
            keyed = Keyed(group[still], self.known[still])
            weight = grown[still][keyed.order]
            start, end = keyed.before(codes[rows], at[rows])
            every, late = running(weight), running(weight * self.late[still][keyed.order])
            now = np.exp2(np.clip((at[rows] - self.zero) / HALF_LIFE, 0, 500))
            count, bad = (every[end] - every[start]) / now, (late[end] - late[start]) / now
            out[rows] = (bad + WEIGHT * wider[rows]) / (count + WEIGHT)
        return out
