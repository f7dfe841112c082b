"""The events of every task in order, so that one can ask what stood at a moment, for many tasks and moments at once.

Nothing here looks past the moment asked for: an event counts from its own moment on, and an answer is made of the events up to it.
"""

from functools import cached_property

import numpy as np

from ml.kinds import CLASS_NAMES, classes_of
from ml.tables import Coded, Log
from ml.types import DAY, Flags, Floats, Ints


class Keyed:
    """A sorted list of (group, moment), to find for many (group, moment) at once how many of the group lie at or before the moment."""

    def __init__(self, group: Ints, moment: Floats) -> None:
        used = np.isfinite(moment)
        self.zero = float(moment[used].min()) if used.any() else 0.0
        self.span = (float(moment[used].max()) - self.zero if used.any() else 0.0) + 8.0
        # What never comes lies behind every moment that may be asked for, and still before the next group.
        key = group * self.span + np.where(np.isfinite(moment), moment - self.zero, self.span - 4.0)
        self.order = np.argsort(key, kind="stable")
        self.keys = key[self.order]

    def before(self, group: Ints, moment: Floats) -> tuple[Ints, Ints]:
        """Where the group begins in the sorted list, and where its entries up to the moment (with it) end."""
        start = np.searchsorted(self.keys, group * self.span - 1.5, side="left")
        key = group * self.span + np.clip(moment - self.zero, -1.0, self.span - 6.0)
        return start, np.maximum(start, np.searchsorted(self.keys, key, side="right"))


def running(values: Floats) -> Floats:
    """Sums before each place and at the end: one longer than the values, so that a difference of two places is a sum."""
    return np.concatenate([[0.0], np.cumsum(values)])


def last_where(flags: Flags) -> Ints:
    """For each place the last place up to it where the flag is set, -1 for none."""
    return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1)) if len(flags) else np.zeros(0, np.int64)


class History:
    """A log, prepared for questions about the past. Make it once and ask it for all tasks: making it is most of the work."""

    def __init__(self, log: Log) -> None:
        self.log = log
        events = log.events
        self.by_task = Keyed(events.task, events.ts)  # already in this order
        table = np.array([classes_of(name) for name in events.kind.names] or [(False,) * len(CLASS_NAMES)], bool)
        table = np.vstack([table, np.zeros(len(CLASS_NAMES), bool)])  # the last row: no kind
        self.classes: dict[str, Flags] = {name: table[events.kind.codes, place] for place, name in enumerate(CLASS_NAMES)}
        self.counts = {name: running(flags.astype(float)) for name, flags in self.classes.items()}
        same = np.r_[False, events.task[1:] == events.task[:-1]] if len(events) else np.zeros(0, bool)
        self.begins = ~same
        moved = same & (events.actor.codes != np.r_[-1, events.actor.codes[:-1]]) if len(events) else same
        self.handovers = running(moved.astype(float))

    def upto(self, rows: Ints, at: Floats) -> tuple[Ints, Ints]:
        """The range of each task's events at or before the moment: (first, one past the last)."""
        return self.by_task.before(rows, at)

    @cached_property
    def days(self) -> Floats:
        """Running number of days on which something happened, task by task."""
        day = np.floor(self.log.events.ts / DAY)
        return running((self.begins | np.r_[True, day[1:] != day[:-1]][: len(day)]).astype(float))

    @cached_property
    def kinds(self) -> Floats:
        """Running number of kinds of events that appear for the first time in their task."""
        return self.firsts(self.log.events.kind)

    @cached_property
    def people(self) -> Floats:
        """Running number of people who appear for the first time in their task."""
        return self.firsts(self.log.events.actor)

    def firsts(self, column: Coded) -> Floats:
        pair = self.log.events.task * (len(column.names) + 1) + column.codes
        first = np.zeros(len(pair), bool)
        first[np.unique(pair, return_index=True)[1]] = True
        return running((first & (column.codes >= 0)).astype(float))

    @cached_property
    def first_due(self) -> Floats:
        """The due date each task began with. NaN where extensions are on record and nobody said what stood before them."""
        tasks, events = self.log.tasks, self.log.events
        due = np.where(np.isnan(tasks.original_due), tasks.due, tasks.original_due)
        moved = np.flatnonzero(self.classes["extended"] & ~np.isnan(events.moment))
        unsaid = events.task[moved][np.isnan(tasks.original_due[events.task[moved]])]
        last = np.full(len(tasks), np.nan)
        last[events.task[moved]] = events.moment[moved]
        unsaid = unsaid[last[unsaid] == tasks.due[unsaid]]
        due[unsaid] = np.nan
        return due

    @cached_property
    def extension(self) -> Ints:
        """For each event the last one up to it, of any task, that set a due date."""
        return last_where(self.classes["extended"] & ~np.isnan(self.log.events.moment))

    def value_of(self, last: Ints, values: Floats, rows: Ints, at: Floats) -> Floats:
        """The value at the last marked event of each task up to the moment (``last`` from last_where); NaN for none."""
        start, end = self.upto(rows, at)
        found = np.full(len(rows), -1, np.int64)
        some = end > start
        found[some] = last[end[some] - 1]
        out = np.full(len(rows), np.nan)
        ours = found >= start
        ours &= some
        out[ours] = values[found[ours]]
        return out

    def due_at(self, rows: Ints, at: Floats) -> Floats:
        """The due date that stood at the moment; NaN for none."""
        moved = self.value_of(self.extension, self.log.events.moment, rows, at)
        return np.where(np.isnan(moved), self.first_due[rows], moved)

    def progress_at(self, rows: Ints, at: Floats) -> Floats:
        """The share last reported, 0 to 1; NaN where nobody reported one."""
        return np.clip(self.value_of(self.report, self.log.events.number, rows, at) / 100, 0, 1)

    @cached_property
    def report(self) -> Ints:
        """For each event the last one up to it, of any task, that reported a percent."""
        return last_where(self.classes["progress"] & ~np.isnan(self.log.events.number))

    @cached_property
    def standstill(self) -> Ints:
        """For each event the last one up to it, of any task, that says whether it waits: anything but a remark does."""
        return last_where(~self.classes["remark"])

    def waiting_at(self, rows: Ints, at: Floats) -> Floats:
        """1 where the last thing that happened is a pause, or a wait for somebody."""
        return np.nan_to_num(self.value_of(self.standstill, self.classes["paused"].astype(float), rows, at))

    @cached_property
    def owner_after(self) -> Ints:
        """Who has the task after each event: whom it was last assigned to, else the lead its row names, else who acted last. -1: nobody."""
        tasks, events = self.log.tasks, self.log.events
        given = np.where(self.classes["assigned"], events.person, -1)
        has = np.zeros(len(tasks), bool)
        has[events.task[given >= 0]] = True
        named = np.where(has, -1, tasks.owner.codes)[events.task]
        start = np.flatnonzero(self.begins)
        begin = np.repeat(start, np.diff(np.r_[start, len(events)])) if len(events) else np.zeros(0, np.int64)
        out = np.full(len(events), -1, np.int64)
        for words in (events.actor.codes, named, given):  # the later one wins
            last = last_where(words >= 0)
            ours = last >= begin
            out[ours] = words[last[ours]]
        return out

    @cached_property
    def first_owner(self) -> Ints:
        """Who has each task before its first event."""
        tasks, events = self.log.tasks, self.log.events
        has = np.zeros(len(tasks), bool)
        has[events.task[self.classes["assigned"] & (events.person >= 0)]] = True
        return np.where(has, -1, tasks.owner.codes)

    def owner_at(self, rows: Ints, at: Floats) -> Ints:
        """Who has each task at the moment; -1 for nobody."""
        start, end = self.upto(rows, at)
        out = self.first_owner[rows].copy()
        some = end > start
        out[some] = self.owner_after[end[some] - 1]
        return out
