"""What was done on the device and waits to be sent shows in its lists, and says that it waits."""

from typing import Any

import pytest

from server.storage.ids import LOCAL, new_id
from tests.js.agree import Ask, shown
from tests.js.life import Life, live
from tests.office import CAST, Clock, Visit
from tests.sync.device import Device, report, task

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WAITS = {"icon": "send", "label": "Có thay đổi chờ gửi"}


def entry(n: int, clock: Clock, name: str, about: str, args: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One of the outbox that was never sent."""
    said = {
        "n": n,
        "id": new_id(),
        "name": name,
        "args": args,
        "at": clock().astimezone(LOCAL).isoformat(timespec="milliseconds"),
        "task": about,
    }
    return {**said, "person": CAST.officer, "label": "", "files": [], "state": "waiting", "seq": None, "schema": 1, "answer": None, **more}


async def look(clock: Clock, entries: list[dict[str, Any]], *urls: str, online: bool = False, person: str = CAST.officer) -> list[Any]:
    device = await Device(person, clock).pull()
    return shown(person, clock(), device.rows, [Ask(url, online=online) for url in urls], entries)


def of(page: dict[str, Any], task_id: str) -> dict[str, Any]:
    """The card of a task in a list."""
    [found] = [one for one in page["context"]["tasks"] if one["id"] == task_id]
    return dict(found)


async def _life(visit: Visit, clock: Clock) -> Life:
    await visit()
    return await live(clock)


async def test_a_task_on_which_something_waits_says_so_and_no_other_does(visit: Visit, clock: Clock) -> None:
    life = await _life(visit, clock)
    said = entry(1, clock, "task.progress", life.tasks["in_2"], report(life.tasks["in_2"], 45))
    refused = entry(
        2, clock, "task.progress", life.tasks["in_3"], report(life.tasks["in_3"], 45), state="rejected", code="invalid", message="…"
    )
    [page] = await look(clock, [said, refused], "/tasks?whose=lead")
    assert of(page, life.tasks["in_2"])["flags"] == [WAITS]
    assert of(page, life.tasks["in_2"])["percent"] == 45
    assert of(page, life.tasks["in_3"])["flags"] == [], "what was refused does not wait"


async def test_a_new_proposal_stands_in_the_list_without_a_number(visit: Visit, clock: Clock) -> None:
    await _life(visit, clock)
    args = task(title="Đề xuất lúc mất mạng", due="2026-12-01")
    page, found, today = await look(
        clock, [entry(1, clock, "task.propose", args["id"], args)], "/tasks?status=proposed", "/tasks?status=all&q=mat+mang", "/"
    )
    for one in (page, found):
        assert of(one, args["id"])["number"] == "chưa có số"
        assert of(one, args["id"])["flags"] == [WAITS]
    assert today["context"]["me"]["id"] == CAST.officer


async def test_what_is_decided_on_the_device_waits_no_more_for_a_decision(visit: Visit, clock: Clock) -> None:
    life = await _life(visit, clock)
    args = {"id": new_id(), "task": life.tasks["submitted"], "verdict": "accept", "note": "", "score": 90}
    args |= {"person": CAST.officer, "quantity": None, "major_error": False, "objective_cause": False}
    accepted = entry(1, clock, "task.review", life.tasks["submitted"], args, person=CAST.head)
    [before] = await look(clock, [], "/", person=CAST.head)
    [after] = await look(clock, [accepted], "/", person=CAST.head)
    assert after["context"]["decisions"] == before["context"]["decisions"] - 1


async def test_the_bin_is_the_servers_and_without_it_shows_what_was_put_there_here(visit: Visit, clock: Clock) -> None:
    life = await _life(visit, clock)
    put, again = life.tasks["proposed"], life.tasks["proposed_late"]
    entries = [
        entry(1, clock, "task.bin", put, {"task": put, "reason": "Nhầm"}),
        entry(2, clock, "task.bin", again, {"task": again, "reason": "Nhầm"}),
        entry(3, clock, "task.restore", again, {"task": again}),
    ]
    assert await look(clock, entries, "/tasks/bin", online=True) == [None]
    [page] = await look(clock, entries, "/tasks/bin")
    [one] = page["context"]["tasks"]
    assert (one["id"], one["by"], one["left"]) == (put, "Trần Bảo Kha", "còn 30 ngày để khôi phục")
    assert page["context"]["note"].startswith("Đang không có mạng")
    [empty] = await look(clock, [], "/tasks/bin")
    assert empty["context"]["tasks"] == [] and empty["context"]["empty"]["text"] == page["context"]["note"]
