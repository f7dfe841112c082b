"""The pages of keys: a secret is shown once, a form sent again makes nothing, what may not be done is said in Vietnamese."""

import re

import pytest

from server.keys.queries import key_of
from server.storage.engine import row, rows
from tests.office import CAST

pytestmark = pytest.mark.anyio

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
NEW = {"kind": "api", "name": "Hệ thống báo cáo của tỉnh", "scopes": ["reports", "tasks"], "unit": CAST.centre, "until": "2027-11-01"}


def mutation_in(text: str) -> str:
    found = re.search(r'name="mutation" value="([^"]+)"', text)
    assert found
    return found[1]


def secrets_in(text: str) -> list[str]:
    box = re.search(r"<textarea[^>]*readonly[^>]*>\s*(\S+?)</textarea>", text)
    return SECRET.findall(box[1]) if box else []


async def test_an_address_is_shown_once_opens_the_calendar_and_is_taken_back(visit, clock):
    client, phone = await visit("cntt.cv1"), await visit()
    assert 'href="/me/calendar"' in (await client.get("/me")).text
    first = await client.get("/me/calendar")
    assert "Bạn chưa có địa chỉ lịch" in first.text
    form = {"mutation": mutation_in(first.text), "followed": "1"}
    made = await client.post("/me/calendar", data=form)
    (secret,) = secrets_in(made.text)
    assert made.status_code == 200 and made.headers["referrer-policy"] == "no-referrer" and made.headers["cache-control"] == "no-store"
    address = f"http://soviec.test/calendar/feed/{secret}.ics"
    assert address in made.text
    assert (await phone.get(address)).status_code == 200
    again = await client.post("/me/calendar", data=form)
    assert again.status_code == 409 and not secrets_in(again.text) and "chỉ hiện một lần" in again.text
    later = (await client.get("/me/calendar")).text
    assert secret not in later and secret[-4:] in later and "08:15 hôm nay" in later
    assert (await phone.get(address)).status_code == 200, "the second form took nothing back"
    assert (await client.post("/me/calendar/revoke")).status_code == 303
    assert (await phone.get(address)).status_code == 404
    assert (await client.post("/me/calendar/followed", data={})).status_code == 404


async def test_a_key_for_another_system_is_made_shown_once_renewed_and_taken_back(visit, clock, now):
    client = await visit("giamdoc")
    assert "Không có khóa nào đang dùng" in (await client.get("/keys")).text
    form = {**NEW, "mutation": mutation_in((await client.get("/keys/new?kind=api")).text)}
    made = await client.post("/keys/new", data=form)
    (secret,) = secrets_in(made.text)
    key = await key_of(secret, "api", now)
    assert key is not None and key.scopes == {"reports", "tasks"} and key.unit == CAST.centre
    again = await client.post("/keys/new", data=form)
    assert again.status_code == 409 and not secrets_in(again.text) and len(await rows("SELECT id FROM access_key")) == 1
    listed = (await client.get("/keys")).text
    assert secret not in listed and "Báo cáo, Nhiệm vụ" in listed and "sẽ không lấy được dữ liệu nữa" in listed
    renew = (await client.get(f"/keys/new?kind=api&replaces={key.id}")).text
    assert "Hệ thống báo cáo của tỉnh" in renew and renew.count(" checked") == 2
    second = await client.post("/keys/new", data={**NEW, "mutation": mutation_in(renew), "replaces": key.id})
    (newer,) = secrets_in(second.text)
    assert await key_of(secret, "api", now) is None
    stored = await row("SELECT id FROM access_key WHERE revoked_at IS NULL")
    assert stored is not None
    admin = await visit("quantri")
    page = (await admin.get("/keys")).text
    assert f'action="/keys/{stored["id"]}/revoke"' in page and "/keys/new" not in page
    assert (await admin.post(f"/keys/{stored['id']}/revoke")).status_code == 303
    assert await key_of(newer, "api", now) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Hãy ghi khóa này dùng cho hệ thống nào"),
        ({"scopes": []}, "Hãy chọn ít nhất một loại dữ liệu"),
        ({"until": ""}, "phải có ngày hết hạn"),
        ({"until": "31/02/2027"}, "31/02/2027"),
        ({"until": "2028-11-01"}, "tối đa 366 ngày"),
        ({"since": "2026-01-01"}, "Ngày bắt đầu phải từ hôm nay"),
    ],
    ids=["name", "scopes", "no end", "no day", "far", "past"],
)
async def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(visit, change, sentence):
    client = await visit("giamdoc")
    answer = await client.post("/keys/new", data={**NEW, "name": "<b>Tỉnh</b>", **change})
    assert answer.status_code == 422 and sentence in answer.text and await rows("SELECT id FROM access_key") == []
    assert "name" in change or "&lt;b&gt;Tỉnh&lt;/b&gt;" in answer.text


async def test_who_may_make_none_is_told_why(visit):
    officer, head, admin = await visit("cntt.cv1"), await visit("cntt.truong"), await visit("quantri")
    page = await officer.get("/keys")
    assert page.status_code == 200 and "/keys/new" not in page.text
    for client, kind in ((officer, "wall"), (head, "api"), (admin, "api")):
        assert (await client.get(f"/keys/new?kind={kind}")).status_code == 403
        assert (
            await client.post("/keys/new", data={**NEW, "kind": kind, "scopes": NEW["scopes"] if kind == "api" else []})
        ).status_code == 403
    wall = (await head.get("/keys/new?kind=wall")).text
    assert "Phòng Ứng dụng CNTT" in wall and "Phòng Hành chính" not in wall
    assert (await head.get("/keys/new?kind=calendar")).status_code == 404
    assert await rows("SELECT id FROM access_key") == []
