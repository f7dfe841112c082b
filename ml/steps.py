"""Where in the process a task stands, from the kinds of its events: tables that training learns, and their use.

A kind that training never saw tells nothing here; it still counts as an update. The tables lie in the card, so serving needs nothing else.
"""

import numpy as np

from ml.card import Steps
from ml.history import History, running
from ml.types import Floats, Ints

#: How many kinds of steps are counted one by one.
SLOTS = 48


class StepsSeen:
    """The tables of a card, laid over the events of a history."""

    def __init__(self, history: History, steps: Steps) -> None:
        events = history.log.events
        self.history = history
        names = events.kind.names
        place = np.array([steps.place.get(name, np.nan) for name in names] + [np.nan])
        self.place = place[events.kind.codes]
        self.slots = [(steps.slots[name], code) for code, name in enumerate(names) if name in steps.slots]
        known = ~np.isnan(self.place)
        self.known = running(known.astype(float))
        self.sum = running(np.nan_to_num(self.place))
        # The furthest place so far: tasks follow each other, so a number that grows with the task keeps them apart.
        far = np.maximum.accumulate(np.where(known, self.place, -1.0) + events.task * 8.0) if len(events) else np.zeros(0)
        self.far = far - events.task * 8.0

    def furthest(self, rows: Ints, at: Floats) -> Floats:
        """The furthest usual place of the steps seen; NaN when none is known."""
        start, end = self.history.upto(rows, at)
        out = np.full(len(rows), np.nan)
        some = end > start
        out[some] = self.far[end[some] - 1]
        out[self.known[end] - self.known[start] == 0] = np.nan
        return out

    def counted(self, rows: Ints, at: Floats) -> Floats:
        """How often each numbered step was seen, one column a slot; NaN throughout for a task of which no step is known."""
        start, end = self.history.upto(rows, at)
        out = np.zeros((len(rows), SLOTS))
        for slot, code in self.slots:
            sums = running((self.history.log.events.kind.codes == code).astype(float))
            out[:, slot] = sums[end] - sums[start]
        out[self.known[end] - self.known[start] == 0] = np.nan
        return out

    def mean(self, rows: Ints, at: Floats) -> Floats:
        """The mean usual place of the steps seen; NaN when none is known."""
        start, end = self.history.upto(rows, at)
        count = self.known[end] - self.known[start]
        with np.errstate(invalid="ignore"):
            return np.where(count > 0, (self.sum[end] - self.sum[start]) / count, np.nan)
