"""Whose messages a browser shows: its person's, while he is signed in there, and nobody else's."""

import asyncio

import httpx
import pytest

from server.accounts.tables import Session
from server.errors import Refusal
from server.notify.commands.channels import TurnChannel
from server.notify.webpush.commands import MOST, Subscribe, Unsubscribe
from server.notify.webpush.keys import kept, public_key
from server.storage.door import carry_out
from server.storage.engine import insert, rows
from server.storage.transaction import Source
from tests.notify.webpush.service import Browser
from tests.office import CAST, NOW, sign_in

pytestmark = pytest.mark.anyio
PATH = "/api/v1/push"
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"


async def turn(on: bool = True) -> None:
    await carry_out(TurnChannel(channel="webpush", on=on, understood=on), actor=CAST.admin, now=NOW, source="page")


def browser(name: str = "one") -> Browser:
    return Browser(f"https://fcm.googleapis.com/fcm/send/{name}")


async def subscribe(client: httpx.AsyncClient, what: Browser, **more: str) -> httpx.Response:
    return await client.post(PATH, json={**what.subscription, **more}, headers={"User-Agent": AGENT})


async def active() -> set[tuple[str, str]]:
    """(person, endpoint)"""
    return {(one["person"], one["address"]) for one in await rows("SELECT person, address FROM address WHERE state = 'active'")}


async def ended() -> dict[str, str]:
    """Endpoint: why."""
    found = await rows("SELECT address, why, until FROM address WHERE state = 'revoked'")
    assert all(one["until"] is not None for one in found)
    return {one["address"]: one["why"] for one in found}


async def test_a_browser_is_given_the_key_once_an_administrator_has_turned_the_channel_on(visit, settings):
    client = await visit("cntt.cv1")
    assert (await client.get(PATH)).json() == {"on": False, "key": ""}
    assert (await subscribe(client, browser())).status_code == 409
    await turn()
    assert (await client.get(PATH)).json() == {"on": True, "key": public_key(kept(settings.data))}


async def test_a_device_is_an_address_that_its_owner_recognises(visit, cast):
    await turn()
    client, device = await visit("cntt.cv1"), browser()
    first = await subscribe(client, device)
    assert (first.status_code, first.json()["new"]) == (201, True)
    again = await subscribe(client, device)
    assert again.json() == {"address": first.json()["address"], "new": False}
    (kept_row,) = await rows("SELECT channel, person, unit, label, data FROM address")
    assert (kept_row["channel"], kept_row["person"], kept_row["unit"], kept_row["label"]) == (
        "webpush",
        cast.officer,
        None,
        "Chrome trên Android",
    )
    assert device.keys["p256dh"] in kept_row["data"] and device.keys["auth"] in kept_row["data"]


async def test_a_browser_that_got_another_endpoint_keeps_one_address(visit, cast):
    await turn()
    client, old, new = await visit("cntt.cv1"), browser("old"), browser("new")
    await subscribe(client, old)
    await subscribe(await visit("cntt.cv2"), browser("other"))
    await subscribe(client, new, replaces=old.endpoint)
    await subscribe(client, new, replaces=browser("other").endpoint)
    assert await active() == {(cast.officer, new.endpoint), (cast.colleague, browser("other").endpoint)}
    assert await ended() == {old.endpoint: "notify.push.ended_replaced"}


@pytest.mark.parametrize(
    "endpoint",
    ["https://evil.example/x", "http://127.0.0.1:6379/", "https://10.0.0.1/x", "https://fcm.googleapis.com@evil.example/", ""],
    ids=["another host", "this machine", "a private number", "a name before it", "nothing"],
)
async def test_an_endpoint_that_is_no_push_service_is_refused(visit, endpoint):
    await turn()
    answer = await subscribe(await visit("cntt.cv1"), Browser(endpoint))
    assert answer.status_code == 422
    assert await active() == set()


@pytest.mark.parametrize(
    "keys",
    [{"p256dh": "A" * 87, "auth": "A" * 22}, {"p256dh": "", "auth": ""}, {"p256dh": "A" * 9000, "auth": "é"}],
    ids=["no point", "none", "long"],
)
async def test_keys_that_are_none_are_refused(visit, keys):
    await turn()
    client = await visit("cntt.cv1")
    assert (await client.post(PATH, json={"endpoint": browser().endpoint, "keys": keys})).status_code == 422
    assert (await client.post(PATH, content=b"{")).status_code == 422
    assert await active() == set()


async def test_another_site_or_a_stranger_can_subscribe_nothing(visit):
    await turn()
    assert (await subscribe(await visit(), browser())).status_code in (401, 403)
    client = await visit("cntt.cv1")
    client.headers.pop("X-CSRF-Token")
    assert (await subscribe(client, browser())).status_code == 403
    assert await active() == set()


async def test_who_turns_it_off_ends_his_own_alone(visit, cast):
    await turn()
    mine, other = await visit("cntt.cv1"), await visit("cntt.cv2")
    await subscribe(mine, browser("mine"))
    await subscribe(other, browser("other"))
    assert (await mine.post(f"{PATH}/end", json={"endpoint": browser("other").endpoint})).json() == {"ended": 0}
    assert (await mine.post(f"{PATH}/end", json={"endpoint": browser("mine").endpoint})).json() == {"ended": 1}
    assert (await mine.post(f"{PATH}/end", json={"endpoint": browser("mine").endpoint})).json() == {"ended": 0}
    assert await active() == {(cast.colleague, browser("other").endpoint)}


async def test_signing_out_ends_what_that_browser_was_shown(visit, cast):
    await turn()
    phone, desk = await visit("cntt.cv1"), await visit("cntt.cv1")
    await subscribe(phone, browser("phone"))
    await subscribe(desk, browser("desk"))
    await phone.delete("/api/v1/session")
    assert await active() == {(cast.officer, browser("desk").endpoint)}
    assert await ended() == {browser("phone").endpoint: "notify.push.ended_signed_out"}


async def test_signing_out_elsewhere_ends_all_but_the_one_in_hand(visit, cast):
    await turn()
    phone, desk = await visit("cntt.cv1"), await visit("cntt.cv1")
    await subscribe(phone, browser("phone"))
    await subscribe(desk, browser("desk"))
    answer = await desk.post("/me/sessions", data={"csrf_token": desk.headers["X-CSRF-Token"]})
    assert answer.status_code == 303, answer.text
    assert await active() == {(cast.officer, browser("desk").endpoint)}


async def test_another_person_on_the_same_browser_ends_it_and_the_same_person_keeps_it(visit, cast):
    await turn()
    client = await visit("cntt.cv1")
    await subscribe(client, browser())
    await sign_in(client, "cntt.cv1")
    assert await active() == {(cast.officer, browser().endpoint)}
    await client.post("/api/v1/session", json={"username": "cntt.cv2", "password": "sai"})
    assert await active() == {(cast.officer, browser().endpoint)}, "a wrong password is nobody"
    await sign_in(client, "cntt.cv2")
    assert await active() == set()
    assert await ended() == {browser().endpoint: "notify.push.ended_other_person"}


async def test_a_browser_that_somebody_else_subscribes_shows_the_first_one_nothing_more(visit, cast):
    """A session that ran out leaves no trace in the browser: then only the endpoint says that it is the same."""
    await turn()
    await subscribe(await visit("cntt.cv1"), browser())
    await subscribe(await visit("cntt.cv2"), browser())
    assert await active() == {(cast.colleague, browser().endpoint)}


async def test_the_eleventh_browser_takes_the_place_of_the_first(visit):
    await turn()
    client = await visit("cntt.cv1")
    for number in range(MOST + 1):
        await subscribe(client, browser(f"{number:02}"))
    assert await ended() == {browser("00").endpoint: "notify.push.ended_too_many"}


async def test_a_page_and_its_worker_that_come_at_once_make_one_address(engine, cast):
    await turn()
    for name, person in (("s1", cast.officer), ("s2", cast.colleague)):
        await insert(Session, {"id": name, "person": person, "created_at": NOW, "seen_at": NOW, "expires_at": NOW})
    device = browser()

    def asked(session: str, person: str):
        return carry_out(Subscribe(endpoint=device.endpoint, session=session, **device.keys), actor=person, now=NOW, source="page")

    await asyncio.gather(*(asked("s1", cast.officer) for _ in range(4)), *(asked("s2", cast.colleague) for _ in range(4)))
    assert len(await active()) == 1
    await carry_out(Unsubscribe(endpoint=device.endpoint), actor=(await active()).pop()[0], now=NOW, source="page")
    assert await active() == set()


async def test_nobody_subscribes_for_another_person_or_by_the_sync_protocol(engine, cast):
    await turn()
    await insert(Session, {"id": "s1", "person": cast.officer, "created_at": NOW, "seen_at": NOW, "expires_at": NOW})
    asked = Subscribe(endpoint=browser().endpoint, session="s1", **browser().keys)
    tries: list[tuple[str | None, Source]] = [(cast.colleague, "page"), (cast.officer, "sync"), (None, "job")]
    for actor, source in tries:
        with pytest.raises(Refusal) as caught:
            await carry_out(asked, actor=actor, now=NOW, source=source)
        assert caught.value.code == "not_allowed"
