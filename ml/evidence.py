"""What the steps of a task tell by what became of earlier tasks of the same log that had taken them by the same stage.

Nothing of it is learned beforehand, so it works for kinds of events that no training ever saw, and it follows the office as it changes.
"""

import numpy as np

from ml.history import History
from ml.outcomes import Dated, Outcomes
from ml.types import DAY, Flags, Floats, Ints

#: Stages at which tasks are compared: shares of the term, each up to the next.
STAGES = np.array([0.0, 0.1, 0.25, 0.5, 0.75, 0.9])
#: After this long an outcome counts half here: how an office works changes within months.
HALF_LIFE = 90 * DAY
#: How many outcomes "no difference" is worth.
WEIGHT = 5.0
#: Kinds beyond these, in the order of their first appearance, tell nothing here.
MOST_KINDS = 256
CHUNK = 4096


def log_odds(rate: Floats) -> Floats:
    """Log odds of a rate that is kept away from 0 and 1."""
    safe = np.clip(rate, 0.01, 0.99)
    return np.log(safe / (1 - safe))


class Evidence:
    """The outcomes of a history by stage and by the kinds of events that the tasks had seen by then."""

    def __init__(self, history: History, outcomes: Outcomes) -> None:
        events = history.log.events
        self.history, self.outcomes = history, outcomes
        first = np.full(len(events.kind.names), np.inf)
        coded = events.kind.codes >= 0
        np.minimum.at(first, events.kind.codes[coded], events.ts[coded])
        number = np.argsort(np.argsort(first, kind="stable"), kind="stable")  # by first appearance: what comes later takes no place away
        self.kinds = min(len(first), MOST_KINDS)
        kind = np.where(coded, np.r_[number, 0][events.kind.codes], MOST_KINDS)
        told = np.flatnonzero(kind < self.kinds)
        # The first time that each task saw each kind; events are in order, so the first of a pair is the earliest.
        told = told[np.unique(events.task[told] * MOST_KINDS + kind[told], return_index=True)[1]]
        self.task, self.kind, self.ts = events.task[told], kind[told], events.ts[told]
        self.begin = np.searchsorted(self.task, np.arange(len(history.log.tasks) + 1))

    def of(self, rows: Ints, at: Floats, elapsed: Floats) -> tuple[Floats, Floats, Floats]:
        """(sum over the steps seen, their mean, sum over the steps not seen) of how each moved the log odds of lateness."""
        out = np.zeros((3, len(rows)))
        stages = np.searchsorted(STAGES, np.nan_to_num(elapsed) + 1e-6, side="right") - 1
        for stage in np.unique(stages):
            tables = self.tables(float(STAGES[max(stage, 0)]))
            ours = np.flatnonzero(stages == stage)
            for start in range(0, len(ours), CHUNK):
                part = ours[start : start + CHUNK]
                out[:, part] = self.part(tables, rows[part], at[part])
        return out[0], out[1], out[2]

    def tables(self, share: float) -> tuple[Dated, Dated]:
        """Outcomes of the tasks still open at a share of their term: all of them, and by the kinds they had seen."""
        outcomes, tasks = self.outcomes, self.history.log.tasks
        still = outcomes.share > share
        cut = np.full(len(tasks), -np.inf)
        number = np.full(len(tasks), -1)
        which = outcomes.task[still]
        cut[which] = tasks.created[which] + share * (outcomes.due[still] - tasks.created[which])
        number[which] = np.flatnonzero(still)
        seen = self.ts <= cut[self.task]
        told = number[self.task[seen]]
        return (
            Dated(np.zeros(int(still.sum()), np.int64), outcomes.known[still], outcomes.late[still], HALF_LIFE),
            Dated(self.kind[seen], outcomes.known[told], outcomes.late[told], HALF_LIFE),
        )

    def part(self, tables: tuple[Dated, Dated], rows: Ints, at: Floats) -> Floats:
        """The three sums for some rows of one stage."""
        count, late = tables[0].until(np.zeros(len(rows), np.int64), at)
        usual = (late + WEIGHT * 0.5) / (count + WEIGHT)
        kinds = np.tile(np.arange(self.kinds), len(rows))
        with_kind, late_with = (found.reshape(len(rows), -1) for found in tables[1].until(kinds, np.repeat(at, self.kinds)))
        wide = usual[:, None]
        without, late_without = np.maximum(count[:, None] - with_kind, 0), np.maximum(late[:, None] - late_with, 0)
        centre = log_odds(wide)
        has = log_odds((late_with + WEIGHT * wide) / (with_kind + WEIGHT)) - centre
        # A kind that no earlier task had cannot be missed: it may not even exist yet.
        lacks = np.where(with_kind > 0, log_odds((late_without + WEIGHT * wide) / (without + WEIGHT)) - centre, 0.0)
        seen = self.seen(rows, at)
        total = np.where(seen, has, 0.0).sum(axis=1)
        return np.stack([total, total / np.maximum(seen.sum(axis=1), 1), np.where(seen, 0.0, lacks).sum(axis=1)])

    def seen(self, rows: Ints, at: Floats) -> Flags:
        """Which kinds each task had seen at its moment."""
        many = self.begin[rows + 1] - self.begin[rows]
        row = np.repeat(np.arange(len(rows)), many)
        place = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many) + np.repeat(self.begin[rows], many)
        there = self.ts[place] <= at[row]
        out = np.zeros((len(rows), self.kinds), bool)
        out[row[there], self.kind[place[there]]] = True
        return out
