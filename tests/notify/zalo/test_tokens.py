"""Zalo's tokens: one worker asks, the next pair is kept before it is used, and a lost answer is not the end before Zalo says so."""

import asyncio
import contextlib
import logging

import msgspec
import pytest

from server.notify import safe
from server.notify.channels import TransportError
from server.notify.zalo.account import OfficialAccount
from server.notify.zalo.commands import SwapTokens
from server.notify.zalo.rules import Tokens
from server.storage.door import carry_out
from server.storage.engine import row
from server.words import say
from tests.notify.zalo.conftest import TO, installed, letter
from tests.notify.zalo.service import FIRST_REFRESH, SECRETS

pytestmark = pytest.mark.anyio


async def sealed():
    found = await row("SELECT secrets FROM channel_state WHERE channel = 'zalo'")
    return found["secrets"] if found else ""


@contextlib.asynccontextmanager
async def workers(zalo, folder, clock, count, **more):
    made = [OfficialAccount(installed(zalo, folder, **more), clock) for _ in range(count)]
    for one in made:
        await one.open()
    yield made
    for one in made:
        await one.close()


async def why(account):
    with pytest.raises(TransportError) as no:
        await account.send(TO, letter())
    assert not no.value.permanent and no.value.whole_channel, "the letters wait"
    return no.value.why.removeprefix("notify.zalo.")


async def test_of_many_workers_one_asks_and_all_use_its_token(engine, zalo, tmp_path, clock):
    zalo.slow = 0.05
    async with workers(zalo, tmp_path, clock, 6) as six:
        await asyncio.gather(*(one.send(TO, letter()) for one in six for _ in range(2)))
        assert (zalo.refreshes, zalo.names().count("token"), len(zalo.delivered)) == (1, 1, 12)
        # Withdrawn in the middle: again one asks, and every letter arrives once.
        zalo.access = "another"
        await asyncio.gather(*(one.send(TO, letter()) for one in six))
        assert (zalo.refreshes, zalo.names().count("token"), len(zalo.delivered)) == (2, 2, 18)


async def test_a_token_is_kept_encrypted_before_it_is_used(account, zalo, tmp_path):
    loop = asyncio.get_running_loop()
    seen: list[tuple[str, str]] = []
    zalo.on_use = lambda token: seen.append((token, asyncio.run_coroutine_threadsafe(sealed(), loop).result(5)))
    await account.send(TO, letter())
    ((used, kept),) = seen
    assert used not in kept and zalo.refresh not in kept
    assert zalo.refresh in safe.unseal(installed(zalo, tmp_path), kept), "what is written holds the next refresh token already"


async def test_the_next_token_is_asked_for_before_the_old_one_ends(account, zalo, clock):
    await account.send(TO, letter())
    clock.later(hours=23)
    await account.send(TO, letter())
    assert zalo.refreshes == 1
    clock.later(hours=1, minutes=30)
    zalo.fail("token", 503)
    await account.send(TO, letter())
    assert zalo.refreshes == 1, "the old one still works while the service of tokens does not"
    clock.later(minutes=2)
    await account.send(TO, letter())
    assert zalo.refreshes == 2


async def test_a_lost_answer_that_spent_the_token_lets_letters_wait_for_a_new_authorisation(account, zalo, clock, tmp_path):
    zalo.fail("token", "hang up")
    assert await why(account) == "token_doubtful"
    assert await why(account) == "token_doubtful", "not again before a minute has passed"
    assert zalo.names() == ["token"]
    clock.later(seconds=61)
    assert await why(account) == "token_spent"
    clock.later(hours=5)
    assert await why(account) == "token_spent"
    assert zalo.names() == ["token", "token"], "a token that is spent is not tried for ever"
    assert "SOVIEC_ZALO_REFRESH_TOKEN" in say("notify.zalo.token_spent")
    async with workers(zalo, tmp_path, clock, 1, zalo_refresh_token=zalo.refresh) as (again,):
        await again.send(TO, letter())
        # One that still runs with the old setting does not begin its old authorisation anew.
        await account.send(TO, letter())
    assert len(zalo.delivered) == 2


async def test_a_lost_answer_that_spent_nothing_is_made_good_by_the_next_try(account, zalo, clock):
    zalo.fail("token", 502)
    assert await why(account) == "token_doubtful"
    clock.later(seconds=61)
    await account.send(TO, letter())
    assert (zalo.refreshes, len(zalo.delivered)) == (1, 1)


async def test_a_worker_that_died_while_it_asked_is_followed_by_another(account, zalo, clock, tmp_path):
    settings = installed(zalo, tmp_path)
    turn = msgspec.json.encode(Tokens(refresh=FIRST_REFRESH, turn="w1", turn_at=clock())).decode()
    await carry_out(SwapTokens(before="", after=safe.seal(settings, turn)), actor=None, now=clock(), source="job")
    clock.later(seconds=61)
    await account.send(TO, letter())
    assert zalo.refreshes == 1


async def test_a_pair_that_the_database_would_not_take_is_held_until_it_does(account, zalo, monkeypatch):
    monkeypatch.setattr("server.notify.zalo.tokens.KEEP_AGAIN", (0.0, 0.0))
    swap = account._tokens._swap
    away = True

    async def sometimes(before, after):
        if away and after.access:
            raise ConnectionError("the database is away")
        return await swap(before, after)

    monkeypatch.setattr(account._tokens, "_swap", sometimes)
    assert await why(account) == "token_turn"
    away = False
    await account.send(TO, letter())
    assert (zalo.refreshes, len(zalo.delivered)) == (1, 1), "not asked for twice, and not used before it was kept"


async def test_no_secret_is_in_a_log_an_error_or_a_name(account, zalo, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    zalo.fail("cs", "hang up", -216, -216, -9999)
    said = [repr(account), repr(installed(zalo, tmp_path)), repr(account._tokens._known)]
    for _ in range(3):
        with pytest.raises(TransportError) as no:
            await account.send(TO, letter())
        said.append(repr(no.value) + no.value.detail)
    assert not [text for text in [*said, *caplog.messages] for secret in SECRETS if secret in text]
