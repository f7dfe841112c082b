"""A page of a task that somebody may not see: not found, and written down."""

from typing import Any

import pytest

from server.storage.engine import rows
from server.tasks.pages.lists import filters_of
from server.tasks.queries.lists import Filters
from tests.office import Cast, Visit
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio


async def test_a_strangers_look_finds_nothing_and_leaves_an_entry(visit: Visit, cast: Cast, desk: Desk) -> None:
    task = await desk.task(title="Việc kín của phòng")
    for username, person in (("hcth.cv1", cast.stranger), ("quantri", cast.admin)):
        browser = await visit(username)
        for name in (task, "26-001"):
            answer = await browser.get(f"/tasks/{name}")
            assert answer.status_code == 404
            assert "Việc kín" not in answer.text
        looks = await rows("SELECT subject FROM audit_entry WHERE action = 'refused_look' AND actor = $1", person)
        assert [one["subject"] for one in looks] == [task, task]
    assert (await (await visit("cntt.cv1")).get(f"/tasks/{task}")).status_code == 200


async def test_a_page_lists_only_those_children_that_its_reader_may_see(visit: Visit, cast: Cast, desk: Desk) -> None:
    top = await desk.task(cast.director, cast.officer, title="Tổ chức hội nghị")
    await desk.task(cast.director, cast.officer, parent=top, title="Chuẩn bị phòng họp")
    await desk.task(cast.director, cast.stranger, parent=top, title="Dự trù kinh phí kín")
    shown = (await (await visit("cntt.cv1")).get(f"/tasks/{top}")).text
    assert "Chuẩn bị phòng họp" in shown and "Dự trù kinh phí kín" not in shown
    assert "Dự trù kinh phí kín" in (await (await visit("giamdoc")).get(f"/tasks/{top}")).text


async def test_addresses_that_make_no_sense_are_not_found(visit: Visit, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    browser = await visit("cntt.truong")
    for name in ("26-999", "26-%C2%B2", "x%00y", "%27--", task.upper()):
        assert (await browser.get(f"/tasks/{name}")).status_code == 404, name
    for number in ("999999999999999999999999", "-5", "0"):
        assert (await browser.get(f"/tasks/{task}/history?before={number}")).status_code == 200, number
    for query in ("q=%00", "person=%00", "unit=%27", "start=99999999999999999999", "due_from=9999-99-99", "status=x", "field=%F0%9F%99%82"):
        assert (await browser.get(f"/tasks?{query}")).status_code == 200, query


class Asked:
    """As much of a request as the filters read."""

    def __init__(self, **given: str) -> None:
        self.query_params = given


async def test_a_filter_that_postgresql_could_not_take_is_left_out() -> None:
    asked: Any = Asked(q="a\x00", person="\x00", status="all", start="-4", due_from="hôm nay")
    assert filters_of(asked) == Filters(status="all")


async def test_a_choice_that_the_form_does_not_offer_is_refused_and_nothing_is_made(visit, cast):
    client = await visit("giamdoc")
    given = {"title": "Việc có độ khẩn lạ", "lead": cast.officer, "due": "2027-12-31", "priority": "sieu-khan"}
    answer = await client.post("/tasks", data=given)
    assert answer.status_code == 422
    assert "Độ khẩn" in answer.text and "Việc có độ khẩn lạ" in answer.text
    assert (await client.post("/tasks", data={**given, "priority": "urgent"})).status_code == 303
