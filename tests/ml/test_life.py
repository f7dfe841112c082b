"""What an office's own history may do to its model: never make its newest quarter worse."""

from datetime import timedelta

import numpy as np
import pytest

from ml import life
from ml.life import Decision, adjusted, compared, drift, fit_intercept, judged, newest_from, retrain
from ml.metrics import brier
from ml.rows import looked_at, rows_of
from ml.simulator import simulated
from ml.tables import log_of
from tests.ml.conftest import NOW


@pytest.fixture(scope="module")
def other():
    """Another office than the model's."""
    return log_of(*simulated(700, seed=77, people=12), now=NOW)


@pytest.fixture(scope="module")
def shots(model, other):
    return rows_of(looked_at([other]), model.card.steps)


def newest_brier(model, log, since):
    rows = rows_of(looked_at([log]), model.card.steps)
    newest = rows.where(rows.at > since)
    return brier(newest.late, model.probabilities(newest.matrix))


def test_the_intercept_makes_the_model_right_on_average(model, shots):
    off = model.with_shift(-2.0)
    shift = fit_intercept(off, shots.matrix, shots.late)
    assert abs(model.with_shift(shift).probabilities(shots.matrix).mean() - shots.late.mean()) < 0.005


def test_a_better_challenger_takes_over_and_a_worse_one_does_not(shots):
    newest = shots.where(shots.at > newest_from(shots))
    chance = np.random.default_rng(1)
    plain = np.full(len(newest), newest.late.mean())
    good = np.clip(np.where(newest.late, 0.75, 0.25) + chance.normal(0, 0.1, len(newest)), 0.01, 0.99)
    decision = judged(newest, plain, good)
    assert decision.promote and decision.why == "better" and decision.brier_interval and decision.brier_interval[1] < 0
    assert judged(newest, good, plain).why == "not_better"
    assert judged(newest, plain, plain).why == "not_better"


def test_a_challenger_that_ranks_worse_stays_out_though_its_brier_score_is_better(shots):
    newest = shots.where(shots.at > newest_from(shots))
    ranks = np.where(newest.late, 0.99, 0.90)
    mean = np.full(len(newest), newest.late.mean())
    assert judged(newest, ranks, mean) == Decision(
        False, "ranks_worse", *[getattr(judged(newest, ranks, mean), name) for name in Decision.__struct_fields__[2:]]
    )


def test_too_few_outcomes_decide_nothing(model, log):
    few = log_of(*simulated(120, seed=3), now=NOW)
    assert compared(model, model.with_shift(1.0), few, 0.0).why == "too_few"
    found = retrain(model, log_of(*simulated(25, seed=3), now=NOW), NOW)
    assert found.model is model and not found.changed


@pytest.mark.parametrize("shift", [-2.0, 0.0, 2.0])
def test_adjusting_the_intercept_never_makes_the_newest_part_worse(model, other, shots, shift):
    champion, since = model.with_shift(shift), newest_from(shots)
    found = adjusted(champion, shots, since)
    assert newest_brier(found, other, since) <= newest_brier(champion, other, since)
    assert (found is not champion) or shift == 0.0


@pytest.mark.parametrize("promoted", [True, False], ids=["a good challenger", "a bad challenger"])
def test_retraining_never_makes_the_newest_quarter_worse(model, other, shots, monkeypatch, promoted):
    champion, since = model.with_shift(0.8), newest_from(shots)
    challenger = model if promoted else model.with_shift(3.0)
    asked = []

    def trained(log, prior, now, until):
        asked.append(until)
        return challenger

    monkeypatch.setattr(life, "train_challenger", trained)
    found = retrain(champion, other, NOW)
    assert asked == [since]
    assert newest_brier(found.model, other, since) <= newest_brier(champion, other, since)
    assert (found.model is challenger) == promoted == found.decision.promote


def test_a_challenger_is_trained_on_what_came_due_before_the_newest_quarter(model, other, shots, few_trees, monkeypatch):
    since, train, made = newest_from(shots), life.train_challenger, []

    def trained(*given):
        made.append(train(*given))
        return made[-1]

    monkeypatch.setattr(life, "train_challenger", trained)
    found = retrain(model, other, NOW)
    card = made[0].card
    assert card.data["tasks"] < shots.counts()[0]
    assert card.training["parity"]["greatest_difference"] <= 1e-5
    assert 0 <= card.training["prior"]["local_part"] <= 1
    assert card.steps.place.keys() >= model.card.steps.place.keys()
    assert newest_brier(found.model, other, since) <= newest_brier(model, other, since)


def test_drift_is_small_at_home_and_large_after_a_change(model, log):
    at_home = drift(model, log, NOW)
    tasks, events = simulated(700, seed=5)
    slower = [event._replace(ts=event.ts + timedelta(days=4)) for event in events]
    moved = drift(model, log_of(tasks, slower, now=NOW), NOW)
    assert at_home.said is not None and at_home.happened is not None
    assert at_home.tasks >= 50 and abs(at_home.said - at_home.happened) < 0.1
    assert moved.psi["quiet_days"] > 0.2 > at_home.psi["quiet_days"]
    assert len(at_home.rolling) == 12


def test_no_figure_is_shown_below_fifty_outcomes(model):
    found = drift(model, log_of(*simulated(40, seed=3), now=NOW), NOW)
    assert found.said is None and found.happened is None and found.psi == {} and all(score is None for _, _, score in found.rolling)
