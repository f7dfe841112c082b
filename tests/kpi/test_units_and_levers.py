"""The rating of a unit, who rates whom, and what would change a score."""

import msgspec
import pytest

from server.kpi.rules.levers import levers
from server.kpi.rules.lines import Line
from server.kpi.rules.raters import confirms, leads, rater_of, sees_sheet
from server.kpi.rules.ruleset import RuleSet
from server.kpi.rules.score import score
from server.kpi.rules.units import UnitYear, rate_unit
from server.people.rules import Person, Position

RULES = RuleSet()
BEST = UnitYear(general=28_000, tasks=66_000, done=1000, in_time=1000, beyond=300)


@pytest.mark.parametrize(
    ("change", "band", "kept"),
    [
        ({}, "excellent", ()),
        ({"beyond": 299}, "good", ("beyond",)),
        ({"below_failed": True}, "good", ("below_failed",)),
        ({"mended": False}, "good", ("mended",)),
        ({"in_time": 999}, "fair", ("in_time",)),
        ({"in_time": 799}, "fair", ("in_time",)),
        ({"done": 999}, "fair", ("done",)),
        ({"done": 700}, "fair", ("done",)),
        ({"done": 699}, "failed", ("done",)),
        ({"done": 699, "force_majeure": True}, "fair", ("done",)),
        ({"misconduct": True}, "failed", ("misconduct",)),
        ({"tasks": 61_900}, "good", ()),
        ({"tasks": 41_900}, "fair", ()),
        ({"tasks": 41_900, "in_time": 800}, "fair", ()),
        ({"tasks": 41_900, "in_time": 799}, "fair", ("in_time",)),
        ({"tasks": 21_900}, "failed", ()),
    ],
)
def test_a_unit_has_the_best_band_whose_conditions_it_meets(change, band, kept) -> None:
    found = rate_unit(msgspec.structs.replace(BEST, **change), RULES)
    assert (found.band, found.kept_by) == (band, kept)


CENTRE, ROOM, OTHER = "c", "r", "o"


def person(name: str, position: Position, unit: str = ROOM) -> Person:
    return Person(id=name, position=position, path=(CENTRE, unit), centre=CENTRE)


DIRECTOR, DEPUTY = person("gd", "director", "l"), person("pgd", "deputy_director", "l")
HEAD, SECOND, OFFICER = person("tp", "head"), person("pp", "deputy_head"), person("cv", "officer")
STRANGER, OTHER_HEAD, ADMIN = person("la", "officer", OTHER), person("tp2", "head", OTHER), person("qt", "admin")
EVERYBODY = (DIRECTOR, DEPUTY, HEAD, SECOND, OFFICER, STRANGER, OTHER_HEAD, ADMIN)


@pytest.mark.parametrize(
    ("whose", "rater"), [(OFFICER, "tp"), (SECOND, "tp"), (HEAD, "gd"), (DEPUTY, "gd"), (DIRECTOR, None), (STRANGER, "tp2")]
)
def test_the_one_right_above_rates(whose: Person, rater: str | None) -> None:
    assert rater_of(whose, EVERYBODY) == rater


def test_a_room_without_a_head_falls_to_the_director() -> None:
    assert rater_of(OFFICER, [one for one in EVERYBODY if one is not HEAD]) == "gd"
    gone = msgspec.structs.replace(HEAD, active=False)
    assert rater_of(OFFICER, [*(one for one in EVERYBODY if one is not HEAD), gone]) == "gd"


def test_another_rater_may_be_named_but_never_oneself() -> None:
    assert rater_of(OFFICER, EVERYBODY, "pgd") == "pgd"
    assert rater_of(OFFICER, EVERYBODY, "cv") == "tp"
    assert rater_of(OFFICER, EVERYBODY, "nobody") == "tp"


def test_nobody_confirms_himself() -> None:
    assert confirms(HEAD, OFFICER, "tp")
    assert not confirms(OFFICER, OFFICER, "cv")
    assert not confirms(OTHER_HEAD, OFFICER, "tp")


def test_a_sheet_is_for_the_person_his_rater_and_the_director() -> None:
    assert [one.id for one in EVERYBODY if sees_sheet(one, OFFICER, rater_of(OFFICER, EVERYBODY))] == ["gd", "tp", "cv"]
    assert [one.id for one in EVERYBODY if sees_sheet(one, DIRECTOR, None)] == ["gd"]


@pytest.mark.parametrize(
    ("actor", "overseen", "led"),
    [
        (DIRECTOR, frozenset(), ["pgd", "tp", "pp", "cv", "la", "tp2"]),
        (DEPUTY, frozenset({OTHER}), ["la", "tp2"]),
        (DEPUTY, frozenset(), []),
        (HEAD, frozenset(), ["pp", "cv"]),
        (SECOND, frozenset(), ["cv"]),
        (OFFICER, frozenset(), []),
    ],
)
def test_a_leader_leads_those_below_him(actor, overseen, led) -> None:
    assert [one.id for one in EVERYBODY if leads(actor, one, overseen)] == led


LINES = [
    Line(id="late", k=1000, assigned=4000, accepted=4000, late=2),
    Line(id="failed", k=2000, assigned=1000, accepted=1000, failed=1),
    Line(id="open", k=1000, assigned=2000, accepted=0),
    Line(id="back", k=1000, assigned=1000, kind="handed_back"),
    Line(id="fine", k=1000, assigned=1000, accepted=1000),
]


def test_what_would_change_a_score_is_what_the_engine_says_of_it() -> None:
    now = score(LINES, 20_000, RULES).total
    assert now is not None
    found = levers(LINES, 20_000, RULES)
    assert {(one.line, one.what) for one in found} == {("late", "in_time"), ("failed", "no_failure"), ("open", "accept")}
    assert [one.gain for one in found] == sorted((one.gain for one in found), reverse=True)
    better = [msgspec.structs.replace(LINES[0], late=0), *LINES[1:]]
    assert next(one.gain for one in found if one.line == "late") == (score(better, 20_000, RULES).total or 0) - now


def test_without_a_total_nothing_is_said_to_change_it() -> None:
    assert levers([], 20_000, RULES) == []
