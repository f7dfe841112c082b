"""The calendar as a phone fetches it, read back by the library of calendars."""

import logging
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from icalendar import Calendar

from server.calendar.rules import WorkingDays
from server.keys.feed.write import Frame, calendar
from server.people.queries import directory
from server.storage.engine import counted, rows
from server.tasks.rules import number
from tests.office import CAST, TODAY

pytestmark = pytest.mark.anyio

HARD = "Rà soát; đối chiếu, \\n “hồ sơ”: " + "thủ tục hành chính ữ ộ ẵ 🗓 " * 25


def events(text: str) -> dict[str, Any]:
    """What a reader of calendars finds, by identifier."""
    read = Calendar.from_ical(text)
    return {str(one["uid"]): one for one in read.walk("VEVENT")}


async def fetch(client, ring, key, **headers):
    return await client.get(f"/calendar/feed/{ring.secrets[key]}.ics", headers=headers)


async def test_it_has_the_open_tasks_of_the_person_and_what_ended_lately(visit, ring, clock):
    open_task = await ring.task(due="2026-11-30", title=HARD[:690], priority="urgent")
    helping = await ring.task(lead=CAST.colleague, collaborators=[{"person": CAST.officer}], due="2026-12-01", title="Phối hợp")
    done = await ring.completed(due="2026-11-25", title="Xong")
    gone = await ring.task(due="2026-11-26", title="Thôi")
    await ring.do(CAST.head, "task.status", task=gone, to="cancelled", reason="Không cần nữa")
    watched = await ring.task(lead=CAST.colleague, due="2026-12-02", title="Chỉ xem")
    await ring.do(CAST.officer, "task.follow", task=watched)
    for more in ({"lead": CAST.colleague, "due": "2026-12-03"}, {"no_due": "none"}):
        await ring.task(**{"title": "Không của lịch này", **more})
    binned = await ring.task(due="2026-12-04", title="Bỏ")
    await ring.do(CAST.head, "task.bin", task=binned)
    clock.now = ring.now
    key = await ring.make(CAST.officer, "calendar")
    answer = await fetch(await visit(), ring, key)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = events(answer.text)
    assert set(found) == {f"{one}@soviec" for one in (open_task, helping, done, gone)}
    stored = {one["id"]: one for one in await rows("SELECT * FROM task")}
    for uid, event in found.items():
        task = stored[uid.removesuffix("@soviec")]
        assert (event["dtstart"].dt, event["sequence"]) == (task["due"], task["version"])
        assert event["last-modified"].dt == task["changed_at"].replace(microsecond=0)
        mark = "✓ " if task["id"] == done else ""
        assert str(event["summary"]) == f"{mark}{number(task['ordinal'])} {task['title']}"
        assert event["status"] == ("CANCELLED" if task["id"] == gone else "CONFIRMED")
    urgent = found[f"{open_task}@soviec"]
    assert urgent["categories"].cats == ["Chủ trì", "Khẩn"]
    assert str(urgent["description"]) == "Trạng thái: Chưa bắt đầu (0 %)\nChủ trì: Trần Bảo Kha\nThời hạn: còn 4 ngày làm việc"
    assert [alarm["trigger"].dt for alarm in urgent.walk("VALARM")] == [timedelta(days=-3, hours=7, minutes=30)], "Friday, half past seven"
    assert not found[f"{done}@soviec"].walk("VALARM")
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))
    whole = Calendar.from_ical(answer.text)
    assert (str(whole["x-wr-calname"]), whole["refresh-interval"].to_ical()) == ("Sổ Việc – Trần Bảo Kha", b"PT1H")

    await ring.do(CAST.officer, "key.follow", followed=True)
    assert set(events((await fetch(await visit(), ring, key)).text)) - set(found) == {f"{watched}@soviec"}
    clock.later(days=31)
    assert f"{done}@soviec" not in events((await fetch(await visit(), ring, key)).text)


async def test_it_sends_nothing_again_that_the_phone_has_and_keeps_nothing_of_the_caller(visit, ring, clock):
    task = await ring.task(due="2026-11-30")
    key = await ring.make(CAST.officer, "calendar")
    client = await visit()
    clock.now = ring.now
    first = await fetch(client, ring, key)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache" and first.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in first.headers and await rows("SELECT id FROM session") == []
    again = await fetch(client, ring, key, **{"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.head(f"/calendar/feed/{ring.secrets[key]}.ics")).status_code == 200
    await ring.do(CAST.head, "task.edit", task=task, fields={"due": "2026-12-01"})
    moved = await fetch(client, ring, key, **{"If-None-Match": tag})
    (event,) = events(moved.text).values()
    assert event["dtstart"].dt == date(2026, 12, 1)
    (stored,) = await rows("SELECT uses, last_used_at FROM access_key")
    assert (stored["uses"], stored["last_used_at"]) == (1, clock.now), "three times within a minute"


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Dòng một\nDòng hai; ba, bốn\\n", "Dòng một\nDòng hai; ba, bốn\\n"),
        ("Cũ\r\nhơn\rnữa", "Cũ\nhơn\nnữa"),
        ("Chép\u2028từ\x0b Word\x00\x85", "Chéptừ Word"),
        ("END:VEVENT\nBEGIN:VEVENT", "END:VEVENT\nBEGIN:VEVENT"),
        ("ữ" * 690, "ữ" * 690),
    ],
    ids=["lines", "old line ends", "controls", "commands", "long"],
)
async def test_a_title_is_read_back_as_it_was_written_whatever_stands_in_it(app, now, title, read):
    task = {"id": "t", "ordinal": 2026_000_014, "title": title, "status": "in_progress", "percent": 5, "priority": "normal", "no_due": None}
    task |= {"due": TODAY, "lead": None, "version": 2, "created_at": now, "changed_at": now, "completed_at": None, "role": "lead"}
    frame = Frame(directory=await directory(), person=CAST.officer, today=TODAY, days=WorkingDays(), warn_offsets=(0,))
    (event,) = events(calendar([task], frame).decode()).values()
    assert str(event["summary"]) == f"#26-014 {read}"


@pytest.mark.parametrize("how", ["revoked", "replaced", "left", "wall", "unknown", "no suffix"])
async def test_an_address_that_opens_nothing_says_nothing_about_why(visit, ring, clock, how):
    key = await ring.make(CAST.delegate, "wall" if how == "wall" else "calendar")
    client, address = await visit(), f"/calendar/feed/{ring.secrets[key]}.ics"
    if how == "revoked":
        assert (await client.get(address)).status_code == 200
        await ring.do(CAST.delegate, "key.revoke", id=key)
    elif how == "replaced":
        await ring.make(CAST.delegate, "calendar")
    elif how == "left":
        await ring.do(CAST.admin, "person.disable", person=CAST.delegate)
    elif how == "unknown":
        address = "/calendar/feed/../../etc/passwd%00.ics" + "A" * 500
    elif how == "no suffix":
        address = address.removesuffix(".ics")
    answer = await client.get(address)
    assert answer.status_code == 404
    if how != "unknown":
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.text == "Không có lịch nào ở địa chỉ này."


async def test_a_task_that_he_may_not_see_any_more_leaves_the_calendar(visit, ring, clock):
    task = await ring.task(lead=CAST.colleague, due="2026-11-30")
    await ring.do(CAST.officer, "task.follow", task=task)
    key = await ring.make(CAST.officer, "calendar", followed=True)
    client = await visit()
    assert events((await fetch(client, ring, key)).text)
    await ring.do(CAST.admin, "person.edit", person=CAST.officer, position="admin")
    assert not events((await fetch(client, ring, key)).text)


async def test_a_failure_is_a_number_and_the_secret_stands_in_no_log(visit, ring, clock, monkeypatch, caplog):
    key = await ring.make(CAST.officer, "calendar")

    async def breaks(*_, **__):
        raise RuntimeError("no disk")

    monkeypatch.setattr("server.keys.feed.pages.entries", breaks)
    with caplog.at_level(logging.DEBUG):
        answer = await fetch(await visit(), ring, key)
    assert answer.status_code == 500 and "Traceback" not in answer.text
    assert "no disk" in caplog.text and ring.secrets[key] not in caplog.text


async def test_a_link_leads_to_the_task_where_the_office_has_an_address_and_a_far_date_breaks_nothing(app, visit, ring):
    office = app.state.office
    settings = msgspec.structs.replace(office.settings, public_url="https://viec.example.gov.vn/")
    app.state.office = msgspec.structs.replace(office, settings=settings)
    task = await ring.task(due="9999-12-31")
    (event,) = events((await fetch(await visit(), ring, await ring.make(CAST.officer, "calendar"))).text).values()
    assert (str(event["url"]), event["dtstart"].dt) == (f"https://viec.example.gov.vn/tasks/{task}", date(9999, 12, 31))


async def test_it_asks_the_database_as_often_for_many_tasks_as_for_one(visit, ring, clock):
    client = await visit()
    key = await ring.make(CAST.officer, "calendar")
    counts = []
    for _ in range(2):
        for _ in range(3):
            await ring.task(due="2026-11-30")
        await fetch(client, ring, key)
        clock.later(seconds=1)
        with counted() as asked:
            await fetch(client, ring, key)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5
