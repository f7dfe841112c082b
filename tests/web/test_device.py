"""The addresses of the device where no service worker answers them."""

from typing import Any

import pytest
from lxml import html

from server.storage.engine import row, rows
from tests.office import CAST
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio


def main(page: Any) -> Any:
    return html.document_fromstring(page.text).get_element_by_id("main")


async def clash(desk: Desk) -> str:
    """The head gives a due date, the director another without having seen it."""
    task = await desk.task(due="2026-12-01")
    await desk.do(CAST.head, "task.edit", task=task, fields={"due": "2026-12-10", "source": {"number": "5/KH"}}, base={"due": "2026-12-01"})
    fields = {"due": "2026-12-20", "source": {"number": "7/KH", "issuer": "Sở Nội vụ"}}
    await desk.do(CAST.director, "task.edit", task=task, fields=fields, base={"due": "2026-12-01", "source": None})
    return task


async def test_it_says_that_this_browser_sends_everything_at_once(visit):
    page = await (await visit("giamdoc")).get("/outbox")
    assert page.status_code == 200
    assert "ngay khi bạn bấm nút" in main(page).text_content()
    assert not main(page).xpath(".//form")


async def test_what_is_shared_before_the_app_was_opened_changes_nothing(visit):
    client = await visit("giamdoc")
    del client.headers["X-CSRF-Token"]
    before = await rows("SELECT count(*) AS n FROM audit_entry")
    page = await client.post("/share", data={"text": "a"}, files={"files": ("a.txt", b"a")})
    assert page.status_code == 200
    assert "chia sẻ lại" in main(page).text_content()
    assert "giamdoc" not in page.text, "no token was asked for, so nobody is named"
    assert await rows("SELECT count(*) AS n FROM audit_entry") == before
    assert (await client.get("/share/0190")).status_code == 200


async def test_a_clash_shows_both_values_to_the_earlier_author_alone(visit):
    desk = Desk()
    await clash(desk)
    shown = main(await (await visit("cntt.truong")).get("/conflicts"))
    cells = [cell.text_content().strip() for cell in shown.xpath(".//tbody//td")]
    assert cells[:3] == ["Thời hạn", "10/12/2026", "20/12/2026"]
    assert not main(await (await visit("giamdoc")).get("/conflicts")).xpath(".//article")


async def test_it_can_be_put_aside_once_and_by_nobody_else(visit):
    await clash(Desk())
    told = await row("SELECT id FROM outbox WHERE kind = 'task.edited_over'")
    assert told is not None
    assert (await (await visit("giamdoc")).post(f"/conflicts/{told['id']}/keep")).status_code == 404
    client = await visit("cntt.truong")
    assert (await client.post(f"/conflicts/{told['id']}/keep")).status_code == 303
    assert not main(await client.get("/conflicts")).xpath(".//article")


async def test_the_own_value_comes_back_for_the_chosen_fields_alone(visit):
    desk = Desk()
    task = await clash(desk)
    told = await row("SELECT id FROM outbox WHERE kind = 'task.edited_over'")
    assert told is not None
    client = await visit("cntt.truong")
    assert (await client.post(f"/conflicts/{told['id']}/mine", data={})).status_code == 303
    assert main(await client.get("/conflicts")).xpath(".//article"), "nothing was chosen, nothing is put aside"
    await client.post(f"/conflicts/{told['id']}/mine", data={"field": ["due"]})
    stored = await row("SELECT due, source_number, source_issuer FROM task WHERE id = $1", task)
    assert stored is not None
    assert (str(stored["due"]), stored["source_number"], stored["source_issuer"]) == ("2026-12-10", "7/KH", "Sở Nội vụ")
    assert not main(await client.get("/conflicts")).xpath(".//article")
