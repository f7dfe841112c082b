"""Delivering once: who claims, what an outcome leaves behind, what is left out."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from server.errors import Refusal
from server.notify.commands.channels import TurnChannel
from server.notify.commands.dead import RetryDeliveries
from server.notify.commands.deliver import Back, Claim, PutBack
from server.notify.commands.prune import Prune
from server.notify.commands.trial import SendTest
from server.notify.queries import deliveries, figures, only_in_app, standings
from server.notify.rules.quiet import Quiet
from server.notify.texts import told_of
from server.people.queries import directory
from server.storage.door import carry_out
from server.storage.engine import row, rows
from server.storage.ids import new_id
from server.storage.transaction import Source
from tests.notify.desk import Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(engine, clock):
    return Desk(clock)


async def test_of_many_that_claim_a_letter_one_gets_it(desk, cast):
    letter = await desk.letter(cast.officer)
    got = await asyncio.gather(*(desk.claim(letter) for _ in range(8)))
    assert sorted(len(one) for one in got) == [0] * 7 + [1]
    assert (await desk.delivery(letter))["attempts"] == 1


async def test_an_outcome_counts_for_its_own_claim_only(desk, cast):
    letter = await desk.letter(cast.officer)
    await desk.claim(letter, claim="mine")
    assert await desk.settle(letter, "sent", claim="another") == 0
    assert await desk.settle(letter, "sent", claim="mine", ref="17") == 1
    assert await desk.settle(letter, "never", claim="mine") == 0
    after = await desk.delivery(letter)
    assert (after["state"], after["service_ref"]) == ("sent", "17")


async def test_a_letter_that_is_refused_for_now_waits_and_is_rung_again(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    assert await desk.ring() == [letter] and await desk.ring() == []
    after = await desk.attempt(letter, "later", why="x", retry_after=60.0)
    assert (after["state"], after["queued_at"], after["ended_at"]) == ("waiting", None, None)
    clock.later(seconds=59)
    assert await desk.ring() == [] and await desk.claim(letter) == []
    clock.later(seconds=2)
    assert await desk.ring() == [letter] and len(await desk.claim(letter)) == 1


async def test_a_second_attempt_wakes_nobody_either(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    desk.quiet = Quiet(8 * 60, 9 * 60)
    after = await desk.attempt(letter, "later", retry_after=60.0)
    assert after["next_at"] - clock() == timedelta(minutes=45)


async def test_an_answer_lost_twice_is_sent_twice_at_most_and_marked(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    once = await desk.attempt(letter, "lost")
    assert (once["state"], once["maybe_doubled"]) == ("waiting", False)
    clock.later(minutes=5)
    twice = await desk.attempt(letter, "lost", why="sending.why.slow")
    assert (twice["state"], twice["maybe_doubled"], twice["attempts"]) == ("unknown", True, 2)
    clock.later(hours=1)
    assert await desk.claim(letter) == []
    assert [one.id for one in await deliveries(("unknown",))] == [letter]


async def test_a_letter_that_is_seen_once_is_sent_again_without_a_mark(desk, cast, clock):
    letter = await desk.letter(cast.officer, "webpush")
    for _ in range(3):
        after = await desk.attempt(letter, "lost", idempotent=True)
        clock.later(hours=1)
    assert (after["state"], after["maybe_doubled"]) == ("waiting", False)


async def test_the_claim_of_a_dead_worker_is_an_answer_that_was_lost(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    await desk.claim(letter, claim="dead")
    clock.later(seconds=89)
    assert (await desk.rescue())["stuck"] == 0
    clock.later(seconds=2)
    assert (await desk.rescue())["stuck"] == 1
    assert await desk.settle(letter, "sent", claim="dead") == 0
    clock.later(seconds=2)
    after = await desk.attempt(letter, "sent")
    assert (after["state"], after["maybe_doubled"]) == ("sent", True)


async def test_a_bell_that_nobody_heard_is_rung_again(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    await desk.ring()
    clock.later(seconds=31)
    assert (await desk.rescue())["rung_again"] == 1
    assert await desk.ring() == [letter]


async def test_what_was_read_meanwhile_is_left_out(desk, cast, clock):
    await desk.turn_on("telegram")
    await desk.address(cast.officer)
    told = [await desk.tell(cast.officer) for _ in range(4)]
    alone = await desk.letter(cast.head)
    await desk.change("UPDATE outbox SET read_at = $1 WHERE id = $2 OR person = $3", clock(), told[0], cast.head)
    [letter] = await desk.claim()
    assert {one["id"] for one in letter.messages} == set(told[1:])
    assert (await desk.delivery(alone))["state"] == "dropped"


async def test_an_address_that_ended_is_put_out_of_use_and_its_owner_told_once(desk, cast, clock):
    first, second = await desk.letter(cast.officer), await desk.letter(cast.officer)
    assert len(await desk.claim(first, second)) == 2
    for letter in (first, second):
        await desk.settle(letter, "never", why="sending.why.fault", address_ended="blocked")
    assert {(await desk.delivery(one))["state"] for one in (first, second)} == {"failed"}
    assert [one["state"] for one in await rows("SELECT state FROM address")] == ["blocked"]
    [said] = await rows("SELECT data FROM outbox WHERE kind = 'notify.linked'")
    told = told_of("notify.linked", None, orjson.loads(said["data"]), await directory(), clock().date())
    assert told.title == "Kênh nhận tin: Telegram “@thu” không còn nhận được tin. Hãy liên kết lại nếu cần"
    assert (await desk.plan())["letters"] == 0


async def test_the_head_of_a_room_hears_that_its_group_is_reached_no_more(desk, cast):
    await desk.turn_on("telegram")
    await desk.address(cast.cntt, unit=True)
    await desk.tell(cast.cntt, "digest.room")
    await desk.plan()
    [letter] = [one["id"] for one in await desk.deliveries()]
    assert await desk.claim(letter)
    await desk.settle(letter, "never", why="sending.why.fault", address_ended="blocked")
    assert [one["person"] for one in await rows("SELECT person FROM outbox WHERE kind = 'notify.linked'")] == [cast.head]


async def test_a_letter_to_an_ended_address_or_a_silenced_channel_is_dropped(desk, cast, clock):
    ended, silenced = await desk.letter(cast.officer), await desk.letter(cast.head, "zalo")
    await desk.change("UPDATE address SET state = 'revoked' WHERE person = $1", cast.officer)
    await carry_out(TurnChannel(channel="zalo", on=False), actor=cast.admin, now=clock(), source="page")
    assert await desk.claim(ended, silenced) == []
    assert {(await desk.delivery(one))["state"] for one in (ended, silenced)} == {"dropped"}


async def test_a_service_that_asks_for_patience_gets_it_from_every_letter(desk, cast, clock):
    asked, other, elsewhere = await desk.letter(cast.officer), await desk.letter(cast.head), await desk.letter(cast.head, "zalo")
    await desk.ring()
    await desk.attempt(asked, "later", retry_after=300.0, whole_channel=True, why="x", detail="429")
    standing = (await standings())["telegram"]
    assert standing.paused_until == clock() + timedelta(seconds=300) and standing.trouble_detail == "429"
    assert [one.id for one in await desk.claim(other, elsewhere)] == [elsewhere]
    assert (await desk.delivery(other))["next_at"] == standing.paused_until
    clock.later(seconds=302)
    assert (await desk.attempt(other, "sent"))["state"] == "sent"
    assert (await standings())["telegram"].trouble == ""


async def test_a_channel_that_carries_nothing_is_left_in_peace_for_a_while(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    for _ in range(20):
        assert (await standings())["telegram"].paused_until is None
        await desk.attempt(letter, "later", why="x")
        clock.later(hours=1, minutes=20)
    assert (await standings())["telegram"].paused_until is not None


async def test_a_letter_older_than_two_days_is_given_up_and_says_so(desk, cast, clock):
    letter, kept = await desk.letter(cast.officer), await desk.letter(cast.head)
    clock.later(hours=47)
    assert len(await desk.claim(kept)) == 1
    clock.later(hours=2)
    assert await desk.claim(letter) == []
    after = await desk.delivery(letter)
    assert (after["state"], after["why"]) == ("failed", "sending.why.too_old")


async def test_letters_of_a_channel_that_is_set_up_no_more_end_too(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    clock.later(hours=49)
    await desk.rescue()
    assert (await desk.delivery(letter))["state"] == "failed"


async def test_an_administrator_sends_a_dead_letter_again(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    await desk.attempt(letter, "lost")
    clock.later(minutes=5)
    await desk.attempt(letter, "lost")
    again = RetryDeliveries(ids=[letter])
    asking: list[tuple[str, Source]] = [(cast.head, "page"), (cast.admin, "sync")]
    for actor, source in asking:
        with pytest.raises(Refusal) as refused:
            await carry_out(again, actor=actor, now=clock(), source=source)
        assert refused.value.code == "not_allowed"
    clock.later(days=3)
    assert (await carry_out(again, actor=cast.admin, now=clock(), source="page"))["again"] == 1
    with pytest.raises(Refusal):
        await carry_out(again, actor=cast.admin, now=clock(), source="page")
    after = await desk.attempt(letter, "sent")
    assert (after["state"], after["maybe_doubled"]) == ("sent", True)
    entry = await row("SELECT actor, action FROM audit_entry WHERE kind = 'delivery'")
    assert entry == {"actor": cast.admin, "action": "retry"}


async def test_a_channel_abroad_is_turned_on_by_who_has_understood_it(desk, cast, clock):
    async def turn(channel, actor=cast.admin, **more):
        return await carry_out(TurnChannel(channel=channel, on=True, **more), actor=actor, now=clock(), source="page")

    for wrong in ({"channel": "telegram"}, {"channel": "inbox"}, {"channel": "zalo", "actor": cast.director}):
        with pytest.raises(Refusal):
            await turn(**wrong)
    await turn("telegram", understood=True)
    await turn("zalo")
    found = await standings()
    assert (found["telegram"].on, found["telegram"].understood, found["telegram"].by) == (True, True, cast.admin)
    assert found["zalo"].on and not found["email"].on


async def test_a_test_message_goes_to_its_author_alone_and_at_once(desk, cast, clock):
    desk.quiet = Quiet(0, 12 * 60)
    await desk.turn_on("telegram")
    await desk.address(cast.officer)
    with pytest.raises(Refusal) as refused:
        await carry_out(SendTest(channel="telegram"), actor=cast.admin, now=clock(), source="page")
    assert refused.value.code == "not_found"
    await desk.address(cast.admin)
    made = await carry_out(SendTest(channel="telegram"), actor=cast.admin, now=clock(), source="page")
    assert (await desk.plan())["letters"] == 0
    assert await desk.ring() == made["deliveries"]


async def test_how_a_letter_fared_is_not_for_people_to_say(desk, cast, clock):
    letter = await desk.letter(cast.officer)
    asking: list[tuple[str, Source]] = [(cast.admin, "page"), (cast.officer, "sync"), (cast.admin, "job")]
    for actor, source in asking:
        with pytest.raises(Refusal) as refused:
            await carry_out(Claim(ids=[letter], claim=new_id()), actor=actor, now=clock(), source=source)
        assert refused.value.code == "not_allowed"


async def test_the_figures_say_what_became_of_letters(desk, cast, clock):
    since = clock()
    sent, failed = await desk.letter(cast.officer), await desk.letter(cast.head)
    await desk.letter(cast.colleague)
    await desk.tell(cast.director)
    await desk.plan()
    clock.later(seconds=4)
    await desk.attempt(sent, "sent")
    await desk.attempt(failed, "never", why="x")
    found = (await figures(since))["telegram"]
    assert (found.sent, found.failed, found.waiting, found.median) == (1, 1, 1, 4.0)
    # The director's, and the one of the office's delegation.
    assert await only_in_app(since) == 2
    [dead] = await deliveries(("failed",))
    assert (dead.id, dead.kinds, dead.label) == (failed, ["task.assigned"], "@thu")


async def test_what_ended_long_ago_is_removed_and_what_waits_is_not(desk, cast, clock):
    old, open_ = await desk.letter(cast.officer), await desk.letter(cast.head)
    await desk.attempt(old, "sent")
    clock.later(days=91)
    await desk.do(Prune())
    assert [one["id"] for one in await desk.deliveries()] == [open_]
    assert len(await rows("SELECT id FROM delivery_item")) == 1


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (
            "SELECT id FROM delivery WHERE channel = 'zalo' AND state = 'waiting' AND queued_at IS NULL AND next_at <= 'x'",
            "delivery_due",
        ),
        ("SELECT channel FROM delivery WHERE state IN ('waiting', 'sending') AND queued_at IS NOT NULL", "delivery_rung"),
        ("SELECT id FROM delivery WHERE address IN ('a', 'b') AND state = 'waiting' AND attempts = 0", "delivery_to"),
        ("SELECT id FROM outbox WHERE planned_at IS NULL LIMIT 1", "outbox_waiting"),
    ],
    ids=["due", "rung", "to", "unplanned"],
)
async def test_what_every_look_asks_has_an_index(app, sql, index):
    assert index in str(await rows(f"EXPLAIN QUERY PLAN {sql}"))


async def test_a_letter_that_is_put_back_was_not_tried(desk, cast, clock):
    rung, held = await desk.letter(cast.officer), await desk.letter(cast.head)
    await desk.ring()
    await desk.claim(held, claim="mine")
    await desk.do(
        PutBack(letters=[Back(delivery=rung), Back(delivery=held, claim="mine", seconds=7.0), Back(delivery=held, claim="another")])
    )
    first, second = await desk.delivery(rung), await desk.delivery(held)
    assert (first["queued_at"], first["next_at"]) == (None, clock())
    assert (second["state"], second["attempts"], second["next_at"] - clock()) == ("waiting", 0, timedelta(seconds=7))
