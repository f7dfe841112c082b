"""A task's page, Chờ duyệt and the forms say on the device what they say on the server, to everybody, of tasks in every state.

A failure prints its seed; ``SOVIEC_SEED=… pytest tests/js/test_task_agrees.py`` replays it.
"""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server.errors import Refusal
from server.storage.engine import rows
from tests.js.agree import Ask, agree, shown
from tests.office import CAST, TODAY, Clock, Visit
from tests.sync.device import Device
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio

WORKERS = (CAST.director, CAST.deputy, CAST.delegate, CAST.stranger, CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague)
LEADERS = (CAST.director, CAST.deputy, CAST.delegate, CAST.head)
USERNAMES = {getattr(CAST, name): username for name, username in CAST.usernames.items()}
SEEDS = [int(os.environ["SOVIEC_SEED"])] if "SOVIEC_SEED" in os.environ else [1, 2]
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005"
    "0001ff56c7c85e0000000049454e44ae426082"
)


async def catalogue_in_force(desk: Desk) -> list[str]:
    """The next version of the catalogue, in force; its products."""
    there = await rows("SELECT id FROM kpi_catalogue")
    made = await desk.do(CAST.director, "kpi.catalogue.draft" if there else "kpi.catalogue.begin")
    force = {"document": "12/QĐ", "document_date": TODAY.isoformat(), "since": TODAY.isoformat()}
    await desk.do(CAST.director, "kpi.catalogue.put_in_force", catalogue=made["id"], **force)
    return [one["id"] for one in await rows("SELECT id FROM kpi_product WHERE catalogue = $1 ORDER BY sort", made["id"])]


class History:
    """What happens to the tasks of one office; every choice comes from the seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.desk = Desk()
        self.tasks: list[str] = []

    async def begin(self) -> None:
        """Tasks of every kind: with people, words, papers, children, without a due date, proposed."""
        products = await catalogue_in_force(self.desk)
        due = TODAY + timedelta(days=self.chance.choice([-3, 0, 2, 9, 90]))
        share = [{"person": CAST.colleague, "share": 0.155}, {"person": CAST.deputy_head, "share": 0.2}]
        plain = await self.desk.task(
            CAST.head, due=due.isoformat(), collaborators=share, followers=[CAST.stranger], checklist=["Lập danh mục", "Lấy ý kiến"]
        )
        paper = {"number": "717/QĐ-UBND", "date": "2026-06-01", "issuer": "UBND tỉnh"}
        lent = await self.desk.task(
            CAST.delegate, CAST.head, source=paper, no_due="ongoing", quantity=1234.5, product=products[3], product_text="Báo cáo",
            priority="urgent",
        )  # fmt: skip
        child = await self.desk.task(CAST.head, CAST.officer, parent=lent, due=(TODAY + timedelta(days=1)).isoformat(), kind="ad_hoc")
        asked = await self.desk.proposal(CAST.officer, due=(TODAY + timedelta(days=4)).isoformat())
        open_question = await self.desk.proposal(CAST.stranger, None, no_due="none", description="Nhiều dòng\nvà nhiều chữ")
        own = await self.desk.task(CAST.director, CAST.deputy, start=TODAY.isoformat(), due=(TODAY + timedelta(days=30)).isoformat())
        done = await self.desk.completed(CAST.head, CAST.colleague, collaborators=[{"person": CAST.officer, "share": 0.5}], quantity=2)
        back = await self.desk.submitted(CAST.delegate, CAST.deputy_head)
        remarks: dict[str, Any] = {"note": "Thiếu số liệu", "score": 40, "major_error": True, "quantity": 0.5}
        await self.desk.do(CAST.director, "task.review", task=back, verdict="return", **remarks)
        again = await catalogue_in_force(self.desk)
        await self.desk.do(CAST.head, "task.edit", task=plain, fields={"product": again[4]}, base={"product": None})
        self.tasks = [plain, lent, child, asked, open_question, own, done, back]

    def moves(self, task: str, who: str) -> dict[str, Callable[[], dict[str, Any]]]:
        """What somebody may try to do with a task; much of it is refused."""
        pick = self.chance.choice
        amount = pick([None, 2, 2.5, 1234.25])
        return {
            "task.progress": lambda: {"task": task, "percent": self.chance.randint(0, 100), "note": "Đang làm", "quantity": amount},
            "task.submit": lambda: {"task": task, "note": "Xin nghiệm thu", "quantity": amount},
            "task.review": lambda: {
                "task": task, "verdict": pick(["accept", "return"]), "person": pick([None, CAST.officer, CAST.colleague]), "note": "Ý kiến",
                "score": pick([None, 87.5]), "quantity": amount, "major_error": pick([True, False]), "objective_cause": pick([True, False]),
            },
            "task.review_undo": lambda: {"task": task},
            "task.assign": lambda: {
                "task": task, "lead": pick(WORKERS), "reason": "Điều chỉnh", "followers": pick([None, [CAST.director]]),
                "collaborators": [{"person": one, "share": 0.3} for one in {pick(WORKERS)} - {who}],
            },
            "task.edit": lambda: {
                "task": task, "base": {}, "reason": pick(["", "Theo chỉ đạo"]),
                "fields": pick([{"title": "Khác"}, {"due": "2026-12-24"}, {"priority": "critical", "quantity": 3}, {"unit": CAST.hcth}]),
            },
            "task.status": lambda: {"task": task, "to": pick(["paused", "in_progress", "cancelled", "not_started"]), "reason": "Lý do"},
            "task.hand_back": lambda: {"task": task, "reason": "Quá tải"},
            "task.extend": lambda: {"task": task, "due": "2027-01-31", "reason": "Chờ ý kiến"},
            "task.decide": lambda: {"task": task, "decision": pick(["approve", "approve", "decline"]), "reason": "Cân nhắc"},
            "task.comment": lambda: {"task": task, "text": "Trao đổi", "mentions": [pick(WORKERS)]},
            "task.follow": lambda: {"task": task, "on": pick([True, False])},
            "task.bin": lambda: {"task": task, "reason": "Trùng"},
            "task.restore": lambda: {"task": task},
            "checklist.add": lambda: {"task": task, "text": "Việc nhỏ thêm"},
        }  # fmt: skip

    async def go_on(self, steps: int) -> None:
        """So many steps, tried by anybody until one is allowed."""
        while steps:
            task = self.chance.choice(self.tasks)
            who = self.chance.choice([CAST.officer, CAST.head, CAST.director, *WORKERS])
            moves = self.moves(task, who)
            name = self.chance.choice(["task.progress", *["task.submit"] * 6, *["task.review"] * 12, *["task.restore"] * 4, *moves])
            self.desk.now += timedelta(seconds=self.chance.randint(1, 4000))
            try:
                await self.desk.do(who, name, **moves[name]())
            except Refusal:
                continue
            steps -= 1


async def addresses(tasks: list[str]) -> list[str]:
    """Every page that there is of these tasks."""
    numbers = {one["id"]: one["ordinal"] for one in await rows("SELECT id, ordinal FROM task")}
    found = []
    for task in tasks:
        year, count = divmod(numbers[task], 1_000_000)
        found += [f"/tasks/{task}", f"/tasks/{year % 100}-{count}?status=overdue&q=a", f"/tasks/{task}/edit", f"/tasks/{task}/assign"]
        found += [f"/tasks/{task}/history?before={before}" for before in (0, 60)]
    return found


OFFICE = (
    "/reviews", "/reviews?kind=results", "/reviews?kind=results&start=1", "/reviews?kind=proposals&start=x", "/reviews?kind=none",
    "/tasks/new", "/tasks/new?propose=1", f"/tasks/new?title=Mới&lead={CAST.officer}&priority=urgent&due=2026-12-01",
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
async def test_everybody_reads_the_same_of_every_task(visit: Visit, clock: Clock, seed: int) -> None:
    print(f"SOVIEC_SEED={seed}")
    history = History(seed)
    await history.begin()
    clock.now = history.desk.now
    await agree(await visit("cntt.truong"), CAST.head, clock, *[f"/tasks/{one}" for one in history.tasks if one != history.tasks[4]])
    await history.go_on(45)
    clock.now = history.desk.now
    everything = [*OFFICE, f"/tasks/new?parent={history.tasks[1]}"]
    for person in WORKERS:
        browser = await visit(USERNAMES[person])
        held = {key for kind, key in (await Device(person, clock).pull()).rows if kind == "task"}
        mine = [one for one in history.tasks if one in held]
        asked = [*everything[: None if history.tasks[1] in held else -1], *await addresses(mine)]
        await agree(browser, person, clock, *[Ask(one, online=True) for one in asked])
        await agree(browser, person, clock, *[Ask(f"/tasks/{one}", htmx=True, target="detail") for one in mine])


async def test_a_long_timeline_is_cut_at_the_same_place_and_read_on_from_there(visit: Visit, clock: Clock) -> None:
    desk = Desk()
    task = await desk.task()
    for place in range(70):
        kind: dict[str, Any] = {"task.comment": {"text": f"Lời {place}"}, "task.follow": {"on": place % 4 == 1}}
        name = "task.follow" if place % 2 else "task.comment"
        await desk.do(CAST.director, name, task=task, **kind[name])
    await desk.do(CAST.officer, "task.progress", task=task, percent=30)
    clock.now = desk.now + timedelta(days=1)
    [cut] = await rows(
        "SELECT seq FROM audit_entry WHERE subject = $1 AND action NOT IN ('follow', 'unfollow') ORDER BY seq DESC LIMIT 1 OFFSET 29", task
    )
    browser = await visit("cntt.cv1")
    older = f"/tasks/{task}/history?before={cut['seq']}"
    await agree(browser, CAST.officer, clock, f"/tasks/{task}", older, Ask(older, htmx=True, target="timeline"))
    [page] = shown(CAST.officer, clock(), (await Device(CAST.officer, clock).pull()).rows, [Ask(f"/tasks/{task}")])
    assert page is not None
    assert page["context"]["history_more"] == older
    assert len(page["context"]["history"]) == 30


async def test_files_are_shown_where_they_hang(visit: Visit, clock: Clock) -> None:
    task = await Desk().task()
    browser = await visit("cntt.cv1")
    named = ("files", ("Biên bản (bản 2) & ‘ảnh’.png", PICTURE, "image/png"))
    text = ("files", ("kế hoạch/tuần.txt", b"Ghi chep " * 200, "text/plain"))
    await browser.post(f"/tasks/{task}/comment", data={"text": "Gửi ảnh"}, files=[named, text])
    await browser.post(f"/tasks/{task}/submit", data={"note": "Xong", "quantity": "3"}, files=[text])
    assert len(await rows("SELECT id FROM attachment")) == 3
    await agree(browser, CAST.officer, clock, f"/tasks/{task}")
    await agree(await visit("cntt.truong"), CAST.head, clock, f"/tasks/{task}", "/reviews")


async def test_many_decisions_are_shown_a_few_at_a_time(visit: Visit, clock: Clock) -> None:
    desk = Desk()
    for place in range(24):
        await desk.submitted(title=f"Việc {place}", quantity=place % 3 + 1, due=(TODAY - timedelta(days=place % 2)).isoformat())
    for place in range(6):
        asked = await desk.task(due=TODAY.isoformat(), collaborators=[{"person": CAST.colleague, "share": 0.2}])
        move: dict[str, Any] = {"due": "2027-01-31"} if place % 2 else {}
        await desk.do(CAST.officer, "task.extend" if place % 2 else "task.hand_back", task=asked, reason="Chờ ý kiến", **move)
        await desk.proposal(lead=CAST.officer if place % 2 else None, no_due="none")
    clock.now = desk.now + timedelta(days=2)
    kinds = ("results", "proposals", "extensions", "hand_backs")
    pages = [f"/reviews?kind={kind}{start}" for kind in kinds for start in ("", "&start=4", "&start=20", "&start=2000")]
    for person in (*LEADERS, CAST.officer):
        await agree(await visit(USERNAMES[person]), person, clock, "/reviews", *pages)


async def test_what_the_device_does_not_have_is_asked_of_the_server(visit: Visit, clock: Clock) -> None:
    desk = Desk()
    foreign, binned = await desk.task(), await desk.task()
    await desk.do(CAST.head, "task.bin", task=binned)
    replica = (await Device(CAST.stranger, clock).pull()).rows
    names = (foreign, binned, "26-001", "26-999", "không-có")
    urls = [f"/tasks/{one}{more}" for one in names for more in ("", "/edit", "/assign", "/history?before=9")]
    asks = [Ask(one, online=online) for one in [*urls, f"/tasks/new?parent={foreign}"] for online in (True, False)]
    assert shown(CAST.stranger, clock(), replica, asks) == [None] * len(asks)
