"""What was done to a task on the device and waits to be sent, or was refused, stands on its page and says so."""

from typing import Any

import pytest

from server.storage.ids import LOCAL, new_id
from tests.js.agree import Ask, shown
from tests.office import CAST, Clock, Visit
from tests.sync.device import Device, report, task
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio

SHA = "ab" * 32


class Outbox:
    """What waits on somebody's device, each a minute after the one before."""

    def __init__(self, person: str, clock: Clock) -> None:
        self.person, self.clock = person, clock
        self.entries: list[dict[str, Any]] = []

    def add(self, name: str, args: dict[str, Any], **more: Any) -> None:
        """One that was never sent."""
        self.clock.later(minutes=1)
        said = {
            "n": len(self.entries) + 1,
            "id": new_id(),
            "name": name,
            "args": args,
            "at": self.clock().astimezone(LOCAL).isoformat(timespec="milliseconds"),
            "task": args.get("task") or args["id"],
        }
        empty: dict[str, Any] = {"label": "", "files": [], "state": "waiting", "seq": None, "schema": 1, "answer": None}
        self.entries.append({**said, "person": self.person, **empty, **more})

    async def look(self, *urls: str) -> list[dict[str, Any]]:
        """The contexts of these pages."""
        device = await Device(self.person, self.clock).pull()
        found = shown(self.person, self.clock(), device.rows, [Ask(url) for url in urls], self.entries)
        assert None not in found
        return [one["context"] for one in found if one is not None]


async def test_what_waits_stands_above_what_happened_newest_first(visit: Visit, clock: Clock) -> None:
    await visit()
    desk = Desk()
    about = await desk.task()
    await desk.do(CAST.head, "task.comment", task=about, text="Cần nhanh")
    clock.now = desk.now
    outbox = Outbox(CAST.officer, clock)
    paper = {"sha256": SHA, "name": "ảnh hiện trường.jpg", "type": "image/jpeg", "size": 1_250_000}
    outbox.add("task.progress", report(about, 40, note="Đã khảo sát", files=[SHA]), files=[SHA], attachments=[paper])
    outbox.add("task.extend", {"task": about, "due": "2027-01-31", "reason": "Chờ ý kiến"})
    [page] = await outbox.look(f"/tasks/{about}")
    said = [(one["title"], one.get("pending", False)) for one in page["history"]]
    assert said == [
        ("Xin gia hạn đến 31/01/2027", True),
        ("Báo cáo tiến độ 40 %", True),
        ("Trao đổi", False),
        ("Giao việc cho Trần Bảo Kha", False),
    ]
    assert page["history"][1]["note"] == "Đã khảo sát"
    [file] = page["history"][1]["files"]
    assert (file["note"], file["size"], file["kind_icon"]) == ("Chờ gửi", "1,2 MB", "image")
    assert (page["waits"], page["my_percent"], page["can"]["extend"]) == (2, 40, False)
    assert page["extension"]["reason"] == "Chờ ý kiến"


async def test_what_was_refused_is_named_with_its_reason_and_changes_nothing(visit: Visit, clock: Clock) -> None:
    await visit()
    desk = Desk()
    about = await desk.task()
    clock.now = desk.now
    outbox = Outbox(CAST.officer, clock)
    outbox.add("task.progress", report(about, 40), state="rejected", code="conflict", message="Đã tạm dừng.", label="Báo cáo tiến độ 40 %")
    [page] = await outbox.look(f"/tasks/{about}")
    assert page["refused_entries"] == [{"label": "Báo cáo tiến độ 40 %", "message": "Đã tạm dừng.", "href": "/conflicts"}]
    assert (page["waits"], page["my_percent"]) == (0, 0)


async def test_a_task_that_has_no_number_yet_has_its_page_and_its_forms(visit: Visit, clock: Clock) -> None:
    await visit()
    outbox = Outbox(CAST.head, clock)
    args = task(CAST.officer, title="Giao lúc mất mạng", checklist=["Một", "Hai"], quantity=2.5)
    outbox.add("task.create", args)
    outbox.add("task.create", task(CAST.officer, title="Việc con", parent=args["id"]))
    about = f"/tasks/{args['id']}"
    page, edit, assign, child = await outbox.look(about, f"{about}/edit", f"{about}/assign", f"/tasks/new?parent={args['id']}")
    assert page["task"]["number"] == edit["task"]["number"] == child["parent"]["number"] == "chưa có số"
    assert [one["title"] for one in page["children"]] == ["Việc con"]
    assert [one["text"] for one in page["checklist"]] == ["Một", "Hai"]
    assert (edit["values"]["quantity"], assign["values"]["lead"]) == ("2,5", CAST.officer)
    assert page["history"][0]["pending"]


async def test_a_decision_that_waits_is_no_longer_asked_for(visit: Visit, clock: Clock) -> None:
    await visit()
    desk = Desk()
    about, other = await desk.submitted(), await desk.submitted()
    clock.now = desk.now
    outbox = Outbox(CAST.head, clock)
    outbox.add("task.review", {"id": new_id(), "task": about, "person": None, "verdict": "accept", "score": 90, "note": "Tốt"})
    reviews, page = await outbox.look("/reviews", f"/tasks/{about}")
    assert [one["id"] for group in reviews["groups"] for one in group["entries"]] == [other]
    assert page["task"]["status"] == "completed"
    first = page["history"][0]
    assert (first["title"], first["note"], first["pending"]) == ("Nghiệm thu đạt: Trần Bảo Kha", "Tốt\nĐiểm: 90", True)


async def test_a_result_that_came_back_on_the_device_says_why(visit: Visit, clock: Clock) -> None:
    await visit()
    desk = Desk()
    about = await desk.submitted()
    clock.now = desk.now
    outbox = Outbox(CAST.head, clock)
    outbox.add("task.review", {"id": new_id(), "task": about, "person": None, "verdict": "return", "note": "Thiếu số liệu"})
    [page] = await outbox.look(f"/tasks/{about}")
    assert page["standing"]["reason"] == "Thiếu số liệu"
    assert page["standing"]["warns"]
