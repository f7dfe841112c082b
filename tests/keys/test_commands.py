"""Keys as they are made, used and taken back, on both engines."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from server.accounts.commands import Disable
from server.audit.queries import broken_at
from server.errors import Refusal
from server.keys.queries import overseen
from server.keys.use import note_use
from server.people.queries import directory
from server.storage.door import carry_out, command
from server.storage.engine import rows
from tests.office import CAST

pytestmark = pytest.mark.anyio


async def test_a_new_calendar_address_takes_the_place_of_the_old_one_also_when_both_are_made_at_once(engine, ring):
    first = await ring.make(CAST.officer, "calendar")
    other = await ring.make(CAST.colleague, "calendar")
    assert (await ring.opens(first)).person == CAST.officer
    second = await ring.make(CAST.officer, "calendar", followed=True)
    assert await ring.opens(first) is None
    assert (await ring.opens(second)).followed
    asked = [ring.words("calendar") for _ in range(4)]
    await asyncio.gather(*(carry_out(command("key.make", one), actor=CAST.officer, now=ring.now, source="page") for one in asked))
    assert sum([await ring.opens(one["id"]) is not None for one in asked]) == 1
    assert await ring.opens(other) is not None, "somebody else's stays"


async def test_a_secret_opens_only_what_it_was_made_for_and_between_its_days(engine, ring):
    key = await ring.make(CAST.delegate, "api", scopes=["scores", "tasks"], since="2026-11-24", until="2026-11-25", unit=CAST.cntt)
    assert await ring.opens(key, "api") is None, "not yet"
    ring.now += timedelta(hours=23)
    found = await ring.opens(key, "api")
    assert (found.person, found.scopes, found.unit) == (CAST.delegate, {"tasks", "scores"}, CAST.cntt)
    assert await ring.opens(key, "wall") is None
    ring.secrets[key] = ring.secrets[key][:-1] + ("A" if ring.secrets[key][-1] != "A" else "B")
    assert await ring.opens(key, "api") is None, "nearly right is wrong"
    ring.secrets[key] = "không phải khóa"
    assert await ring.opens(key, "api") is None


async def test_it_is_over_with_the_last_day_of_the_office_not_of_greenwich(engine, ring):
    key = await ring.make(CAST.director, "api", until="2026-11-23")
    ring.now = ring.now.replace(hour=16, minute=59)
    assert await ring.opens(key, "api") is not None
    ring.now = ring.now.replace(hour=17, minute=0)
    assert await ring.opens(key, "api") is None


@pytest.mark.parametrize("how", ["left", "disabled", "delegation", "revoked"])
async def test_it_opens_nothing_once_its_holder_has_no_right_to_it(engine, ring, how):
    wall = await ring.make(CAST.delegate, "wall")
    calendar = await ring.make(CAST.delegate, "calendar")
    assert (await ring.opens(wall, "wall")).unit == CAST.centre
    if how == "left":
        await ring.do(CAST.admin, "person.disable", person=CAST.delegate)
    elif how == "disabled":
        await carry_out(Disable(person=CAST.delegate), actor=CAST.admin, now=ring.now, source="page")
    elif how == "delegation":
        ring.now += timedelta(days=301)
    else:
        assert (await ring.do(CAST.admin, "key.revoke", id=wall))["revoked"]
        assert not (await ring.do(CAST.director, "key.revoke", id=wall))["revoked"], "twice is once"
    assert await ring.opens(wall, "wall") is None
    assert (await ring.opens(calendar) is None) == (how in ("left", "disabled"))


async def test_it_refuses_whom_the_rules_refuse_and_writes_nothing(engine, ring):
    await ring.refused("not_allowed", "keys.rule.api", CAST.deputy, "key.make", **ring.words("api"))
    await ring.refused("not_allowed", "keys.rule.admin_makes_none", CAST.admin, "key.make", **ring.words("api"))
    await ring.refused("not_allowed", "keys.rule.wall_room", CAST.head, "key.make", **ring.words("wall", unit=CAST.hcth))
    await ring.refused("not_allowed", "keys.rule.other_centre", CAST.director, "key.make", **ring.words("api", unit=CAST.ministry))
    await ring.refused("invalid", "keys.until_missing", CAST.director, "key.make", **ring.words("api", until=None))
    await ring.refused("invalid", "keys.bad_secret", CAST.director, "key.make", **ring.words("api", hash="x"))
    calendar = await ring.make(CAST.officer, "calendar")
    await ring.refused("not_found", "keys.unknown", CAST.director, "key.revoke", id=calendar)
    api = await ring.make(CAST.director, "api")
    await ring.refused("not_allowed", "keys.rule.revoke", CAST.head, "key.revoke", id=api)
    await ring.refused("not_found", "keys.unknown", CAST.director, "key.make", **ring.words("wall", replaces=api))
    await ring.refused("not_found", "keys.no_calendar", CAST.head, "key.follow", followed=True)
    assert await ring.opens(calendar) and await ring.opens(api, "api")


async def test_a_form_that_is_sent_twice_makes_one_key_and_takes_nothing_back(engine, ring):
    old = await ring.make(CAST.director, "wall")
    given = ring.words("wall", replaces=old)
    await ring.do(CAST.director, "key.make", **given)
    assert await ring.opens(old, "wall") is None
    again = ring.words("wall", id=given["id"], replaces=old)
    await ring.refused("conflict", "keys.made_already", CAST.director, "key.make", **again)
    assert len(await rows("SELECT id FROM access_key")) == 2


async def test_the_chain_tells_what_was_made_but_never_the_secret(engine, ring):
    key = await ring.make(CAST.delegate, "api", scopes=["tasks"])
    await ring.make(CAST.officer, "calendar")
    await ring.do(CAST.officer, "key.follow", followed=True)
    await ring.do(CAST.delegate, "key.revoke", id=key)
    said = await rows("SELECT action, subject, on_behalf, before, after FROM audit_entry WHERE kind = 'key' ORDER BY seq")
    assert [one["action"] for one in said] == ["make", "make", "set_followed", "revoke"]
    made = orjson.loads(said[0]["after"])
    assert (made["kind"], made["scopes"], made["unit"], said[0]["on_behalf"]) == ("api", ["tasks"], CAST.centre, CAST.director)
    everything = str(said) + str(await rows("SELECT * FROM mutation"))
    stored = await rows("SELECT * FROM access_key")
    for secret in ring.secrets.values():
        assert secret not in everything + str(stored)
    assert not any(one["hash"] in everything for one in stored)
    assert await broken_at() is None


async def test_use_is_noted_once_a_minute_and_none_of_it_comes_by_sync(engine, ring):
    key = await ring.make(CAST.officer, "calendar")
    for seconds in (0, 30, 61):
        found = await ring.opens(key)
        await note_use(found, ring.now + timedelta(seconds=seconds))
    # Two requests at one moment, both of which saw the older time.
    await note_use(found, ring.now + timedelta(seconds=62))
    assert [one["uses"] for one in await rows("SELECT uses FROM access_key")] == [2]
    for name, given in {"key.make": ring.words("calendar"), "key.revoke": {"id": key}, "key.used": {"id": key}}.items():
        with pytest.raises(Refusal) as caught:
            await carry_out(command(name, given), actor=CAST.officer, now=ring.now, source="sync")
        assert caught.value.key == "keys.not_by_sync"


async def test_each_sees_the_keys_that_he_may_take_back(engine, ring):
    hall = await ring.make(CAST.deputy, "wall")
    room = await ring.make(CAST.head, "wall", unit=CAST.cntt)
    api = await ring.make(CAST.director, "api")
    await ring.make(CAST.officer, "calendar")
    known = await directory()
    seen = {
        who: {one["id"] for one in await overseen(known.actor(getattr(CAST, who)), known, ring.today)}
        for who in ("director", "delegate", "admin", "deputy", "head", "officer", "stranger")
    }
    everything = {hall, room, api}
    assert seen == {
        "director": everything,
        "delegate": everything,
        "admin": everything,
        "deputy": {hall, room},
        "head": {room},
        "officer": set(),
        "stranger": set(),
    }
