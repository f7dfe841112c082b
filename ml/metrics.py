"""How good probabilities are: the whole set of figures.

Each has an interval from a bootstrap over tasks, and the elapsed-share rule's beside it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ml.snapshots import SHARES
from ml.types import Flags, Floats, Ints, Matrix

#: Resamplings of the tasks for an interval.
DRAWS = 200
#: Below so many finished tasks no figure is told.
LEAST_OUTCOMES = 50


def auc(late: Flags, said: Floats | Matrix) -> float:
    """How often a late one is ranked above one that is not; ties count half. NaN with one class only."""
    bad = int(late.sum())
    if not 0 < bad < len(late):
        return float("nan")
    _, place, many = np.unique(said, return_inverse=True, return_counts=True)
    rank = (np.cumsum(many) - (many - 1) / 2)[place]
    return float((rank[late].sum() - bad * (bad + 1) / 2) / (bad * (len(late) - bad)))


def within_stage(late: Flags, said: Floats, share: Floats) -> float:
    """The mean AUC over the fixed shares of the term: what remains when all have used as much time. NaN when no share has both classes."""
    found = [value for one in SHARES if not np.isnan(value := auc(late[share == one], said[share == one]))]
    return float(np.mean(found)) if found else float("nan")


def brier(late: Flags, said: Floats) -> float:
    """Mean squared difference of probability and outcome."""
    return float(np.mean((said - late) ** 2)) if len(late) else float("nan")


def ece(late: Flags, said: Floats, bins: int = 10) -> float:
    """Expected calibration error over bins of equal mass."""
    if not len(late):
        return float("nan")
    parts = np.array_split(np.argsort(said, kind="stable"), min(bins, len(late)))
    return float(sum(abs(said[part].mean() - late[part].mean()) * len(part) for part in parts) / len(late))


def at_top(late: Flags, said: Floats, share: Floats, top: float) -> tuple[float, float]:
    """Precision and recall when, at each stage, the given part with the highest probability is looked at: the mean over the stages."""
    precision, recall = [], []
    for one in SHARES:
        rows = share == one
        if not rows.any() or not late[rows].any():
            continue
        picked = np.argsort(-said[rows], kind="stable")[: max(1, round(top * rows.sum()))]
        hits = late[rows][picked].sum()
        precision.append(hits / len(picked))
        recall.append(hits / late[rows].sum())
    return (float(np.mean(precision)), float(np.mean(recall))) if precision else (float("nan"), float("nan"))


def figures(late: Flags, said: Floats, share: Floats) -> dict[str, float]:
    """Every figure of one set of rows."""
    precision_10, recall_10 = at_top(late, said, share, 0.1)
    precision_20, recall_20 = at_top(late, said, share, 0.2)
    return {
        "auc": auc(late, said),
        "within_stage_auc": within_stage(late, said, share),
        "brier": brier(late, said),
        "ece": ece(late, said),
        "precision_top_10": precision_10,
        "recall_top_10": recall_10,
        "precision_top_20": precision_20,
        "recall_top_20": recall_20,
    }


def elapsed_rule(late: Flags, share: Floats) -> Floats:
    """What the elapsed share alone says: each stage's rate, as if it were known; its Brier score and ECE are better than it deserves."""
    said = np.zeros(len(late))
    for one in np.unique(share):
        said[share == one] = late[share == one].mean()
    return said


def resampled(task: Ints, measure: Callable[[Ints], dict[str, float]], draws: int = DRAWS, seed: int = 7) -> dict[str, list[float | None]]:
    """95 % intervals of figures: tasks are drawn with replacement, each with all of its rows."""
    order = np.argsort(task, kind="stable")
    _, begin, many = np.unique(task[order], return_index=True, return_counts=True)
    chance = np.random.default_rng(seed)
    drawn = []
    for _ in range(draws):
        picks = chance.integers(0, len(begin), len(begin))
        repeat = many[picks]
        place = np.arange(int(repeat.sum())) - np.repeat(np.cumsum(repeat) - repeat, repeat) + np.repeat(begin[picks], repeat)
        drawn.append(measure(order[place]))
    out: dict[str, list[float | None]] = {}
    for name in drawn[0] if drawn else ():
        values = np.array([one[name] for one in drawn])
        known = values[~np.isnan(values)]
        out[name] = [rounded(float(edge)) for edge in np.quantile(known, [0.025, 0.975])] if len(known) else [None, None]
    return out


def rounded(value: float) -> float | None:
    """Four places; None for what is none, so that JSON can say it."""
    return None if np.isnan(value) else round(value, 4)


def measured(task: Ints, late: Flags, said: Floats, share: Floats, draws: int = DRAWS) -> dict[str, Any]:
    """The whole set: counts, figures with intervals, and the elapsed-share rule's beside them.

    Below LEAST_OUTCOMES tasks there are only the counts and a sentence.
    """
    tasks, bad = len(np.unique(task)), len(np.unique(task[late]))
    counts = {"tasks": tasks, "tasks_late": bad, "rows": len(late), "rate_of_rows": rounded(float(late.mean())) if len(late) else None}
    if tasks < LEAST_OUTCOMES:
        return {**counts, "why_none": f"fewer than {LEAST_OUTCOMES} outcomes"}
    rule = elapsed_rule(late, share)
    ours, beside = figures(late, said, share), figures(late, rule, share)
    spread = resampled(task, lambda rows: figures(late[rows], said[rows], share[rows]), draws)
    spread_rule = resampled(task, lambda rows: figures(late[rows], rule[rows], share[rows]), draws)
    return {
        **counts,
        "figures": {name: {"value": rounded(value), "interval": spread.get(name)} for name, value in ours.items()},
        "elapsed_rule": {name: {"value": rounded(value), "interval": spread_rule.get(name)} for name, value in beside.items()},
    }


def by_group(names: list[str], late: Flags, said: Floats, share: Floats, task: Ints, most: int = 20) -> dict[str, dict[str, Any]]:
    """For fairness: how each unit or position does. Groups below LEAST_OUTCOMES tasks are counted and not measured."""
    column = np.array(names, object)
    out: dict[str, dict[str, Any]] = {}
    sizes = {name: len(np.unique(task[column == name])) for name in dict.fromkeys(names) if name}
    for name in sorted(sizes, key=lambda one: (-sizes[one], one))[:most]:
        rows = column == name
        found: dict[str, Any] = {"tasks": sizes[name]}
        if sizes[name] >= LEAST_OUTCOMES:
            found |= {
                "rate": rounded(float(late[rows].mean())),
                "said": rounded(float(said[rows].mean())),
                "auc": rounded(auc(late[rows], said[rows])),
                "within_stage_auc": rounded(within_stage(late[rows], said[rows], share[rows])),
                "brier": rounded(brier(late[rows], said[rows])),
            }
        out[name] = found
    return out
