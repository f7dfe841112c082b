"""The morning of a person and of a room's group, the week of a leader."""

from typing import Any

import pytest

from server.notify.tables import Address, NoticeChoice
from server.notify.texts import told_of
from server.people.queries import directory
from server.storage.engine import Engine, insert, rows
from tests.notify.mornings import at, desk_at, digests, morning
from tests.office import CAST

pytestmark = pytest.mark.anyio
COUNTS = ("overdue", "today", "next", "waiting", "unread")


def counts(data: dict[str, Any]) -> tuple[int, ...]:
    return tuple(data[name] for name in COUNTS)


async def read_all() -> None:
    await rows("UPDATE outbox SET read_at = at WHERE read_at IS NULL")


async def test_it_tells_each_what_his_day_holds_and_nobody_that_there_is_nothing(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    await desk.task(due="2026-12-03", title="Quá hạn")
    await desk.task(due="2026-12-07", title="Hôm nay")
    await desk.task(due="2026-12-08", title="Mai")
    await desk.task(due="2026-12-09", title="Ngày kia")
    done = await desk.task(due="2026-12-07", collaborators=[{"person": CAST.colleague, "share": 0.3}])
    await desk.do(CAST.colleague, "task.progress", task=done, percent=100)
    await desk.submitted(due="2026-12-08", lead=CAST.deputy_head)
    await read_all()
    await morning("2026-12-07")
    found = await digests()
    assert set(found) == {"officer", "head"}, "the director has nothing to decide, the colleague is done"
    assert counts(found["officer"])[:4] == (1, 2, 1, 0) and found["officer"]["next_day"] == "2026-12-08"
    assert found["officer"]["tasks"][0]["title"] == "Hôm nay" and found["officer"]["tasks"][-1]["title"] == "Quá hạn"
    assert counts(found["head"])[:4] == (0, 0, 0, 1)
    told = told_of("digest.daily", CAST.officer, found["officer"], await directory(), at("2026-12-07").date())
    assert told.title.startswith("Hôm nay của bạn: 1 việc quá hạn, 2 việc đến hạn hôm nay, 1 việc đến hạn ngày mai")
    assert told.lines[0] == f"{found['officer']['tasks'][0]['number'].lstrip('#')} Hôm nay (hạn hôm nay)" and told.link == "/"


async def test_once_a_day_and_a_newer_one_takes_the_place_of_an_unread_one(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    await desk.task(due="2026-12-08")
    await read_all()
    for day, hour in (("2026-12-07", 8), ("2026-12-07", 9), ("2026-12-08", 8), ("2026-12-07", 10)):
        await morning(day, hour)
    found = await rows("SELECT at, replaced_at FROM outbox WHERE kind = 'digest.daily' AND person = $1 ORDER BY at", CAST.officer)
    assert [one["replaced_at"] is None for one in found] == [False, True]


async def test_it_names_what_was_kept_for_it_and_is_quiet_about_what_is_old(engine: Engine) -> None:
    desk = desk_at("2026-12-02")
    task = await desk.task(due="2027-03-30", title="Báo cáo năm")
    await read_all()
    desk.now = at("2026-12-04", 10)
    await desk.do(CAST.head, "task.edit", task=task, fields={"due": "2027-03-31"}, base={})
    await desk.do(CAST.head, "task.comment", task=task, text="Xem giúp", mentions=[CAST.officer])
    await morning("2026-12-07")
    [held] = (await digests())["officer"]["held"]
    assert held.startswith("Đổi thời hạn: 26-001 Báo cáo năm") and (await digests())["officer"]["unread"] == 2
    await morning("2026-12-08")
    assert (await digests())["officer"]["day"] == "2026-12-07", "nothing new: what is still unread makes no second summary"
    desk.now = at("2026-12-08", 10)
    await desk.do(CAST.head, "task.edit", task=task, fields={"due": "2027-04-01"}, base={})
    await insert(
        NoticeChoice,
        {
            "person": CAST.officer,
            "choices": '{"changed":{"telegram":"off","webpush":"now","zalo":"now","email":"off"}}',
            "changed_at": desk.now,
        },
    )
    await morning("2026-12-09")
    assert (await digests())["officer"]["held"] == [], "he wants changes at once or not at all"


async def test_leaders_hear_of_the_week_on_its_first_working_day(engine: Engine) -> None:
    desk = desk_at("2026-11-30")
    await desk.completed(due="2026-12-04")
    desk.now = at("2026-12-04", 9)
    await desk.completed(due="2026-12-02", lead=CAST.colleague)
    await desk.task(due="2026-12-01")
    await desk.task(due="2026-12-11")
    await desk.submitted(by=CAST.director, lead=CAST.stranger, due="2026-12-31")
    await morning("2026-12-04")
    assert await digests("digest.weekly") == {}
    for day in ("2026-12-07", "2026-12-08"):
        await morning(day)
    found = await digests("digest.weekly")
    assert set(found) == {"director", "deputy", "head", "deputy_head", "delegate"}
    room = {name: found["head"][name] for name in ("done", "late", "overdue", "due", "waiting")}
    assert room == {"done": 2, "late": 1, "overdue": 1, "due": 1, "waiting": 0}
    assert (found["delegate"]["done"], found["delegate"]["waiting"], found["director"]["done"], found["director"]["waiting"]) == (
        0,
        1,
        2,
        1,
    )
    assert [one["unit"] for one in found["director"]["rooms"]] == [CAST.hcth, CAST.cntt]
    assert len(await rows("SELECT id FROM outbox WHERE kind = 'digest.weekly'")) == 5
    told = told_of("digest.weekly", CAST.director, found["director"], await directory(), at("2026-12-07").date())
    assert (
        told.lines[0] == "Hoàn thành tuần qua: 2, trong đó 1 việc quá hạn" and told.lines[-1] == "CNTT: hoàn thành 2, quá hạn 1, đến hạn 1"
    )


async def test_after_a_week_without_the_first_days_nobody_hears_of_the_week(engine: Engine) -> None:
    desk = desk_at("2026-11-30")
    await desk.task(due="2026-12-11")
    await morning("2026-12-09")
    assert await digests("digest.weekly") == {}


async def test_a_room_s_group_hears_of_the_room_s_own_tasks_alone(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    await desk.task(due="2026-12-07", unit=CAST.cntt, title="Của phòng")
    await desk.task(by=CAST.director, due="2026-12-07", unit=CAST.centre, title="Của Giám đốc giao riêng")
    await morning("2026-12-04")
    assert await digests("digest.room") == {}, "no group, nothing to say"
    for unit in (CAST.cntt, CAST.hcth):
        await insert(Address, {"id": unit, "channel": "telegram", "unit": unit, "address": unit, "since": desk.now})
    await morning("2026-12-07")
    found = await digests("digest.room")
    assert list(found) == [CAST.cntt] and [one["title"] for one in found[CAST.cntt]["tasks"]] == ["Của phòng"]
