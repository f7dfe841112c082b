"""What the account commands keep when they race, on both engines."""

import asyncio
from datetime import timedelta

import pytest

from server.accounts.commands import Disable, Enable, SetPassword, SignIn, SignOut, SignOutEverywhere
from server.accounts.queries import account
from server.errors import Refusal
from server.storage.door import carry_out
from server.storage.engine import rows
from tests.office import CAST, NOW

pytestmark = pytest.mark.anyio


async def attempt(number, right):
    known = await account(CAST.officer)
    assert known
    asked = SignIn(
        person=CAST.officer,
        right=right,
        against=known.password_hash,
        session=f"{number:064d}",
        expires_at=NOW + timedelta(days=30),
    )
    return await carry_out(asked, actor=None, now=NOW, source="page")


async def test_wrong_passwords_at_the_same_moment_are_counted_one_by_one(engine):
    answers = await asyncio.gather(*(attempt(number, False) for number in range(20)))
    assert sorted(answer["refused"] for answer in answers) == ["locked"] * 16 + ["wrong"] * 4
    assert len(await rows("SELECT seq FROM audit_entry WHERE action = 'sign_in_failed'")) == 5


async def test_a_right_password_that_races_with_a_lock_opens_nothing(engine):
    await asyncio.gather(*(attempt(number, False) for number in range(5)))
    assert (await attempt(9, True))["refused"] == "locked"
    assert await rows("SELECT id FROM session") == []


async def test_a_password_that_was_changed_meanwhile_is_not_the_right_one(engine):
    known = await account(CAST.officer)
    assert known
    await carry_out(SetPassword(person=CAST.officer, password_hash="another"), actor=CAST.officer, now=NOW, source="page")
    asked = SignIn(person=CAST.officer, right=True, against=known.password_hash, session="0" * 64, expires_at=NOW)
    assert (await carry_out(asked, actor=None, now=NOW, source="page"))["refused"] == "wrong"


async def test_a_disabled_account_opens_nothing_until_it_is_enabled(engine):
    await attempt(1, True)
    await carry_out(Disable(person=CAST.officer), actor=CAST.admin, now=NOW, source="page")
    assert await rows("SELECT id FROM session") == []
    assert (await attempt(2, True))["refused"] == "disabled"
    await carry_out(Enable(person=CAST.officer), actor=CAST.admin, now=NOW, source="page")
    assert (await attempt(3, True))["refused"] is None


@pytest.mark.parametrize(
    "asked",
    [
        SetPassword(person=CAST.officer, password_hash="another"),
        Disable(person=CAST.officer),
        Enable(person=CAST.officer),
        SignOutEverywhere(person=CAST.officer),
    ],
    ids=lambda asked: type(asked).__name__,
)
@pytest.mark.parametrize("actor", [CAST.director, CAST.head, CAST.colleague, None])
async def test_only_an_administrator_touches_the_account_of_another(engine, asked, actor):
    with pytest.raises(Refusal) as caught:
        await carry_out(asked, actor=actor, now=NOW, source="page")
    assert caught.value.code == "not_allowed"
    with pytest.raises(Refusal):
        await carry_out(asked, actor=CAST.admin, now=NOW, source="sync")


async def test_nobody_ends_the_session_of_another(engine):
    await attempt(1, True)
    await carry_out(SignOut(session=f"{1:064d}"), actor=CAST.colleague, now=NOW, source="page")
    assert len(await rows("SELECT id FROM session")) == 1
