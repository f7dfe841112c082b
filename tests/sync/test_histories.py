"""Promises 1, 3, 4 and 5 over random histories: several devices and people, writers at one moment, answers that get lost.

A failure prints its seed; ``SOVIEC_SEED=… pytest tests/sync/test_histories.py`` replays it.
"""

import asyncio
import contextlib
import os
import random
from datetime import timedelta
from typing import Any

import pytest

from server.audit.queries import broken_at
from server.errors import Refusal
from server.people.commands import EditPerson, EndDelegation, GrantDelegation, SetOversight
from server.storage.door import carry_out
from server.storage.engine import rows
from server.storage.ids import new_id
from tests.office import CAST, TODAY, Clock
from tests.sync.device import Device, report, task

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WORKERS = (CAST.director, CAST.deputy, CAST.delegate, CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague, CAST.stranger)
SEEDS = [int(os.environ["SOVIEC_SEED"])] if "SOVIEC_SEED" in os.environ else [1, 2, 3]


class History:
    """What happens to one office; every choice comes from the seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = Clock()
        self.devices = [Device(person, self.clock, client=new_id()) for person in (*WORKERS, CAST.officer, CAST.director)]
        self.tasks: list[str] = []

    def mutation(self, device: Device) -> dict[str, Any]:
        """Something that somebody may try to do; much of it will be refused."""
        pick, of = self.chance.choice, self.chance.choice(self.tasks) if self.tasks else new_id()
        someone = pick(WORKERS)
        kinds: dict[str, Any] = {
            "task.create": lambda: task(someone, checklist=["một", "hai"], due=(TODAY + timedelta(days=3)).isoformat()),
            "task.propose": lambda: task(someone),
            "task.progress": lambda: report(of, self.chance.randint(0, 100)),
            "task.submit": lambda: {"id": new_id(), "task": of, "note": "nộp", "quantity": 1, "files": []},
            "task.review": lambda: {
                "id": new_id(), "task": of, "verdict": pick(["accept", "return"]), "note": "ý kiến", "score": self.chance.randint(0, 100),
            },
            "task.assign": lambda: {
                "task": of, "lead": someone, "reason": "điều chỉnh", "followers": [],
                "collaborators": [{"person": one, "share": 0.2} for one in {pick(WORKERS)} - {someone}],
            },
            "task.edit": lambda: {
                "task": of, "base": {},
                "fields": pick([{"unit": pick([CAST.cntt, CAST.hcth])}, {"priority": "urgent"}, {"title": pick(["Tên này", "Tên khác"])}]),
            },
            "task.status": lambda: {"task": of, "to": pick(["paused", "in_progress", "cancelled"]), "reason": "lý do"},
            "task.comment": lambda: {"id": new_id(), "task": of, "text": "trao đổi", "mentions": [someone]},
            "task.hand_back": lambda: {"task": of, "reason": "quá tải"},
            "task.extend": lambda: {"task": of, "due": (TODAY + timedelta(days=30)).isoformat(), "reason": "chờ ý kiến"},
            "task.decide": lambda: {"task": of, "decision": pick(["approve", "decline"]), "reason": "lý do", "changes": {}},
            "task.follow": lambda: {"task": of, "on": pick([True, False])},
            "task.bin": lambda: {"task": of},
            "task.restore": lambda: {"task": of},
            "task.review_undo": lambda: {"task": of},
            "checklist.add": lambda: {"id": new_id(), "task": of, "text": "thêm"},
            "notice.read": lambda: {"notices": [one for kind, one in device.rows if kind == "notice"][:5]},
        }  # fmt: skip
        name = "task.create" if len(self.tasks) < 4 else pick(list(kinds))
        asked = device.mutation(name, **kinds[name]())
        if name in ("task.create", "task.propose"):
            self.tasks.append(asked["args"]["id"])
        return asked

    async def write(self, device: Device, rounds: int) -> dict[str, Any]:
        """Push batches over a line that loses requests and answers, doubles them, brings them late; each first answer."""
        answers: dict[str, Any] = {}
        for _ in range(rounds):
            batch = [self.mutation(device) for _ in range(self.chance.randint(1, 4))]
            while True:
                fault = self.chance.random()
                if fault < 0.1:
                    continue  # the request never arrived
                if fault < 0.2:
                    await device.push(*batch[1:])  # the first was lost on the way: a gap, or all of it is past
                _, results = await device.push(*batch)
                for one in results:
                    assert answers.setdefault(one.id, one) == one, "another answer than the first"
                if fault < 0.3:
                    continue  # the answer was lost
                break
            assert len(results) == len(batch)
            self.clock.now += timedelta(seconds=self.chance.randint(1, 30))
            await asyncio.sleep(0)
        return answers

    async def read(self, device: Device, ended: asyncio.Event) -> None:
        """Pull small pages for as long as somebody writes."""
        while not ended.is_set():
            await device.page(self.chance.choice([3, 20, 500]))
            await asyncio.sleep(0.005)

    async def govern(self, rounds: int) -> None:
        """People move and powers come and go."""
        delegation = CAST.delegation
        for _ in range(rounds):
            await asyncio.sleep(0.1)
            leader = self.chance.choice([CAST.director, CAST.deputy])
            follows = SetOversight(id=new_id(), person=leader, unit=self.chance.choice([CAST.cntt, CAST.hcth]), since=TODAY)
            with contextlib.suppress(Refusal):  # the same room twice on one day
                await carry_out(follows, actor=CAST.director, now=self.clock(), source="page")
            unit = self.chance.choice([CAST.cntt, CAST.hcth])
            who = self.chance.choice([CAST.officer, CAST.colleague, CAST.stranger])
            name = f"{self.chance.choice(['Trần', 'Nông', 'Nguyễn'])} Thị {self.chance.choice(['An', 'Bình', 'Chi'])}"
            await carry_out(EditPerson(person=who, unit=unit, name=name), actor=CAST.admin, now=self.clock(), source="page")
            if delegation:
                await carry_out(EndDelegation(delegation=delegation), actor=CAST.director, now=self.clock(), source="page")
                delegation = ""
            else:
                delegation = new_id()
                lent = GrantDelegation(
                    id=delegation, receiver=CAST.delegate, powers=["enter", "assign"], unit=CAST.centre, since=TODAY, document="1/QĐ"
                )
                await carry_out(lent, actor=CAST.director, now=self.clock(), source="page")


@pytest.mark.parametrize("seed", SEEDS)
async def test_after_quiet_every_replica_is_what_the_server_would_show(engine, seed):
    print(f"SOVIEC_SEED={seed}")
    history = History(seed)
    ended = asyncio.Event()
    readers = [asyncio.create_task(history.read(device, ended)) for device in history.devices]
    writers = [asyncio.create_task(history.write(device, 10)) for device in history.devices[:8]]
    ruler = asyncio.create_task(history.govern(4))
    answered = await asyncio.gather(*writers)
    await ruler
    ended.set()
    await asyncio.gather(*readers)
    for device in history.devices:
        await device.agrees()
    applied = [one for answers in answered for one in answers.values() if one.status == "applied"]
    assert len(applied) > 20, "a history in which nothing happens shows nothing"
    stored = {one["id"]: one["status"] for one in await rows("SELECT id, status FROM mutation")}
    assert stored == {one.id: one.status for answers in answered for one in answers.values()}
    reports = [one["n"] for one in await rows("SELECT count(*) AS n FROM report")]
    reported = [one for one in applied if "report" in one.data]
    assert reports == [len(reported)], "each report once"
    assert await broken_at() is None
    assert len({data["number"] for data in history.devices[0].of("task").values()}) == len(history.devices[0].of("task"))
