"""Nothing of the future is in a feature, and an open task's label in no column."""

import random
from datetime import timedelta

import numpy as np

from ml.card import Steps
from ml.features import FEATURES, Lens
from ml.history import History
from ml.learn_steps import learned
from ml.score import open_rows
from ml.simulator import START
from ml.tables import EventRow, log_of, seconds

MOMENT = START + timedelta(days=200)


def seen(tasks, events, moment=MOMENT, now=None, steps=None, only=None):
    log = log_of(tasks, events, now=now)
    rows = open_rows(log, seconds(moment)) if only is None else np.array([log.tasks.ids.index(key) for key in only])
    return [log.tasks.ids[row] for row in rows], Lens(History(log), steps or Steps()).matrix(rows, np.full(len(rows), seconds(moment)))


def known_at(tasks, events, moment):
    """The tables as they stood: no task of later, no event of later, nothing closed later, no due date granted later."""
    events = [event for event in events if event.ts <= moment]
    due = {event.id: event.value for event in events if event.kind == "extended"}
    return [
        task._replace(closed=task.closed if task.closed and task.closed <= moment else None, due=due.get(task.id, task.original_due))
        for task in tasks
        if task.created <= moment
    ], events


def test_what_is_seen_at_a_moment_is_what_the_tables_held_then(rows):
    tasks, events = rows
    steps = learned([History(log_of(tasks, events))])
    tasks_then, events_then = known_at(tasks, events, MOMENT)
    ids, then = seen(tasks_then, events_then, now=MOMENT, steps=steps)
    assert len(ids) > 20
    _, later = seen(tasks, events, steps=steps, only=ids)
    for column, name in enumerate(FEATURES):
        np.testing.assert_array_equal(then[:, column], later[:, column], err_msg=name)


def test_shuffling_the_future_moves_no_feature(rows):
    tasks, events = rows
    chance = random.Random(3)
    future = [event for event in events if event.ts > MOMENT]
    moments = [event.ts for event in future]
    chance.shuffle(moments)
    shuffled = [
        event._replace(ts=ts, kind=chance.choice(("progress", "return", "nonsense")), actor="x")
        for event, ts in zip(future, moments, strict=True)
    ]
    other = [
        task._replace(closed=task.closed + timedelta(days=chance.randint(1, 90))) if task.closed and task.closed > MOMENT else task
        for task in tasks
    ]
    tasks_then, events_then = known_at(tasks, events, MOMENT)
    ids, _ = seen(tasks_then, events_then, now=MOMENT)
    _, before = seen(tasks, events, only=ids)
    _, after = seen(other, [event for event in events if event.ts <= MOMENT] + shuffled, only=ids)
    changed = [name for column, name in enumerate(FEATURES) if not np.array_equal(before[:, column], after[:, column], equal_nan=True)]
    assert changed == []


def test_an_event_of_now_is_seen_and_one_of_a_second_later_is_not(rows):
    tasks, events = rows
    tasks_then, events_then = known_at(tasks, events, MOMENT)
    ids, before = seen(tasks_then, events_then, now=MOMENT)
    key = ids[0]
    column = FEATURES.index("updates")
    for late, expected in ((0, 1), (1, 0)):
        more = [*events, EventRow(key, MOMENT + timedelta(seconds=late), "p001", "progress", 55.0)]
        _, after = seen(tasks, more, only=ids)
        assert after[0, column] - before[0, column] == expected


def test_no_single_column_tells_the_label(log):
    from ml.metrics import auc
    from ml.rows import looked_at, rows_of

    found = rows_of(looked_at([log]), Steps())
    early = found.where(found.share == 0.1)
    for column, name in enumerate(FEATURES):
        values = np.nan_to_num(early.matrix[:, column], nan=-1.0)
        assert 0.1 < auc(early.late, values) < 0.9, name
