"""What else the owner of a task has to do at a moment: counts over the stretches of time in which he has each task."""

import numpy as np

from ml.history import History, Keyed, running
from ml.types import DAY, Floats, Ints


class Stretches:
    """Stretches of time, each of one owner, from a moment (with it) to another (without it)."""

    def __init__(self, owner: Ints, start: Floats, end: Floats) -> None:
        used = (owner >= 0) & (start < end)
        self.starts = Keyed(owner[used], start[used])
        self.ends = Keyed(owner[used], end[used])
        self.start_sums = running(start[used][self.starts.order])
        self.end_sums = running(np.where(np.isfinite(end[used]), end[used], 0.0)[self.ends.order])
        self.first_start = start[used][self.starts.order]

    def open_at(self, owner: Ints, at: Floats) -> Floats:
        """How many are running."""
        begun, left = self.starts.before(owner, at), self.ends.before(owner, at)
        return ((begun[1] - begun[0]) - (left[1] - left[0])).astype(float)

    def mean_until(self, owner: Ints, at: Floats) -> Floats:
        """How many were running on average, from the owner's first stretch to the moment; NaN before a day has passed."""
        begun, left = self.starts.before(owner, at), self.ends.before(owner, at)
        spent = (begun[1] - begun[0]) * at - (self.start_sums[begun[1]] - self.start_sums[begun[0]])
        spent = spent - ((left[1] - left[0]) * at - (self.end_sums[left[1]] - self.end_sums[left[0]]))
        out = np.full(len(at), np.nan)
        some = begun[1] > begun[0]
        since = at[some] - self.first_start[begun[0][some]]
        out[some] = np.where(since > DAY, spent[some] / np.maximum(since, DAY), np.nan)
        return out


class Load:
    """The owners' work over time."""

    def __init__(self, history: History) -> None:
        tasks, events = history.log.tasks, history.log.events
        everyone = np.arange(len(tasks))
        task = np.concatenate([everyone, events.task])
        start = np.concatenate([tasks.created, events.ts])
        owner = np.concatenate([history.first_owner, history.owner_after])
        due = np.concatenate([history.first_due, history.due_at(events.task, events.ts)])
        order = np.lexsort((np.r_[np.zeros(len(tasks)), np.ones(len(events))], start, task))
        task, owner, due = task[order], owner[order], due[order]
        # What is said to have happened before a task was made belongs to its beginning.
        start = np.maximum(start[order], tasks.created[task])
        follows = np.r_[task[1:] == task[:-1], False]
        end = np.where(follows, np.r_[start[1:], np.inf], np.inf)
        last_event = np.full(len(tasks), -np.inf)
        np.maximum.at(last_event, events.task, events.ts)
        gone = np.where(tasks.cancelled & np.isnan(tasks.closed), np.maximum(last_event, tasks.created), tasks.closed)
        end = np.fmin(end, gone[task])
        due = np.where(np.isnan(due), np.inf, due)
        self.all = Stretches(owner, start, end)
        self.soon = {days: Stretches(owner, np.maximum(start, due - days * DAY), np.minimum(end, due)) for days in (7, 14)}
        self.overdue = Stretches(owner, np.maximum(start, due), end)
