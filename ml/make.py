"""From logs to a model with its card: alone, or starting from a prior."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import msgspec
import numpy as np

from ml.calibration import calibration, sigmoid
from ml.card import Card, Steps, digest, encode
from ml.errors import NotEnough
from ml.export import blended, exported, run
from ml.features import FEATURES
from ml.fit import Say, enough, fitted
from ml.history import History
from ml.learn_steps import learned
from ml.life import LEAST_FOR_LOCAL, LEAST_FOR_SHIFT, LEAST_OF_EACH, fit_intercept
from ml.metrics import brier
from ml.model import Model, read
from ml.outcomes import STAGES
from ml.rows import Rows, looked_at, rows_of
from ml.snapshots import Snapshots
from ml.tables import Log
from ml.types import Floats

#: Parts of the local model that are tried beside a prior.
BLENDS = (0.0, 0.25, 0.5, 0.75, 1.0)
#: The newest part of the tasks on which the parts are compared.
HELD_BACK = 0.3


def made(
    logs: Sequence[Log],
    now: datetime,
    prior: Model | None = None,
    after: float = -np.inf,
    until: float = np.inf,
    say: Say = lambda _: None,
    about: dict[str, Any] | None = None,
) -> Model:
    """A model of the snapshots after ``after`` that came due before ``until`` (seconds).

    With a prior and fewer than 250 finished tasks (50 late, 50 on time): the prior with its intercept adjusted. With more: the prior and a
    local model, blended by the part that did best on the newest tasks when trained on the older ones; none or all of it may be best.
    Raises NotEnough with a sentence.
    """
    seen = looked_at(logs)
    steps = learned([history for history, _ in seen], until, prior.card.steps if prior else None)
    rows = usable(rows_of(seen, steps), seen, after, until)
    if prior:
        tasks, late, on_time = rows.counts()
        if tasks < LEAST_FOR_SHIFT:
            raise NotEnough(f"There are {tasks} finished tasks; from {LEAST_FOR_SHIFT} on the prior's intercept can be adjusted.")
        if tasks < LEAST_FOR_LOCAL or min(late, on_time) < LEAST_OF_EACH:
            say(f"{tasks} finished tasks, {late} of them late: only the prior's intercept is adjusted")
            return shifted_prior(prior, usable(rows_of(seen, prior.card.steps), seen, after, until))
    enough(rows)
    say(f"{len(rows)} snapshots of {rows.counts()[0]} tasks, {rows.counts()[1]} of them late")
    trees, told = fitted(rows, say)
    raw, gap = exported(trees, rows.matrix)
    told["parity"] = {"rows": len(rows), "greatest_difference": gap}
    if prior:
        raw, told["prior"] = with_prior(prior, raw, rows, say)
    return carded(raw, rows, steps, now, told, about or {})


def usable(rows: Rows, seen: Sequence[tuple[History, Snapshots]], after: float, until: float) -> Rows:
    """The rows to learn from: taken after a moment, and due before another and before the end of their log.

    An early closing is known before the due date, a lateness only then; with what is known already, the newest tasks would all be on time.
    """
    end = np.array([history.log.end for history, _ in seen])[rows.office]
    return rows.where((rows.at > after) & (rows.due <= np.minimum(until, end)))


def shifted_prior(prior: Model, rows: Rows) -> Model:
    """The prior with the intercept that these outcomes want (see ml.life.fit_intercept)."""
    return prior.with_shift(fit_intercept(prior, rows.matrix, rows.late))


def with_prior(prior: Model, local: bytes, rows: Rows, say: Say) -> tuple[bytes, dict[str, Any]]:
    """The prior's trees beside the local ones, in the parts that did best on the newest tasks."""
    cut = float(np.quantile(rows.due, 1 - HELD_BACK))
    older, newer = rows.where(rows.due <= cut), rows.where(rows.at > cut)
    chosen, tried = 1.0, {}
    if len(newer) and newer.counts()[0] >= LEAST_OF_EACH:
        say(f"Comparing with the prior on the newest {newer.counts()[0]} tasks")
        try:
            trial, _ = exported(fitted(older)[0], older.matrix)
            parts = (log_odds_of(prior.raw, older), log_odds_of(prior.raw, newer), log_odds_of(trial, newer))
            slope, shift = calibration(parts[0], older.late)
            tried = {part: brier(newer.late, sigmoid((1 - part) * (slope * parts[1] + shift) + part * parts[2])) for part in BLENDS}
            chosen = min(tried, key=lambda part: (tried[part], part))
        except NotEnough:
            chosen = 0.0
    slope, shift = calibration(log_odds_of(prior.raw, rows), rows.late)
    say(f"The local model's part is {chosen:.0%}")
    told = {
        "sha256": prior.card.sha256,
        "local_part": chosen,
        "brier_by_part": {str(part): round(value, 4) for part, value in tried.items()},
        "prior_slope": round(slope, 4),
        "prior_intercept": round(shift, 4),
    }
    return blended(prior.raw, local, ((1 - chosen) * slope, chosen), (1 - chosen) * shift), told


def log_odds_of(raw: bytes, rows: Rows) -> Floats:
    """What a file says of rows, as log odds."""
    said = np.clip(run(raw, rows.matrix), 1e-6, 1 - 1e-6)
    return np.log(said / (1 - said))


def carded(raw: bytes, rows: Rows, steps: Steps, now: datetime, told: dict[str, Any], about: dict[str, Any]) -> Model:
    """A model from its file and all that the card says of it, but the metrics, which the caller measures."""
    tasks, late, on_time = rows.counts()
    said = run(raw, rows.matrix)
    card = Card(
        version=now.astimezone(UTC).strftime("%Y%m%d-%H%M%S"),
        sha256=digest(raw),
        features=FEATURES,
        made=now.astimezone(UTC).isoformat(timespec="seconds"),
        label="",
        data={
            **about,
            "offices": len(np.unique(rows.office)),
            "tasks": tasks,
            "late": late,
            "on_time": on_time,
            "snapshots": len(rows),
            "late_with_objective_cause": len(np.unique(rows.task[rows.late & rows.excused])),
            "from": day(float(rows.at.min())),
            "to": day(float(rows.known.max())),
        },
        training={**told, "libraries": {name: version(name) for name in ("scikit-learn", "skl2onnx", "onnxruntime", "numpy")}},
        metrics={},
        steps=steps,
        on_track=usual_on_track(rows),
        reference=reference(rows, said),
    )
    return read(raw, encode(card), "just made")


def day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def usual_on_track(rows: Rows) -> dict[str, tuple[float, ...]]:
    """The median of each feature in tasks that ended on time, at each tenth of the term (of the nearest share that was looked at)."""
    shares = np.unique(rows.share)
    out: dict[str, tuple[float, ...]] = {}
    for column, name in enumerate(FEATURES):
        usual = []
        for stage in range(STAGES):
            nearest = shares[np.argmin(np.abs(shares - (stage + 0.5) / STAGES))]
            values = rows.matrix[(rows.share == nearest) & ~rows.late, column]
            values = values[np.isfinite(values)]
            usual.append(round(float(np.median(values)), 4) if len(values) else 0.0)
        out[name] = tuple(usual)
    return out


def reference(rows: Rows, said: Floats) -> dict[str, Any]:
    """Tenths of each feature and of the probability, for the drift check. A feature that hardly varies has none."""
    tenths = np.arange(0.1, 0.95, 0.1)
    out: dict[str, Any] = {"probability": [round(float(edge), 4) for edge in np.quantile(said, tenths)]}
    for column, name in enumerate(FEATURES):
        values = rows.matrix[:, column]
        values = values[np.isfinite(values)]
        if len(values) < len(rows) / 2 or name == "elapsed":
            continue
        edges = sorted({round(float(edge), 4) for edge in np.quantile(values, tenths)})
        if len(edges) >= 2:
            parts = np.histogram(values, [-np.inf, *edges, np.inf])[0] / len(values)
            out[name] = {"edges": edges, "parts": [round(float(part), 4) for part in parts]}
    return out


def with_metrics(model: Model, metrics: dict[str, Any], label: str = "", **data: Any) -> Model:
    """The same model with figures, a label and more about its data on its card."""
    card = model.card
    card = msgspec.structs.replace(card, metrics=metrics, label=label or card.label, data={**card.data, **data})
    return Model(card, model.session, model.raw)
