"""The overload file against the plain rule, and what it refuses."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml import overload
from ml.card import card_path
from ml.errors import ModelRefused
from server.insight.load import rules

day = st.floats(0, 5000, allow_nan=False)
week = st.lists(day, min_size=10, max_size=10)
MODEL = overload.load()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(week, st.lists(st.sampled_from((0.0, 0.0, 156.0, 312.0)), min_size=10, max_size=10)), min_size=1, max_size=8))
def test_the_file_says_what_the_rule_says(people):
    days, peaks = MODEL.indexes([one for one, _ in people], [there for _, there in people])
    for place, (asked, there) in enumerate(people):
        assert days[place] == pytest.approx(rules.indexes(asked, there), abs=1e-9)
        assert peaks[place] == pytest.approx(rules.index(asked, there), abs=1e-9)


def test_the_file_is_what_this_code_builds_and_says_that_nothing_is_learned():
    assert overload.build() == overload.SHIPPED.read_bytes()
    assert MODEL.card.learned is False


def test_nobody_is_no_error():
    days, peaks = MODEL.indexes([], [])
    assert days.shape == (0, 10) and peaks.shape == (0,)


@pytest.mark.parametrize("broken", ["file", "card", "hash", "horizon"])
def test_a_file_that_is_not_what_its_card_says_is_refused_with_a_sentence(tmp_path: Path, broken):
    path = tmp_path / "overload.onnx"
    overload.write(path)
    if broken == "file":
        path.unlink()
    elif broken == "card":
        card_path(path).write_text("{")
    elif broken == "hash":
        path.write_bytes(path.read_bytes() + b"x")
    else:
        card_path(path).write_text(card_path(path).read_text().replace('"horizon": 10', '"horizon": 5'))
    with pytest.raises(ModelRefused, match="model overload"):
        overload.load(path)
