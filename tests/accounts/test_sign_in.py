"""Signing in and out, through the whole application."""

import asyncio
import re
import time
from statistics import median

import pytest

from server.accounts.commands import SetPassword, SignIn
from server.accounts.passwords import hash_password
from server.accounts.sessions import COOKIE, session_id
from server.audit.queries import broken_at
from server.errors import Refusal
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import row, rows
from server.storage.transaction import Source
from tests.office import CAST, NOW, PASSWORD, SECRET, sign_in

pytestmark = pytest.mark.anyio
WRONG = "Sai-mat-khau-2026!"


async def count(sql: str) -> int:
    found = await row(f"SELECT count(*) AS n FROM {sql}")
    assert found
    return int(found["n"])


async def test_it_answers_a_program_with_the_person_and_a_token(visit, cast):
    client = await visit()
    answer = await client.post("/api/v1/session", json={"username": "cntt.truong", "password": PASSWORD})
    assert answer.status_code == 201
    person = answer.json()["person"]
    assert (person["id"], person["username"], person["position"], person["unit"], person["active"]) == (
        cast.head,
        "cntt.truong",
        "head",
        cast.cntt,
        True,
    )
    assert set(person["may_assign"]) == {cast.head, cast.deputy_head, cast.officer, cast.colleague}
    again = await client.get("/api/v1/session")
    assert again.json() == answer.json()


async def test_it_takes_the_form_and_goes_where_one_wanted(visit):
    client = await visit()
    answer = await client.post("/sign-in", data={"username": " Giamdoc ", "password": PASSWORD, "next": "/tasks?q=a"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks?q=a")
    assert (await client.get("/me")).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x",
        "///evil",
        "",
    ],
)
async def test_it_never_sends_anybody_to_another_site(visit, wanted):
    client = await visit()
    answer = await client.post("/sign-in", data={"username": "giamdoc", "password": PASSWORD, "next": wanted})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    shown = await client.get("/sign-in", params={"next": wanted})
    assert (shown.status_code, shown.headers["location"]) == (303, "/")


async def test_the_cookie_is_only_for_the_server_and_this_site(visit):
    client = await visit()
    answer = await client.post("/sign-in", data={"username": "giamdoc", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert re.search(rf"{COOKIE}=[A-Za-z0-9_-]{{43}};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


class TestOverTls:
    @pytest.fixture
    def settings(self, sqlite_url, tmp_path):
        return Settings(data_dir=str(tmp_path), database_url=sqlite_url, secret_key=SECRET, public_url="https://soviec.test")

    async def test_the_cookie_is_secure(self, visit):
        client = await visit()
        answer = await client.post("/sign-in", data={"username": "giamdoc", "password": PASSWORD})
        assert "Secure" in answer.headers["set-cookie"]


async def test_the_table_does_not_hold_what_the_cookie_holds(visit):
    client = await visit("giamdoc")
    token = client.cookies[COOKIE]
    assert [one["id"] for one in await rows("SELECT id FROM session")] == [session_id(token)]


async def test_who_is_not_signed_in_leaves_nothing_behind(visit):
    client = await visit()
    for path in ("/", "/sign-in", "/me", "/people", "/api/v1/session", "/static/css/soviec.css", "/nowhere"):
        answer = await client.get(path)
        assert "set-cookie" not in answer.headers, path
    assert await count("session") == 0


async def test_it_sends_a_page_to_the_sign_in_and_back(visit):
    client = await visit()
    answer = await client.get("/people", params={"a": "b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fpeople%3Fa%3Db")
    part = await client.get("/people", headers={"HX-Request": "true", "Referer": "http://soviec.test/me"})
    assert part.headers["hx-redirect"] == "/sign-in?next=%2Fme"
    program = await client.get("/api/v1/session")
    assert (program.status_code, program.json()["code"]) == (401, "signed_out")


async def test_an_unknown_name_and_a_wrong_password_are_told_the_same(visit):
    client = await visit()
    wrong = await client.post("/api/v1/session", json={"username": "giamdoc", "password": WRONG})
    nobody = await client.post("/api/v1/session", json={"username": "khongai", "password": WRONG})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()


async def test_an_unknown_name_and_a_wrong_password_take_the_same_time(visit, cast):
    client = await visit()
    # The passwords of the cast are cheap to look at; these are as dear as the product makes them.
    dear = await hash_password(PASSWORD)
    for person in (cast.director, cast.deputy, cast.officer, cast.colleague, cast.stranger):
        await carry_out(SetPassword(person=person, password_hash=dear), actor=None, now=NOW, source="cli")

    async def seconds(username: str) -> float:
        began = time.perf_counter()
        await client.post("/api/v1/session", json={"username": username, "password": WRONG})
        return time.perf_counter() - began

    await seconds("lamnong")
    known = [await seconds(name) for name in ("giamdoc", "pgd1", "cntt.cv1", "cntt.cv2", "hcth.cv1")]
    unknown = [await seconds(f"khongai{number}") for number in range(5)]
    assert 0.4 < median(unknown) / median(known) < 2.5


async def test_it_locks_after_five_and_refuses_even_the_right_password(visit, clock):
    client = await visit()
    for _ in range(4):
        assert (await sign_in(client, "giamdoc", WRONG)).status_code == 401
    fifth = await sign_in(client, "giamdoc", WRONG)
    assert (fifth.status_code, fifth.json()["code"]) == (429, "locked")
    assert "08:30" in fifth.json()["message"], "the message says until when, by the clock on the wall"
    clock.later(minutes=14)
    assert (await sign_in(client, "giamdoc")).status_code == 429
    clock.later(minutes=1)
    assert (await sign_in(client, "giamdoc")).status_code == 201


async def test_a_name_that_nobody_has_locks_too(visit):
    client = await visit()
    answers = [(await sign_in(client, "khongai", WRONG)).status_code for _ in range(6)]
    assert answers == [401, 401, 401, 401, 429, 429]


async def test_a_right_password_sets_the_count_back(visit):
    client = await visit()
    for _ in range(3):
        for _ in range(4):
            await sign_in(client, "giamdoc", WRONG)
        assert (await sign_in(client, "giamdoc")).status_code == 201


async def test_sixty_wrong_passwords_at_once_lock_and_are_all_in_the_chain(visit):
    client = await visit()
    answers = await asyncio.gather(*(sign_in(client, "cntt.cv1", f"{WRONG}{number}") for number in range(60)))
    assert {answer.status_code for answer in answers} <= {401, 429}
    assert sum(answer.status_code == 401 for answer in answers) == 4
    assert (await sign_in(client, "cntt.cv1")).status_code == 429
    assert await count("session") == 0
    assert await count("audit_entry WHERE action = 'sign_in_failed'") == 5
    assert await count("audit_entry WHERE action = 'sign_in_locked'") == 56
    assert await broken_at() is None


async def test_one_address_that_guesses_many_names_has_to_wait(visit, clock):
    client = await visit()
    for number in range(61):
        await sign_in(client, f"ten{number}", WRONG)
    held = await sign_in(client, "giamdoc")
    assert (held.status_code, held.json()["code"]) == (429, "too_many")
    clock.later(minutes=15, seconds=1)
    assert (await sign_in(client, "giamdoc")).status_code == 201


async def test_a_session_that_was_planted_is_not_taken_over(visit):
    client = await visit()
    client.cookies.set(COOKIE, "planted-by-somebody-else", domain="soviec.test")
    await client.post("/sign-in", data={"username": "giamdoc", "password": PASSWORD})
    assert not [one for one in await rows("SELECT id FROM session") if one["id"] == session_id("planted-by-somebody-else")]


async def test_signing_in_again_ends_the_session_before(visit):
    client = await visit("giamdoc")
    first = client.cookies[COOKIE]
    await sign_in(client, "giamdoc")
    assert client.cookies[COOKIE] != first
    assert await count("session") == 1


async def test_sign_out_ends_the_session_on_the_server(visit):
    client = await visit("giamdoc")
    token = client.cookies[COOKIE]
    answer = await client.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    stolen = await visit()
    stolen.cookies.set(COOKIE, token, domain="soviec.test")
    assert (await stolen.get("/api/v1/session")).status_code == 401
    program = await visit("giamdoc")
    assert (await program.delete("/api/v1/session")).status_code == 204
    assert (await program.get("/api/v1/session")).status_code == 401


async def test_sign_out_everywhere_leaves_the_device_in_hand(visit):
    phone, desk, other = await visit("giamdoc"), await visit("giamdoc"), await visit("pgd1")
    page = await desk.get("/me/sessions")
    assert page.text.count("thiết bị này") == 1
    assert (await desk.post("/me/sessions")).status_code == 303
    assert (await phone.get("/me")).status_code == 303
    assert (await desk.get("/me")).status_code == 200
    assert (await other.get("/me")).status_code == 200


async def test_a_session_ends_by_age(visit, clock):
    client = await visit("giamdoc")
    clock.later(days=29, hours=23)
    assert (await client.get("/me")).status_code == 200
    clock.later(hours=1)
    assert (await client.get("/me")).status_code == 303


class TestIdle:
    @pytest.fixture
    def settings(self, sqlite_url, tmp_path):
        return Settings(data_dir=str(tmp_path), database_url=sqlite_url, secret_key=SECRET, idle_minutes=15)

    async def test_a_session_ends_for_want_of_use(self, visit, clock):
        client = await visit("giamdoc")
        for _ in range(4):
            clock.later(minutes=10)
            assert (await client.get("/me")).status_code == 200
        clock.later(minutes=15)
        assert (await client.get("/me")).status_code == 303


async def test_use_is_written_down_rarely(visit, clock):
    client = await visit("giamdoc")
    for _ in range(10):
        await client.get("/me")
    assert (await rows("SELECT seen_at FROM session"))[0]["seen_at"] == NOW
    clock.later(minutes=5)
    await client.get("/me")
    assert (await rows("SELECT seen_at FROM session"))[0]["seen_at"] == clock.now


async def test_one_question_tells_who_looks(visit):
    from server.storage.engine import counted

    client = await visit("giamdoc")
    await client.get("/api/v1/session")
    with counted() as asked:
        await client.get("/api/v1/session")
    assert len(asked) == 1, asked


async def test_who_left_is_signed_out_at_once(visit):
    client, admin = await visit("cntt.cv1"), await visit("quantri")
    answer = await admin.post(f"/people/{CAST.officer}/disable")
    assert answer.status_code == 303
    assert (await client.get("/me")).status_code == 303
    assert (await sign_in(client, "cntt.cv1")).status_code == 401


async def test_a_session_is_never_opened_through_the_sync_protocol(app):
    asked = SignIn(person=CAST.director, right=True, against="", session="x" * 64, expires_at=NOW)
    tried: list[tuple[str | None, Source]] = [(CAST.officer, "sync"), (CAST.officer, "page"), (None, "sync")]
    for actor, source in tried:
        with pytest.raises(Refusal):
            await carry_out(asked, actor=actor, now=NOW, source=source)
    assert await count("session") == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://soviec.test"},
    ],
)
async def test_another_site_can_sign_nobody_in(visit, headers):
    client = await visit()
    answer = await client.post("/sign-in", data={"username": "giamdoc", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    program = await client.post("/api/v1/session", json={"username": "giamdoc", "password": PASSWORD}, headers=headers)
    assert program.status_code == 403
    assert await count("session") == 0
    own = {"Origin": "http://soviec.test", "Sec-Fetch-Site": "same-origin"}
    assert (await client.post("/sign-in", data={"username": "giamdoc", "password": PASSWORD}, headers=own)).status_code == 303


@pytest.mark.parametrize("body", [b"", b"[]", b'{"username": 1, "password": 2}', b"\xff\xfe", b'{"username": "giamdoc"}'])
async def test_a_sign_in_that_is_no_json_is_told_so(visit, body):
    client = await visit()
    answer = await client.post("/api/v1/session", content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
