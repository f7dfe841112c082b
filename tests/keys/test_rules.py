"""Who may make which key, when it opens, and what is wrong with what was asked, by tables."""

from datetime import date, timedelta

import pytest

from server.keys import rules
from server.people.rules import Delegation, Person
from tests.office import TODAY

DIRECTOR = Person(id="gd", position="director", path=("vp", "tt", "bld"), centre="tt")
LENT = Delegation(
    giver=DIRECTOR, powers=frozenset({"assign", "enter"}), unit="tt", since=TODAY - timedelta(9), until=TODAY + timedelta(9), document="1"
)
ACTORS = {
    "director": DIRECTOR,
    "deputy": Person(id="pgd", position="deputy_director", path=("vp", "tt", "bld"), centre="tt"),
    "delegate": Person(id="t1", position="head", path=("vp", "tt", "hcth"), centre="tt", delegations=(LENT,)),
    "head": Person(id="t2", position="head", path=("vp", "tt", "cntt"), centre="tt"),
    "deputy_head": Person(id="p2", position="deputy_head", path=("vp", "tt", "cntt"), centre="tt"),
    "officer": Person(id="cv", position="officer", path=("vp", "tt", "cntt"), centre="tt"),
    "admin": Person(id="qt", position="admin", path=("vp", "tt"), centre="tt"),
    "left": Person(id="x", position="director", path=("vp", "tt", "bld"), centre="tt", active=False),
}
UNITS = {"centre": ("vp", "tt"), "cntt": ("vp", "tt", "cntt"), "elsewhere": ("vp", "khac")}
#: kind, unit → who may make it.
MAKERS = {
    ("api", "centre"): {"director", "delegate"},
    ("api", "cntt"): {"director", "delegate"},
    ("api", "elsewhere"): set(),
    ("wall", "centre"): {"director", "deputy", "delegate"},
    ("wall", "cntt"): {"director", "deputy", "delegate", "head"},
    ("wall", "elsewhere"): set(),
    ("calendar", "centre"): set(ACTORS) - {"left"},
}


@pytest.mark.parametrize("who", sorted(ACTORS))
@pytest.mark.parametrize(("kind", "unit"), sorted(MAKERS))
def test_it_lets_make_whom_the_table_names_and_lets_him_and_the_administrator_oversee(who, kind, unit):
    actor = ACTORS[who]
    assert bool(rules.may_make(kind, actor, UNITS[unit], TODAY)) == (who in MAKERS[kind, unit])
    sees = kind != "calendar" and (who == "admin" or who in MAKERS[kind, unit])
    assert rules.oversees(actor, kind, UNITS[unit], TODAY) == sees


def test_a_delegation_that_is_over_makes_no_key_and_one_in_force_says_on_whose_behalf():
    assert rules.may_make("api", ACTORS["delegate"], UNITS["centre"], TODAY).on_behalf == "gd"
    assert not rules.may_make("api", ACTORS["delegate"], UNITS["centre"], TODAY + timedelta(10))


GOOD = {"kind": "api", "name": "Trục liên thông", "scopes": ("tasks", "reports"), "since": TODAY, "until": TODAY + timedelta(366)}


@pytest.mark.parametrize(
    ("change", "key", "field"),
    [
        ({}, None, None),
        ({"kind": "wall", "scopes": (), "until": None}, None, None),
        ({"kind": "calendar", "name": "", "scopes": (), "until": None}, None, None),
        ({"name": ""}, "keys.name_missing", "name"),
        ({"name": "m" * 121}, "keys.name_long", "name"),
        ({"scopes": ()}, "keys.scopes_missing", "scopes"),
        ({"scopes": ("tasks", "passwords")}, "keys.scopes_unknown", "scopes"),
        ({"kind": "wall"}, "keys.scopes_unknown", "scopes"),
        ({"until": None}, "keys.until_missing", "until"),
        ({"until": TODAY + timedelta(367)}, "keys.until_far", "until"),
        ({"since": TODAY + timedelta(2), "until": TODAY + timedelta(1)}, "keys.until_before", "until"),
        ({"since": TODAY - timedelta(1)}, "keys.since_far", "since"),
        ({"since": TODAY + timedelta(367), "until": TODAY + timedelta(400)}, "keys.since_far", "since"),
    ],
)
def test_it_names_the_first_flaw_of_the_terms(change, key, field):
    found = rules.flaw(rules.Terms(**{**GOOD, **change}), TODAY)
    assert (found and found.key, found and found.field) == (key, field)


@pytest.mark.parametrize(
    ("since", "until", "revoked", "may", "state"),
    [
        (TODAY, TODAY, False, True, "live"),
        (TODAY - timedelta(5), None, False, True, "live"),
        (TODAY + timedelta(1), None, False, True, "early"),
        (TODAY - timedelta(5), TODAY - timedelta(1), False, True, "over"),
        (TODAY, None, False, False, "stopped"),
        (TODAY - timedelta(5), date(2026, 1, 1), True, False, "revoked"),
    ],
)
def test_it_says_how_a_key_stands(now, since, until, revoked, may, state):
    assert rules.state_of(since, until, now if revoked else None, may, TODAY) == state
    assert state not in ("live", "early", "over") or rules.opens(since, until, TODAY) == (state == "live")


def test_it_notes_use_once_a_minute(now):
    assert rules.note_due(None, now)
    assert not rules.note_due(now - timedelta(seconds=59), now)
    assert rules.note_due(now - timedelta(seconds=60), now)
