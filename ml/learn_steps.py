"""What training learns of the kinds of events: where in a task's life each is usually seen, and which of them are counted one by one."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ml.card import Steps
from ml.history import History
from ml.outcomes import STAGES, Outcomes
from ml.steps import SLOTS
from ml.types import Floats

#: A kind seen in fewer tasks tells nothing that would hold elsewhere.
LEAST_TASKS = 20


def learned(histories: Sequence[History], until: float = np.inf, prior: Steps | None = None) -> Steps:
    """The tables from tasks that were closed before ``until``. What a prior knows stays; new kinds take its free slots.

    ``until``: a moment in seconds; nothing later is looked at.
    """
    total: dict[str, float] = {}
    many: Counter[str] = Counter()
    tasks_with: Counter[str] = Counter()
    alive, late = np.zeros(STAGES), np.zeros(STAGES)
    for history in histories:
        tasks, events = history.log.tasks, history.log.events
        closed, created = tasks.closed[events.task], tasks.created[events.task]
        used = (closed <= until) & (closed > created) & (events.ts <= closed) & (events.kind.codes >= 0)
        share = np.clip((events.ts[used] - created[used]) / (closed[used] - created[used]), 0, 1)
        kind, task = events.kind.codes[used], events.task[used]
        for code in np.unique(kind):
            ours = kind == code
            name = events.kind.names[code]
            total[name] = total.get(name, 0.0) + float(share[ours].sum())
            many[name] += int(ours.sum())
            tasks_with[name] += len(np.unique(task[ours]))
        _count_stages(Outcomes(history), until, alive, late)
    usual = sorted((name for name in many if tasks_with[name] >= LEAST_TASKS), key=lambda name: (-tasks_with[name], name))
    slots = dict(prior.slots) if prior else {}
    free = [slot for slot in range(SLOTS) if slot not in slots.values()]
    slots |= dict(zip([name for name in usual if name not in slots], free, strict=False))
    place = {name: round(total[name] / many[name], 4) for name in usual} | (prior.place if prior else {})
    base = tuple(round(float(rate), 4) for rate in (late + 3) / (alive + 10))
    return Steps(place=place, slots=slots, base=prior.base if prior else base)


def _count_stages(outcomes: Outcomes, until: float, alive: Floats, late: Floats) -> None:
    known = outcomes.known <= until
    for stage in range(STAGES):
        still = known & (outcomes.share > stage / STAGES)
        alive[stage] += still.sum()
        late[stage] += outcomes.late[still].sum()
