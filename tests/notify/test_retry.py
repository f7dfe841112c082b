"""What an outcome makes of a letter."""

from datetime import timedelta

import pytest

from server.notify.rules.retry import MOST_REST, Outcome, Standing, next_of, pause, rest
from tests.office import NOW


def after(result, *, attempts=1, unknowns=0, age=0.0, **more):
    standing = Standing(attempts=attempts, unknowns=unknowns, made_at=NOW - timedelta(hours=age))
    return next_of(standing, Outcome(delivery="d", claim="c", result=result, **more), NOW)


def seconds(result, **more):
    return (after(result, **more).next_at - NOW).total_seconds()


def test_each_pause_is_longer_than_the_one_before_and_spread_by_a_quarter():
    middles = [pause(attempts, 0.5) for attempts in range(1, 7)]
    assert middles == sorted(middles) and len(set(middles)) == 6
    assert pause(99, 0.5) == middles[-1]
    assert (pause(3, 0.0), pause(3, 1.0)) == (90.0, 150.0)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"result": "sent"}, "sent"),
        ({"result": "later"}, "waiting"),
        ({"result": "never", "why": "x"}, "failed"),
        ({"result": "lost"}, "waiting"),
        ({"result": "lost", "unknowns": 1}, "unknown"),
        ({"result": "lost", "unknowns": 5, "idempotent": True}, "waiting"),
        ({"result": "later", "unknowns": 1}, "waiting"),
        ({"result": "later", "age": 47.999}, "failed"),
        ({"result": "later", "age": 49, "idempotent": True}, "failed"),
        ({"result": "sent", "age": 49}, "sent"),
    ],
    ids=str,
)
def test_an_outcome_decides_what_a_letter_is(given, state):
    assert after(**given).state == state


def test_it_waits_as_long_as_the_service_asks_and_never_less():
    assert seconds("later", retry_after=17.0, chance=0.0) == 17.0
    assert 17.0 < seconds("later", retry_after=17.0, chance=1.0) <= 18.0
    assert seconds("later", retry_after=1e9, chance=0.0) == 3600.0
    assert seconds("later", retry_after=-5.0, chance=0.0) == 0.0


def test_an_answer_that_was_lost_is_counted_unless_the_receiver_sees_it_once():
    assert after("lost").unknowns == 1
    assert after("lost", idempotent=True).unknowns == 0


def test_a_channel_rests_after_a_streak_longer_and_longer():
    assert rest(19) is None
    assert [rest(20), rest(40), rest(60)] == [15.0, 30.0, 60.0]
    assert rest(10_000) == MOST_REST


def test_a_service_that_refuses_for_an_hour_is_asked_again_within_minutes_of_coming_back():
    asked, attempts = 0.0, 1
    while asked < 3600:
        asked, attempts = asked + pause(attempts, 1.0), attempts + 1
    assert asked - 3600 <= 750
