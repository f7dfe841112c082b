"""The page "Cơ quan" and its forms."""

from datetime import timedelta

import pytest

from server.people.queries import directory
from tests.office import CAST, TODAY, fixed_id

pytestmark = pytest.mark.anyio
LEND = {
    "receiver": CAST.deputy_head,
    "powers": ["assign", "enter"],
    "unit": CAST.cntt,
    "since": TODAY.isoformat(),
    "until": "30/11/2026",
    "document": "42/UQ-CNTT",
    "mutation": fixed_id("form"),
}


@pytest.mark.parametrize("username", ["giamdoc", "pgd1", "hcth.truong", "cntt.cv1", "quantri"])
async def test_everybody_sees_the_office_in_order_of_rank(visit, username):
    page = await (await visit(username)).get("/people")
    assert page.status_code == 200
    places = [page.text.index(name) for name in ("Đỗ Khắc Tường", "Phùng Thế Vịnh", "Đặng Hoài Sang", "Ông Thị Thùy Mây")]
    assert places == sorted(places)
    assert "118/QĐ-TTPVHCC" in page.text
    assert "Ngô Thị Hạnh Dung" in page.text


@pytest.mark.parametrize(
    ("username", "lends", "oversees", "administers", "takes_back"),
    [
        ("giamdoc", True, True, False, True),
        ("pgd1", False, False, False, False),
        ("cntt.truong", True, False, False, False),
        ("cntt.cv1", False, False, False, False),
        ("quantri", False, True, True, True),
    ],
)
async def test_it_offers_only_what_one_may_do(visit, username, lends, oversees, administers, takes_back):
    client = await visit(username)
    page = (await client.get("/people")).text
    assert ("/people/delegations/new" in page) is lends
    assert ("/people/oversight/new" in page) is oversees
    assert ("/people/new" in page) is administers
    assert (f"/people/delegations/{CAST.delegation}/end" in page) is takes_back
    for path, allowed in (("/people/delegations/new", lends), ("/people/oversight/new", oversees), ("/people/new", administers)):
        assert (await client.get(path)).status_code == (200 if allowed else 403)


async def test_the_forms_of_the_page_carry_the_token(visit):
    client = await visit("giamdoc")
    token = client.headers["X-CSRF-Token"]
    page = (await client.get("/people")).text
    assert page.count('method="post"') == page.count(f'name="csrf_token" value="{token}"') > 0


async def test_a_head_lends_by_the_form_once_however_often_it_is_sent(visit):
    client = await visit("cntt.truong")
    for _ in range(2):
        answer = await client.post("/people/delegations/new", data=LEND)
        assert (answer.status_code, answer.headers["location"]) == (303, "/people#delegations")
    known = await directory()
    assert len([one for one in known.delegations if one.giver == CAST.head]) == 1
    shown = await client.get("/people")
    assert "Đã ghi nhận ủy quyền cho Ông Thị Thùy Mây" in shown.text
    assert "Đã ghi nhận ủy quyền" not in (await client.get("/people")).text, "a notice is shown once"


async def test_a_refused_form_keeps_what_was_typed(visit):
    client = await visit("cntt.truong")
    answer = await client.post("/people/delegations/new", data={**LEND, "until": "31/02/2026"})
    assert answer.status_code == 422
    assert "42/UQ-CNTT" in answer.text
    assert "không phải là ngày" in answer.text
    assert f'value="{CAST.deputy_head}" selected' in answer.text
    answer = await client.post("/people/delegations/new", data={**LEND, "document": " ", "until": ""})
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text


async def test_the_director_sets_and_ends_oversight(visit):
    client = await visit("giamdoc")
    given = {"person": CAST.deputy, "over": f"u:{CAST.hcth}", "since": TODAY.isoformat(), "until": "", "mutation": fixed_id("o")}
    assert (await client.post("/people/oversight/new", data=given)).status_code == 303
    found = next(one for one in (await directory()).oversight if one.unit == CAST.hcth)
    assert (await client.post(f"/people/oversight/{found.id}/end")).status_code == 303
    assert (await directory()).overseer(CAST.hcth, None, TODAY) is None


async def test_an_administrator_adds_a_person_and_edits_a_unit(visit):
    client = await visit("quantri")
    given = {
        "username": "cntt.cv9",
        "name": "Hồ Nhật <b>Điển</b>",
        "position": "officer",
        "unit": CAST.cntt,
        "rank": "20",
        "mutation": fixed_id("p"),
    }
    answer = await client.post("/people/new", data=given)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/people/{fixed_id('p')}/edit")
    page = (await client.get("/people")).text
    assert "<b>Điển</b>" not in page
    assert "&lt;b&gt;Điển" in page
    twice = await client.post("/people/new", data={**given, "mutation": fixed_id("p2")})
    assert twice.status_code == 409
    assert "đã có người dùng" in twice.text
    unit = {"name": "Phòng Công nghệ", "short": "CN", "sort": "5", "active": "1"}
    assert (await client.post(f"/people/units/{CAST.cntt}/edit", data=unit)).status_code == 303
    assert (await directory()).units[CAST.cntt].short == "CN"


async def test_the_page_of_oneself_shows_what_was_lent(visit):
    held = (await (await visit("hcth.truong")).get("/me")).text
    assert "Ủy quyền bạn đang giữ" in held
    assert "Đang hiệu lực" in held
    given = (await (await visit("giamdoc")).get("/me")).text
    assert "Ủy quyền bạn đã giao" in given


async def test_a_delegation_ends_by_itself(visit, clock):
    clock.later(days=301)
    client = await visit("hcth.truong")
    held = (await client.get("/me")).text
    assert "Đã hết hiệu lực" in held
    assert (await client.get("/api/v1/session")).json()["person"]["may_assign"] == [CAST.delegate, CAST.stranger]
    assert TODAY + timedelta(days=300) < clock.now.date()
