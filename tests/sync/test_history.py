"""The kinds ``event``, ``calendar`` and ``office``: what a client draws timelines, due dates and limits from."""

import uuid
from datetime import date, timedelta

import msgspec
import pytest

from server.calendar.current import working_days
from server.people.commands import AddPerson, EditPerson, EditUnit
from server.people.queries import directory
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import rows
from server.storage.ids import new_id
from server.tasks.queries.one import timeline
from server.tasks.show.timeline import entries
from sync.history import ELSEWHERE, event_id, seq_of
from sync.pull import pull
from tests.office import CAST, NOW, TODAY, Clock
from tests.sync.device import Device, report, task

pytestmark = pytest.mark.anyio


@pytest.fixture
async def boss(engine) -> Device:
    return await Device(CAST.director).pull()


async def busy(boss: Device) -> str:
    """A task to which everything happened that a timeline can show."""
    delegate, officer = Device(CAST.delegate), Device(CAST.officer)
    task_id = (await delegate.done("task.create", **task(checklist=["một"])))["id"]
    item = str(uuid.uuid5(uuid.UUID(task_id), "0"))
    await officer.done("checklist.set", task=task_id, item=item, done=True)
    await officer.done("task.progress", **report(task_id, 40, note="được một nửa", quantity=1.5))
    await officer.done("task.comment", id=new_id(), task=task_id, text="Xin ý kiến", mentions=[])
    await officer.done("task.extend", task=task_id, due="2027-01-15", reason="chờ số liệu")
    await boss.done("task.decide", task=task_id, decision="approve", reason="", changes={})
    await boss.done("task.edit", task=task_id, fields={"unit": CAST.hcth, "priority": "urgent"}, base={}, reason="gấp")
    await boss.done("task.assign", task=task_id, lead=CAST.officer, collaborators=[], followers=[CAST.colleague], reason="thêm người")
    await boss.done("task.status", task=task_id, to="paused", reason="chờ văn bản")
    await boss.done("task.status", task=task_id, to="in_progress", reason="")
    await officer.done("task.submit", id=new_id(), task=task_id, note="xong", quantity=2, files=[])
    await boss.done("task.review", id=new_id(), task=task_id, person=CAST.officer, verdict="accept", note="tốt")
    await boss.done("task.review_undo", task=task_id)
    await boss.done("task.review", id=new_id(), task=task_id, person=CAST.officer, verdict="return", note="bổ sung")
    return str(task_id)


def events_of(device: Device, task_id: str) -> list[dict]:
    return sorted((data for data in device.of("event").values() if data["task"] == task_id), key=lambda one: one["seq"])


async def test_events_say_what_the_timeline_of_the_page_says(boss):
    task_id = await busy(boss)
    known = await directory()
    stored = await timeline(task_id)
    for person in (CAST.director, CAST.officer, CAST.colleague):
        shown = [one for one in entries(stored, known, known.actor(person), TODAY, NOW, {}) if one["action"] not in ELSEWHERE]
        got = events_of(await Device(person).pull(), task_id)
        names = ("seq", "action", "icon", "kind", "title", "note")
        assert [[one[name] for name in names] for one in got] == [[one[name] for name in names] for one in reversed(shown)]
        assert [one["person"] for one in got] == [one["actor"] for one in reversed(stored) if one["action"] not in ELSEWHERE]
    assert {one["action"] for one in got} >= {
        "create",
        "check",
        "extend",
        "grant_extension",
        "edit",
        "assign",
        "pause",
        "resume",
        "take_back",
    }
    assert "(theo ủy quyền của Đỗ Khắc Tường)" in got[0]["title"]
    assert [one["reason"] for one in got if one["action"] == "pause"] == ["chờ văn bản"]


async def test_reports_reviews_and_comments_have_their_place_among_the_events(boss):
    task_id = await busy(boss)
    officer = await Device(CAST.officer).pull()
    kinds = {"report": ("progress", "submit"), "review": ("accept", "return"), "comment": ("comment",)}
    placed = {
        data["seq"] for kind in kinds for data in officer.of(kind).values() if data["task"] == task_id and data.get("verdict") != "undone"
    }
    placed |= {one["seq"] for one in events_of(officer, task_id)}
    assert sorted(placed) == sorted(one["seq"] for one in await timeline(task_id))


async def test_a_change_brings_the_new_events_of_its_task_and_no_old_ones(boss):
    first, second = await busy(boss), await busy(boss)
    await boss.pull()
    had = set(boss.of("event"))
    await Device(CAST.officer).done("task.comment", id=new_id(), task=first, text="thêm", mentions=[])
    answer = await pull(CAST.director, NOW, boss.cursor)
    assert "event" not in {one.kind for one in answer.changes}, "a comment is a row of its own"
    await Device(CAST.officer).done("checklist.add", id=new_id(), task=second, text="thêm")
    answer = await pull(CAST.director, NOW, boss.cursor)
    [new] = [one for one in answer.changes if one.kind == "event"]
    assert (new.data["action"], new.data["task"]) == ("add_item", second) and ("event", new.id) not in had
    assert await boss.agrees()


async def test_no_event_is_missed_though_the_changes_come_in_pages_of_one(boss):
    officer = await Device(CAST.officer).pull()
    tasks = [await busy(boss) for _ in range(2)]
    steps = 0
    while await officer.page(1):
        steps += 1
        if steps == 5:
            await boss.done("task.status", task=tasks[0], to="cancelled", reason="thôi")
    assert steps > 10 and await officer.agrees()
    assert events_of(officer, tasks[0])[-1]["action"] == "cancel"


async def test_who_gains_a_task_gets_its_whole_history_and_who_loses_it_drops_it(boss):
    task_id = await busy(boss)
    colleague, stranger = await Device(CAST.colleague).pull(), await Device(CAST.stranger).pull()
    assert events_of(colleague, task_id)
    await boss.done("task.assign", task=task_id, lead=CAST.stranger, collaborators=[], followers=[], reason="đổi phòng")
    assert await colleague.agrees() and await stranger.agrees()
    assert events_of(colleague, task_id) == []
    assert len(events_of(stranger, task_id)) == len(events_of(await boss.pull(), task_id))


async def test_events_speak_of_people_and_rooms_by_their_names_of_today(boss):
    task_id = await busy(boss)
    await boss.pull()
    await carry_out(EditPerson(person=CAST.colleague, name="Nông Quế Anh"), actor=CAST.admin, now=NOW, source="page")
    await carry_out(EditUnit(unit=CAST.hcth, name="Phòng Tổng hợp"), actor=CAST.admin, now=NOW, source="page")
    assert await boss.agrees()
    notes = " ".join(one["note"] for one in events_of(boss, task_id))
    assert "Nông Quế Anh" in notes and "Phòng Tổng hợp" in notes and "Hành chính - Tổng hợp" not in notes
    for n in range(25):
        added = AddPerson(id=new_id(), username=f"moi{n}", name=f"Người mới {n}", position="officer", unit=CAST.cntt, rank=50)
        await carry_out(added, actor=CAST.admin, now=NOW, source="page")
    assert await boss.agrees(), "many at once"


async def test_every_entry_that_a_timeline_shows_tells_the_replicas(boss):
    await busy(boss)
    silent = await rows(
        "SELECT e.action FROM audit_entry e WHERE e.kind = 'task' "
        "AND NOT EXISTS (SELECT 1 FROM change c WHERE c.kind = 'task' AND c.subject = e.subject AND c.at = e.at)"
    )
    assert silent == []


def test_the_number_of_an_entry_is_in_its_identifier():
    for seq in (1, 255, 10**9, 2**48 - 1):
        assert seq_of(event_id(seq)) == seq and uuid.UUID(event_id(seq)).version == 8


async def test_the_calendar_gives_a_client_the_working_days(boss):
    data = boss.rows[("calendar", "calendar")]
    first, last = date.fromisoformat(data["from"]), date.fromisoformat(data["to"])
    assert (first, last) == (date(2025, 1, 1), date(2028, 12, 31))
    off, on = set(data["off"]), set(data["on"])
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    worked = [one for one in every if one.isoformat() in on or (one.weekday() < 5 and one.isoformat() not in off)]
    assert worked == [one for one in every if working_days().is_working(one)]
    assert "2026-01-02" in off and "2026-01-10" in on


async def test_a_new_year_brings_its_calendar(boss):
    boss.clock.now += timedelta(days=60)
    assert await boss.agrees()
    assert boss.rows[("calendar", "calendar")]["from"] == "2026-01-01" and boss.resets == 0


async def test_the_office_says_its_name_and_its_limits(boss):
    assert boss.rows[("office", "office")] == {
        "name": "Trung tâm Phục vụ hành chính công",
        "upload_limit": 25 * 1024 * 1024,
        "photo_side": 2560,
        "keep_originals": False,
        "review_undo_days": 7,
        "bin_days": 30,
        "notice_days": 60,
    }


async def test_a_setting_that_changed_reaches_the_replicas_without_starting_anew(boss):
    answer = await pull(CAST.director, NOW, boss.cursor, settings=Settings(upload_limit_mb=5, keep_originals=True))
    put = {one.kind: one.data for one in answer.changes}
    assert (answer.reset, set(put)) == (False, {"office", "calendar"})
    assert (put["office"]["upload_limit"], put["office"]["keep_originals"]) == (5 * 1024 * 1024, True)
    assert msgspec.json.encode(put)
    again = await pull(CAST.director, NOW, answer.cursor, settings=Settings(upload_limit_mb=5, keep_originals=True))
    assert again.changes == []


async def test_a_renamed_centre_is_the_offices_name(boss):
    await carry_out(EditUnit(unit=CAST.centre, name="Trung tâm Hành chính công"), actor=CAST.admin, now=NOW, source="page")
    other = await Device(CAST.officer, Clock()).pull()
    assert await boss.agrees()
    names = {one.rows[("office", "office")]["name"] for one in (boss, other)}
    assert names == {"Trung tâm Hành chính công"}
