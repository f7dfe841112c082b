"""The check of reports, against a table of reports written for the purpose, and by properties."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.insight.score.lexicon import lexicon
from server.insight.score.rules.lexicon import bare
from server.insight.score.rules.quality import Earlier, check, grams, likeness

REPORTS = tomllib.loads((Path(__file__).parent / "reports.toml").read_text(encoding="utf-8"))["report"]


def checked(one):
    earlier = [Earlier(text, one.get("whose", "own")) for text in one.get("earlier", [])]
    return check(one["text"], lexicon(), one.get("title", ""), earlier, one.get("files", 0))


def test_the_table_has_sixty_reports_of_every_kind():
    assert len(REPORTS) >= 60
    assert {"good", "fair", "vague", "copied", "stuffed", "echo", "empty"} <= {one["kind"] for one in REPORTS}


@pytest.mark.parametrize("one", REPORTS, ids=[f"{number:02d} {one['kind']}" for number, one in enumerate(REPORTS)])
def test_it_says_of_each_report_what_a_reader_would(one):
    found = checked(one)
    said = {hint.key for hint in found.hints}
    assert found.band in one["band"], (found.points, said, found.marks)
    assert set(one.get("hints", [])) <= said, (found.points, found.marks)
    assert not set(one.get("not", [])) & said, (found.points, found.marks)


def test_last_weeks_report_with_new_dates_is_the_same_report():
    old = "Đã rà soát 45 thủ tục, gửi các phòng ngày 13/11/2026, dự kiến xong ngày 20/11/2026."
    new = "Đã rà soát 52 thủ tục, gửi các phòng ngày 5/12, dự kiến xong ngày 12/12."
    assert likeness(grams(old), grams(new)) == pytest.approx(1.0)
    assert check(new, lexicon(), earlier=[Earlier(old)]).same == 1.0


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.text(max_size=80), st.integers(0, 5))
def test_whatever_is_typed_gets_points_a_band_and_no_error(text, title, files):
    found = check(text, lexicon(), title, [Earlier(text[::-1])], files)
    assert 0 <= found.points <= 100
    assert found.band == ("good" if found.points >= 65 else "fair" if found.points >= 40 else "poor")
    assert len({hint.key for hint in found.hints}) == len(found.hints)


@pytest.mark.parametrize("place", range(0, 24, 3))
def test_a_good_report_typed_without_marks_is_no_poor_one(place):
    good = [one for one in REPORTS if one["kind"] == "good"]
    one = good[place % len(good)]
    assert checked({**one, "text": bare(one["text"].lower())}).band != "poor"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([one for one in REPORTS if one["kind"] in ("good", "fair")]))
def test_sending_the_same_again_is_always_noticed(one):
    again = check(one["text"], lexicon(), earlier=[Earlier(one["text"])])
    assert again.band == "poor"
    assert {"same_own"} <= {hint.key for hint in again.hints}
