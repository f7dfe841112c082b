"""The snapshots of one or several offices with their features, as one table to train on or to measure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.card import Steps
from ml.features import Lens
from ml.history import History
from ml.snapshots import Snapshots, take
from ml.tables import Log
from ml.types import Flags, Floats, Ints, Matrix


@dataclass(frozen=True, slots=True)
class Rows:
    """One entry a task and moment (in seconds). ``task`` tells the tasks of all offices apart; ``office`` is the number of the log."""

    matrix: Matrix
    late: Flags
    share: Floats
    at: Floats
    known: Floats
    due: Floats
    task: Ints
    office: Ints
    ids: list[str]
    unit: list[str]
    position: list[str]
    excused: Flags

    def __len__(self) -> int:
        return len(self.late)

    def where(self, flags: Flags) -> "Rows":
        places = np.flatnonzero(flags)
        return Rows(
            matrix=self.matrix[places],
            late=self.late[places],
            share=self.share[places],
            at=self.at[places],
            known=self.known[places],
            due=self.due[places],
            task=self.task[places],
            office=self.office[places],
            ids=[self.ids[place] for place in places],
            unit=[self.unit[place] for place in places],
            position=[self.position[place] for place in places],
            excused=self.excused[places],
        )

    def counts(self) -> tuple[int, int, int]:
        """Finished tasks, those that were late at some snapshot, those on time at every one."""
        every, late = np.unique(self.task), np.unique(self.task[self.late])
        return len(every), len(late), len(every) - len(late)


def looked_at(logs: Sequence[Log]) -> list[tuple[History, Snapshots]]:
    """The histories and snapshots of several offices."""
    return [(history, take(history)) for history in map(History, logs)]


def rows_of(seen: Sequence[tuple[History, Snapshots]], steps: Steps) -> Rows:
    """All snapshots with their features, seen through the tables of one model."""
    matrices, task, office = [], [], []
    ids: list[str] = []
    unit: list[str] = []
    position: list[str] = []
    passed = 0
    for number, (history, shots) in enumerate(seen):
        tasks = history.log.tasks
        matrices.append(Lens(history, steps, history.log.holidays, history.log.utc_offset).matrix(shots.row, shots.at))
        task.append(shots.row + passed)
        office.append(np.full(len(shots), number))
        ids += [tasks.ids[row] for row in shots.row]
        unit += [tasks.unit.word(row) for row in shots.row]
        position += [tasks.position.word(row) for row in shots.row]
        passed += len(tasks)

    def all_of(name: str) -> np.ndarray:
        return np.concatenate([getattr(shots, name) for _, shots in seen])

    return Rows(
        matrix=np.concatenate(matrices),
        late=all_of("late"),
        share=all_of("share"),
        at=all_of("at"),
        known=all_of("known"),
        due=all_of("due"),
        task=np.concatenate(task),
        office=np.concatenate(office),
        ids=ids,
        unit=unit,
        position=position,
        excused=np.concatenate([history.log.tasks.objective_cause[shots.row] for history, shots in seen]),
    )
