"""Locks, passwords and the end of sessions, as tables of examples."""

from datetime import timedelta

import pytest

from server.accounts import rules
from server.accounts.passwords import random_password
from server.accounts.rules import Attempts
from tests.office import NOW


def test_it_locks_with_the_fifth_wrong_password_for_fifteen_minutes():
    attempts = Attempts()
    for number in range(1, 5):
        attempts = rules.after_failure(attempts, NOW)
        assert (attempts.failures, attempts.locked_until) == (number, None)
    attempts = rules.after_failure(attempts, NOW)
    assert attempts.locked_until == NOW + timedelta(minutes=15)
    assert rules.locked(attempts, NOW)
    assert rules.locked(attempts, NOW + timedelta(minutes=14, seconds=59))
    assert not rules.locked(attempts, NOW + timedelta(minutes=15))


def test_it_does_not_lengthen_a_lock():
    attempts = Attempts(5, NOW + timedelta(minutes=15))
    assert rules.after_failure(attempts, NOW + timedelta(minutes=10)) == attempts


def test_it_counts_anew_after_a_lock():
    attempts = rules.after_failure(Attempts(5, NOW), NOW + timedelta(seconds=1))
    assert attempts == Attempts(1, None)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ngan-2026!", "accounts.password_short"),
        ("Mot-hai-ba-4!a"[:13], "accounts.password_short"),
        ("Mot-hai-ba-4!a", None),
        ("mot-hai-ba-bon-5", "accounts.password_classes"),
        ("MOT-HAI-BA-BON-5", "accounts.password_classes"),
        ("Mot-hai-ba-bon-nam", "accounts.password_classes"),
        ("MotHaiBaBonNam2026", "accounts.password_classes"),
        ("Đường về nhà số 2026!", None),
        ("Giamdoc-2026-bac-ninh", "accounts.password_username"),
        ("Aa1!" * 60, "accounts.password_long"),
    ],
)
def test_it_wants_fourteen_characters_of_four_classes(password, why):
    assert rules.weakness(password, "giamdoc") == why


def test_it_makes_passwords_that_pass_its_own_rules():
    made = {random_password() for _ in range(200)}
    assert len(made) == 200
    assert [rules.weakness(password) for password in made] == [None] * 200


@pytest.mark.parametrize(
    ("used_ago", "ends_in", "idle", "over"),
    [
        (timedelta(days=29), timedelta(days=1), 0, False),
        (timedelta(0), timedelta(0), 0, True),
        (timedelta(minutes=14), timedelta(days=1), 15, False),
        (timedelta(minutes=15), timedelta(days=1), 15, True),
    ],
)
def test_a_session_ends_by_age_or_for_want_of_use(used_ago, ends_in, idle, over):
    assert rules.session_over(NOW - used_ago, NOW + ends_in, NOW, idle) is over


def test_use_is_noted_often_enough_for_the_idle_limit():
    assert rules.seen_interval(0) == timedelta(minutes=5)
    assert rules.seen_interval(15) == timedelta(minutes=1, seconds=30)
