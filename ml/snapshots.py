"""Moments at which to look at finished tasks, and what became of them.

Each counts the same: a task has as many as its term has shares, 1/n each, whether or not it lived to see them all. Weighing a task that
closed early by the moments it did see would let the outcome choose the weight, and every probability would come out too low.
"""

from dataclasses import dataclass

import numpy as np

from ml.history import History
from ml.types import Flags, Floats, Ints

#: Shares of the term at which a task is looked at.
SHARES = (0.10, 0.25, 0.50, 0.75, 0.90)


@dataclass(frozen=True, slots=True)
class Snapshots:
    """One entry a task and moment; ``late``: not closed by the due date that stood then; ``known``: since when that is known."""

    row: Ints
    share: Floats
    at: Floats
    due: Floats
    late: Flags
    known: Floats

    def __len__(self) -> int:
        return len(self.row)

    def where(self, flags: Flags) -> "Snapshots":
        return Snapshots(*(getattr(self, name)[flags] for name in ("row", "share", "at", "due", "late", "known")))


def take(history: History) -> Snapshots:
    """Every task at each share of its term, while it was open. An extension begins a new term, and a task is looked at in each.

    Left out: tasks without a due date, cancelled ones, terms that end before they begin, and moments whose outcome is not yet known (open
    and not yet due at the end of the log).
    """
    tasks, events = history.log.tasks, history.log.events
    everyone = np.arange(len(tasks))
    moved = np.flatnonzero(history.classes["extended"] & ~np.isnan(events.moment))
    task = np.concatenate([everyone, events.task[moved]])
    since = np.concatenate([np.full(len(tasks), -np.inf), events.ts[moved]])
    due = np.concatenate([history.first_due, events.moment[moved]])
    order = np.lexsort((since, task))
    task, since, due = task[order], since[order], due[order]
    until = np.where(np.r_[task[1:] == task[:-1], False], np.r_[since[1:], np.inf], np.inf)
    created, closed = tasks.created[task], tasks.closed[task]
    parts = []
    for share in SHARES:
        at = created + share * (due - created)
        known = np.fmin(closed, due)
        with np.errstate(invalid="ignore"):
            fits = (at >= since) & (at < until) & (due > created) & ~(closed <= at) & (known <= history.log.end) & ~tasks.cancelled[task]
            late = ~(closed <= due)
        parts.append(Snapshots(task[fits], np.full(fits.sum(), share), at[fits], due[fits], late[fits], known[fits]))
    return Snapshots(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("row", "share", "at", "due", "late", "known")))
