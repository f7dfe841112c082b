"""Choosing a password, and being given one."""

import re

import pytest

from server.audit.queries import broken_at
from server.storage.engine import rows
from tests.office import CAST, PASSWORD, sign_in

pytestmark = pytest.mark.anyio
NEW = "Mat-khau-moi-2027!"


def form(**given):
    return {"current": PASSWORD, "password": NEW, "again": NEW, **given}


async def test_it_changes_the_password_and_signs_the_other_devices_out(visit):
    phone, desk = await visit("cntt.cv1"), await visit("cntt.cv1")
    answer = await desk.post("/me/password", data=form())
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert (await phone.get("/me")).status_code == 303
    assert (await desk.get("/me")).status_code == 200
    assert (await sign_in(phone, "cntt.cv1")).status_code == 401
    assert (await sign_in(phone, "cntt.cv1", NEW)).status_code == 201
    assert await broken_at() is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"current": "Khong-phai-2026!"}, "Mật khẩu hiện tại không đúng"),
        ({"password": "ngan", "again": "ngan"}, "ít nhất 14 ký tự"),
        ({"again": NEW + "x"}, "không giống nhau"),
        ({"password": PASSWORD, "again": PASSWORD}, "phải khác mật khẩu đang dùng"),
    ],
)
async def test_it_says_what_is_wrong_beside_the_field(visit, given, said):
    client = await visit("cntt.cv1")
    answer = await client.post("/me/password", data=form(**given))
    assert answer.status_code == 422
    assert said in answer.text
    assert NEW not in answer.text
    assert (await sign_in(client, "cntt.cv1")).status_code == 201


async def test_who_was_given_a_password_chooses_an_own_one_first(visit):
    admin, client = await visit("quantri"), await visit()
    page = await admin.post(f"/people/{CAST.officer}/password")
    given = re.search(r"Mật khẩu</dt><dd><b[^>]*>([^<]+)</b>", page.text)
    assert given
    assert (await sign_in(client, "cntt.cv1", given.group(1))).status_code == 201
    sent = await client.get("/people")
    assert (sent.status_code, sent.headers["location"]) == (303, "/me/password")
    assert "đặt mật khẩu của riêng bạn" in (await client.get("/me/password")).text
    assert (await client.post("/me/password", data=form(current=given.group(1)))).status_code == 303
    assert (await client.get("/people")).status_code == 200


@pytest.mark.parametrize("username", ["giamdoc", "cntt.truong", "cntt.cv1"])
async def test_only_an_administrator_gives_passwords(visit, username):
    client = await visit(username)
    assert (await client.post(f"/people/{CAST.colleague}/password")).status_code == 403
    assert (await sign_in(await visit(), "cntt.cv2")).status_code == 201


async def test_no_password_stands_in_the_chain(visit):
    client = await visit("cntt.cv1")
    await client.post("/me/password", data=form())
    await sign_in(await visit(), PASSWORD, NEW)
    said = "".join(f"{one['before']}{one['after']}{one['subject']}" for one in await rows("SELECT before, after, subject FROM audit_entry"))
    assert PASSWORD not in said
    assert NEW not in said
    assert "argon2" not in said
