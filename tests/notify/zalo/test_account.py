"""A letter by the Official Account API: what is sent, and what each answer makes of it."""

import pytest

from server.notify.channels import TransportError
from server.notify.zalo.account import OfficialAccount
from tests.notify.zalo.conftest import SITE, TO, installed, letter
from tests.postgres import free_port

pytestmark = pytest.mark.anyio


async def refused(account, **more):
    with pytest.raises(TransportError) as no:
        await account.send(TO, letter(**more))
    return no.value


async def test_it_sends_a_text_with_a_button_and_keeps_zalos_name_of_it(account, zalo):
    assert (await account.send(TO, letter())).ref == "m1"
    (sent,) = zalo.delivered
    assert sent["to"] == TO.address
    assert sent["text"] == f"Việc mới: 26-014 Rà soát\nHạn 30/11\n{SITE}/tasks/26-014"
    button = {"title": "Xem", "type": "oa.open.url", "payload": {"url": f"{SITE}/tasks/26-014"}}
    assert sent["attachment"] == {"type": "template", "payload": {"buttons": [button]}}


async def test_a_title_without_end_is_cut_and_the_link_stays_whole(account, zalo):
    await account.send(TO, letter(title="🐉 " * 2500, lines=["Đ" * 3000]))
    assert zalo.texts()[0].endswith(f"…\n{SITE}/tasks/26-014")
    assert len(zalo.texts()[0].encode("utf-16-le")) // 2 <= 2000


async def test_a_button_that_is_refused_is_left_out_and_not_tried_again(account, zalo):
    zalo.fail("cs", -201)
    assert (await account.send(TO, letter())).ref == "m1"
    await account.send(TO, letter())
    assert [("attachment" in one["message"]) for name, one in zalo.asked if name == "cs"] == [True, False, False]


@pytest.mark.parametrize(
    ("fault", "why", "permanent", "ended", "whole", "unknown"),
    [
        pytest.param(-32, "rate", False, "", True, False, id="limit of calls"),
        pytest.param(429, "rate", False, "", True, False, id="HTTP 429"),
        pytest.param(503, "busy", False, "", False, False, id="HTTP 503"),
        pytest.param(-211, "quota", False, "", True, False, id="quota of the account"),
        pytest.param(-218, "person_quota", False, "", False, False, id="quota of the person"),
        pytest.param(-213, "unfollowed", True, "blocked", False, False, id="does not follow"),
        pytest.param(-244, "unfollowed", True, "blocked", False, False, id="restricted"),
        pytest.param(-227, "inactive", True, "", False, False, id="inactive"),
        pytest.param(-230, "window", True, "", False, False, id="7 days without a word"),
        pytest.param(-224, "account", False, "", True, False, id="package of the account"),
        pytest.param(-9999, "refused", True, "", False, False, id="a code of tomorrow"),
        pytest.param("hang up", "no_answer", False, "", False, True, id="answer lost"),
    ],
)
async def test_each_answer_makes_of_the_letter_what_it_says(account, zalo, fault, why, permanent, ended, whole, unknown):
    zalo.fail("cs", fault)
    no = await refused(account)
    assert (no.why, no.permanent, no.address_ended, no.whole_channel, no.unknown) == (
        f"notify.zalo.{why}",
        permanent,
        ended,
        whole,
        unknown,
    )
    if whole:
        assert no.retry_after is not None and no.retry_after >= 60


async def test_who_is_out_of_reach_gets_the_template_where_one_is_set(zalo, tmp_path, clock, office):
    account = OfficialAccount(installed(zalo, tmp_path, zalo_template="7895417"), clock)
    await account.open()
    zalo.fail("cs", -232)
    assert (await account.send(TO, letter())).ref == "t1"
    assert zalo.delivered == [
        {"to": TO.address, "template": "7895417", "data": {"title": "Việc mới: 26-014 Rà soát", "number": "26-014", "link": "tasks/26-014"}}
    ]
    zalo.fail("cs", -232)
    zalo.fail("template", -249)
    assert (await refused(account)).why == "notify.zalo.template"
    await account.close()


async def test_without_a_connection_nothing_has_left(zalo, tmp_path, clock, office):
    account = OfficialAccount(installed(zalo, tmp_path, zalo_api=f"http://127.0.0.1:{free_port()}"), clock)
    await account.open()
    no = await refused(account)
    assert (no.why, no.permanent, no.unknown) == ("notify.zalo.unreachable", False, False)
    await account.close()


async def test_the_check_says_whom_zalo_takes_us_for(account):
    assert await account.check() == "Official Account “Trung tâm PVHCC”"
