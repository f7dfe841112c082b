"""What a model knows of a task at a moment. The list is part of a model's card: change it, and older models are refused."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from ml.card import Steps
from ml.evidence import Evidence
from ml.history import History
from ml.load import Load
from ml.outcomes import STAGES, Outcomes
from ml.steps import SLOTS, StepsSeen
from ml.types import DAY, Floats, Ints, Matrix

#: Feature → (group of reasons, sign: 1 the risk rises with it, -1 it falls, 0 not said).
KNOWN: dict[str, tuple[str, int]] = {
    "elapsed": ("time", 1),
    "days_left": ("time", -1),
    "work_elapsed": ("time", 1),
    "term_days": ("time", 0),
    "weekday": ("time", 0),
    "hour": ("time", 0),
    "begun_weekday": ("time", 0),
    "begun_hour": ("time", 0),
    "progress": ("progress", -1),
    "gap": ("progress", 1),
    "step_mean": ("steps", 0),
    "updates": ("quiet", 0),
    "update_rate": ("quiet", 0),
    "recent_updates": ("quiet", 0),
    "quiet": ("quiet", 0),
    "quiet_days": ("quiet", 0),
    "handovers": ("hands", 0),
    "people": ("hands", 0),
    "returns": ("returns", 0),
    "approvals": ("progress", 0),
    "extensions": ("extension", 0),
    "waiting": ("waiting", 0),
    "owner_open": ("load", 0),
    "owner_week": ("load", 0),
    "owner_fortnight": ("load", 0),
    "owner_overdue": ("load", 0),
    "owner_ratio": ("load", 0),
    "active_days": ("quiet", 0),
    "kinds": ("steps", 0),
    "steps_seen": ("steps", 0),
    "steps_mean": ("steps", 0),
    "steps_missing": ("steps", 0),
    "type_late": ("type", 1),
    "type_here_late": ("type", 1),
    "priority_late": ("type", 1),
    "unit_late": ("unit", 1),
    **{f"step_{slot:02}": ("steps", 0) for slot in range(SLOTS)},
}

FEATURES = tuple(KNOWN)
EPOCH = np.datetime64("1970-01-01", "D")
#: What a reason may name. Which steps were seen says nothing in a sentence.
GROUPS = tuple(dict.fromkeys(group for group, _ in KNOWN.values() if group != "steps"))


class Lens:
    """A history seen through the tables of one model. Making it is most of the work; ``matrix`` may then be asked often."""

    def __init__(self, history: History, steps: Steps, holidays: Iterable[date] = (), utc_offset: float = 0.0) -> None:
        """``holidays``: days besides Saturday and Sunday that are not worked; ``utc_offset``: the office's clock, in hours before UTC's."""
        self.history = history
        self.steps = StepsSeen(history, steps)
        self.base = np.array(steps.base or (0.3,) * STAGES)
        self.load = Load(history)
        self.outcomes = Outcomes(history)
        self.evidence = Evidence(history, self.outcomes)
        self.holidays = np.array(sorted(set(holidays)), "datetime64[D]")
        self.offset = utc_offset * 3600.0

    def working_days(self, start: Floats, end: Floats) -> Floats:
        """Working days from one moment to another, with their parts; all 24 hours of such a day count. NaN where a moment is missing."""
        known = np.isfinite(start) & np.isfinite(end)
        worked = []
        for moment in (start, end):
            local = np.where(known, moment, 0.0) + self.offset
            day = (local // DAY).astype("int64").astype("datetime64[D]")
            part = np.where(np.is_busday(day, holidays=self.holidays), local % DAY / DAY, 0.0)
            worked.append(np.busday_count(EPOCH, day, holidays=self.holidays) + part)
        return np.where(known, worked[1] - worked[0], np.nan)

    def weekday(self, at: Floats) -> Floats:
        """0 is Monday."""
        return ((at + self.offset) // DAY + 3) % 7

    def hour(self, at: Floats) -> Floats:
        """The hour of the office's clock, with its parts."""
        return (at + self.offset) % DAY / 3600

    def matrix(self, rows: Ints, at: Floats) -> Matrix:
        """The features of task ``rows[i]`` at the moment ``at[i]``, in the order of FEATURES. What is not known is NaN."""
        history, tasks, events = self.history, self.history.log.tasks, self.history.log.events
        start, end = history.upto(rows, at)
        due = history.due_at(rows, at)
        term = np.maximum(due - tasks.created[rows], DAY / 24)
        age = at - tasks.created[rows]
        elapsed = age / term
        reported = history.progress_at(rows, at)
        progress = np.where(np.isnan(reported), self.steps.furthest(rows, at), reported)
        last = np.where(end > start, events.ts[np.maximum(end - 1, 0)] if len(events) else np.nan, tasks.created[rows])
        last = np.maximum(last, tasks.created[rows])
        count = (end - start).astype(float)
        recent = history.upto(rows, at - 0.1 * term)[1]
        owner = history.owner_at(rows, at)
        owned = owner >= 0
        run = self.load.all.open_at(owner, at)
        base = self.base[np.clip(np.nan_to_num(elapsed) * STAGES + 1e-6, 0, STAGES - 1).astype(int)]
        none = np.zeros(len(tasks), np.int64)
        kind, unit, priority = tasks.type.codes, tasks.unit.codes, tasks.priority.codes
        pair = np.where((kind >= 0) & (unit >= 0), unit * (len(tasks.type.names) + 1) + kind, -1)
        office = self.outcomes.rates(none, rows, at, elapsed, base)
        of_unit = self.outcomes.rates(unit, rows, at, elapsed, office)

        seen, seen_mean, missing = self.evidence.of(rows, at, elapsed)
        left, spent = self.working_days(at, due), self.working_days(tasks.created[rows], at)

        def times(name: str) -> Floats:
            return history.counts[name][end] - history.counts[name][start]

        def his(values: Floats) -> Floats:
            return np.where(owned, values, np.nan)

        found = {
            "elapsed": elapsed,
            "days_left": left,
            "work_elapsed": spent / np.maximum(left + spent, 0.01),
            "term_days": term / DAY,
            "weekday": self.weekday(at),
            "hour": self.hour(at),
            "begun_weekday": self.weekday(tasks.created[rows]),
            "begun_hour": self.hour(tasks.created[rows]),
            "progress": progress,
            "gap": elapsed - progress,
            "step_mean": self.steps.mean(rows, at),
            "updates": count,
            "update_rate": count / np.maximum(elapsed, 0.05),
            "recent_updates": end - recent,
            "quiet": (at - last) / term,
            "quiet_days": (at - last) / DAY,
            "handovers": history.handovers[end] - history.handovers[start],
            "people": history.people[end] - history.people[start],
            "returns": times("returned"),
            "approvals": times("approved"),
            "extensions": times("extended") + times("asked"),
            "waiting": history.waiting_at(rows, at),
            "owner_open": his(run - 1),
            "owner_week": his(self.load.soon[7].open_at(owner, at)),
            "owner_fortnight": his(self.load.soon[14].open_at(owner, at)),
            "owner_overdue": his(self.load.overdue.open_at(owner, at)),
            "owner_ratio": his(run / np.maximum(self.load.all.mean_until(owner, at), 0.5)),
            "active_days": history.days[end] - history.days[start],
            "kinds": history.kinds[end] - history.kinds[start],
            "steps_seen": seen,
            "steps_mean": seen_mean,
            "steps_missing": missing,
            "type_late": self.outcomes.rates(kind, rows, at, elapsed, office),
            "type_here_late": self.outcomes.rates(pair, rows, at, elapsed, of_unit),
            "priority_late": self.outcomes.rates(priority, rows, at, elapsed, of_unit),
            "unit_late": of_unit,
        }
        counted = self.steps.counted(rows, at)
        return np.column_stack([found[name] for name in FEATURES[:-SLOTS]] + [counted]).astype(np.float32)
