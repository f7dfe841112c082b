"""What became of earlier tasks, as far as it was known at a moment: how many of those that were open at the same stage ended late.

An outcome counts from its due date on, even when an early closing told it before: counted from their closings, the newest tasks would all
seem to be on time, because those that will be late cannot be known yet.
"""

import numpy as np

from ml.history import History, Keyed, running
from ml.types import DAY, Flags, Floats, Ints

#: Rates are taken at each tenth of the term: of the tasks that were still open there, how many ended late.
STAGES = 10
#: After this long an outcome counts half: offices change.
HALF_LIFE = 365 * DAY
#: How many outcomes the wider rate (of the whole log; before that, of the training data) is worth.
WEIGHT = 10.0


class Dated:
    """Outcomes of groups in the order in which they became known; old ones count less."""

    def __init__(self, group: Ints, known: Floats, late: Flags, half_life: float) -> None:
        self.keyed = Keyed(group, known)
        # Weights grow with time instead of shrinking with age: their ratio is the same, and one running sum serves every moment. Behind 500
        # half-lives before the newest outcome nothing is left of an old one.
        self.zero = (float(known.max()) if len(known) else 0.0) - 500 * half_life
        self.half_life = half_life
        weight = self.grown(known)[self.keyed.order]
        self.every, self.late = running(weight), running(weight * late[self.keyed.order])

    def grown(self, moment: Floats) -> Floats:
        return np.exp2(np.clip((moment - self.zero) / self.half_life, 0, 1000) - 500)

    def until(self, group: Ints, at: Floats) -> tuple[Floats, Floats]:
        """How many of the group were known at the moment, and how many of them late, both by weight."""
        start, end = self.keyed.before(group, at)
        now = self.grown(at)
        return (self.every[end] - self.every[start]) / now, (self.late[end] - self.late[start]) / now


class Outcomes:
    """The outcome of every task that came due before the log's end: from when on it counts, and whether it was late."""

    def __init__(self, history: History) -> None:
        tasks, events, end = history.log.tasks, history.log.events, history.log.end
        due = np.where(np.isnan(tasks.due), history.first_due, tasks.due)
        moved = np.full(len(tasks), -np.inf)
        extended = np.flatnonzero(history.classes["extended"])
        moved[events.task[extended]] = events.ts[extended]
        known = np.maximum(due, moved)
        usable = ~np.isnan(due) & ~tasks.cancelled & (known <= end) & (due > tasks.created)
        self.task = np.flatnonzero(usable)
        self.due = due[usable]
        self.late: Flags = ~(tasks.closed <= due)[usable]
        self.known = known[usable]
        share = (tasks.closed[usable] - tasks.created[usable]) / (self.due - tasks.created[usable])
        self.share = np.where(self.late, np.inf, share)

    def rates(self, group_of_task: Ints, rows: Ints, at: Floats, elapsed: Floats, wider: Floats) -> Floats:
        """The rate known at each moment in the group of each row's task, among tasks still open at the same stage, shrunk to ``wider``.

        ``group_of_task``: the number of each task's group, -1 for none: then ``wider`` is all there is.
        """
        group, codes = group_of_task[self.task], group_of_task[rows]
        out = wider.copy()
        stage = np.clip(np.nan_to_num(elapsed) * STAGES + 1e-6, 0, STAGES - 1).astype(int)
        for place in np.unique(stage):
            still = (self.share > place / STAGES) & (group >= 0)
            ours = np.flatnonzero((stage == place) & (codes >= 0))
            count, late = Dated(group[still], self.known[still], self.late[still], HALF_LIFE).until(codes[ours], at[ours])
            out[ours] = (late + WEIGHT * wider[ours]) / (count + WEIGHT)
        return out
