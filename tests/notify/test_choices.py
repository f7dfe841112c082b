"""What people chose, and what holds for who never chose."""

import pytest

from server.errors import Refusal
from server.notify.commands.preferences import SetPreferences
from server.notify.queries import preferences_of
from server.notify.rules.choices import differing, mode_of, modes
from server.notify.rules.kinds import GROUPS
from server.notify.rules.quiet import Quiet
from server.storage.door import carry_out

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("choices", "kind", "channel", "mode"),
    [
        ({}, "task.assigned", "telegram", "now"),
        ({}, "task.status", "telegram", "digest"),
        ({}, "a.kind.of.tomorrow", "telegram", "digest"),
        ({"assigned": {"telegram": "off"}}, "task.assigned", "telegram", "off"),
        ({"assigned": {"telegram": "off"}}, "task.assigned", "zalo", "now"),
        ({"assigned": {"inbox": "off"}}, "task.assigned", "inbox", "now"),
        ({"office": {"telegram": "off"}}, "notify.test", "telegram", "now"),
    ],
)
def test_a_message_goes_where_its_person_wants_it(choices, kind, channel, mode):
    assert mode_of(choices, kind, channel) == mode


def test_only_what_differs_from_the_defaults_is_kept():
    whole = modes({"due": {"zalo": "digest"}}, ("telegram", "zalo"))
    assert set(whole) == set(GROUPS)
    assert differing(whole) == {"due": {"zalo": "digest"}}


async def test_it_keeps_a_persons_choices_and_replaces_them_whole(engine, cast, now):
    async def choose(choices, **more):
        await carry_out(SetPreferences(choices=choices, **more), actor=cast.officer, now=now, source="page")
        return (await preferences_of([cast.officer], Quiet(0, 60)))[cast.officer]

    first = await choose({"due": {"zalo": "off", "telegram": "now"}}, quiet_from=1320, quiet_to=360, show_content=True)
    assert (first.choices, first.quiet, first.show_content) == ({"due": {"zalo": "off"}}, Quiet(1320, 360), True)
    second = await choose({})
    assert (second.choices, second.quiet, second.show_content) == ({}, None, False)
    assert (await preferences_of([cast.head], Quiet(0, 60)))[cast.head].quiet == Quiet(0, 60)


@pytest.mark.parametrize(
    "wrong",
    [
        {"choices": {"weather": {"telegram": "now"}}},
        {"choices": {"due": {"inbox": "off"}}},
        {"choices": {"due": {"telegram": "sometimes"}}},
        {"choices": {}, "quiet_from": 60},
        {"choices": {}, "quiet_from": 60, "quiet_to": 60},
        {"choices": {}, "quiet_from": 60, "quiet_to": 1440},
    ],
    ids=["no such group", "the inbox", "no such mode", "half of the hours", "hours that end as they begin", "an hour after midnight"],
)
async def test_it_refuses_choices_that_there_are_not(engine, cast, now, wrong):
    with pytest.raises(Refusal) as refused:
        await carry_out(SetPreferences(**wrong), actor=cast.officer, now=now, source="page")
    assert refused.value.code == "invalid"
