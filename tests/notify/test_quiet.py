"""Quiet hours, by the office's clock."""

import pytest

from server.notify.rules.quiet import Quiet, after_quiet, clock, is_quiet, quiet_of
from server.settings import BadSetting, Settings, read
from tests.notify.desk import at

NIGHT = Quiet(21 * 60, 6 * 60 + 30)
NOON = Quiet(11 * 60 + 30, 13 * 60)


@pytest.mark.parametrize(
    ("quiet", "moment", "then"),
    [
        (NIGHT, at(20, 59), at(20, 59)),
        (NIGHT, at(21), at(6, 30, day=24)),
        (NIGHT, at(23, 59), at(6, 30, day=24)),
        (NIGHT, at(0), at(6, 30)),
        (NIGHT, at(6, 29), at(6, 30)),
        (NIGHT, at(6, 30), at(6, 30)),
        (NOON, at(12), at(13)),
        (NOON, at(13), at(13)),
        (None, at(3), at(3)),
    ],
    ids=str,
)
def test_a_letter_waits_for_the_end_of_quiet_hours(quiet, moment, then):
    assert after_quiet(quiet, moment) == then
    assert is_quiet(quiet, moment) == (moment != then)


def test_seconds_of_the_last_quiet_minute_are_quiet_too():
    moment = at(6, 29).replace(second=59)
    assert after_quiet(NIGHT, moment) == at(6, 30)


def test_who_never_chose_is_told_at_any_hour_unless_the_office_says_otherwise():
    assert quiet_of(Settings().quiet_hours) is None
    assert quiet_of(Settings(quiet="none").quiet_hours) is None
    assert quiet_of(Settings(quiet="21:00-06:30").quiet_hours) == NIGHT
    assert clock(NIGHT.end) == "06:30"


@pytest.mark.parametrize("text", ["21-6", "24:00-06:00", "21:60-06:00", "06:00-06:00", "đêm"])
def test_a_setting_that_is_none_is_refused_at_the_start(text):
    with pytest.raises(BadSetting, match="SOVIEC_QUIET"):
        read({"SOVIEC_QUIET": text})
