"""A model file and its card, what is refused of them, reasons and bands."""

import msgspec
import numpy as np
import pytest

from ml.card import Card, card_path, encode
from ml.errors import ModelRefused
from ml.features import FEATURES
from ml.model import SHIPPED, load, read, save
from ml.reasons import REASONS, on_track, reasons
from ml.rows import looked_at, rows_of
from ml.score import open_rows, score_open
from tests.ml.conftest import NOW


def altered(model, **changes):
    return encode(msgspec.structs.replace(model.card, **changes))


def test_it_is_the_same_after_being_saved(model, log, tmp_path):
    matrix = rows_of(looked_at([log]), model.card.steps).matrix
    save(model.with_shift(0.5), tmp_path / "m.onnx")
    again = load(tmp_path / "m.onnx")
    np.testing.assert_array_equal(again.probabilities(matrix), model.with_shift(0.5).probabilities(matrix))
    assert (again.probabilities(matrix) > model.probabilities(matrix)).all()


def test_it_refuses_a_file_that_its_card_does_not_describe(model, tmp_path):
    save(model, tmp_path / "m.onnx")
    (tmp_path / "m.onnx").write_bytes(model.raw + b" ")
    with pytest.raises(ModelRefused, match="hash"):
        load(tmp_path / "m.onnx")


def test_it_refuses_a_corrupt_file_even_with_its_own_hash(model):
    from ml.card import digest

    for raw in (b"", b"not a model", model.raw[: len(model.raw) // 2]):
        with pytest.raises(ModelRefused, match="no ONNX model"):
            read(raw, altered(model, sha256=digest(raw)))


def test_it_refuses_another_list_of_features(model):
    for features in (FEATURES[:-1], (*FEATURES, "age"), FEATURES[::-1]):
        with pytest.raises(ModelRefused, match="features"):
            read(model.raw, altered(model, features=features))


def test_it_refuses_a_missing_or_broken_card(model, tmp_path):
    save(model, tmp_path / "m.onnx")
    card_path(tmp_path / "m.onnx").write_text("{}")
    with pytest.raises(ModelRefused, match="card"):
        load(tmp_path / "m.onnx")
    card_path(tmp_path / "m.onnx").unlink()
    with pytest.raises(ModelRefused, match="cannot be read"):
        load(tmp_path / "m.onnx")


def test_the_shipped_model_matches_its_card_and_says_how_good_it_is():
    card = load(SHIPPED).card
    assert card.training["parity"]["greatest_difference"] <= 1e-5
    assert card.training["parity"]["rows"] == card.data["snapshots"]
    assert "10.4121" in card.data["source"]
    for found in card.metrics.values():
        assert set(found["figures"]) == set(found["elapsed_rule"]) >= {"auc", "within_stage_auc", "brier", "ece", "recall_top_20"}
    assert SHIPPED.with_suffix(".md").exists()


def test_every_open_task_that_is_not_overdue_gets_a_score(model, log):
    scores = {score.id: score for score in score_open(model, log, NOW)}
    rows = open_rows(log, log.end)
    assert set(scores) == {log.tasks.ids[row] for row in rows}
    assert len(scores) > 10
    for score in scores.values():
        assert 0 <= score.probability <= 1 and score.band == model.band(score.probability)
    one = next(iter(scores))
    assert score_open(model, log, NOW, only={one}) == [scores[one]]


def test_reasons_are_ranked_by_what_being_on_track_would_change(model, log):
    rows = rows_of(looked_at([log]), model.card.steps)
    said = model.probabilities(rows.matrix)
    high = np.argsort(-said)[:50]
    found = reasons(model, rows.matrix[high], said[high])
    assert sum(bool(one) for one in found) > 25
    for one, probability in zip(found, said[high], strict=True):
        assert one, "a high risk has a reason"
        drops = [reason.drop for reason in one]
        if [reason.group for reason in one] == ["time"]:
            continue
        assert drops == sorted(drops, reverse=True) and all(0.01 <= drop <= probability + 1e-4 for drop in drops)
        assert len(one) <= 3 and {reason.group for reason in one} <= set(REASONS)
        assert all("elapsed" in reason.values and msgspec.json.encode(reason) for reason in one)


def test_what_is_on_track_already_is_no_reason(model, log):
    matrix = rows_of(looked_at([log]), model.card.steps).matrix[:200]
    usual = on_track(model, matrix)
    for column in (FEATURES.index(name) for name in ("quiet", "owner_open", "unit_late", "gap")):
        assert (usual[:, column] <= matrix[:, column])[~np.isnan(matrix[:, column])].all()
    better = np.where([name == "elapsed" or name.startswith("step") for name in FEATURES], matrix, usual)
    assert {reason.group for one in reasons(model, better) for reason in one} <= {"time"}


def test_less_progress_is_never_less_risk(model, log):
    matrix = rows_of(looked_at([log]), model.card.steps).matrix[:400].copy()
    before = model.probabilities(matrix)
    matrix[:, FEATURES.index("progress")] -= 0.3
    matrix[:, FEATURES.index("gap")] += 0.3
    assert (model.probabilities(matrix) >= before - 1e-6).all()


def test_a_card_says_all_that_it_is_asked_and_nothing_else(model):
    assert msgspec.json.decode(encode(model.card), type=Card) == model.card
    with pytest.raises(ModelRefused):
        read(model.raw, encode(model.card).replace(b'"shift"', b'"nonsense": 1, "shift"'))
