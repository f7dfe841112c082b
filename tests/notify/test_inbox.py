"""Thông báo: the newest first, what is not read marked, opened and read in one tap, by nobody else."""

import pytest
from lxml import html

from server.notify.inbox.queries import DAYS
from server.storage.engine import row, rows
from server.storage.ids import new_id
from tests.office import CAST, Clock, Visit
from tests.tasks.desk import Desk
from tests.templates.samples import LONGEST

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(app) -> Desk:
    return Desk()


def shown(page: str) -> list[str]:
    """What stands in the inbox, from the top."""
    return [" ".join(one.text_content().split()) for one in html.document_fromstring(page).xpath("//span[@class='told-text']")]


def badge(page: str) -> str:
    return "".join(html.document_fromstring(page).xpath("//nav//a[@href='/notices']//span[contains(@class, 'badge')]/text()"))


async def unread(person: str) -> list[str]:
    return [one["id"] for one in await rows("SELECT id FROM outbox WHERE person = $1 AND read_at IS NULL ORDER BY id", person)]


async def test_the_newest_stands_first_under_its_day_and_every_page_counts_what_is_not_read(visit: Visit, clock: Clock, desk: Desk) -> None:
    await desk.task(title="Việc hôm trước")
    clock.later(days=1)
    desk.now = clock.now
    await desk.task(title=LONGEST)
    officer = await visit("cntt.cv1")
    page = (await officer.get("/notices")).text
    assert [one.startswith("Việc mới:") for one in shown(page)] == [True, True] and "Việc hôm trước" in shown(page)[1]
    assert html.document_fromstring(page).xpath("//li[@class='told-day']//text()") == ["Hôm nay", "Hôm qua"]
    assert page.count("Chưa đọc</span>") == 2
    for path in ("/", "/kpi", "/me", "/notices"):
        assert badge((await officer.get(path)).text) == "2", path
    assert badge((await (await visit("cntt.cv2")).get("/")).text) == ""


async def test_one_tap_opens_the_task_and_marks_it_read_and_looking_alone_marks_nothing(visit: Visit, desk: Desk) -> None:
    task = await desk.task()
    officer = await visit("cntt.cv1")
    await officer.get("/notices")
    [notice] = await unread(CAST.officer)
    stranger = await visit("cntt.cv2")
    assert (await stranger.post(f"/notices/{notice}/open")).status_code == 404
    assert (await officer.get(f"/notices/{notice}/open")).status_code in (404, 405), "a GET writes nothing"
    assert await unread(CAST.officer) == [notice]
    answer = await officer.post(f"/notices/{notice}/open")
    number = (await row("SELECT ordinal FROM task WHERE id = $1", task) or {})["ordinal"]
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tasks/26-{number % 1000:03d}")
    assert await unread(CAST.officer) == []
    page = (await officer.get("/notices")).text
    assert "Chưa đọc</span>" not in page and f"/notices/{notice}/open" not in page
    assert "Bạn đã đọc hết" in (await officer.get("/notices?show=unread")).text


async def test_a_task_that_was_looked_at_leaves_nothing_unread_about_it(visit: Visit, desk: Desk) -> None:
    task, other = await desk.task(), await desk.task()
    officer = await visit("cntt.cv1")
    assert (await officer.post("/notices/seen", data={"task": task})).status_code == 204
    found = await rows("SELECT subject FROM outbox WHERE person = $1 AND read_at IS NULL", CAST.officer)
    assert [one["subject"] for one in found] == [other]
    assert (await officer.post("/notices/seen", data={"task": "xyz"})).status_code == 204


async def test_all_are_marked_but_what_came_after_the_page_was_shown(visit: Visit, clock: Clock, desk: Desk) -> None:
    await desk.task()
    await desk.task()
    clock.later(minutes=1)
    officer = await visit("cntt.cv1")
    page = (await officer.get("/notices")).text
    until = html.document_fromstring(page).xpath("//input[@name='until']/@value")[0]
    desk.now = clock.now
    await desk.task(title="Giao ngay sau đó")
    clock.later(minutes=1)
    assert (await officer.post("/notices/read", data={"until": until})).status_code == 303
    [left] = await unread(CAST.officer)
    assert "Giao ngay sau đó" in shown((await officer.get("/notices?show=unread")).text)[0]
    await officer.post("/notices/read", data={"until": "không phải giờ"})
    assert await unread(CAST.officer) == [] != [left]


async def test_a_clash_is_read_by_choosing_alone(visit: Visit, clock: Clock, desk: Desk) -> None:
    task = await desk.task()
    base = {"title": "Rà soát thủ tục hành chính quý IV"}
    await desk.do(CAST.head, "task.edit", task=task, fields={"title": "Bản của trưởng phòng"}, base=base)
    await desk.do(CAST.deputy, "task.edit", task=task, fields={"title": "Bản của Phó Giám đốc"}, base=base)
    clock.later(minutes=5)
    head = await visit("cntt.truong")
    [notice] = [one["id"] for one in await rows("SELECT id FROM outbox WHERE person = $1 AND kind = 'task.edited_over'", CAST.head)]
    assert (await head.post(f"/notices/{notice}/open")).headers["location"] == "/conflicts"
    await head.post("/notices/read", data={})
    await head.post("/notices/seen", data={"task": task})
    assert await unread(CAST.head) == [notice]
    assert "Cần chọn" in (await head.get("/notices")).text
    await head.post(f"/conflicts/{notice}/keep")
    assert await unread(CAST.head) == []


async def test_it_forgets_after_sixty_days_and_says_so_where_it_is_empty(visit: Visit, clock: Clock, desk: Desk) -> None:
    await desk.task()
    officer = await visit("cntt.cv1")
    assert len(shown((await officer.get("/notices")).text)) == 1
    clock.later(days=DAYS + 1)
    officer = await visit("cntt.cv1")
    page = (await officer.get("/notices")).text
    assert shown(page) == [] and "Chưa có thông báo nào" in page and badge(page) == ""


async def test_a_long_inbox_goes_on_without_saying_a_day_twice(visit: Visit, clock: Clock, desk: Desk) -> None:
    for place in range(35):
        await desk.task(title=f"Việc thứ {place:02d}")
    clock.later(minutes=5)
    officer = await visit("cntt.cv1")
    first, second = (await officer.get("/notices")).text, (await officer.get("/notices?start=30")).text
    assert [len(shown(first)), len(shown(second))] == [30, 5]
    assert "Việc thứ 34" in shown(first)[0] and "Việc thứ 00" in shown(second)[-1]
    assert "start=30" in first and [page.count("told-day") for page in (first, second)] == [1, 1]
    hung = (await officer.get("/notices?start=30", headers={"HX-Request": "true", "HX-Target": "notices"})).text
    assert shown(hung) == shown(second) and "told-day" not in hung
    for bad in ("-1", "x", "9" * 30):
        assert len(shown((await officer.get(f"/notices?start={bad}")).text)) == 30


async def test_a_kind_that_nobody_knows_is_still_said(visit: Visit, clock: Clock, desk: Desk) -> None:
    await rows(
        "INSERT INTO outbox (id, kind, person, subject, data, at) VALUES ($1, 'nothing.known', $2, NULL, '{}', $3)",
        new_id(), CAST.admin, clock(),
    )  # fmt: skip
    page = (await (await visit("quantri")).get("/notices")).text
    assert shown(page) == ["Có thay đổi"]
